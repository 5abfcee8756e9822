//! What the program works with: flags before environment before file before default, each with its origin.
//!
//! The file may set where and how; it never chooses a command or changes what one means.

mod mail;

use super::failure::Failure;
use super::groups::{Color, Global};
use super::parse;
use crate::billing::listed;
use crate::wire::setting::Setting;
use anstream::ColorChoice;
use clap::ValueEnum;
use etcetera::AppStrategy;
use mail::Mail;
use std::path::PathBuf;
use std::time::Duration;

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<T> {
    /// The value.
    pub(super) value: T,
    /// Where it comes from.
    pub(super) origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// An option on the command line.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// The configuration file, and the line of it.
    File(PathBuf, usize),
    /// Nobody chose.
    Default,
}

/// Everything that can be set.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// The database file.
    pub(super) db: Found<PathBuf>,
    /// The seller that a new database gets.
    pub(super) catalog: Found<String>,
    /// How long to wait for another writer.
    pub(super) lock_timeout: Found<Duration>,
    /// Colour.
    pub(super) color: Found<Color>,
    /// Who runs the tool.
    pub(super) by: Found<String>,
    /// The gateway that stands in for every method's own.
    pub(super) gateway: Found<String>,
    /// How mail is sent.
    pub(super) mail: Mail,
    /// The configuration file, whether it is there or not.
    pub(super) file: Option<PathBuf>,
}

/// What the configuration file may say.
const KEYS: [&str; 12] = [
    "db",
    "catalog",
    "lock_timeout",
    "color",
    "by",
    "gateway",
    "mail_route",
    "mail_from",
    "mail_user",
    "mail_password_file",
    "mail_templates",
    "mail_authority",
];

impl Settings {
    /// Collects the settings.
    pub(super) fn read(global: &Global) -> Result<Settings, Failure> {
        let places = places();
        let config = places
            .as_ref()
            .map(|places| places.in_config_dir("config.toml"));
        let file = ConfigFile::read(config.clone())?;
        let db = match global.db.clone() {
            Some(value) => found(value, Origin::Flag("--db")),
            None => match file.variable_or_file("SUBDESK_DB", "db") {
                Some(seen) => found(PathBuf::from(seen.value), seen.origin),
                None => found(default_db(places.as_ref())?, Origin::Default),
            },
        };
        let catalog = match global.catalog.clone() {
            Some(value) => found(value, Origin::Flag("--catalog")),
            None => file
                .variable_or_file("SUBDESK_CATALOG", "catalog")
                .unwrap_or_else(|| found(default_catalog(), Origin::Default)),
        };
        let lock_timeout = match global.lock_timeout {
            Some(value) => found(value, Origin::Flag("--lock-timeout")),
            None => file
                .variable_or_file("SUBDESK_LOCK_TIMEOUT", "lock_timeout")
                .map(|seen| parsed(seen, "lock_timeout", parse::wait))
                .transpose()?
                .unwrap_or(found(Duration::from_secs(5), Origin::Default)),
        };
        let color = match global.color {
            Some(value) => found(value, Origin::Flag("--color")),
            None => file
                .in_file("color")
                .map(|seen| parsed(seen, "color", color))
                .transpose()?
                .unwrap_or(found(Color::Auto, Origin::Default)),
        };
        let by = file
            .variable_or_file("SUBDESK_BY", "by")
            .map(|seen| parsed(seen, "by", parse::name))
            .transpose()?
            .unwrap_or_else(system_user);
        let gateway = file
            .variable_or_file("SUBDESK_GATEWAY", "gateway")
            .unwrap_or_else(|| found(String::new(), Origin::Default));
        Ok(Settings {
            mail: Mail::read(&file)?,
            db,
            catalog,
            lock_timeout,
            color,
            by,
            gateway,
            file: config,
        })
    }

    /// The choice as the stream knows it.
    pub(super) fn color_choice(&self) -> ColorChoice {
        match self.color.value {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }

    /// Each setting with its origin, as a document.
    pub(super) fn document(&self) -> Vec<Setting> {
        let color = self.color.value.to_possible_value();
        let color = color.map(|value| value.get_name().to_owned());
        let mut all = vec![
            setting("db", self.db.value.display().to_string(), &self.db.origin),
            setting("catalog", self.catalog.value.clone(), &self.catalog.origin),
            setting(
                "lock_timeout",
                wait_text(self.lock_timeout.value),
                &self.lock_timeout.origin,
            ),
            setting("color", color.unwrap_or_default(), &self.color.origin),
            setting("by", self.by.value.clone(), &self.by.origin),
            setting("gateway", self.gateway.value.clone(), &self.gateway.origin),
        ];
        all.extend(self.mail.documents());
        all
    }
}

fn setting(name: &str, value: String, origin: &Origin) -> Setting {
    Setting {
        name: name.to_owned(),
        value,
        origin: match origin {
            Origin::Flag(flag) => (*flag).to_owned(),
            Origin::Variable(name) => (*name).to_owned(),
            Origin::File(file, line) => format!("{}:{line}", file.display()),
            Origin::Default => "default".to_owned(),
        },
    }
}

fn found<T>(value: T, origin: Origin) -> Found<T> {
    Found { value, origin }
}

fn parsed<T>(
    seen: Found<String>,
    name: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Found<T>, Failure> {
    match read(&seen.value) {
        Ok(value) => Ok(found(value, seen.origin)),
        Err(why) => Err(Failure::usage(format!(
            "The setting {name} from {} is not usable: {why}.",
            setting(name, String::new(), &seen.origin).origin
        ))),
    }
}

/// A wait as it is typed.
fn wait_text(wait: Duration) -> String {
    match wait.subsec_millis() {
        0 => format!("{}s", wait.as_secs()),
        _ => format!("{}ms", wait.as_millis()),
    }
}

fn color(text: &str) -> Result<Color, String> {
    Color::from_str(text, false).map_err(|_| format!("{text:?} is not auto, always or never"))
}

/// The XDG directories, on every system.
fn places() -> Option<etcetera::app_strategy::Xdg> {
    etcetera::app_strategy::Xdg::new(etcetera::AppStrategyArgs {
        top_level_domain: String::new(),
        author: String::new(),
        app_name: "subdesk".to_owned(),
    })
    .ok()
}

fn default_db(places: Option<&etcetera::app_strategy::Xdg>) -> Result<PathBuf, Failure> {
    match places {
        Some(places) => Ok(places.in_data_dir("subdesk.db")),
        None => Err(Failure::usage(
            "There is no home directory, so it is not known where the database is.",
        )
        .say("Name the file with --db or SUBDESK_DB.")),
    }
}

fn default_catalog() -> String {
    let first = crate::wire::seller::presets().first();
    first
        .map(|preset| preset.name.to_owned())
        .unwrap_or_default()
}

fn system_user() -> Found<String> {
    for name in ["USER", "LOGNAME", "USERNAME"] {
        let value = std::env::var(name).ok();
        if let Some(value) = value.and_then(|value| parse::name(&value).ok()) {
            return found(value, Origin::Variable(name));
        }
    }
    // Cron jobs and containers often run without these variables; the system still knows whose process this is.
    let account = whoami::username().ok();
    let account = account.and_then(|value| parse::name(&value).ok());
    found(
        account.unwrap_or_else(|| "unknown".to_owned()),
        Origin::Default,
    )
}

/// The configuration file as text, with its values.
struct ConfigFile {
    path: PathBuf,
    text: String,
    table: toml::Table,
}

impl ConfigFile {
    fn read(path: Option<PathBuf>) -> Result<ConfigFile, Failure> {
        let path = path.unwrap_or_default();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Failure::usage(format!(
                    "The configuration {} cannot be read: {error}.",
                    path.display()
                )));
            }
        };
        let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
        let table: toml::Table =
            toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        for (key, value) in &table {
            if !KEYS.contains(&key.as_str()) {
                let known = format!("It may say {}.", listed::and(KEYS));
                return Err(wrong(format!("there is no setting {key:?}.")).say(known));
            }
            if !value.is_str() {
                return Err(wrong(format!("the value of {key} must be in quotes.")));
            }
        }
        Ok(ConfigFile { path, text, table })
    }

    fn in_file(&self, key: &'static str) -> Option<Found<String>> {
        let value = self.table.get(key)?.as_str()?;
        let (line, _) = crate::wire::seller::locate(&self.text, key).unwrap_or((1, 1));
        Some(found(
            value.to_owned(),
            Origin::File(self.path.clone(), line),
        ))
    }

    fn variable_or_file(&self, variable: &'static str, key: &'static str) -> Option<Found<String>> {
        match std::env::var(variable) {
            Ok(value) if !value.is_empty() => Some(found(value, Origin::Variable(variable))),
            Ok(_) | Err(_) => self.in_file(key),
        }
    }
}
