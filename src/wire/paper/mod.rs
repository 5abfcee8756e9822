//! An invoice or credit note on paper: PDF, HTML and plain text.
//!
//! ```text
//!  Sheet ──clean, word──▶ Page ──┬──▶ html
//!  (figures,  locale)   (texts)  ├──▶ text
//!                                └──▶ layout ──▶ pdf
//! ```
//!
//! Whoever fills a [`Sheet`] decides every figure; nothing here adds, rounds or converts. [`Press`] prints PDFs,
//! [`html()`] and [`text()`] write the other two forms from the same words, so the three cannot disagree.
//!
//! The PDF is archival (PDF/A-3a) and accessible (PDF/UA-1). Its fonts are compiled in (`fonts/README.md`
//! lists the scripts); the machine's own are asked only for letters that these lack.

mod arithmetic;
mod clean;
mod content;
mod direction;
mod fonts;
#[cfg(test)]
mod from_right_tests;
mod html;
mod layout;
mod line_words;
mod locale;
mod of_invoice;
mod pdf;
mod press;
#[cfg(test)]
mod samples;
mod search;
mod shape;
mod sheet;
mod tags;
mod text;
mod words;
mod wrap;

pub use clean::line as one_line;
pub use direction::runs_from_right;
pub use fonts::usual_font_folders;
pub use html::html;
pub use line_words::Wording;
pub use locale::Locale;
pub use of_invoice::{Setting, language_of, sheet};
pub use press::{Press, Printed, Unprintable};
pub use sheet::{
    Brand, Colour, LineDiscount, Party, Sheet, SheetDiscount, SheetKind, SheetLine, SheetPayment,
    SheetState, SheetTax, TaxId, WayBack,
};
pub use text::text;
pub use words::{OwnWords, Tongue};
