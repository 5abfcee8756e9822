//! `subdesk policy price`: figures that are asked for in JSON, answered in JSON.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::Shape;
use super::out::visible_json;
use super::reply::{Form, Reply};
use crate::wire::price::{Answered, Outcome, answer, help, read_requests};
use anyhow::Context as _;
use clap::Args;
use std::io::Read;
use std::path::{Path, PathBuf};

// Questions about figures: a JSON object, a list of them, or one on each line.
#[derive(Debug, Args)]
#[command(after_long_help = help())]
pub(super) struct PriceArgs {
    /// The file with the requests, or - for standard input
    #[arg(value_name = "REQUEST.json", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    shape: Shape,
}

impl PriceArgs {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let text = content(&self.file).map_err(Failure::broken)?;
        let requests = read_requests(&text);
        let alone = requests.len() == 1;
        let form = self.shape.form();
        let wide = match &form {
            Form::Human => alone && cx.out.is_terminal(),
            Form::Json(_) => true,
            Form::Lines => false,
        };
        let mut refused = 0_usize;
        for request in requests {
            let answered = answer(request);
            refused = refused.saturating_add(usize::from(answered.outcome == Outcome::Refusal));
            cx.out.answer(&printed(answered, &form, wide)?)?;
        }
        Ok(Reply::nothing().exit(match (refused, alone) {
            (0, _) => Exit::Ok,
            (_, true) => Exit::Refused,
            (_, false) => Exit::Partly,
        }))
    }
}

fn printed(answered: Answered, form: &Form, wide: bool) -> Result<String, Failure> {
    let mut line = answered.line;
    if let (Form::Json(fields), Some(answer)) = (form, line["answer"].as_object_mut())
        && !fields.is_empty()
    {
        answer.retain(|name, _| fields.contains(name));
    }
    let text = match wide {
        true => serde_json::to_string_pretty(&line)?,
        false => line.to_string(),
    };
    Ok(format!("{}\n", visible_json(&text)))
}

fn content(file: &Path) -> anyhow::Result<String> {
    if file != Path::new("-") {
        return std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()));
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().read_to_string(&mut text);
    read.context("standard input cannot be read")?;
    Ok(text)
}
