//! Whether the books add up: everything is derived again from its parts, and what is off is said in words.

use super::Failure;
use super::db::Examination;
use crate::billing::books;
use crate::store::Reader;

/// Findings of one kind that are worth reading.
const AT_MOST: usize = 100;

/// Every check of the books: its name, and what it finds.
pub(super) const EXAMINATIONS: &[Examination] = &[
    ("movements", movements),
    ("sums", sums),
    ("lines", lines),
    ("invoices", invoices),
    ("payments", payments),
    ("credits", credits),
    ("numbers", numbers),
    ("terms", terms),
];

/// Everything that is off; nothing, in books that add up.
///
/// # Errors
/// The store cannot be read.
pub fn verify(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for (_, examine) in EXAMINATIONS {
        found.extend(examine(read)?);
    }
    Ok(found)
}

fn movements(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let off = read.unbalanced_movements()?;
    let off = off.into_iter().map(|row| {
        format!(
            "Line {} of the journal moved {} that came from nowhere.",
            row.of, row.is
        )
    });
    Ok(off.collect())
}

fn sums(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let off = read.unequal_sums()?;
    let off = off.into_iter().map(|row| {
        format!(
            "{} says {}, and its lines sum to {}.",
            row.of, row.is, row.should
        )
    });
    Ok(off.collect())
}

fn lines(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    read.each_line(|line| {
        if found.len() < AT_MOST {
            let off = books::line(line).into_iter();
            found.extend(off.map(|what| format!("Line {} ({}): {what}", line.id, line.text)));
        }
    })?;
    Ok(found)
}

fn invoices(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for (what, row) in read.unequal_invoices()? {
        let (of, is, should) = (&row.of, row.is, row.should);
        found.push(match what {
            "credited" => format!("{of} says {is} were credited, and its notes sum to {should}."),
            "paid" => format!("{of} says {is} were paid, and its payments sum to {should}."),
            "from_balance" => {
                format!("{of} says the balance paid {is}, and its postings say {should}.")
            }
            "order" => {
                format!("{of} says the balance paid {is}, and its order says {should}.")
            }
            _ => format!("Of {of} {is} are open, and its postings leave {should}."),
        });
    }
    for row in read.wrong_states()? {
        let (of, is) = (&row.of, row.is);
        found.push(format!(
            "The state of {of} does not fit the {is} that are left to pay."
        ));
    }
    for order in read.orders_without_invoice()? {
        found.push(format!("{order} is paid and has no invoice."));
    }
    Ok(found)
}

fn payments(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let off = read.unequal_payments()?;
    let mut found: Vec<String> = off
        .into_iter()
        .map(|row| {
            format!(
                "{} should have moved {}, and the books moved {}.",
                row.of, row.is, row.should
            )
        })
        .collect();
    let carries = read.carried_debts()?;
    for row in read.negative_balances()? {
        if carries.contains(&row.of) {
            continue;
        }
        found.push(format!("The balance of {} is {}.", row.of, row.is));
    }
    Ok(found)
}

fn credits(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let mut off = read.lines_given_twice()?;
    off.extend(read.invoices_given_twice()?);
    let off = off.into_iter().map(|row| {
        format!(
            "{} of {} were given back, which is more than the {} billed.",
            row.is, row.of, row.should
        )
    });
    Ok(off.collect())
}

fn numbers(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let holes = read.missing_numbers()?;
    let holes = holes.into_iter().map(|(kind, place)| {
        let what = match kind.as_str() {
            "invoice" => "invoices",
            _ => "credit notes",
        };
        format!("The numbers of {what} have a gap at {place}.")
    });
    let counts = read.wrong_counts()?.into_iter();
    let counts = counts.map(|(year, kept, issued)| {
        format!("{kept} documents of {year} are counted, and there are {issued}.")
    });
    Ok(holes.chain(counts).collect())
}

fn terms(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let twice = read.days_sold_twice()?;
    let twice = twice.into_iter().map(|(account, starts, before)| {
        format!("{account} has paid twice from {starts} until {before}.")
    });
    Ok(twice.collect())
}
