//! `subdesk docs`, hidden: writes the manual and the completion loaders that are kept beside the source.

use super::completions::Shell;
use super::failure::Failure;
use super::groups::Everywhere;
use super::reply::Reply;
use super::topics::{self, Part, Topic};
use super::words;
use anyhow::Context;
use clap::Args;
use clap_mangen::roff::{Roff, bold, roman};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Docs {
    /// The folder that gets man/ and completions/
    #[arg(default_value = ".")]
    to: PathBuf,

    #[command(flatten)]
    _everywhere: Everywhere,
}

impl Docs {
    pub(super) fn run(self) -> Result<Reply, Failure> {
        written(&self.to).map_err(Failure::broken)?;
        Ok(Reply::nothing())
    }
}

fn written(to: &Path) -> anyhow::Result<()> {
    let (manual, completions) = (to.join("man"), to.join("completions"));
    for folder in [&manual, &completions] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    for entry in std::fs::read_dir(&manual).context("cannot read the folder of pages")? {
        let page = entry.context("cannot read the folder of pages")?.path();
        let name = page
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        // A command that is gone takes its page along; anything else in the folder is not ours.
        if name.is_some_and(|name| name.starts_with("subdesk")) {
            std::fs::remove_file(&page)
                .with_context(|| format!("cannot replace {}", page.display()))?;
        }
    }
    let mut command = words::command();
    command.build();
    write_pages(&command, &manual).context("cannot write the pages")?;
    for topic in topics::topics() {
        let page = manual.join(format!("subdesk-{}.7", topic.name));
        std::fs::write(&page, roff(&topic))
            .with_context(|| format!("cannot write {}", page.display()))?;
    }
    for shell in Shell::ALL {
        let file = completions.join(shell.file());
        std::fs::write(&file, shell.loader())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// What the foot of every page says.
const SOURCE: &str = concat!("subdesk ", env!("CARGO_PKG_VERSION"));

/// A page for a command and for every command below it.
fn write_pages(command: &clap::Command, folder: &Path) -> std::io::Result<()> {
    let below = command.get_subcommands();
    for command in below.filter(|command| !command.is_hide_set()) {
        write_pages(command, folder)?;
    }
    let page = clap_mangen::Man::new(command.clone()).source(SOURCE);
    page.generate_to(folder).map(|_| ())
}

/// A topic as a page of section 7.
fn roff(topic: &Topic) -> String {
    let name = format!("subdesk-{}", topic.name);
    let mut page = Roff::new();
    page.control("TH", [name.as_str(), "7", "", SOURCE, ""]);
    page.control("SH", ["NAME"]);
    page.text([roman(format!("{name} - {}", topic.about))]);
    for (title, parts) in &topic.sections {
        page.control("SH", [*title]);
        for part in parts {
            match part {
                Part::Text(paragraph) => {
                    page.control("PP", []);
                    page.text([roman(paragraph.as_str())]);
                }
                Part::Item(word, meaning) => {
                    page.control("TP", []);
                    page.text([bold(word.trim())]);
                    page.text([roman(meaning.as_str())]);
                }
            }
        }
    }
    page.control("SH", ["SEE ALSO"]);
    page.text([bold("subdesk"), roman("(1)")]);
    page.render()
}
