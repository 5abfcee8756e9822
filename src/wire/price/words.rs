//! The words of requests and answers: amounts, instants, stretches, rules, workings.

use crate::billing::calendar::{Day, Moment, midnight};
use crate::billing::figures::Fault;
use crate::billing::figures::schedule::CycleBefore;
use crate::billing::fraction::Fraction;
use crate::billing::listed;
use crate::billing::money::{Currency, Money, Rounding, TooLarge};
use crate::billing::prorate::{Of, Working};
use crate::billing::rulesets::{self, Settle};
use crate::billing::share::Window;
use crate::billing::switches::{DayCount, Denominator, Proration, RoundAt, Unit};
use crate::wire::amount::Amount;
use chrono::Datelike;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Why there is no answer: a stable name and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    code: &'static str,
    message: String,
}

impl Refused {
    /// A refusal of this name.
    pub fn new(code: &'static str, message: String) -> Refused {
        Refused { code, message }
    }

    /// The refusal as it is printed.
    pub fn value(&self) -> Value {
        json!({"code": self.code, "message": self.message})
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Refused::new(fault.code(), fault.to_string())
    }
}

impl From<TooLarge> for Refused {
    fn from(wrong: TooLarge) -> Refused {
        Fault::from(wrong).into()
    }
}

/// A decimal written as text or as a whole number; a number with a point is refused, as it may have lost
/// digits on its way.
#[derive(Debug, Clone, Copy, Deserialize, Default)]
#[serde(try_from = "Value")]
pub struct Figure(pub Decimal);

impl TryFrom<Value> for Figure {
    type Error = String;
    fn try_from(value: Value) -> Result<Figure, String> {
        let wrong = || format!("{value} is not an amount; write it as text, such as \"30.10\"");
        match &value {
            Value::String(text) => text.parse().map(Figure).map_err(|_| wrong()),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Ok(Figure(Decimal::from(whole))),
                None => Err(wrong()),
            },
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(wrong()),
        }
    }
}

impl Figure {
    /// The amount in a currency; more places than it has are refused.
    pub fn money(self, currency: Currency) -> Result<Money, Refused> {
        let exact = Fraction::from_decimal(self.0)?;
        let money = exact.to_money(currency, Rounding::HalfUp)?;
        if Fraction::from_decimal(money.major())? != exact {
            let message = format!("{} has more places than {currency} has.", self.0);
            return Err(Refused::new("bad_request", message));
        }
        Ok(money)
    }
}

/// A day or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct When(pub Moment);

impl TryFrom<String> for When {
    type Error = String;
    fn try_from(text: String) -> Result<When, String> {
        let bare = text.strip_suffix('Z').unwrap_or(&text);
        if let Ok(day) = bare.parse::<Day>() {
            return Ok(When(midnight(day)));
        }
        let with_seconds = bare.parse::<Moment>();
        with_seconds
            .or_else(|_| Moment::parse_from_str(bare, "%Y-%m-%dT%H:%M"))
            .map(When)
            .map_err(|_| format!("{text:?} is not a day such as 2024-03-16 or 2024-03-16T15:00Z"))
    }
}

/// Refuses days outside the years that can be worked with, wherever they stand in a request.
pub(super) fn expect_known_years(value: &Value) -> Result<(), Refused> {
    match value {
        Value::String(text) => {
            let days = text.split("..").filter_map(|end| {
                let day = end.split('T').next().unwrap_or(end);
                day.parse::<Day>().ok()
            });
            match days
                .into_iter()
                .find(|day| !(1900..=2199).contains(&day.year()))
            {
                None => Ok(()),
                Some(day) => Err(Refused::new(
                    "bad_request",
                    format!("{day} is outside the years 1900 to 2199."),
                )),
            }
        }
        Value::Array(items) => items.iter().try_for_each(expect_known_years),
        Value::Object(fields) => fields.values().try_for_each(expect_known_years),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// A stretch of time, `2024-03-01..2024-04-01`, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Stretched(pub Window);

impl TryFrom<String> for Stretched {
    type Error = String;
    fn try_from(text: String) -> Result<Stretched, String> {
        let Some((from, to)) = text.split_once("..") else {
            return Err(format!(
                "{text:?} is not a stretch such as 2024-03-01..2024-04-01"
            ));
        };
        let (from, to) = (
            When::try_from(from.to_owned())?,
            When::try_from(to.to_owned())?,
        );
        match from.0 <= to.0 {
            true => Ok(Stretched(Window::new(from.0, to.0))),
            false => Err(format!("{text:?} ends before it begins")),
        }
    }
}

/// A day where the instant is midnight, or else the instant.
pub(crate) fn told(moment: Moment) -> String {
    match moment == midnight(moment.date()) {
        true => moment.date().to_string(),
        false => moment.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

/// The rules of a request: a rule set by name, or switches, with or without a rule set they start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct RuleSetName {
    /// The arithmetic.
    pub switches: Proration,
    /// What becomes of a credit.
    pub settle: Settle,
    /// Where the cycle of a first stub begins.
    pub cycle_before: CycleBefore,
}

impl Default for RuleSetName {
    fn default() -> RuleSetName {
        RuleSetName {
            switches: Proration::default(),
            settle: Settle::Money,
            cycle_before: CycleBefore::BillDay,
        }
    }
}

impl TryFrom<Value> for RuleSetName {
    type Error = String;
    fn try_from(value: Value) -> Result<RuleSetName, String> {
        match value {
            Value::String(name) => named(&name),
            Value::Object(mut own) => {
                let base = match own.shift_remove("like") {
                    Some(Value::String(name)) => named(&name)?,
                    Some(other) => return Err(format!("{other} is not the name of a rule set")),
                    None => RuleSetName::default(),
                };
                let mut table = serde_json::to_value(base.switches).map_err(|e| e.to_string())?;
                if let Value::Object(table) = &mut table {
                    table.extend(own);
                }
                let switches = serde_json::from_value(table).map_err(|e| e.to_string())?;
                Ok(RuleSetName { switches, ..base })
            }
            other => Err(format!(
                "{other} is not a rule set; write its name or its switches"
            )),
        }
    }
}

fn named(name: &str) -> Result<RuleSetName, String> {
    let Some(set) = rulesets::named(name) else {
        let known: Vec<&str> = rulesets::ALL.iter().map(|set| set.name).collect();
        return Err(format!(
            "there is no rule set {name:?}; there are {}",
            listed::and(&known)
        ));
    };
    Ok(RuleSetName {
        switches: set.switches,
        settle: set.settle,
        cycle_before: set.cycle_before,
    })
}

/// A working as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingText {
    /// The first instant of the part.
    pub from: String,
    /// The first instant after it.
    pub to: String,
    /// The stretch that the denominator counts.
    pub whole: String,
    /// Units counted in the part.
    pub numerator: i64,
    /// Units counted in the whole.
    pub denominator: i64,
    /// What is counted.
    pub unit: Unit,
    /// How days are counted.
    pub day_count: DayCount,
    /// What the part is divided by.
    pub divided_by: Denominator,
    /// What the share is taken of: a price or a billed line.
    pub of: Of,
    /// How many units.
    pub quantity: i64,
    /// The price of one unit for the whole.
    pub unit_price: String,
    /// The value before rounding.
    pub exact: String,
    /// How it was rounded.
    pub rounding: Rounding,
    /// Where it was rounded.
    pub round_at: RoundAt,
    /// The limit that cut the amount.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub capped_at: Option<Amount>,
    /// The amount.
    pub amount: Amount,
}

impl From<&Working> for WorkingText {
    fn from(working: &Working) -> WorkingText {
        WorkingText {
            from: told(working.part.from),
            to: told(working.part.to),
            whole: format!("{}..{}", told(working.whole.from), told(working.whole.to)),
            numerator: working.numerator,
            denominator: working.denominator,
            unit: working.unit,
            day_count: working.day_count,
            divided_by: working.divided_by,
            of: working.of,
            quantity: working.quantity,
            unit_price: working.unit_price.to_string(),
            exact: working.exact.to_string(),
            rounding: working.rounding,
            round_at: working.round_at,
            capped_at: working.capped_at.map(Amount::from),
            amount: working.amount.into(),
        }
    }
}

/// Dollars, where a request names no currency.
pub fn dollars() -> Currency {
    Currency::USD
}
