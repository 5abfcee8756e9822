//! `subdesk db`: the file that holds the business.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Everywhere, Shape};
use super::journal::{look, sound_or_failed};
use super::reply::Reply;
use crate::billing::refusal::Help;
use crate::desk::{self, Desk, Purpose, db};
use crate::wire::Document;
use clap::{Args, Subcommand};
use std::path::PathBuf;

// What can be done with the file.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum DbVerb {
    /// Create the file with the catalog and policy that --catalog names
    Init(Shape),
    /// Show where the file is and what it holds
    Info(Shape),
    /// Check that the file is sound: pages, references, journal, books
    Check(Check),
    /// Copy the file, also while others write
    Backup(Backup),
    /// Make the file that --db names from a copy, after checking it
    Restore(Restore),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Before that, set the days again on which runs look at accounts; facts are never changed
    #[arg(long)]
    repair: bool,

    #[command(flatten)]
    shape: Shape,
}

impl Check {
    fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let set = match self.repair {
            true => cx.open(Purpose::Write)?.repair()?,
            false => 0,
        };
        let reply = cx
            .ask(&look(self.shape), &db::IsSound)
            .map(sound_or_failed)?;
        Ok(match set {
            0 => reply,
            1 => reply.note("One account was looked at too late; its day is set again."),
            many => reply.note(format!(
                "{many} accounts were looked at too late; their days are set again."
            )),
        })
    }
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file; one that is there already is never replaced
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    to: PathBuf,

    #[command(flatten)]
    _everywhere: Everywhere,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk db restore monday.db --db restored.db\n\n\
    The copy is checked as `db check` does it, and the new file again. Nothing is ever replaced: where the \
    file is there already, move it away or name another with --db."
)]
pub(super) struct Restore {
    /// The copy, as `db backup` made it
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    from: PathBuf,

    #[command(flatten)]
    shape: Shape,
}

impl Restore {
    fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let to = &cx.settings.db.value;
        if !self.from.exists() {
            let copy = Help::Say("A copy is made with `subdesk db backup FILE`.".to_owned());
            let from = self.from.display().to_string();
            let missing = desk::Failure::not_found("copy", from).helped(vec![copy]);
            return Err(Failure::Desk(missing));
        }
        let document = Desk::restore(&self.from, to)?;
        let sound = matches!(&document, Document::Check(check) if check.sound);
        let reply = sound_or_failed(Reply::document(document, self.shape.form()));
        let (from, to) = (self.from.display(), to.display());
        Ok(match sound {
            true => reply.note(format!("Made {to} from {from}.")),
            false => reply.note(format!("{from} is not sound; {to} was not made.")),
        })
    }
}

impl DbVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            DbVerb::Init(shape) => {
                let was_there = Desk::has_content(&cx.settings.db.value);
                cx.open_for_change()?;
                let reply = cx.ask(&look(shape), &db::Info)?;
                Ok(match was_there {
                    true => reply.note("The file was there already; nothing was changed."),
                    false => reply,
                })
            }
            DbVerb::Info(shape) => cx.ask(&look(shape), &db::Info),
            DbVerb::Check(check) => check.run(cx),
            DbVerb::Backup(backup) => {
                cx.open(Purpose::Look)?.back_up(&backup.to)?;
                cx.out.status(&format!(
                    "Copied {} to {}.",
                    cx.settings.db.value.display(),
                    backup.to.display()
                ));
                Ok(Reply::nothing())
            }
            DbVerb::Restore(restore) => restore.run(cx),
        }
    }
}
