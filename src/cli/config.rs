//! `subdesk config`: what the program works with, and where each value comes from.

use super::context::Context;
use super::failure::Failure;
use super::groups::Shape;
use super::reply::Reply;
use crate::wire::Document;
use clap::Subcommand;

// What can be done with the configuration.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum ConfigVerb {
    /// Show every setting and where it comes from
    Show(Shape),
}

impl ConfigVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            ConfigVerb::Show(shape) => {
                let reply =
                    Reply::document(Document::Settings(cx.settings.document()), shape.form());
                Ok(match &cx.settings.file {
                    Some(file) if !file.exists() => {
                        reply.note(format!("There is no file {}.", file.display()))
                    }
                    Some(_) | None => reply,
                })
            }
        }
    }
}
