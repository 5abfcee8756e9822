//! Settings of mail. The password is in the environment or in a file, never in an option, never in the
//! configuration, and nothing shows it.

use super::{ConfigFile, Failure, Found, Setting, setting};
use crate::desk::outbox::{Setup, holds_login};
use std::path::PathBuf;

/// The variable that holds the password.
const PASSWORD: &str = "SUBDESK_MAIL_PASSWORD";

/// Settings and their variables.
const NAMES: [(&str, &str); 6] = [
    ("mail_route", "SUBDESK_MAIL_ROUTE"),
    ("mail_from", "SUBDESK_MAIL_FROM"),
    ("mail_user", "SUBDESK_MAIL_USER"),
    ("mail_password_file", "SUBDESK_MAIL_PASSWORD_FILE"),
    ("mail_templates", "SUBDESK_MAIL_TEMPLATES"),
    ("mail_authority", "SUBDESK_MAIL_AUTHORITY"),
];

/// What is set, in the order of [`NAMES`].
#[derive(Debug, Clone)]
pub(in super::super) struct Mail {
    found: Vec<(&'static str, Option<Found<String>>)>,
}

impl Mail {
    pub(super) fn read(file: &ConfigFile) -> Result<Mail, Failure> {
        let found = NAMES.map(|(name, variable)| (name, file.variable_or_file(variable, name)));
        let mail = Mail {
            found: found.to_vec(),
        };
        match mail.value("mail_route") {
            Some(route) if holds_login(route) => Err(Failure::usage(
                "The setting mail_route holds a user or password.",
            )
            .say(format!(
                "Set SUBDESK_MAIL_USER, and the password in {PASSWORD} or in the file that \
                 SUBDESK_MAIL_PASSWORD_FILE names."
            ))),
            Some(_) | None => Ok(mail),
        }
    }

    fn value(&self, wanted: &str) -> Option<&str> {
        let (_, found) = self.found.iter().find(|(name, _)| *name == wanted)?;
        found.as_ref().map(|found| found.value.as_str())
    }

    /// What sending needs. Logos are looked for beside the database.
    pub(in super::super) fn setup(&self, db: &std::path::Path) -> Setup {
        let path = |name| self.value(name).map(PathBuf::from);
        let text = |name| self.value(name).map(str::to_owned);
        let mut setup = Setup {
            from: text("mail_from"),
            templates: path("mail_templates"),
            folder: db.parent().map(PathBuf::from).unwrap_or_default(),
            home: std::env::home_dir(),
            ..Setup::default()
        };
        setup.route.route = text("mail_route").unwrap_or_default();
        setup.route.user = text("mail_user");
        setup.route.password_file = path("mail_password_file");
        setup.route.password_variable = PASSWORD;
        setup.route.authority = path("mail_authority");
        setup
    }

    /// Each setting that somebody has set, with its origin.
    pub(super) fn documents(&self) -> impl Iterator<Item = Setting> {
        self.found.iter().filter_map(|(name, found)| {
            let found = found.as_ref()?;
            Some(setting(name, found.value.clone(), &found.origin))
        })
    }
}
