//! From columns to values and back: days, moments, money and small JSON, each with one spelling.

use super::text;
use crate::billing::calendar::{Day, Moment, Span};
use crate::billing::money::{Currency, Money};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::PathBuf;
pub(super) use text::{day_text, day_text_or_none, moment_text};

/// What can be wrong with the file, told apart where a person must act differently.
#[derive(Debug)]
pub enum Fault {
    /// There is no such file, and the work may not create one.
    Missing(PathBuf),
    /// The file is not a subdesk database.
    Foreign {
        /// The file.
        file: PathBuf,
        /// What it seems to be.
        seems: String,
    },
    /// The file was written by a newer version of the program.
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The file is damaged.
    Damaged {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        says: String,
    },
    /// The file, or its folder, cannot be written.
    ReadOnly(PathBuf),
    /// The disk is full.
    Full(PathBuf),
    /// Another program holds the file longer than the wait.
    Busy(PathBuf),
    /// A unique key was there already: a race, or a rule that did not look.
    Twice(String),
    /// Anything else, in SQLite's words.
    Other(anyhow::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing(file) => write!(f, "There is no database at {}.", file.display()),
            Fault::Foreign { file, seems } => {
                write!(f, "{} is not a subdesk database: {seems}.", file.display())
            }
            Fault::Newer {
                file,
                version,
                known,
            } => write!(
                f,
                "{} was written by a newer version of subdesk (schema {version}; this program knows \
                 {known}).",
                file.display()
            ),
            Fault::Damaged { file, says } => write!(f, "{} is damaged: {says}.", file.display()),
            Fault::ReadOnly(file) => write!(f, "{} cannot be written.", file.display()),
            Fault::Full(file) => write!(f, "The disk of {} is full.", file.display()),
            Fault::Busy(file) => {
                write!(f, "{} is in use by another program.", file.display())
            }
            Fault::Twice(what) => write!(f, "A row was there already: {what}."),
            Fault::Other(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        Fault::Other(error.into())
    }
}

/// What a store function answers.
pub type Kept<T> = Result<T, Fault>;

/// Writes a value as JSON for a column.
pub(super) fn json<T: Serialize>(value: &T) -> Kept<String> {
    Ok(serde_json::to_string(value)?)
}

/// The name a unit variant has in JSON: `past_due`.
pub(super) fn name<T: Serialize>(value: &T) -> Kept<String> {
    let quoted = serde_json::to_string(value)?;
    Ok(quoted.trim_matches('"').to_owned())
}

fn unreadable<E: std::error::Error + Send + Sync + 'static>(
    at: usize,
) -> impl Fn(E) -> rusqlite::Error {
    move |error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error))
}

/// Reads a JSON column.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    serde_json::from_str(text).map_err(unreadable(at))
}

/// Reads a JSON column that may be empty.
pub(super) fn from_json_or_none<T: DeserializeOwned>(
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(at)?.as_str_or_null()? {
        Some(text) => serde_json::from_str(text).map(Some).map_err(unreadable(at)),
        None => Ok(None),
    }
}

/// Reads the name of a unit variant.
pub(super) fn named<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    let spelled = serde::de::value::StrDeserializer::<serde_json::Error>::new(text);
    T::deserialize(spelled).map_err(unreadable(at))
}

/// As [`named`], for what may be absent.
pub(super) fn named_or_none<T: DeserializeOwned>(
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(at)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => named(row, at).map(Some),
    }
}

/// Reads a text that has one spelling: a period, a decimal, a currency.
pub(super) fn spelled<T>(row: &Row<'_>, at: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(at)?.as_str()?.parse().map_err(unreadable(at))
}

/// Reads a day.
pub(super) fn day(row: &Row<'_>, at: usize) -> rusqlite::Result<Day> {
    match text::day_in(row.get_ref(at)?.as_str()?) {
        Some(day) => Ok(day),
        None => spelled(row, at),
    }
}

/// Reads a day that may be empty.
pub(super) fn day_or_none(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Day>> {
    match row.get_ref(at)?.as_str_or_null()? {
        Some(_) => day(row, at).map(Some),
        None => Ok(None),
    }
}

/// Reads a moment.
pub(super) fn moment(row: &Row<'_>, at: usize) -> rusqlite::Result<Moment> {
    match text::moment_in(row.get_ref(at)?.as_str()?) {
        Some(moment) => Ok(moment),
        None => spelled(row, at),
    }
}

/// Reads a moment that may be empty.
pub(super) fn moment_or_none(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Moment>> {
    match row.get_ref(at)?.as_str_or_null()? {
        Some(_) => moment(row, at).map(Some),
        None => Ok(None),
    }
}

/// Reads two days as a span.
pub(super) fn span(row: &Row<'_>, start: usize, end: usize) -> rusqlite::Result<Span> {
    Ok(Span::new(day(row, start)?, day(row, end)?))
}

/// Reads an amount whose currency stands in another column.
pub(super) fn money(row: &Row<'_>, at: usize, currency: Currency) -> rusqlite::Result<Money> {
    Ok(Money::of(row.get(at)?, currency))
}
