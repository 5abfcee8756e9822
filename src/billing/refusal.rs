//! Every "no" that a rule can say: its name, its sentence, the policy key behind it, and what would help.

use super::policy::Situation;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $text:literal,)+) => {
        /// The stable names of refusals, in the order in which rules check for them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$about])* $name,)+ }

        impl Code {
            /// Every name, in order of precedence.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The name as JSON and scripts see it.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }
        }
    };
}

codes! {
    // What was asked cannot be meant.
    /// A number, name or date is outside what makes sense.
    ValueNotUsable = "value_not_usable",
    /// Something that looks like a card number was typed.
    CardNumberNotKept = "card_number_not_kept",
    /// A write was dated in the future.
    DateInFuture = "date_in_future",
    /// A write was dated before something it depends on.
    DateTooEarly = "date_too_early",
    /// A named thing does not exist. It is no rule that says so, and the program ends as for a missing thing.
    NotFound = "not_found",
    /// The key was used for another request.
    KeyReused = "key_reused",
    /// A reason is needed.
    ReasonMissing = "reason_missing",
    /// The total is not the one that was expected.
    TotalChanged = "total_changed",
    // Who asks.
    /// The person is not a member of the account.
    NotAMember = "not_a_member",
    /// The member's role does not allow it.
    RoleNotAllowed = "role_not_allowed",
    /// Only the seller's people may do it.
    SupportOnly = "support_only",
    /// The plan is managed by the seller's people.
    PlanNotSelfManaged = "plan_not_self_managed",
    // What the account is.
    /// The account is closed.
    AccountClosed = "account_closed",
    /// The name is taken.
    NameTaken = "name_taken",
    /// The e-mail address is a member of another account.
    EmailTaken = "email_taken",
    /// There must be exactly one owner.
    OwnerRequired = "owner_required",
    /// Closing is not possible, or not now.
    CloseNotAllowed = "close_not_allowed",
    /// Closing has a consequence that was not accepted.
    WarningNotAccepted = "warning_not_accepted",
    /// The standing does not allow this kind of order.
    OrderKindNotAllowed = "order_kind_not_allowed",
    /// There is no subscription to change.
    NoSubscription = "no_subscription",
    /// A trial was had before, or cannot start.
    TrialNotAvailable = "trial_not_available",
    /// No trial is running.
    NoTrial = "no_trial",
    // What is wanted.
    /// The plan is not sold.
    PlanNotSold = "plan_not_sold",
    /// The plan is sold only by people.
    SalesOnly = "sales_only",
    /// The period is not sold.
    PeriodNotSold = "period_not_sold",
    /// There is no price.
    NoPrice = "no_price",
    /// The seat type does not fit.
    SeatTypeNotSold = "seat_type_not_sold",
    /// Too few or too many seats, or no number.
    SeatCountOutOfBounds = "seat_count_out_of_bounds",
    /// Nothing would change.
    NothingToChange = "nothing_to_change",
    /// Seats cannot be reduced.
    SeatReductionNotAllowed = "seat_reduction_not_allowed",
    /// Fewer seats than are assigned.
    SeatsInUse = "seats_in_use",
    /// No seat is free.
    NoSeatFree = "no_seat_free",
    /// The plan cannot be lowered.
    DowngradeNotAllowed = "downgrade_not_allowed",
    /// The plan cannot be raised.
    UpgradeNotAllowed = "upgrade_not_allowed",
    /// The period cannot be changed.
    PeriodChangeNotAllowed = "period_change_not_allowed",
    /// An extension is not possible.
    ExtensionNotAllowed = "extension_not_allowed",
    /// Auto-renewal is on.
    AutoRenewOn = "auto_renew_on",
    /// Auto-renewal cannot be changed.
    AutoRenewNotAvailable = "auto_renew_not_available",
    /// Cancelling is not possible.
    CancelNotAllowed = "cancel_not_allowed",
    /// It was cancelled already.
    AlreadyCancelled = "already_cancelled",
    /// There is no cancellation to take back.
    NotCancelled = "not_cancelled",
    /// The add-on is not sold.
    AddOnNotSold = "add_on_not_sold",
    /// The quantity of the add-on is out of bounds.
    QuantityOutOfBounds = "quantity_out_of_bounds",
    /// Not enough units of use.
    CreditsUsedUp = "credits_used_up",
    /// A plan limit is reached.
    LimitReached = "limit_reached",
    /// The parts of the order must be ordered one by one.
    PartsNotTogether = "parts_not_together",
    // How it is paid.
    /// The currency is not taken.
    CurrencyNotTaken = "currency_not_taken",
    /// Amounts in the account's currency are open, so it cannot change.
    CurrencyInUse = "currency_in_use",
    /// The method is not for the account's country.
    MethodNotForCountry = "method_not_for_country",
    /// The method is arranged by people.
    MethodByContact = "method_by_contact",
    /// No method is on file.
    NoMethod = "no_method",
    /// The method of a pending order is fixed.
    MethodLocked = "method_locked",
    /// The card brand or kind is not taken.
    CardNotTaken = "card_not_taken",
    /// Payment in parts is not possible, or not in so many.
    InstalmentsNotAllowed = "instalments_not_allowed",
    /// The taxpayer number is needed.
    TaxpayerMissing = "taxpayer_missing",
    /// The taxpayer number is wrong.
    TaxpayerWrong = "taxpayer_wrong",
    /// Invoice details are needed.
    InvoiceDetailsMissing = "invoice_details_missing",
    /// A required contact detail is missing.
    ContactMissing = "contact_missing",
    /// Only an account can have this done.
    AccountNeeded = "account_needed",
    // What is open.
    /// Another order waits to be paid.
    OrderPending = "order_pending",
    /// The order is in no state for this.
    OrderNotOpen = "order_not_open",
    /// The subscription has changed since the order was priced.
    OrderStale = "order_stale",
    /// The payment is in no state for this.
    PaymentNotOpen = "payment_not_open",
    /// The payment was declined.
    PaymentDeclined = "payment_declined",
    /// Money moved after its payment was said to have failed, and people must put it right.
    MoneyCameLate = "money_came_late",
    /// Less has arrived than is due.
    LessThanDue = "less_than_due",
    /// Refunds are not given.
    RefundNotAllowed = "refund_not_allowed",
    /// More than was paid.
    MoreThanPaid = "more_than_paid",
    /// The invoice is in no state for this.
    InvoiceNotOpen = "invoice_not_open",
    /// More than is left to credit.
    MoreThanInvoiced = "more_than_invoiced",
    /// The message is in no state for this.
    MessageNotWaiting = "message_not_waiting",
    /// A discount is not given, or not so high.
    DiscountNotAllowed = "discount_not_allowed",
    /// Moving to another account is not possible.
    TransferNotAllowed = "transfer_not_allowed",
    /// The case is closed.
    CaseClosed = "case_closed",
    /// The file is not usable as a catalog or policy.
    FileNotUsable = "file_not_usable",
    /// A line of a batch is not a request.
    LineNotUsable = "line_not_usable",
    // What cannot be computed.
    /// An amount is too large to keep.
    AmountTooLarge = "amount_too_large",
}

/// A named "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its stable name.
    pub code: Code,
    /// One sentence with the fact that decides it.
    pub message: String,
    /// The policy or catalog key that decides it.
    pub because: Option<Because>,
    /// What would help, best first.
    pub help: Vec<Help>,
    /// A case that is opened for the person who asked, if the answer belongs to people.
    pub route: Option<Situation>,
    /// The account that the case is about, filled in by whoever knows it.
    pub account: Option<i64>,
    /// The name that stands for nothing, if that is all that is wrong.
    pub unknown: Option<Box<Unknown>>,
}

/// A name that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What kind of thing: plan, add-on, payment method.
    pub what: &'static str,
    /// The name that was given.
    pub name: String,
    /// The names that there are.
    pub known: Vec<String>,
}

/// The key behind a refusal or a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The key as the file spells it: `seats.remove.allow`.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The published rule the file names for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// File and line, filled in by whoever holds the file's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A command that would help, in terms that the command line turns into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// Open a case for a situation.
    OpenCase(String, Situation),
    /// Run a command: noun, verb and arguments as they are typed after the program's name.
    Run(String),
    /// A fact worth knowing.
    Say(String),
}

impl Refusal {
    /// A refusal with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
            because: None,
            help: Vec::new(),
            route: None,
            account: None,
            unknown: None,
        }
    }

    /// That nothing of a kind has this name, with the names that there are.
    pub fn unknown<'k>(
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Refusal {
        let message = format!("There is no {what} {name:?}.");
        let unknown = Unknown {
            what,
            name: name.to_owned(),
            known: known.into_iter().map(str::to_owned).collect(),
        };
        Refusal {
            unknown: Some(Box::new(unknown)),
            ..Refusal::new(Code::NotFound, message)
        }
    }

    /// Names the policy key that decides it, with its value and rule.
    #[must_use]
    pub fn because(
        mut self,
        policy: &super::policy::Policy,
        key: &str,
        value: impl Into<String>,
    ) -> Refusal {
        self.because = Some(Because {
            key: key.to_owned(),
            value: value.into(),
            rule: policy.rule(key).map(str::to_owned),
            place: None,
        });
        self
    }

    /// Adds a command that would help.
    #[must_use]
    pub fn run(mut self, command: impl Into<String>) -> Refusal {
        self.help.push(Help::Run(command.into()));
        self
    }

    /// Adds a fact that would help.
    #[must_use]
    pub fn say(mut self, sentence: impl Into<String>) -> Refusal {
        self.help.push(Help::Say(sentence.into()));
        self
    }

    /// Says that people answer this, and how to reach them.
    #[must_use]
    pub fn routed(mut self, account: &str, situation: Situation) -> Refusal {
        self.route = Some(situation);
        self.help
            .push(Help::OpenCase(account.to_owned(), situation));
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<super::money::TooLarge> for Refusal {
    fn from(_: super::money::TooLarge) -> Refusal {
        Refusal::new(
            Code::AmountTooLarge,
            "The amount is larger than can be kept exactly.",
        )
    }
}
