//! A route as it is written in settings, and who logs in there.

use super::{Correspondent, Login, Route, Secret, Security, SmtpRoute};
use std::fmt;
use std::path::PathBuf;

/// How long one answer of a mail server may take.
const TIMEOUT_SECONDS: u64 = 60;

/// Settings of mail as texts. Nothing here holds a password.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `smtps://host`, `starttls://host`, `smtp://host`, each with `:port`; `sendmail` or `sendmail:/path`;
    /// `folder:/path`.
    pub route: String,
    /// Who logs in.
    pub user: Option<String>,
    /// The file whose first line is the password; the variable is asked where there is none.
    pub password_file: Option<PathBuf>,
    /// The variable that holds the password.
    pub password_variable: &'static str,
    /// A PEM file of an authority to trust besides the public ones.
    pub authority: Option<PathBuf>,
}

/// Why settings of mail are not usable; never repeats what they say, which may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUsable(pub String);

impl fmt::Display for NotUsable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotUsable {}

fn not_usable<T>(why: &str) -> Result<T, NotUsable> {
    Err(NotUsable(why.to_owned()))
}

impl Route {
    /// Reads a route.
    ///
    /// # Errors
    /// It is not one, or the password is not where it should be.
    pub fn from_settings(settings: &Settings) -> Result<Route, NotUsable> {
        let text = settings.route.trim();
        if text == "sendmail" {
            let program = PathBuf::from("/usr/sbin/sendmail");
            return Ok(Route::Sendmail { program });
        }
        if let Some(program) = text
            .strip_prefix("sendmail:")
            .filter(|path| !path.is_empty())
        {
            let program = PathBuf::from(program);
            return Ok(Route::Sendmail { program });
        }
        if let Some(path) = text.strip_prefix("folder:").filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            return Ok(Route::Folder { path });
        }
        let (security, place) = match text.split_once("://") {
            Some(("smtps", place)) => (Security::Tls, place),
            Some(("starttls", place)) => (Security::StartTls, place),
            Some(("smtp", place)) => (Security::Plain, place),
            Some(_) | None => {
                return not_usable(
                    "The mail route is not one of smtps://HOST, starttls://HOST, smtp://HOST, sendmail, \
                     sendmail:PROGRAM, folder:DIR.",
                );
            }
        };
        let (host, port) = host_and_port(place)?;
        Ok(Route::Smtp(SmtpRoute {
            host,
            port,
            security,
            login: login(settings)?,
            authority: settings.authority.clone(),
            timeout_seconds: TIMEOUT_SECONDS,
        }))
    }
}

/// Whether a route holds a user or password, which would be shown wherever routes are.
pub fn holds_login(route: &str) -> bool {
    route
        .split_once("://")
        .is_some_and(|(_, place)| place.contains('@'))
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), NotUsable> {
    if place.contains('@') {
        return not_usable(
            "The mail route holds a user or password; these have settings of their own.",
        );
    }
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = match place
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, rest.strip_prefix(':').or(Some(""))),
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let plain = |ch: char| ch.is_ascii_alphanumeric() || "-._:".contains(ch);
    if host.is_empty() || !host.chars().all(plain) {
        return not_usable("The mail route has no usable name of a server.");
    }
    let port = match port.map(str::parse::<u16>) {
        None => None,
        Some(Ok(port)) if port > 0 => Some(port),
        Some(_) => {
            return not_usable("The port of the mail route is not a number from 1 to 65535.");
        }
    };
    Ok((host.to_owned(), port))
}

fn login(settings: &Settings) -> Result<Option<Login>, NotUsable> {
    let Some(user) = &settings.user else {
        return Ok(None);
    };
    let secret = match &settings.password_file {
        Some(file) => Secret::from_file(file),
        None => Secret::from_variable(settings.password_variable),
    };
    let password = secret.map_err(|error| NotUsable(error.to_string()))?;
    let user = user.clone();
    Ok(Some(Login { user, password }))
}

/// Reads a sender: `billing@acme.example` or `Acme <billing@acme.example>`.
///
/// # Errors
/// There is no address in it.
pub fn sender(text: &str) -> Result<Correspondent, NotUsable> {
    let (name, address) = match text
        .trim()
        .strip_suffix('>')
        .and_then(|rest| rest.rsplit_once('<'))
    {
        Some((name, address)) => (
            Some(name.trim().trim_matches('"').to_owned()),
            address.trim(),
        ),
        None => (None, text.trim()),
    };
    let parts = address.split_once('@');
    let whole = parts.is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    if !whole || text.chars().any(char::is_control) {
        return not_usable("The sender is not an address such as billing@example.com.");
    }
    Ok(Correspondent {
        name: name.filter(|name| !name.is_empty()),
        address: address.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Result<Route, NotUsable> {
        Route::from_settings(&Settings {
            route: text.to_owned(),
            password_variable: "SUBDESK_TEST_NO_SUCH_VARIABLE",
            ..Settings::default()
        })
    }

    #[test]
    fn routes_are_read_and_wrong_ones_do_not_repeat_a_secret() {
        let Ok(Route::Smtp(smtp)) = route("smtp://127.0.0.1:2525") else {
            panic!("no route");
        };
        assert_eq!((smtp.host.as_str(), smtp.port), ("127.0.0.1", Some(2525)));
        assert_eq!(smtp.security, Security::Plain);
        let Ok(Route::Smtp(six)) = route("smtps://[::1]:465/") else {
            panic!("no route");
        };
        assert_eq!(
            (six.host.as_str(), six.port, six.security),
            ("::1", Some(465), Security::Tls)
        );
        assert!(matches!(route("folder:/tmp/x"), Ok(Route::Folder { .. })));
        assert!(matches!(route("sendmail"), Ok(Route::Sendmail { .. })));
        for wrong in [
            "",
            "smtp://",
            "smtp://a:0",
            "smtp://a:x",
            "smtp://user:hunter2@mail.example",
            "http://hunter2",
            "folder:",
            "smtp://hunter2 x",
            "[::1]hunter2",
            "smtp://[::1]hunter2",
        ] {
            let said = route(wrong).unwrap_err().to_string();
            assert!(!said.contains("hunter2"), "{said}");
        }
        assert!(holds_login("smtp://user:hunter2@mail.example"));
        assert!(!holds_login("folder:/home/a@b"));
    }

    #[test]
    fn a_login_without_its_password_says_where_it_was_looked_for() {
        let settings = Settings {
            route: "smtps://mail.example".to_owned(),
            user: Some("me".to_owned()),
            password_variable: "SUBDESK_TEST_NO_SUCH_VARIABLE",
            ..Settings::default()
        };
        let said = Route::from_settings(&settings).unwrap_err().to_string();
        assert!(said.contains("SUBDESK_TEST_NO_SUCH_VARIABLE"), "{said}");
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let full = sender("Ação, Ltda. <cobranca@acao.example>").unwrap();
        assert_eq!(full.name.as_deref(), Some("Ação, Ltda."));
        assert_eq!(full.address, "cobranca@acao.example");
        assert_eq!(sender("a@b.example").unwrap().name, None);
        for wrong in ["", "acme", "a@", "A <b>", "a@b\r\nBcc: c@d"] {
            assert!(sender(wrong).is_err(), "{wrong:?}");
        }
    }
}
