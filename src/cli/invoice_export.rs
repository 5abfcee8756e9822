//! `subdesk invoice export`: documents as files, or on standard output.

use super::context::Context;
use super::failure::Failure;
use super::files::{self, Existing, Written};
use super::groups::{Behalf, Look};
use super::out::{Out, visible_json};
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::desk::export::{Leaf, Which};
use crate::desk::{Logos, Purpose};
use crate::wire::Document;
use crate::wire::export::{Export, File, file_name};
use crate::wire::invoice_csv::Rows;
use crate::wire::paper::{self, OwnWords, Press, Sheet, Unprintable, usual_font_folders};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

// Write invoices and credit notes as files
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The documents' numbers
    #[arg(value_name = "NUMBER", value_parser = parse::name, required_unless_present = "all")]
    numbers: Vec<String>,

    /// All documents
    #[arg(long, conflicts_with = "numbers")]
    all: bool,

    /// With --all, only documents issued on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day, requires = "all")]
    since: Option<Day>,

    /// With --all, only documents issued before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day, requires = "all")]
    until: Option<Day>,

    /// With --all, only documents of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name, requires = "all")]
    account: Option<String>,

    /// The form
    #[arg(long, value_name = "FORM", default_value = "pdf")]
    format: Form,

    /// The folder that gets the files, or - for standard output
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    to: PathBuf,

    /// Replace files that are there already
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    look: Look,
}

/// What stands between two pages of text, as manual pages that follow each other have it. A form feed would be
/// better for a printer, and is a control character to a terminal; who prints takes the PDF.
const BETWEEN: &[u8] = b"\n\n";

/// The form of exported documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A page for printing and keeping, PDF/A.
    Pdf,
    /// A page for the browser.
    Html,
    /// Plain text of 80 columns.
    Text,
    /// The document as other programs read it.
    Json,
    /// A table with one row for each line of a document.
    Csv,
}

impl Form {
    fn extension(self) -> &'static str {
        match self {
            Form::Pdf => "pdf",
            Form::Html => "html",
            Form::Text => "txt",
            Form::Json => "json",
            Form::Csv => "csv",
        }
    }
}

impl ExportArgs {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let mut desk = cx.open(Purpose::Look)?;
        let mut terms = cx.terms_of_look(&self.look, cx.zone(&mut desk)?);
        terms.on_behalf.clone_from(&self.behalf.on_behalf);
        let folder = desk.file().parent().map(Path::to_owned);
        let mut writer = Writer {
            form: self.format,
            press: Press::new(usual_font_folders(std::env::home_dir().as_deref())),
            logos: Logos::below(folder.unwrap_or_default()),
            own: OwnWords::below(cx.setup().templates),
            on: terms.on(),
            missing: Vec::new(),
        };
        let mut place = self.place(cx)?;
        let which = match self.all {
            false => Which::Numbers(self.numbers),
            true => Which::All {
                account: self.account,
                since: self.since,
                until: self.until,
            },
        };
        desk.export(&terms, &which, &mut |leaf| place.take(&mut writer, &leaf))?;
        let mut reply = place.end(self.look)?;
        for trouble in writer.troubles() {
            reply = reply.note(trouble);
        }
        Ok(reply)
    }

    /// Where the documents go.
    fn place<'a>(&self, cx: &'a Context) -> Result<Place<'a>, Failure> {
        let table = || Rows::new(Vec::new()).map_err(|error| Failure::broken(error.into()));
        let folder = match (self.to.as_os_str() == "-", self.format) {
            (true, Form::Pdf) if cx.out.is_terminal() => {
                let message = "A PDF is not shown on a terminal.";
                return Err(Failure::usage(message).say("Name a folder with --to."));
            }
            (true, Form::Pdf | Form::Html) if self.all || self.numbers.len() != 1 => {
                let message = "Only one document in this form goes to standard output.";
                return Err(Failure::usage(message).say("Name a folder with --to."));
            }
            (true, _) => None,
            (false, _) => Some(self.to.clone()),
        };
        Ok(Place {
            out: &cx.out,
            folder,
            table: match self.format {
                Form::Csv => Some(table()?),
                Form::Pdf | Form::Html | Form::Text | Form::Json => None,
            },
            existing: match self.force {
                true => Existing::Replaced,
                false => Existing::Stays,
            },
            files: Vec::new(),
            first: true,
        })
    }
}

/// Turns documents into bytes.
struct Writer {
    form: Form,
    press: Press,
    logos: Logos,
    own: OwnWords,
    on: Day,
    missing: Vec<char>,
}

impl Writer {
    fn bytes(&mut self, leaf: &Leaf) -> Result<Vec<u8>, Failure> {
        Ok(match self.form {
            Form::Pdf => self.pdf(leaf)?,
            Form::Html => paper::html(&self.sheet(leaf))
                .map_err(unprintable)?
                .into_bytes(),
            Form::Text => paper::text(&self.sheet(leaf)).into_bytes(),
            Form::Json | Form::Csv => {
                let document = Document::Invoice(Box::new(leaf.invoice.clone()));
                let whole = crate::wire::envelope(&document, &[])?;
                format!("{}\n", visible_json(&whole.to_string())).into_bytes()
            }
        })
    }

    fn sheet(&mut self, leaf: &Leaf) -> Sheet {
        let logo = self.logos.read(leaf.invoice.seller.logo.as_deref());
        let setting = paper::Setting {
            on: self.on,
            methods: &leaf.methods,
            names: &leaf.names,
            own_words: self.own.of(&leaf.language),
            logo: logo.as_deref(),
        };
        paper::sheet(&leaf.invoice, &setting)
    }

    fn pdf(&mut self, leaf: &Leaf) -> Result<Vec<u8>, Failure> {
        let sheet = self.sheet(leaf);
        let printed = self.press.pdf(&sheet).map_err(unprintable)?;
        self.missing.extend(printed.missing);
        Ok(printed.bytes)
    }

    /// What a person should know about the files.
    fn troubles(&mut self) -> Vec<String> {
        let mut said = self.logos.troubles();
        said.extend(self.own.troubles());
        self.missing.sort_unstable();
        self.missing.dedup();
        if !self.missing.is_empty() {
            let codes: Vec<String> = self
                .missing
                .iter()
                .take(10)
                .map(|ch| format!("U+{:04X}", u32::from(*ch)))
                .collect();
            let codes = codes.join(", ");
            said.push(format!(
                "No font of this machine has {codes}; the pages show codes instead."
            ));
        }
        said
    }
}

fn unprintable(error: Unprintable) -> Failure {
    match error {
        Unprintable::LogoNotReadable(_) => Failure::usage(error.to_string()),
        Unprintable::RefusedByStandard(_) => Failure::broken(error.into()),
    }
}

/// Where documents go.
struct Place<'a> {
    out: &'a Out,
    /// The folder; none for standard output.
    folder: Option<PathBuf>,
    /// All rows, where the form is a table.
    table: Option<Rows<Vec<u8>>>,
    existing: Existing,
    files: Vec<File>,
    /// Whether nothing has been written yet.
    first: bool,
}

impl Place<'_> {
    fn take(&mut self, writer: &mut Writer, leaf: &Leaf) -> Result<(), Failure> {
        if let Some(table) = &mut self.table {
            let added = table.add(&leaf.invoice);
            return added.map_err(|error| Failure::broken(error.into()));
        }
        let bytes = writer.bytes(leaf)?;
        match &self.folder {
            None => {
                let first = std::mem::replace(&mut self.first, false);
                if !first && writer.form == Form::Text {
                    self.out.answer_bytes(BETWEEN)?;
                }
                self.out.answer_bytes(&bytes)
            }
            Some(folder) => {
                let name = file_name(&leaf.invoice.number, writer.form.extension());
                let number = Some(leaf.invoice.number.clone());
                let written = files::write(folder, &name, &bytes, self.existing)?;
                self.files.push(file(folder, &name, number, written));
                Ok(())
            }
        }
    }

    fn end(mut self, look: Look) -> Result<Reply, Failure> {
        if let Some(table) = self.table.take() {
            let bytes = table.end().map_err(|error| Failure::broken(error.into()))?;
            match &self.folder {
                None => self.out.answer_bytes(&bytes)?,
                Some(folder) => {
                    let name = "invoices.csv";
                    let written = files::write(folder, name, &bytes, self.existing)?;
                    self.files.push(file(folder, name, None, written));
                }
            }
        }
        Ok(match self.folder {
            None => Reply::nothing(),
            Some(_) => Reply::document(
                Document::Export(Export { files: self.files }),
                look.shape.form(),
            ),
        })
    }
}

fn file(folder: &Path, name: &str, number: Option<String>, written: Written) -> File {
    File {
        file: folder.join(name).display().to_string(),
        number,
        new: written == Written::Now,
    }
}
