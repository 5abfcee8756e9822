//! Every change that can be kept, as data. Rules return these; only `store` turns them into rows.

use super::account::{Account, Agreement, BillingDetails, Member, NextTerm, SavedMethod, Switched};
use super::calendar::{Day, Moment};
use super::case::Case;
use super::catalog::Catalog;
use super::credit::CreditEntry;
use super::invoice::{Invoice, InvoiceState};
use super::ledger::Posting;
use super::message::{Dispatch, Message, MessageEnd};
use super::money::Money;
use super::order::{Order, OrderState};
use super::payment::{Payment, PaymentState};
use super::policy::{Policy, Role};
use super::term::{Holding, Slice, Term, Trial};
use chrono::{DateTime, Utc};

/// One change to the facts of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new account.
    AddAccount(Box<Account>),
    /// Name on paper, place and billing details.
    EditAccount {
        /// The account as it is to be; its key and creation stay.
        account: Box<Account>,
    },
    /// Billing details only.
    EditBilling {
        /// Which account.
        account: i64,
        /// All of them.
        billing: BillingDetails,
    },
    /// The account is closed.
    CloseAccount {
        /// Which.
        account: i64,
        /// First day on which it is.
        on: Day,
    },
    /// A new member.
    AddMember {
        /// Of which account.
        account: i64,
        /// The member.
        member: Member,
        /// The first day on which he is one.
        on: Day,
    },
    /// A member as he is to be.
    EditMember(Member),
    /// A member is gone for good.
    RemoveMember {
        /// Which.
        member: i64,
        /// First day on which he is.
        on: Day,
    },
    /// A member's role only; used twice when ownership moves.
    SetRole {
        /// Which member.
        member: i64,
        /// The role.
        role: Role,
    },
    /// A way to pay put on file, replacing the one before.
    SetMethod {
        /// Of which account.
        account: i64,
        /// The method, or none.
        method: Option<SavedMethod>,
        /// The day from which the one before is no longer on file.
        on: Day,
    },
    /// A trial.
    AddTrial {
        /// Of which account.
        account: i64,
        /// The trial.
        trial: Trial,
    },
    /// The last trial as it is to be.
    EditTrial {
        /// Of which account.
        account: i64,
        /// The trial; told by its first day.
        trial: Trial,
    },
    /// An order with its lines.
    AddOrder(Box<Order>),
    /// An order reaches another state.
    SetOrder {
        /// Which.
        order: i64,
        /// The state.
        state: OrderState,
        /// When.
        at: Moment,
    },
    /// What the balance pays of an order and how the rest is to be paid.
    SetOrderPayment {
        /// Which.
        order: i64,
        /// The method.
        method: Option<String>,
        /// Parts.
        instalments: u32,
        /// From the balance.
        from_balance: Money,
    },
    /// An attempt to collect or give back.
    AddPayment(Box<Payment>),
    /// An attempt reaches another state.
    SetPayment {
        /// Which.
        payment: i64,
        /// The state.
        state: PaymentState,
        /// When.
        at: Moment,
        /// What the gateway calls it.
        reference: Option<String>,
        /// Why it was declined.
        reason: Option<String>,
        /// The invoice it pays.
        invoice: Option<i64>,
    },
    /// A term.
    AddTerm {
        /// Of which account.
        account: i64,
        /// The term.
        term: Term,
    },
    /// What holds in a term from a day on.
    AddSlice {
        /// Which term.
        term: i64,
        /// The slice.
        slice: Slice,
    },
    /// A term ends on another day. One that was to begin later is over before it begins, and lasts no day.
    EndTerm {
        /// Which.
        term: i64,
        /// Its end.
        end: Day,
        /// The first day without the service that it pays for; none where that goes on elsewhere.
        cut_on: Option<Day>,
    },
    /// Units of an add-on.
    AddHolding {
        /// Of which account.
        account: i64,
        /// The units.
        holding: Holding,
    },
    /// A holding ends on another day.
    EndHolding {
        /// Which.
        holding: i64,
        /// Its end.
        end: Day,
        /// As for a term.
        cut_on: Option<Day>,
    },
    /// A line is tied to the term that came of it.
    TieLine {
        /// Which line.
        line: i64,
        /// Which term.
        term: i64,
    },
    /// The service that a line turned out to be for. Only before a document states it: the store refuses to
    /// move a line that was issued.
    ServeLine {
        /// Which line.
        line: i64,
        /// Its service.
        service: super::calendar::Span,
    },
    /// A numbered document; a credit note brings its own lines.
    AddInvoice {
        /// The document.
        invoice: Box<Invoice>,
        /// Lines of a credit note; an invoice has those of its order.
        lines: Vec<super::order::Line>,
    },
    /// What a document has been paid or credited.
    SetInvoice {
        /// Which.
        invoice: i64,
        /// The state.
        state: InvoiceState,
        /// Paid by payments.
        paid: Money,
        /// Paid from the balance.
        from_balance: Money,
        /// Taken off by credit notes.
        credited: Money,
        /// When it was settled.
        settled_on: Option<Day>,
    },
    /// A balanced movement in the books.
    Post(Vec<Posting>),
    /// A switch.
    Switch {
        /// Of which account.
        account: i64,
        /// What and when.
        switched: Switched,
    },
    /// A change that waits for the next renewal, replacing one that waited.
    Schedule {
        /// Of which account.
        account: i64,
        /// When it was asked for.
        asked_on: Day,
        /// The change, or none to withdraw it.
        change: Option<NextTerm>,
    },
    /// Something agreed with the account.
    Agree {
        /// Which account.
        account: i64,
        /// What.
        agreement: Agreement,
    },
    /// Something agreed ends.
    EndAgreement {
        /// Which.
        agreement: i64,
        /// First day on which it no longer counts.
        until: Day,
    },
    /// An entry in the credit ledger.
    AddCredit {
        /// Of which account.
        account: i64,
        /// The entry.
        entry: CreditEntry,
    },
    /// Use of a limited thing.
    RecordUse {
        /// Of which account.
        account: i64,
        /// Which limit.
        limit: String,
        /// The member, where members have their own.
        member: Option<i64>,
        /// By how much, negative for less.
        amount: i64,
        /// When.
        at: Moment,
    },
    /// A case.
    OpenCase(Box<Case>),
    /// A case is closed.
    CloseCase {
        /// Which.
        case: i64,
        /// When.
        at: Moment,
        /// What came of it.
        outcome: String,
    },
    /// A message for the outbox.
    AddMessage(Message),
    /// A version of the seller's catalog is put to use.
    UseCatalog {
        /// The catalog.
        catalog: Box<Catalog>,
        /// Its file, to the letter.
        text: String,
        /// Where the file came from.
        origin: String,
        /// The clock.
        at: DateTime<Utc>,
    },
    /// A version of the seller's policy is put to use.
    UsePolicy {
        /// The policy.
        policy: Box<Policy>,
        /// Its file, to the letter.
        text: String,
        /// Where the file came from.
        origin: String,
        /// The clock.
        at: DateTime<Utc>,
    },
    /// The files of every other seller go. Only while there is no account that they could concern.
    ForgetOtherSellers {
        /// The seller that stays.
        seller: String,
    },
    /// A message is about to be handed over.
    BeginMessage(Box<Dispatch>),
    /// What came of handing it over.
    EndMessage {
        /// Which.
        message: i64,
        /// When.
        at: Moment,
        /// What.
        end: MessageEnd,
    },
    /// A message is to be tried again at once.
    RetryMessage {
        /// Which.
        message: i64,
        /// When.
        at: Moment,
        /// Where it goes; the mail that was packed before is forgotten if this is another place.
        to: Vec<String>,
    },
    /// The next day on which time brings something for the account.
    SetDue {
        /// Which account.
        account: i64,
        /// The day, or none.
        on: Option<Day>,
    },
}

impl Change {
    /// The account that it is about, as far as it says so itself; changes of orders, payments, terms and
    /// documents are named by their own keys.
    pub fn account(&self) -> Option<i64> {
        match self {
            Change::AddAccount(account) | Change::EditAccount { account } => Some(account.id),
            Change::AddOrder(order) => Some(order.account),
            Change::AddPayment(payment) => Some(payment.account),
            Change::OpenCase(case) => case.account,
            Change::AddMessage(message) => Some(message.account),
            Change::AddInvoice { invoice, .. } => Some(invoice.account),
            Change::EditBilling { account, .. }
            | Change::CloseAccount { account, .. }
            | Change::AddMember { account, .. }
            | Change::SetMethod { account, .. }
            | Change::AddTrial { account, .. }
            | Change::EditTrial { account, .. }
            | Change::AddTerm { account, .. }
            | Change::AddHolding { account, .. }
            | Change::Switch { account, .. }
            | Change::Schedule { account, .. }
            | Change::Agree { account, .. }
            | Change::AddCredit { account, .. }
            | Change::RecordUse { account, .. }
            | Change::SetDue { account, .. } => Some(*account),
            _ => None,
        }
    }
}
