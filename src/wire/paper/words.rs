//! The words printed on every page, by language: files beside this one, and those that a seller brings.
//!
//! A file of a seller's own is `page.<language>.toml` in the folder of templates, written like the ones in
//! `words/`; it stands before the built-in one of its language.

use super::clean;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The words of one language.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tongue {
    /// The language, two letters; the file's name says it.
    #[serde(skip)]
    pub language: String,
    /// Short names of the twelve months, where days are written with them.
    #[serde(default)]
    pub months: Vec<String>,
    /// What stands on every page.
    pub words: Words,
    /// What lines are for.
    pub lines: Lines,
    /// One and several of what is counted: seat, day, month.
    #[serde(default)]
    pub units: BTreeMap<String, [String; 2]>,
    /// Translations of names in the catalog that are common.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $field:ident,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$meaning])* pub $field: String,)+ }

        impl $name {
            /// Every text with its name.
            fn all(&mut self) -> Vec<(&'static str, &mut String)> {
                vec![$((stringify!($field), &mut self.$field)),+]
            }
        }
    };
}

texts! {
    /// What stands on every page.
    Words {
        invoice, credit_note, issued, due, corrects, reference, bill_to, description, quantity, unit_price, tax,
        amount, discount, subtotal, total, credit, payment, amount_due,
        /// What stands for `amount_due` on a credit note.
        amount_credited,
        /// Where the money of a credit note went.
        off_invoice, to_balance, refunded, refund_waits,
        /// Between a tax rate and the amount it was taken of: `VAT 19 % on 100.00`.
        on,
        notes, paid, void, draft, past_due,
        /// With `{page}` and `{pages}`.
        page,
        continued,
    }
}

texts! {
    /// What lines are for; names in braces are filled in.
    Lines {
        /// `{plan}`, `{period}`.
        term,
        /// `{plan}`, `{day}`: the days before the first bill day.
        until,
        /// `{plan}`, `{kind}`.
        kind,
        /// `{count}`, `{unit}`, `{plan}`.
        more,
        /// `{new}`, `{old}`.
        instead,
        /// `{plan}`.
        rest,
        /// `{count}`, `{name}`.
        units,
        /// `{name}`.
        unused,
        /// `{line}`.
        credit,
        /// `{line}`, `{order}`.
        ordered,
        /// `{kind}`, `{unit}`.
        unit_of_kind,
        /// `{count}`, `{unit}`.
        period,
    }
}

struct BuiltIn {
    language: &'static str,
    source: &'static str,
    read: OnceLock<Tongue>,
}

macro_rules! built_in {
    ($($language:literal),+) => {
        [$(BuiltIn {
            language: $language,
            source: include_str!(concat!("words/", $language, ".toml")),
            read: OnceLock::new(),
        }),+]
    };
}

static BUILT_IN: [BuiltIn; 8] = built_in!["en", "pt", "es", "de", "fr", "it", "ja", "zh"];

/// The words that are compiled in for a language of two letters; English where there are none.
pub fn built_in(language: &str) -> &'static Tongue {
    let [english, ..] = &BUILT_IN;
    let found = BUILT_IN.iter().find(|known| known.language == language);
    let found = found.unwrap_or(english);
    // A test reads each of them.
    found
        .read
        .get_or_init(|| read(found.language, found.source).unwrap_or_default())
}

fn read(language: &str, source: &str) -> Result<Tongue, String> {
    let mut tongue: Tongue = toml::from_str(source).map_err(|error| error.to_string())?;
    if !matches!(tongue.months.len(), 0 | 12) {
        return Err(format!(
            "months has {} names, not twelve",
            tongue.months.len()
        ));
    }
    let texts = tongue.words.all().into_iter().chain(tongue.lines.all());
    for (name, text) in texts {
        *text = clean::line(text, 120);
        if text.is_empty() {
            return Err(format!("{name} is empty"));
        }
    }
    language.clone_into(&mut tongue.language);
    Ok(tongue)
}

/// The largest file of words that is read, in bytes.
const LARGEST: u64 = 256 << 10;

/// The words that a seller brings, each file read once.
#[derive(Debug, Default)]
pub struct OwnWords {
    folder: Option<PathBuf>,
    read: BTreeMap<String, Option<&'static Tongue>>,
    troubles: Vec<String>,
}

impl OwnWords {
    /// The words in a folder of templates.
    pub fn below(folder: Option<PathBuf>) -> OwnWords {
        OwnWords {
            folder,
            ..OwnWords::default()
        }
    }

    /// The seller's words for a language of two letters, if there are any that can be used.
    pub fn of(&mut self, language: &str) -> Option<&'static Tongue> {
        let folder = self.folder.as_deref()?;
        if language.is_empty() || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        if let Some(found) = self.read.get(language) {
            return *found;
        }
        let path = folder.join(format!("page.{language}.toml"));
        let found = match file(language, &path) {
            Ok(found) => found,
            Err(why) => {
                let path = path.display();
                self.troubles.push(format!(
                    "The words in {path} cannot be used: {why}. The pages have the built-in ones."
                ));
                None
            }
        };
        // A run prints many pages in few languages, so what was read stays until it ends.
        let found = found.map(|tongue| &*Box::leak(Box::new(tongue)));
        self.read.insert(language.to_owned(), found);
        found
    }

    /// The words for a language: the seller's own, the built-in ones, or the English ones.
    pub fn or_built_in(&mut self, language: &str) -> &'static Tongue {
        self.of(language).unwrap_or_else(|| built_in(language))
    }

    /// What could not be used so far, for the person who asked.
    pub fn troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }
}

fn file(language: &str, path: &Path) -> Result<Option<Tongue>, String> {
    match std::fs::metadata(path) {
        Ok(about) if about.len() > LARGEST => return Err("it is larger than 256 KB".to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let tongue = read(language, &text).map_err(|why| clean::line(&why, 300))?;
    Ok(Some(tongue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_whole_and_fills_in_what_english_does() {
        let filled = |form: &str| {
            let parts = form.split('{').skip(1);
            let names = parts.filter_map(|rest| rest.split('}').next());
            let mut names: Vec<String> = names.map(str::to_owned).collect();
            names.sort_unstable();
            names
        };
        let names = |built: &BuiltIn| {
            let mut tongue = read(built.language, built.source).unwrap();
            let page = filled(&tongue.words.page);
            let lines = tongue.lines.all().into_iter();
            let mut names: Vec<_> = lines.map(|(name, form)| (name, filled(form))).collect();
            names.push(("page", page));
            names
        };
        for built in &BUILT_IN {
            let tongue = built_in(built.language);
            assert_eq!(tongue.language, built.language);
            assert_eq!(names(built), names(&BUILT_IN[0]), "{}", built.language);
            for unit in built_in("en").units.keys() {
                assert!(tongue.units.contains_key(unit), "{} {unit}", built.language);
            }
        }
        assert_eq!(built_in("xx").language, "en");
    }

    #[test]
    fn a_file_that_is_not_whole_is_named_and_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.ar.toml");
        let mut own = OwnWords::below(Some(folder.path().to_owned()));
        assert!(own.of("ar").is_none() && own.of("../x").is_none());
        assert!(own.troubles().is_empty(), "no file is no trouble");
        let english = BUILT_IN[0].source;
        for (text, why) in [
            ("[words]\n".to_owned(), "missing field"),
            (english.replace("\"Paid\"", "\"\""), "paid is empty"),
            (format!("months = [\"a\"]\n{english}"), "not twelve"),
            (english.replace("paid =", "piad ="), "piad"),
        ] {
            std::fs::write(&path, text).unwrap();
            let mut own = OwnWords::below(Some(folder.path().to_owned()));
            assert!(own.of("ar").is_none());
            let said = own.troubles().concat();
            assert!(
                said.contains(why) && said.contains("page.ar.toml"),
                "{said}"
            );
        }
    }
}
