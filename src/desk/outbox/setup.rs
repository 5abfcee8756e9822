//! What sending needs, made from settings.

use super::Postroom;
use crate::desk::Logos;
use crate::gateway::mail::{Postman, Route, RouteSettings, RouteWrong, sender};
use crate::wire::letter::Letters;
use crate::wire::paper::{OwnWords, Press, usual_font_folders};
use std::path::PathBuf;

/// Settings of mail as texts; a password is only named, never held.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The route and who logs in there.
    pub route: RouteSettings,
    /// Who sends; the seller of the catalog where this is absent.
    pub from: Option<String>,
    /// A folder of templates of one's own.
    pub templates: Option<PathBuf>,
    /// Where relative paths of logos begin.
    pub folder: PathBuf,
    /// The home directory, for fonts that are not compiled in.
    pub home: Option<PathBuf>,
}

impl Setup {
    /// Whoever takes the letters.
    ///
    /// # Errors
    /// In a sentence: no route, a wrong one, or no password.
    pub fn postman(&self) -> Result<Postman, String> {
        if self.route.route.trim().is_empty() {
            return Err("There is no mail route, so nothing can be sent.".to_owned());
        }
        let route = Route::from_settings(&self.route).map_err(|error| error.to_string())?;
        Postman::new(&route).map_err(|error: RouteWrong| error.to_string())
    }

    /// Where letters are written.
    ///
    /// # Errors
    /// In a sentence: a sender that is no address.
    pub fn postroom(&self) -> Result<Postroom, String> {
        let from = match &self.from {
            Some(text) => Some(sender(text).map_err(|error| error.to_string())?),
            None => None,
        };
        let letters = Letters::new(self.templates.clone()).map_err(|error| error.to_string())?;
        let press = Press::new(usual_font_folders(self.home.as_deref()));
        Ok(Postroom::new(
            letters,
            OwnWords::below(self.templates.clone()),
            press,
            Logos::below(self.folder.clone()),
            from,
        ))
    }
}
