//! Names for the shell: what could stand where somebody has begun to type.

use super::{Desk, Failure};
use crate::billing::calendar::Day;
use crate::billing::catalog::Plan;
use crate::store::Reader;

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Accounts.
    Accounts,
    /// Orders, newest first.
    Orders,
    /// Invoices and credit notes, newest first.
    Invoices,
    /// Cases, newest first.
    Cases,
    /// Plans of the catalog of the day.
    Plans,
}

/// The most names that help anybody.
const MOST: u32 = 50;

/// Places of a number such as `O-000042`.
const PLACES: usize = 6;

impl Desk {
    /// Names that begin with a text, each with a word about it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn names(
        &mut self,
        of: Names,
        prefix: &str,
        on: Day,
    ) -> Result<Vec<(String, String)>, Failure> {
        let look = self.look()?;
        let read = look.read();
        Ok(match of {
            Names::Accounts => read.account_names(prefix, MOST)?,
            Names::Invoices => read.invoice_numbers(prefix, MOST)?,
            Names::Orders => {
                numbered(
                    "O-",
                    prefix,
                    |from, to| Ok(read.order_keys(from, to, MOST)?),
                )?
            }
            Names::Cases => numbered("C-", prefix, |from, to| Ok(read.case_keys(from, to, MOST)?))?,
            Names::Plans => plans(read, prefix, on)?,
        })
    }
}

fn plans(read: Reader<'_>, prefix: &str, on: Day) -> Result<Vec<(String, String)>, Failure> {
    let (_, catalog) = read.catalog(on)?;
    let begun = |plan: &&Plan| plan.id.starts_with(prefix);
    let named = catalog.plans.iter().filter(begun);
    Ok(named
        .map(|plan| (plan.id.clone(), plan.name.clone()))
        .collect())
}

/// Numbers that begin with a text, found by the range of keys they stand for.
fn numbered(
    letter: &str,
    prefix: &str,
    find: impl Fn(i64, i64) -> Result<Vec<(i64, String)>, Failure>,
) -> Result<Vec<(String, String)>, Failure> {
    let digits = match prefix.strip_prefix(letter) {
        Some(digits) => digits,
        None if letter.starts_with(prefix) => "",
        None => return Ok(Vec::new()),
    };
    let Some((from, to)) = range(digits) else {
        return Ok(Vec::new());
    };
    let found = find(from, to)?;
    Ok(found
        .into_iter()
        .map(|(id, about)| (format!("{letter}{id:0PLACES$}"), about))
        .collect())
}

/// The keys whose number begins with some digits.
fn range(digits: &str) -> Option<(i64, i64)> {
    if digits.is_empty() {
        return Some((0, i64::MAX));
    }
    let begun: i64 = digits.parse().ok().filter(|begun| *begun >= 0)?;
    let missing = PLACES.saturating_sub(digits.len());
    let step = 10_i64.checked_pow(u32::try_from(missing).ok()?)?;
    let from = begun.checked_mul(step)?;
    Some((from, from.checked_add(step)?.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn begun_numbers_are_ranges_of_keys() {
        assert_eq!(range("0000"), Some((0, 99)));
        assert_eq!(range("00042"), Some((420, 429)));
        assert_eq!(range("000042"), Some((42, 42)));
        assert_eq!(range("x"), None);
        assert_eq!(range("-1"), None);
    }
}
