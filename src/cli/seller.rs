//! What `catalog` and `policy` have in common: a file is named by its path, by `-`, by the number of a
//! version, or by the name of a built-in seller.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{Change, Look, Shape};
use super::parse;
use super::reply::{Form, Reply};
use crate::billing::listed;
use crate::billing::refusal::Help;
use crate::desk::seller_files::{Differences, SellerFileKind, Show, Text, Versions, Which};
use crate::desk::{self, load};
use crate::wire::Document;
use crate::wire::compare_policy::OwnPolicy;
use crate::wire::seller::{self, FileCheck, LARGEST, Preset, Source, preset, presets};
use clap::Args;
use std::io::Read;
use std::path::Path;

// The arguments of `show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// A built-in seller, a version's number or a file; absent shows the one in force
    #[arg(value_name = "WHICH", value_parser = parse::name)]
    which: Option<String>,

    #[command(flatten)]
    look: Look,
}

// The arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The file, - for stdin, or a built-in seller
    #[arg(value_name = "FILE", value_parser = parse::name, value_hint = clap::ValueHint::FilePath)]
    file: String,

    /// The seller's other file: whether the two fit each other is checked too
    #[arg(long, value_name = "FILE", value_parser = parse::name, value_hint = clap::ValueHint::FilePath)]
    with: Option<String>,

    #[command(flatten)]
    shape: Shape,
}

// The arguments of `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The earlier version; where it stands alone, the later one, compared with the one in force
    #[arg(value_name = "A", value_parser = parse::name)]
    a: String,

    /// The later version: a file, a version's number or a built-in seller
    #[arg(value_name = "B", value_parser = parse::name)]
    b: Option<String>,

    #[command(flatten)]
    look: Look,
}

// The arguments of `use`.
#[derive(Debug, Args)]
pub(super) struct UseArgs {
    /// The file, - for stdin, or a built-in seller, whose two files are both put to use
    #[arg(value_name = "FILE", value_parser = parse::name, value_hint = clap::ValueHint::FilePath)]
    pub(super) file: String,

    /// The seller's other file, put to use at once with this one
    #[arg(long, value_name = "FILE", value_parser = parse::name, value_hint = clap::ValueHint::FilePath)]
    pub(super) with: Option<String>,

    #[command(flatten)]
    pub(super) change: Change,
}

/// All versions.
pub(super) fn list(cx: &Context, kind: SellerFileKind, look: &Look) -> Result<Reply, Failure> {
    cx.ask_seller(look, &Versions(kind))
}

/// A version: for people the file itself, so that it can be copied and changed.
pub(super) fn show(cx: &Context, kind: SellerFileKind, args: ShowArgs) -> Result<Reply, Failure> {
    let which = match &args.which {
        Some(name) => which(kind, name)?,
        None => Which::InForce,
    };
    let reply = cx.ask_seller(&args.look, &Show { kind, which })?;
    match (args.look.shape.form(), reply.as_document()) {
        (Form::Human, Some(Document::SellerFile(whole))) => Ok(Reply::text(whole.text.clone())),
        _ => Ok(reply),
    }
}

/// What changed from one version to another.
pub(super) fn diff(cx: &Context, kind: SellerFileKind, args: DiffArgs) -> Result<Reply, Failure> {
    let a = which(kind, &args.a)?;
    let (from, to) = match &args.b {
        Some(b) => (a, which(kind, b)?),
        None => (Which::InForce, a),
    };
    let reply = cx.ask_seller(&args.look, &Differences { kind, from, to })?;
    Ok(match reply.as_document() {
        Some(Document::Differences(lines)) if lines.is_empty() => {
            reply.note("The two say the same.")
        }
        _ => reply,
    })
}

/// Everything that is wrong or odd in a file, or in both files of a seller.
pub(super) fn check(kind: SellerFileKind, args: &CheckArgs) -> Result<Reply, Failure> {
    let file = text(kind, &args.file)?;
    let other = match (&args.with, preset(&args.file)) {
        (Some(with), _) => Some(text(other(kind), with)?),
        (None, Some(built_in)) if !Path::new(&args.file).exists() => {
            Some(built_in_text(other(kind), built_in))
        }
        (None, _) => None,
    };
    let findings = match (kind, &other) {
        (SellerFileKind::Catalog, None) => seller::check_catalog(source(&file)),
        (SellerFileKind::Policy, None) => seller::check_policy(source(&file)),
        (SellerFileKind::Catalog, Some(other)) => seller::check_both(source(&file), source(other)),
        (SellerFileKind::Policy, Some(other)) => seller::check_both(source(other), source(&file)),
    };
    let names = [Some(&file), other.as_ref()].into_iter().flatten();
    let checked = names.map(|text| text.origin.clone()).collect();
    let document = FileCheck::of(checked, findings);
    let usable = document.usable;
    let reply = Reply::document(Document::FileCheck(Box::new(document)), args.shape.form());
    Ok(match usable {
        true => reply,
        false => reply.exit(Exit::Failed),
    })
}

/// The file to be put to use and, where there is one, the other.
pub(super) fn to_use(
    kind: SellerFileKind,
    args: &UseArgs,
) -> Result<(Text, Option<Text>), Failure> {
    let file = text(kind, &args.file)?;
    let with = match (&args.with, preset(&args.file)) {
        (Some(with), _) => Some(text(other(kind), with)?),
        (None, Some(built_in)) if !Path::new(&args.file).exists() => {
            Some(built_in_text(other(kind), built_in))
        }
        (None, _) => None,
    };
    Ok((file, with))
}

/// A policy that is compared with others, without being put to use.
pub(super) fn own(name: &str) -> Result<OwnPolicy, Failure> {
    let Text { origin, text } = text(SellerFileKind::Policy, name)?;
    let policy = seller::policy(&text, &origin).map_err(|found| {
        let first = found.first();
        let message = first.map_or_else(
            || format!("{origin} is not a policy."),
            |found| format!("{origin}:{}: {}", found.line, found.message),
        );
        Failure::usage(message).run(format!("policy check {name}"))
    })?;
    Ok(OwnPolicy {
        policy,
        origin,
        text,
    })
}

fn source(text: &Text) -> Source<'_> {
    Source {
        text: &text.text,
        origin: &text.origin,
    }
}

fn other(kind: SellerFileKind) -> SellerFileKind {
    match kind {
        SellerFileKind::Catalog => SellerFileKind::Policy,
        SellerFileKind::Policy => SellerFileKind::Catalog,
    }
}

fn which(kind: SellerFileKind, name: &str) -> Result<Which, Failure> {
    match name.parse() {
        Ok(number) if !Path::new(name).exists() => Ok(Which::Number(number)),
        Ok(_) | Err(_) => text(kind, name).map(Which::Text),
    }
}

/// The file of that path, or of the built-in seller of that name.
fn text(kind: SellerFileKind, name: &str) -> Result<Text, Failure> {
    let path = Path::new(name);
    if let Some(built_in) = preset(name)
        && !path.exists()
    {
        return Ok(built_in_text(kind, built_in));
    }
    let bytes = match name {
        "-" => bounded(std::io::stdin()),
        _ if !path.exists() && path.symlink_metadata().is_err() => return Err(missing(name)),
        _ => std::fs::File::open(path).and_then(bounded),
    };
    let origin = match name {
        "-" => "stdin",
        name => name,
    };
    let bytes =
        bytes.map_err(|error| Failure::usage(format!("{origin} cannot be read: {error}.")))?;
    let text = seller::text_of(&bytes, origin).map_err(|found| {
        let first = found.first();
        let message = first.map_or("The file cannot be read.", |found| &found.message);
        let failure = Failure::usage(format!("{origin}: {message}"));
        match first.and_then(|found| found.help.clone()) {
            Some(help) => failure.say(help),
            None => failure,
        }
    })?;
    Ok(Text {
        origin: origin.to_owned(),
        text: text.to_owned(),
    })
}

/// One byte more than is read, so that a file that is too long can be told from one that just fits.
fn bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn built_in_text(kind: SellerFileKind, built_in: &Preset) -> Text {
    let (origin, text) = match kind {
        SellerFileKind::Catalog => (built_in.catalog_origin(), built_in.catalog),
        SellerFileKind::Policy => (built_in.policy_origin(), built_in.policy),
    };
    Text {
        origin,
        text: text.to_owned(),
    }
}

fn missing(name: &str) -> Failure {
    let names = presets().iter().map(|preset| preset.name.to_owned());
    Failure::Desk(desk::Failure::NotFound {
        what: "file or built-in seller",
        name: name.to_owned(),
        near: load::near(name, names.clone()),
        help: vec![Help::Say(format!(
            "The built-in sellers are {}.",
            listed::and(names)
        ))],
    })
}
