//! Every shape promised to outsiders: documents, files to read, paper.
//!
//! A [`Document`] is what `--json` prints, what the journal keeps for replay and what a table is drawn
//! from. Adding a field is free; removing or renaming one means another schema name.

pub mod account;
mod afterwards;
pub mod amount;
pub mod balance;
pub mod case;
pub mod cell;
pub mod checkout;
pub mod compare;
pub mod compare_policy;
pub mod credit;
pub mod database;
pub mod export;
pub mod failure;
pub mod invoice;
pub mod invoice_csv;
pub mod journal;
pub mod ledger;
pub mod letter;
pub mod limit;
pub mod line;
pub mod member;
pub mod message;
pub mod order;
mod order_of;
pub mod paper;
pub mod plan;
pub mod presets;
pub mod price;
pub mod renew;
pub mod report;
pub mod report_table;
pub mod seats;
pub mod seller;
pub mod setting;
pub mod subscription;
pub mod transfer;
pub mod trial;
mod working;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The name of the published shape.
pub const SCHEMA: &str = "subdesk/1";

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// The billing overview of an account.
    Account(Box<account::Account>),
    /// The ledger of an account's balance.
    Balance(Box<balance::Balance>),
    /// Accounts, briefly.
    Accounts(Vec<account::Brief>),
    /// The people of an account.
    Members(Vec<member::Member>),
    /// The seats of an account.
    Seats(seats::Seats),
    /// Members, and the seats they hold.
    Holders(Vec<seats::Holder>),
    /// Trials, newest first.
    Trials(Vec<trial::Trial>),
    /// A trial.
    Trial(trial::Trial),
    /// Use against limits.
    Limits(Vec<limit::Limit>),
    /// Use against a limit.
    Limit(Box<limit::Limit>),
    /// Whether more may be added.
    LimitCheck(Box<limit::Check>),
    /// Units of use that are left.
    Credits(Vec<credit::Credit>),
    /// Add-ons that an account could order.
    AddOns(Vec<credit::Offer>),
    /// A plan with its prices.
    Plan(Box<plan::Plan>),
    /// Plans with their prices.
    Plans(Vec<plan::Plan>),
    /// Plans side by side.
    PlanComparison(plan::Comparison),
    /// An order with its lines.
    Order(Box<order::Order>),
    /// Orders, briefly.
    Orders(Vec<order::Brief>),
    /// A change that waits for the renewal.
    Scheduled(Box<order::Scheduled>),
    /// Payments.
    Payments(Vec<order::Payment>),
    /// A numbered document.
    Invoice(Box<invoice::Invoice>),
    /// Numbered documents.
    Invoices(Vec<invoice::Brief>),
    /// A message of the outbox.
    Message(Box<message::Message>),
    /// Messages, briefly.
    Messages(Vec<message::Brief>),
    /// What a run of the outbox came to.
    Post(message::Post),
    /// Files that were written.
    Export(export::Export),
    /// What was billed, earned and collected.
    Revenue(Box<report::Revenue>),
    /// Recurring revenue and how it moved.
    Recurring(Box<report::Recurring>),
    /// Customers and revenue that left.
    Churn(Box<report::Churn>),
    /// What customers owe.
    Receivable(Box<report::Receivable>),
    /// Money that is promised and not yet collected.
    Pending(Box<report::Pending>),
    /// Licence and credits that have moved to another account.
    Transfer(Box<transfer::Transfer>),
    /// A subscription that was cancelled, ended, refunded or taken up again.
    Subscription(Box<subscription::Subscription>),
    /// What a run did for an account.
    Renewed(Box<renew::Renewed>),
    /// A run in numbers.
    Run(Box<renew::Tally>),
    /// What is to come.
    Due(Vec<renew::Awaited>),
    /// Whether an account renews by itself.
    AutoRenewal(Box<renew::AutoRenewal>),
    /// What the days to come would bring.
    Forecast(Box<renew::Forecast>),
    /// A request that people handle.
    Case(Box<case::Case>),
    /// Such requests.
    Cases(Vec<case::Case>),
    /// A line of the journal.
    JournalLine(Box<journal::Line>),
    /// Lines of the journal, briefly.
    JournalLines(Vec<journal::Brief>),
    /// What a file holds.
    Database(Box<database::Database>),
    /// Whether something is sound.
    Check(database::Check),
    /// What the program works with.
    Settings(Vec<setting::Setting>),
    /// One change under many rule sets.
    Comparison(Box<compare::Comparison>),
    /// Versions of a catalog or a policy.
    SellerFiles(Vec<seller::Version>),
    /// One version in full.
    SellerFile(Box<seller::Whole>),
    /// What was found in a seller's files.
    FileCheck(Box<seller::FileCheck>),
    /// What differs between two versions.
    Differences(Vec<seller::DifferenceLine>),
}

impl Document {
    /// Keeps the first elements of a list, and tells whether some were left out. Other documents stay whole.
    pub fn cut(&mut self, most: usize) -> bool {
        match self {
            Document::Accounts(list) => cut(list, most),
            Document::Trials(list) => cut(list, most),
            Document::Orders(list) => cut(list, most),
            Document::Payments(list) => cut(list, most),
            Document::Invoices(list) => cut(list, most),
            Document::Messages(list) => cut(list, most),
            Document::Due(list) => cut(list, most),
            Document::Cases(list) => cut(list, most),
            Document::JournalLines(list) => cut(list, most),
            _ => false,
        }
    }
}

fn cut<T>(list: &mut Vec<T>, most: usize) -> bool {
    let too_many = list.len() > most;
    list.truncate(most);
    too_many
}

/// A document with its schema and marks, as `--json` prints it.
///
/// # Errors
/// A document cannot be written as JSON, which no document does.
pub fn envelope(document: &Document, marks: &[(&str, Value)]) -> serde_json::Result<Value> {
    let mut whole = Map::new();
    whole.insert("schema".to_owned(), SCHEMA.into());
    for (name, value) in marks {
        whole.insert((*name).to_owned(), value.clone());
    }
    if let Value::Object(body) = serde_json::to_value(document)? {
        whole.extend(body);
    }
    Ok(Value::Object(whole))
}

/// The name of one element of a list: `order` for `orders`.
pub fn singular(list: &str) -> String {
    match list.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => list.strip_suffix('s').unwrap_or(list).to_owned(),
    }
}
