//! Payments: attempts to collect, each with its method, its reference and what came of it.

use super::calendar::Moment;
use super::money::Money;
use serde::{Deserialize, Serialize};

/// One attempt to collect, or money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Key in the store.
    pub id: i64,
    /// The account.
    pub account: i64,
    /// The order it is for.
    pub order: Option<i64>,
    /// The invoice it is for, once there is one.
    pub invoice: Option<i64>,
    /// Money in, or money back.
    pub kind: PaymentKind,
    /// The catalog's method.
    pub method: String,
    /// The key the gateway was asked with; the same key is never charged twice.
    pub key: String,
    /// What the gateway calls it.
    pub reference: Option<String>,
    /// How much.
    pub amount: Money,
    /// When it was begun.
    pub begun_at: Moment,
    /// When its last state was reached.
    pub settled_at: Option<Moment>,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Which attempt for the order this is, from 1.
    pub attempt: u32,
}

impl Payment {
    /// The number that people use: `P-000042`.
    pub fn number(&self) -> String {
        format!("P-{:06}", self.id)
    }

    /// Whether an answer can still change it. What was said to have failed may be paid after all, where its
    /// provider heard of it later than it was given up.
    pub fn takes(&self, answer: &Answer) -> bool {
        let late = self.state == PaymentState::Declined && matches!(answer, Answer::Paid { .. });
        self.state.is_open() || late
    }
}

/// Money in, or money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// Money in.
    Charge,
    /// Money back.
    Refund,
}

impl PaymentKind {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            PaymentKind::Charge => "charge",
            PaymentKind::Refund => "refund",
        }
    }
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The gateway is being asked, or was asked and nobody knows what came of it.
    Sent,
    /// The gateway has accepted it and will tell later.
    Processing,
    /// Confirmed.
    Paid,
    /// Refused by the customer's bank, with a reason.
    Declined,
}

impl PaymentState {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            PaymentState::Sent => "sent",
            PaymentState::Processing => "processing",
            PaymentState::Paid => "paid",
            PaymentState::Declined => "declined",
        }
    }

    /// Whether its end is not known yet.
    pub fn is_open(self) -> bool {
        matches!(self, PaymentState::Sent | PaymentState::Processing)
    }
}

/// What a gateway answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// The money is there.
    Paid {
        /// What the gateway calls it.
        reference: String,
    },
    /// The money will not come.
    Declined {
        /// Why, by the gateway's own name.
        reason: String,
    },
    /// The gateway will know later.
    Pending {
        /// What the gateway calls it.
        reference: String,
    },
    /// The gateway did not answer; nobody knows whether money moved.
    Unknown {
        /// What went wrong.
        trouble: String,
    },
}

/// Whether a text holds what looks like a card number: 12 to 19 digits that pass the Luhn check, spaces and
/// hyphens between them allowed (KS-26).
pub fn looks_like_card(text: &str) -> bool {
    let mut run: Vec<u32> = Vec::new();
    let ends = std::iter::once('\n');
    for letter in text.chars().chain(ends) {
        match letter.to_digit(10) {
            Some(digit) => run.push(digit),
            None if matches!(letter, ' ' | '-' | '.') && !run.is_empty() => {}
            None => {
                if (12..=19).contains(&run.len()) && luhn(&run) {
                    return true;
                }
                run.clear();
            }
        }
    }
    false
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ if *digit > 4 => digit.saturating_mul(2).saturating_sub(9),
            _ => digit.saturating_mul(2),
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_seen_in_any_dress() {
        for card in [
            "4111111111111111",
            "paid with 4111 1111 1111 1111",
            "3782-822463-10005",
        ] {
            assert!(looks_like_card(card), "{card}");
        }
        for other in [
            "4111111111111112",
            "ch_1234",
            "2026-11-22",
            "0000 0000 0000 0000",
            "bank 42",
        ] {
            assert!(!looks_like_card(other), "{other}");
        }
    }
}
