//! An invoice or credit note on paper: PDF, HTML and plain text.
//!
//! ```text
//!  Sheet ──clean, word──▶ Page ──┬──▶ html
//!  (figures,  locale)   (texts)  ├──▶ text
//!                                └──▶ layout ──▶ pdf
//! ```
//!
//! Whoever fills a [`Sheet`] decides every figure; nothing here adds, rounds or converts.

mod locale;
mod sheet;

pub use locale::Locale;
pub use sheet::{
    Brand, Colour, Party, Sheet, SheetDiscount, SheetKind, SheetLine, SheetPayment, SheetState,
    SheetTax, TaxId,
};
