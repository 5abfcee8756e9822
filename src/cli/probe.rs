//! Ways in for those who test with strange words: everything that reads words, and nothing that acts on them.

use super::{parse, wish, words};
use std::ffi::OsString;

/// Reads a word as every kind of value that an option may have.
pub fn values(text: &str) {
    let _ = (parse::when(text), parse::day(text), parse::period(text));
    let _ = (parse::quantity(text), parse::units(text), parse::wait(text));
    let _ = (parse::amount(text), wish::money(text), wish::seats(text));
    let _ = (parse::key(text), parse::name(text), parse::remark(text));
    let _ = wish::add_on(text);
}

/// Parses a command line, without the name of the program; true if it is one.
pub fn command_line<'a>(said: impl Iterator<Item = &'a str>) -> bool {
    let said = std::iter::once("subdesk").chain(said).map(OsString::from);
    let said: Vec<OsString> = said.collect();
    let _ = words::form_of(&said);
    words::command()
        .try_get_matches_from(said)
        .and_then(|matches| super::Cli::of(&matches))
        .is_ok()
}
