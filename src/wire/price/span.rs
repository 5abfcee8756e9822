//! `span`: what one stretch of service costs.

use super::shown;
use super::words::{Figure, Refused, RuleSetName, Stretched, When, WorkingText, dollars};
use crate::billing::calendar::Period;
use crate::billing::money::Currency;
use crate::billing::prorate::{Price, remaining, service};
use crate::billing::share::Stretch;
use serde::Deserialize;
use serde_json::{Value, json};

/// A request of kind `span`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    rules: RuleSetName,
    price: Figure,
    #[serde(default = "one")]
    quantity: i64,
    /// The term that the price pays for.
    term: Stretched,
    /// The part that is priced; the whole term when neither this nor `on` is given.
    service: Option<Stretched>,
    /// The rest of the term from a change on.
    on: Option<When>,
    /// The plan's own period, for denominators that ask for it.
    period: Option<Period>,
    bill_day: Option<u32>,
    contract: Option<Stretched>,
}

fn one() -> i64 {
    1
}

/// Answers `span`.
pub fn span(request: SpanRequest) -> Result<Value, Refused> {
    let stretch = Stretch {
        term: request.term.0,
        period: request.period,
        anchor_day: request.bill_day,
        contract: request.contract.map(|contract| contract.0),
    };
    let price = Price::of(request.price.0, request.quantity, request.currency);
    let working = match request.on {
        Some(on) => remaining(&request.rules.switches, &stretch, on.0, price)?,
        None => {
            let part = request.service.map_or(stretch.term, |part| part.0);
            service(&request.rules.switches, &stretch, part, price)?
        }
    };
    shown(json!({
        "amount": WorkingText::from(&working).amount,
        "working": WorkingText::from(&working),
    }))
}
