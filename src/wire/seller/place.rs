//! Where a key stands in a file, by its path: `seats.remove.timing`, `plan[2].seats.max`,
//! `plan.base.seats.max` by the id of the plan, `rules."seats.remove"`.

use super::finding::line_and_column;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

/// Line and column, both from 1, of the key that a path names; nothing when the file does not have it.
pub fn locate(text: &str, path: &str) -> Option<(usize, usize)> {
    let span = span_of(text, path)?;
    Some(line_and_column(text, span.start))
}

/// The bytes of the key that a path names, or of the header of an element; nothing when the file does not
/// have it.
pub fn span_of(text: &str, path: &str) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let (span, rest) = follow(table.get_ref(), path);
    rest.is_empty().then_some(span).flatten()
}

/// Whether a file says something at a path.
pub(super) fn has(table: &DeTable<'_>, path: &str) -> bool {
    let (span, rest) = follow(table, path);
    span.is_some() && rest.is_empty()
}

/// The bytes of the deepest part of a path that the file has: where to point when a key is missing.
pub(super) fn nearest(table: &DeTable<'_>, path: &str) -> Range<usize> {
    follow(table, path).0.unwrap_or(0..0)
}

/// Follows a path as far as it goes: the last span that was found, and what is left of the path.
fn follow<'p>(table: &DeTable<'_>, path: &'p str) -> (Option<Range<usize>>, &'p str) {
    let mut span = None;
    let mut rest = path;
    let mut value: Option<&DeValue<'_>> = None;
    while let Some((step, after)) = next_step(rest) {
        let found = match (step, value) {
            (Step::Key(key), None) => entry(table, key),
            (Step::Key(key), Some(DeValue::Table(inner))) => entry(inner, key),
            (Step::Index(index), Some(DeValue::Array(items))) => {
                items.get(index).map(|item| (item.span(), item.get_ref()))
            }
            (Step::Key(id), Some(DeValue::Array(items))) => items
                .iter()
                .find(|item| has_id(item.get_ref(), id))
                .map(|item| (item.span(), item.get_ref())),
            (Step::Index(_), _) | (Step::Key(_), Some(_)) => None,
        };
        let Some((here, next)) = found else {
            return (span, rest);
        };
        span = Some(here);
        value = Some(next);
        rest = after;
    }
    (span, rest)
}

fn has_id(item: &DeValue<'_>, id: &str) -> bool {
    let named = item.get("id").and_then(|named| named.get_ref().as_str());
    named == Some(id)
}

fn entry<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<(Range<usize>, &'t DeValue<'i>)> {
    table
        .iter()
        .find(|(name, _)| name.get_ref().as_ref() == key)
        .map(|(name, value)| (name.span(), value.get_ref()))
}

/// The first step of a path and what follows it; nothing at the end, or where the path makes no sense.
fn next_step(path: &str) -> Option<(Step<'_>, &str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if let Some(inside) = path.strip_prefix('[') {
        let (digits, after) = inside.split_once(']')?;
        return Some((Step::Index(digits.parse().ok()?), after));
    }
    if let Some(inside) = path.strip_prefix('"') {
        let (key, after) = inside.split_once('"')?;
        return Some((Step::Key(key), after));
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (key, after) = path.split_at(end);
    (!key.is_empty()).then_some((Step::Key(key), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "id = \"acme\"\n[rules]\n\"seats.remove\" = \"R-1\"\n\n[seats]\n  remove.timing = \
                        \"now\"\n[[plan]]\nid = \"a\"\n[[plan]]\nid = \"b\"\nseats = { max = 3 }\n";

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        assert_eq!(locate(FILE, "id"), Some((1, 1)));
        assert_eq!(locate(FILE, "rules.\"seats.remove\""), Some((3, 1)));
        assert_eq!(locate(FILE, "seats.remove.timing"), Some((6, 10)));
        assert_eq!(locate(FILE, "plan[1].seats.max"), Some((11, 11)));
        assert_eq!(locate(FILE, "plan[1]"), Some((9, 1)));
        assert_eq!(locate(FILE, "plan.b.seats.max"), Some((11, 11)));
        assert_eq!(locate(FILE, "plan.a"), Some((7, 1)));
    }

    #[test]
    fn what_the_file_does_not_say_has_no_place() {
        for path in ["seats.add", "plan[2]", "plan.c", "id.more", "", "plan[x]"] {
            assert_eq!(locate(FILE, path), None, "{path}");
        }
    }
}
