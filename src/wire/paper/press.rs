//! The press: turns sheets into PDFs and keeps its fonts warm between them.

use super::content::Content;
use super::fonts::Typefaces;
use super::layout::{self, Look, Paper};
use super::locale::Locale;
use super::pdf::{self, Logo};
use super::shape::Shaper;
use super::sheet::Sheet;
use std::fmt;
use std::path::PathBuf;

/// Why a sheet cannot become a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unprintable {
    /// The seller's logo is not a picture that can be printed; says why.
    LogoNotReadable(String),
    /// The file would break its standard; an internal failure, with what the check said.
    RefusedByStandard(String),
}

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unprintable::LogoNotReadable(why) => {
                write!(
                    f,
                    "The seller's logo cannot be printed: {why}. Use a PNG or JPEG file."
                )
            }
            Unprintable::RefusedByStandard(why) => {
                write!(f, "The PDF would break PDF/A-3a or PDF/UA-1: {why}.")
            }
        }
    }
}

impl std::error::Error for Unprintable {}

/// A PDF and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Letters that no font had; the page shows their codes instead.
    pub missing: Vec<char>,
}

/// Prints sheets. One press serves many sheets: what it learns about fonts it keeps.
pub struct Press {
    shaper: Shaper,
    logo: Option<(Vec<u8>, Logo)>,
}

impl Press {
    /// A press with the fonts compiled in, and those below `font_folders` for letters that they lack
    /// ([`usual_font_folders`](super::usual_font_folders) names a machine's own).
    pub fn new(font_folders: Vec<PathBuf>) -> Press {
        Press {
            shaper: Shaper::new(Typefaces::new(font_folders)),
            logo: None,
        }
    }

    /// Prints one sheet. The same sheet gives the same bytes on every machine, unless it has letters that
    /// are not compiled in.
    pub fn pdf(&mut self, sheet: &Sheet) -> Result<Printed, Unprintable> {
        let content = Content::of(sheet);
        let logo = self.logo(sheet)?;
        let locale = Locale::of(&sheet.language, &sheet.country);
        let look = Look {
            paper: if locale.uses_letter_paper() {
                Paper::Letter
            } else {
                Paper::A4
            },
            colour: sheet.brand.colour,
            logo: logo.as_ref().map(Logo::size),
        };
        let pages = layout::set(&content, &look, &mut self.shaper);
        let bytes = pdf::write(sheet, &content, &pages, logo.as_ref(), &self.shaper)
            .map_err(Unprintable::RefusedByStandard)?;
        Ok(Printed {
            bytes,
            pages: pages.pages.len(),
            missing: self.shaper.take_missing(),
        })
    }

    #[cfg(test)]
    pub(super) fn shaper(&mut self) -> &mut Shaper {
        &mut self.shaper
    }

    /// The logo, read once for all sheets that carry the same.
    fn logo(&mut self, sheet: &Sheet) -> Result<Option<Logo>, Unprintable> {
        let Some(bytes) = &sheet.brand.logo else {
            return Ok(None);
        };
        if let Some((known, logo)) = &self.logo
            && known == bytes
        {
            return Ok(Some(logo.clone()));
        }
        let logo = Logo::read(bytes).map_err(Unprintable::LogoNotReadable)?;
        self.logo = Some((bytes.clone(), logo.clone()));
        Ok(Some(logo))
    }
}

#[cfg(test)]
#[path = "press_tests.rs"]
mod tests;
