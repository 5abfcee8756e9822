//! What a line is for, in the words that the books keep, and read back from them.
//!
//! The books keep one English sentence for each line, so that nothing has to be looked up to read them. Paper
//! for people who read another language is worded anew from what the sentence says.

use super::calendar::{Day, Period};
use std::fmt;

/// What a line is for. Names are those of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineText<'a> {
    /// A plan for a period; the type of seat where there are several.
    Term {
        /// The plan.
        plan: &'a str,
        /// The type of seat.
        kind: Option<&'a str>,
        /// How long.
        period: Period,
    },
    /// A plan for the days before its first bill day.
    Stub {
        /// The plan.
        plan: &'a str,
        /// The type of seat.
        kind: Option<&'a str>,
        /// The first day after it.
        until: Day,
    },
    /// More seats on a running term.
    More {
        /// How many.
        count: i64,
        /// The type of seat.
        kind: Option<&'a str>,
        /// What one is called: `seat`, or `seats` for any number but one.
        unit: &'a str,
        /// The plan.
        plan: &'a str,
    },
    /// One plan in place of another until the term ends.
    Instead {
        /// The plan from then on.
        new: &'a str,
        /// The plan before.
        old: &'a str,
    },
    /// A plan until the term ends.
    Rest(&'a str),
    /// Units of an add-on.
    Units {
        /// How many.
        count: i64,
        /// The add-on.
        name: &'a str,
    },
    /// Time that was billed and is not used.
    Unused(&'a str),
    /// A correction of another line.
    Credit(Box<LineText<'a>>),
    /// A line of another order that waited for this one.
    Ordered {
        /// The line.
        line: Box<LineText<'a>>,
        /// The order's number.
        order: &'a str,
    },
    /// Anything else, as it is.
    Other(&'a str),
}

impl fmt::Display for LineText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineText::Term { plan, kind, period } => match kind {
                Some(kind) => write!(f, "{plan} ({kind}), {period}"),
                None => write!(f, "{plan}, {period}"),
            },
            LineText::Stub { plan, kind, until } => match kind {
                Some(kind) => write!(f, "{plan} ({kind}), until {until}"),
                None => write!(f, "{plan}, until {until}"),
            },
            LineText::More {
                count,
                kind,
                unit,
                plan,
            } => match kind {
                Some(kind) => write!(f, "{count} more {kind} {unit} on {plan}"),
                None => write!(f, "{count} more {unit} on {plan}"),
            },
            LineText::Instead { new, old } => {
                write!(f, "{new} instead of {old} for the rest of the term")
            }
            LineText::Rest(plan) => write!(f, "{plan} for the rest of the term"),
            LineText::Units { count, name } => write!(f, "{count} × {name}"),
            LineText::Unused(name) => write!(f, "Unused time on {name}"),
            LineText::Credit(line) => write!(f, "Credit for {line}"),
            LineText::Ordered { line, order } => write!(f, "{line} ({order})"),
            LineText::Other(text) => f.write_str(text),
        }
    }
}

impl<'a> LineText<'a> {
    /// Reads what a line says; `seat_type` is the line's own. Written again it is the same text.
    pub fn read(text: &'a str, seat_type: Option<&'a str>) -> LineText<'a> {
        let read = |line| Box::new(LineText::read(line, seat_type));
        if let Some((line, order)) = ordered(text) {
            let line = read(line);
            return LineText::Ordered { line, order };
        }
        if let Some(line) = text.strip_prefix("Credit for ") {
            return LineText::Credit(read(line));
        }
        if let Some(name) = text.strip_prefix("Unused time on ") {
            return LineText::Unused(name);
        }
        let of_other = instead(text).or_else(|| counted(text, seat_type));
        of_other
            .or_else(|| term(text, seat_type))
            .unwrap_or(LineText::Other(text))
    }
}

/// `Pro, 6 months (O-000042)`.
fn ordered(text: &str) -> Option<(&str, &str)> {
    let (line, order) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let digits = order.strip_prefix("O-")?;
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    number.then_some((line, order))
}

fn instead(text: &str) -> Option<LineText<'_>> {
    let names = text.strip_suffix(" for the rest of the term")?;
    Some(match names.split_once(" instead of ") {
        Some((new, old)) => LineText::Instead { new, old },
        None => LineText::Rest(names),
    })
}

/// What begins with a number that is spelled as it would be written again.
fn counted<'a>(text: &'a str, seat_type: Option<&'a str>) -> Option<LineText<'a>> {
    let (figure, rest) = text.split_once(' ')?;
    let count: i64 = figure.parse().ok()?;
    if count.to_string() != figure {
        return None;
    }
    if let Some(name) = rest.strip_prefix("× ") {
        return Some(LineText::Units { count, name });
    }
    let (unit, plan) = rest.strip_prefix("more ")?.split_once(" on ")?;
    let own = seat_type.and_then(|kind| Some((kind, unit.strip_prefix(kind)?.strip_prefix(' ')?)));
    let (kind, unit) = match own {
        Some((kind, unit)) => (Some(kind), unit),
        None => (None, unit),
    };
    Some(LineText::More {
        count,
        kind,
        unit,
        plan,
    })
}

fn term<'a>(text: &'a str, seat_type: Option<&'a str>) -> Option<LineText<'a>> {
    let (plan, length) = text.rsplit_once(", ")?;
    let own = seat_type.and_then(|kind| {
        let bare = plan.strip_suffix(')')?.strip_suffix(kind)?;
        Some((bare.strip_suffix(" (")?, kind))
    });
    let (plan, kind) = match own {
        Some((plan, kind)) => (plan, Some(kind)),
        None => (plan, None),
    };
    if let Some(day) = length.strip_prefix("until ") {
        let until: Day = day.parse().ok()?;
        return (until.to_string() == day).then_some(LineText::Stub { plan, kind, until });
    }
    let (figure, unit) = length.split_once(' ')?;
    let count: u32 = figure.parse().ok()?;
    let period = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => Period::Days(count),
        "week" => Period::Days(count.checked_mul(7)?),
        "month" => Period::Months(count),
        "year" => Period::Months(count.checked_mul(12)?),
        _ => return None,
    };
    if period.to_string() != length {
        return None;
    }
    Some(LineText::Term { plan, kind, period })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_books_keep_is_read_back() {
        let kind = Some("full");
        let months = Period::Months(6);
        let term = |plan, kind, period| LineText::Term { plan, kind, period };
        let table = [
            ("Pro, 6 months", term("Pro", None, months)),
            ("Pro (full), 1 year", term("Pro", kind, Period::Months(12))),
            (
                "A, B (x), 2 weeks",
                term("A, B (x)", None, Period::Days(14)),
            ),
            (
                "Pro (full), until 2026-04-01",
                LineText::Stub {
                    plan: "Pro",
                    kind,
                    until: "2026-04-01".parse().unwrap(),
                },
            ),
            ("Pro, until soon", LineText::Other("Pro, until soon")),
            ("Pro for the rest of the term", LineText::Rest("Pro")),
            ("Pro, 13 months", term("Pro", None, Period::Months(13))),
            (
                "1 more full seat on Pro",
                LineText::More {
                    count: 1,
                    kind,
                    unit: "seat",
                    plan: "Pro",
                },
            ),
            (
                "3 more users on Pro on top",
                LineText::More {
                    count: 3,
                    kind: None,
                    unit: "users",
                    plan: "Pro on top",
                },
            ),
            (
                "Pro instead of Base for the rest of the term",
                LineText::Instead {
                    new: "Pro",
                    old: "Base",
                },
            ),
            (
                "10 × Messages",
                LineText::Units {
                    count: 10,
                    name: "Messages",
                },
            ),
            ("Unused time on Pro", LineText::Unused("Pro")),
            (
                "Credit for Pro, 6 months",
                LineText::Credit(Box::new(term("Pro", None, months))),
            ),
            (
                "Unused time on Pro (O-000042)",
                LineText::Ordered {
                    line: Box::new(LineText::Unused("Pro")),
                    order: "O-000042",
                },
            ),
            ("Pro, 1 months", LineText::Other("Pro, 1 months")),
            ("007 × Messages", LineText::Other("007 × Messages")),
            ("Set-up by hand", LineText::Other("Set-up by hand")),
        ];
        for (text, expected) in table {
            let read = LineText::read(text, kind);
            assert_eq!(read, expected, "{text}");
            assert_eq!(read.to_string(), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_read_is_written_again_as_it_was(text in "\\PC*", kind in "[a-z]{0,4}") {
            let read = LineText::read(&text, Some(&kind));
            proptest::prop_assert_eq!(read.to_string(), text);
        }
    }
}
