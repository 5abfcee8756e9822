//! Keeps facts and gives them back. Every line of SQL stands in this room, and [`Tx`] is the only handle
//! that can write.

mod apply;
mod balance;
mod books;
mod busy;
mod check;
mod correct;
mod document;
mod due;
mod facts;
mod insert;
mod insert_document;
mod journal;
mod keys;
mod list;
mod many;
mod message;
mod migrate;
mod name;
mod open;
mod report;
mod row;
mod seal;
mod seller;
mod text;
mod touched;
mod turn;
mod tx;
mod unsealed;
mod writes;
mod year;

pub use balance::BalanceRow;
pub use books::Unequal;
pub use busy::Patience;
pub use check::Counts;
pub use journal::{Chain, JournalFilter, JournalLine, NewLine};
pub use list::{AccountRow, Filter, OrderRow};
pub use message::{MessageFilter, PackedMail};
pub use open::{Look, Place, Purpose, Store};
pub use report::{BookedRow, DebtRow, EarningRow, PromiseRow, RunningRow};
pub use row::{Fault, Kept};
pub use seller::{SellerFile, SellerFileKind};
pub use touched::Touched;
pub use turn::Turn;
pub use tx::{Reader, Tx};
pub use unsealed::{Trace, Unsealed};
