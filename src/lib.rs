//! `subdesk`: the subscription desk in a terminal.
//!
//! One crate, six rooms, no arrow back. A request goes in, a document comes out; between them somebody
//! decides and somebody keeps.
//!
//! ```text
//!           words          request            facts + date
//!  person ──────▶ cli ──────────────▶ desk ─────────────────▶ billing   (decides)
//!                  ▲                    │ ◀── decision ──────────┘
//!                  │                    ├──▶ store    (keeps)
//!                  │                    └──▶ gateway  (asks the bank)
//!                  └──── document ◀── wire  (published shapes)
//! ```

pub mod billing;
pub mod cli;
pub mod desk;
pub mod gateway;
pub mod store;
pub mod wire;
