//! How the seller behaves: who may do what, when, and how it is charged.
//!
//! A policy is one TOML file; these types are its spelling. Every knob has a default, so a small seller's
//! file is short. A new *kind* of rule is a new variant here, and the compiler names every place that must
//! answer for it.

use super::allot::Sharing;
use super::calendar::Day;
use super::catalog::Scope;
use super::money::Rounding;
use super::switches::Proration;
use super::timeline::{Retry, Step};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version of how one seller behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The seller's short name, as in the catalog.
    pub id: String,
    /// The first day on which this version is in force.
    pub effective_from: Day,
    /// Which published rule a key comes from, by key: `"seats.remove" = "R-31"`. Shown by `--explain`
    /// and by refusals.
    #[serde(default)]
    pub rules: BTreeMap<String, String>,
    /// Who may do what.
    #[serde(default)]
    pub access: Access,
    /// Trials; absent means there are none.
    #[serde(default)]
    pub trial: Option<TrialRules>,
    /// Orders in general.
    #[serde(default)]
    pub order: OrderRules,
    /// What an account may order, by standing.
    #[serde(default)]
    pub allowed: BTreeMap<State, Vec<OrderKind>>,
    /// The arithmetic of partial periods.
    #[serde(default)]
    pub proration: Proration,
    /// A plan of higher rank.
    #[serde(default = "ChangeRules::upgrade")]
    pub upgrade: ChangeRules,
    /// A plan of lower rank.
    #[serde(default = "ChangeRules::downgrade")]
    pub downgrade: ChangeRules,
    /// The same plan for another period.
    #[serde(default = "ChangeRules::period")]
    pub period_change: ChangeRules,
    /// Seats.
    #[serde(default)]
    pub seats: SeatRules,
    /// A further term behind the last.
    #[serde(default)]
    pub extend: ExtendRules,
    /// Ending a subscription.
    #[serde(default)]
    pub cancel: CancelRules,
    /// What happens when paid time ends.
    #[serde(default)]
    pub end: EndRules,
    /// Money back.
    #[serde(default)]
    pub refund: RefundRules,
    /// Automatic renewal.
    #[serde(default)]
    pub renewal: RenewalRules,
    /// What time brings, besides charges: a list of steps from named anchors.
    #[serde(default, rename = "timeline")]
    pub timeline: Vec<Step>,
    /// Repeated charges after a failure.
    #[serde(default)]
    pub retry: Retry,
    /// Credits and add-ons.
    #[serde(default)]
    pub credits: CreditRules,
    /// Money that the seller owes an account.
    #[serde(default)]
    pub balance: BalanceRules,
    /// Discounts.
    #[serde(default)]
    pub discount: DiscountRules,
    /// Taxes.
    #[serde(default)]
    pub tax: TaxRules,
    /// Invoices and their numbers.
    #[serde(default)]
    pub invoice: InvoiceRules,
    /// Accounts and members.
    #[serde(default)]
    pub account: AccountRules,
    /// Where a request goes that people must handle, by situation.
    #[serde(default)]
    pub routes: BTreeMap<Situation, Route>,
}

/// What a member is to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the account; there is exactly one.
    Owner,
    /// Runs the account.
    Admin,
    /// Works in it.
    Member,
    /// Visits it; takes no seat.
    Guest,
}

/// Something a member may be allowed to do about billing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// See plans, orders, invoices and balances.
    View,
    /// Place and pay orders.
    Order,
    /// Change the plan.
    ChangePlan,
    /// Add seats.
    AddSeats,
    /// Remove seats.
    RemoveSeats,
    /// Assign seats, invite and disable members.
    ManageMembers,
    /// Change contact, address, recipients, taxpayer details.
    EditBilling,
    /// Save or remove a payment method.
    ChangeMethod,
    /// Turn auto-renewal on or off, extend.
    Renew,
    /// Cancel, or take a cancellation back.
    Cancel,
    /// Buy or use credits.
    Credits,
    /// Get money back.
    Refund,
    /// Change the account's own e-mail.
    ChangeEmail,
    /// Close the account.
    Close,
    /// Move licence and credits to another account.
    Transfer,
    /// Change the owner.
    ChangeOwner,
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Roles that may do billing.
    pub roles: Vec<Role>,
    /// Roles that may do billing only after an explicit grant.
    pub granted_roles: Vec<Role>,
    /// Operations that only the seller's people may do, with a reason.
    pub support_only: Vec<Operation>,
}

impl Default for Access {
    fn default() -> Self {
        Access {
            roles: vec![Role::Owner, Role::Admin],
            granted_roles: Vec::new(),
            support_only: Vec::new(),
        }
    }
}

/// What an account is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Never had a trial, a free plan or a term.
    New,
    /// Inside a trial.
    Trialing,
    /// A trial ended and nothing was bought.
    TrialEnded,
    /// On a plan that costs nothing.
    Free,
    /// Inside a paid term.
    Active,
    /// Inside a paid term that will not go on.
    Cancelling,
    /// The paid term ended, the renewal's charge failed, and the grace has not run out.
    PastDue,
    /// No way to pay: only billing is reachable, nothing is deleted.
    Frozen,
    /// The paid term ended.
    Expired,
    /// Switched off after a failed charge or a cancellation; can come back.
    Deactivated,
    /// Closed for good.
    Closed,
}

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// The first term, or a new one after the last has ended.
    Purchase,
    /// A plan of higher rank.
    Upgrade,
    /// A plan of lower rank.
    Downgrade,
    /// The same plan for another period.
    PeriodChange,
    /// More seats.
    Seats,
    /// Fewer seats.
    SeatRemoval,
    /// A further term, asked for.
    Extension,
    /// A further term, made by time.
    Renewal,
    /// Credits or another add-on.
    AddOn,
}

/// Trials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRules {
    /// Whole days.
    pub days: u32,
    /// The plan whose features apply.
    pub plan: String,
    /// Allowances that replace the plan's; limits not named here are not enforced.
    #[serde(default)]
    pub limits: BTreeMap<String, i64>,
    /// Units of use granted for the trial, by credit type.
    #[serde(default)]
    pub credits: BTreeMap<String, i64>,
    /// Whether they are granted for the workspace or for each member who takes a seat.
    #[serde(default)]
    pub credits_per: Scope,
    /// Whether it starts by itself with the account.
    #[serde(default)]
    pub automatic: bool,
    /// Whether an account may have it only once.
    #[serde(default = "yes")]
    pub once: bool,
    /// Whether a payment method is needed to start.
    #[serde(default)]
    pub method_required: bool,
    /// What the days left do when the first term is paid.
    #[serde(default)]
    pub bonus_days: BonusDays,
    /// What the account is when it ends and nothing was bought.
    #[serde(default)]
    pub then: AfterTrial,
    /// The most days it can be extended by, in all.
    #[serde(default)]
    pub extendable_days: u32,
}

fn yes() -> bool {
    true
}

/// What trial days left over do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum BonusDays {
    /// They are lost.
    #[default]
    None,
    /// They lengthen the first paid term.
    AddToTerm,
}

/// What follows a trial without a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AfterTrial {
    /// Nothing is on until something is bought.
    #[default]
    Ended,
    /// The free plan.
    Free,
    /// Only billing is reachable.
    Frozen,
}

/// Orders in general.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrderRules {
    /// A pending order lapses after so many days; absent means never.
    pub lapse_days: Option<u32>,
    /// Countries whose orders need a taxpayer number.
    pub taxpayer_countries: Vec<String>,
    /// Whether name and address for the invoice are needed.
    pub invoice_details: Need,
    /// Whether a purchase must say how many seats; where it need not, the plan's least count is meant.
    pub seats: Need,
    /// Whether the method of a pending order is fixed.
    pub method_locked: bool,
    /// Whether plan, seats and add-ons may share one order.
    pub parts_together: bool,
    /// Whether several orders may be pending at once.
    pub several_pending: bool,
    /// The shortest period that can be bought, in months.
    pub min_months: u32,
    /// Amounts below this many major units are treated by `below_minimum`.
    pub minimum_charge: Decimal,
    /// What happens to an amount below the minimum.
    pub below_minimum: BelowMinimum,
    /// Minutes that a confirmed payment may take to show; said to the person who waits.
    pub confirmation_minutes: Option<u32>,
}

impl Default for OrderRules {
    fn default() -> Self {
        OrderRules {
            lapse_days: Some(30),
            taxpayer_countries: Vec::new(),
            invoice_details: Need::Optional,
            seats: Need::Required,
            method_locked: false,
            parts_together: false,
            several_pending: false,
            min_months: 0,
            minimum_charge: Decimal::ZERO,
            below_minimum: BelowMinimum::Charge,
            confirmation_minutes: None,
        }
    }
}

/// Whether something must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It may be given.
    #[default]
    Optional,
    /// It must be given.
    Required,
}

/// What happens to an amount too small to charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum BelowMinimum {
    /// It is charged all the same.
    #[default]
    Charge,
    /// It is forgiven.
    Waive,
    /// It waits in the balance as a debt.
    Carry,
}

/// Who may make a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Allow {
    /// The account's own people.
    #[default]
    SelfService,
    /// Only the seller's people; a member's wish becomes a case.
    Support,
    /// Nobody.
    Refuse,
}

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// With the payment, or at once where nothing is to be paid.
    #[default]
    Now,
    /// When the running term ends.
    AtRenewal,
}

/// What is charged for time that was bought in the middle of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// The remaining part of each paid term.
    #[default]
    Prorated,
    /// The whole price, however little of the term is left.
    Full,
    /// Nothing until the next term.
    None,
}

/// What is given back for time that was paid and is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GiveBack {
    /// It lowers the same order; what is left over goes to the account's balance.
    #[default]
    Credit,
    /// It is paid back.
    Refund,
    /// Nothing.
    None,
}

/// What the length of the running term does when the plan changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Anchoring {
    /// The term keeps its end.
    #[default]
    Keep,
    /// A new term starts with the change.
    Restart,
}

/// A change of plan or period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRules {
    /// Who may make it.
    #[serde(default)]
    pub allow: Allow,
    /// When it takes effect.
    #[serde(default)]
    pub timing: Timing,
    /// What the new price charges.
    #[serde(default)]
    pub charge: Charge,
    /// What the old price gives back.
    #[serde(default)]
    pub give_back: GiveBack,
    /// Whether the term keeps its end.
    #[serde(default)]
    pub term: Anchoring,
}

impl ChangeRules {
    fn upgrade() -> ChangeRules {
        ChangeRules {
            allow: Allow::SelfService,
            timing: Timing::Now,
            charge: Charge::Prorated,
            give_back: GiveBack::Credit,
            term: Anchoring::Keep,
        }
    }

    fn downgrade() -> ChangeRules {
        ChangeRules {
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            ..Self::upgrade()
        }
    }

    fn period() -> ChangeRules {
        ChangeRules {
            timing: Timing::AtRenewal,
            term: Anchoring::Restart,
            ..Self::upgrade()
        }
    }
}

/// Seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct SeatRules {
    /// What a person types: the difference or the total.
    pub input: SeatInput,
    /// More seats.
    pub add: SeatAdd,
    /// Fewer seats.
    pub remove: SeatRemove,
}

/// What a number of seats means when it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatInput {
    /// Either, each by its own command.
    #[default]
    Either,
    /// So many more.
    Delta,
    /// So many in all.
    Total,
}

/// More seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatAdd {
    /// Who may add them.
    pub allow: Allow,
    /// What they cost in the middle of a term.
    pub charge: Charge,
    /// When they can be used.
    pub active: SeatsActive,
    /// When the money is asked for. Seats that are paid for later can be used at once.
    pub collect: Collect,
    /// Which price counts.
    pub price: SeatPrice,
}

impl Default for SeatAdd {
    fn default() -> Self {
        SeatAdd {
            allow: Allow::SelfService,
            charge: Charge::Prorated,
            active: SeatsActive::OnPayment,
            collect: Collect::Now,
            price: SeatPrice::Term,
        }
    }
}

/// When added seats can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatsActive {
    /// When their order is paid.
    #[default]
    OnPayment,
    /// At once.
    Now,
}

/// When the money for a change is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Collect {
    /// With an order of its own.
    #[default]
    Now,
    /// With everything else of the same day, in one order on the next.
    Daily,
    /// With everything else of the same week, in one order on its next Monday.
    Weekly,
    /// With everything else of the same month, in one order on the first of the next.
    Monthly,
    /// With the next renewal.
    AtRenewal,
}

/// Which price a seat bought later has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatPrice {
    /// The price of the running term (contract price).
    #[default]
    Term,
    /// The price list of the day.
    List,
}

/// Fewer seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatRemove {
    /// Who may remove them.
    pub allow: Allow,
    /// When they go.
    pub timing: Timing,
    /// What they give back.
    pub give_back: GiveBack,
    /// Whether seats that were paid once in a term can be taken again without paying twice.
    pub high_water: bool,
}

impl Default for SeatRemove {
    fn default() -> Self {
        SeatRemove {
            allow: Allow::SelfService,
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            high_water: false,
        }
    }
}

/// A further term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ExtendRules {
    /// Who may ask for it.
    pub allow: Allow,
    /// Whether auto-renewal must be off first.
    pub needs_auto_renew_off: bool,
}

/// Ending a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CancelRules {
    /// Who may cancel.
    pub allow: Allow,
    /// When the subscription ends.
    pub timing: Timing,
    /// What unused time gives back when it ends at once.
    pub give_back: GiveBack,
    /// Whether it can be taken back until the end.
    pub undo: bool,
    /// What the account is afterwards.
    pub then: EndState,
}

impl Default for CancelRules {
    fn default() -> Self {
        CancelRules {
            allow: Allow::SelfService,
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            undo: true,
            then: EndState::Expired,
        }
    }
}

/// What an account is when paid time has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum EndState {
    /// It has expired; a new purchase starts a new term.
    #[default]
    Expired,
    /// It falls to the free plan.
    Free,
    /// Only billing is reachable, nothing is deleted.
    Frozen,
    /// Switched off, until somebody pays again.
    Deactivated,
}

/// What happens when paid time ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct EndRules {
    /// With a way to pay, but nothing paid and no charge failed (auto-renewal off).
    pub unpaid: EndState,
    /// With no way to pay on file.
    pub no_method: EndState,
    /// After the grace of a failed charge.
    pub failed: EndState,
    /// Days between the first failed charge and `failed`; 0 ends with the term.
    pub grace_days: u32,
    /// Whether the grace is counted in hours from the moment of the failure or in whole days.
    pub grace_counts: GraceCount,
    /// What brings an account back.
    pub reactivation: Reactivation,
}

/// How a grace is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GraceCount {
    /// Calendar days; it runs out when a day begins.
    #[default]
    Days,
    /// 24 hours each from the moment of the failure.
    Hours,
}

/// What brings an account back after its paid time has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Reactivation {
    /// Paying the pending renewal, or a new purchase.
    #[default]
    Payment,
    /// A payment method put on file: a renewal is ordered and charged to it.
    Method,
}

/// Money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct RefundRules {
    /// What can be refunded.
    pub mode: RefundMode,
    /// What a refund of the remainder does to the account.
    pub then: AfterRefund,
}

/// What can be refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RefundMode {
    /// Nothing.
    #[default]
    None,
    /// What the unused part of the paid terms is worth.
    Remainder,
    /// Anything that was paid and not yet given back.
    Paid,
}

/// What a refund does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AfterRefund {
    /// Nothing.
    #[default]
    Stays,
    /// The subscription ends on the day of the refund.
    Ends,
}

/// Automatic renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RenewalRules {
    /// Whether it can be turned off by the account's people.
    pub optional: bool,
    /// Whether the first payment turns it on, where the method says so.
    pub on_by_default: bool,
    /// Which price the next term has.
    pub price: RenewalPrice,
    /// What happens when auto-renewal is off.
    pub when_off: WhenOff,
    /// The saved method can be changed only while auto-renewal is off.
    pub method_change_needs_off: bool,
    /// Paying an order with new details turns auto-renewal on again.
    pub new_method_turns_on: bool,
    /// Days of downtime that one run catches up; older steps are skipped and said.
    pub catch_up_days: u32,
}

impl Default for RenewalRules {
    fn default() -> Self {
        RenewalRules {
            optional: true,
            on_by_default: true,
            price: RenewalPrice::Term,
            when_off: WhenOff::Nothing,
            method_change_needs_off: false,
            new_method_turns_on: false,
            catch_up_days: 60,
        }
    }
}

/// Which price a renewal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RenewalPrice {
    /// The price of the ending term.
    #[default]
    Term,
    /// The price list of the day, for the account's cohort.
    List,
}

/// What is made when auto-renewal is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum WhenOff {
    /// Nothing; the customer orders by hand.
    #[default]
    Nothing,
    /// A renewal order that waits to be paid.
    UnpaidOrder,
}

/// Credits and add-ons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreditRules {
    /// Standings in which add-ons can be bought.
    pub buy_in: Vec<State>,
    /// What an add-on that runs with the plan's term costs in the middle of it.
    pub charge: Charge,
    /// How a term longer than the reset grants: all at once, or at each reset.
    pub grant: GrantPace,
    /// What is said before a purchase.
    pub reminder: Option<String>,
}

impl Default for CreditRules {
    fn default() -> Self {
        CreditRules {
            buy_in: vec![State::Active, State::Cancelling],
            charge: Charge::Full,
            grant: GrantPace::EachReset,
            reminder: None,
        }
    }
}

/// How units of use are granted over a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GrantPace {
    /// At each reset.
    #[default]
    EachReset,
    /// All of the term's resets at its start.
    TermAtOnce,
}

/// Money that the seller owes an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BalanceRules {
    /// Whether it pays later orders before anything else is charged.
    pub automatic: bool,
}

impl Default for BalanceRules {
    fn default() -> Self {
        BalanceRules { automatic: true }
    }
}

/// Discounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct DiscountRules {
    /// Who may give one.
    pub allow: DiscountAllow,
    /// The most percent a person may give.
    pub max_percent: Option<Decimal>,
    /// How an amount is shared over lines.
    pub sharing: Sharing,
}

/// Who may give a discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum DiscountAllow {
    /// The seller's people, with a reason.
    #[default]
    Support,
    /// Nobody.
    Refuse,
}

/// Taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TaxRules {
    /// Whether prices contain the tax.
    pub included: bool,
    /// Where a tax is rounded.
    pub round_at: TaxRound,
    /// How it is rounded.
    pub rounding: Rounding,
    /// Rates; the first that fits the country and the day counts.
    pub rates: Vec<TaxRate>,
}

/// Where a tax is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TaxRound {
    /// Once per rate of an invoice, shared over its lines.
    #[default]
    Invoice,
    /// On each line.
    Line,
}

/// A tax of one or more countries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// What stands on the invoice: VAT, ISS.
    pub name: String,
    /// Countries of ISO 3166; `*` is every country.
    pub countries: Vec<String>,
    /// Percent.
    pub percent: Decimal,
    /// Not charged to a company with a valid taxpayer number of another country (reverse charge).
    #[serde(default)]
    pub reverse_charge: bool,
    /// First day.
    #[serde(default)]
    pub from: Option<Day>,
    /// First day on which it no longer counts.
    #[serde(default)]
    pub until: Option<Day>,
}

/// Invoices and their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceRules {
    /// When an invoice is issued.
    pub issue: IssueAt,
    /// Number pattern: `{year}`, `{month}`, `{seq:N}` (N places), `{account}`.
    pub number: String,
    /// Number pattern of credit notes.
    pub credit_note_number: String,
    /// Whether the count starts again each year.
    pub yearly: bool,
    /// Days until an invoice that waits for payment is due.
    pub due_days: u32,
}

impl Default for InvoiceRules {
    fn default() -> Self {
        InvoiceRules {
            issue: IssueAt::Payment,
            number: "INV-{year}-{seq:6}".to_owned(),
            credit_note_number: "CN-{year}-{seq:6}".to_owned(),
            yearly: false,
            due_days: 0,
        }
    }
}

/// When an invoice is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum IssueAt {
    /// When the payment is confirmed.
    #[default]
    Payment,
    /// With the order, before the charge.
    Order,
}

/// Accounts and members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountRules {
    /// Whether a new account gets the free plan at once.
    pub starts_free: bool,
    /// What closing does to a running subscription.
    pub close: CloseMode,
    /// What a person is told, and must accept, before closing.
    pub close_warning: Option<String>,
    /// Whether an e-mail address may be a member of several accounts.
    pub email_in_several: bool,
    /// Whether licence and credits can move to another account.
    pub transfer: TransferMode,
}

impl Default for AccountRules {
    fn default() -> Self {
        AccountRules {
            starts_free: false,
            close: CloseMode::AfterEnd,
            close_warning: None,
            email_in_several: true,
            transfer: TransferMode::Refuse,
        }
    }
}

/// What closing an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CloseMode {
    /// Refused while paid time runs.
    #[default]
    AfterEnd,
    /// Ends the subscription with it.
    EndsPlan,
    /// Never; accounts are only frozen or deactivated.
    Never,
}

/// Whether licence and credits can move to another account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TransferMode {
    /// No.
    #[default]
    Refuse,
    /// Yes, by the seller's people.
    Support,
}

/// A situation that people handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// A plan that is sold only by people.
    Sales,
    /// A currency or method that a partner takes.
    Partner,
    /// A change that support makes.
    Support,
    /// A payment that does not go through.
    Payment,
    /// A contract that cannot be changed in the tool.
    Contract,
    /// Licence and credits for another account.
    Transfer,
    /// A question.
    Help,
    /// A demonstration before buying.
    Demo,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Who answers, in words: "the support chat".
    pub to: String,
    /// E-mail, address of a page, or number.
    #[serde(default)]
    pub contact: Option<String>,
    /// What the request must say.
    #[serde(default)]
    pub needs: Vec<String>,
}

impl Policy {
    /// The rule that a key comes from, if the file names one: of the key itself or of a table above it.
    pub fn rule(&self, key: &str) -> Option<&str> {
        let mut key = key;
        loop {
            if let Some(rule) = self.rules.get(key) {
                return Some(rule);
            }
            key = &key[..key.rfind('.')?];
        }
    }

    /// Where a situation is handled; help, when the file has no route of its own for it.
    pub fn route(&self, situation: Situation) -> Option<&Route> {
        self.routes
            .get(&situation)
            .or_else(|| self.routes.get(&Situation::Help))
    }

    /// Whether an order of a kind may be placed in a state. A state that the file does not name allows a
    /// purchase while nothing runs, and every change while something does.
    pub fn allows(&self, state: State, kind: OrderKind) -> bool {
        if let Some(kinds) = self.allowed.get(&state) {
            return kinds.contains(&kind);
        }
        match state {
            State::Active | State::Cancelling => kind != OrderKind::Purchase,
            State::PastDue | State::Frozen | State::Expired | State::Deactivated => {
                matches!(kind, OrderKind::Purchase | OrderKind::Renewal)
            }
            State::New | State::Trialing | State::TrialEnded | State::Free => {
                kind == OrderKind::Purchase
            }
            State::Closed => false,
        }
    }
}
