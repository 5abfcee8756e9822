//! Turns a letter into the bytes of a mail, the same bytes every time.
//!
//! Whatever stands in a header is refused when it holds a control character: a name must not be able to add
//! a line, and a line end in a subject is never what somebody meant.

use super::{Attachment, Correspondent, Letter, Parcel};
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as File, Mailbox, Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A mail ready to be handed over.
pub struct Composed<'a> {
    /// Who sends and who receives.
    pub envelope: Envelope,
    /// The mail with its headers, lines ended by CR LF.
    pub bytes: &'a [u8],
}

impl Composed<'_> {
    /// A packed letter with its envelope; the error says in a sentence what is wrong with an address.
    pub fn of(parcel: &Parcel) -> Result<Composed<'_>, String> {
        let from = address(&parcel.from, "sender")?;
        let to = parcel.to.iter().map(|to| address(to, "receiver"));
        let to: Vec<Address> = to.collect::<Result<_, _>>()?;
        let envelope = Envelope::new(Some(from), to)
            .map_err(|error| format!("The letter cannot be addressed: {error}."))?;
        let bytes = &parcel.bytes;
        Ok(Composed { envelope, bytes })
    }
}

/// Packs a letter; the error says in a sentence what is wrong with it.
pub fn pack(letter: &Letter) -> Result<Parcel, String> {
    let from = mailbox(&letter.from, "sender")?;
    let mut builder = Message::builder().from(from).date(letter.date.into());
    if letter.to.is_empty() {
        return Err("The letter has no receiver.".to_owned());
    }
    for to in &letter.to {
        builder = builder.to(mailbox(to, "receiver")?);
    }
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(mailbox(reply_to, "address for answers")?);
    }
    let id = message_id(&letter.message_id)?;
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    builder = builder
        .subject(one_line(&letter.subject, "subject")?)
        .message_id(Some(format!("<{id}>")))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
    let message = body(letter, id).and_then(|part| {
        let built = match part {
            Body::Single(part) => builder.singlepart(part),
            Body::Multi(part) => builder.multipart(part),
        };
        built.map_err(|error| format!("The letter cannot be composed: {error}."))
    })?;
    Ok(Parcel {
        from: letter.from.address.clone(),
        to: letter.to.iter().map(|to| to.address.clone()).collect(),
        message_id: id.to_owned(),
        bytes: folded(&message.formatted()),
    })
}

/// How long a line of a head may be that holds an encoded word (RFC 2047, 2).
const LINE: usize = 76;

/// The mail with the lines of its head folded at their spaces: the address behind an encoded name is put on the
/// name's last line, however long that is.
fn folded(mail: &[u8]) -> Vec<u8> {
    let ends = mail.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, rest) = mail.split_at(ends.unwrap_or(0));
    let mut out = Vec::with_capacity(mail.len().saturating_add(64));
    for (place, line) in head.split(|byte| *byte == b'\n').enumerate() {
        if place > 0 {
            out.push(b'\n');
        }
        fold(line, &mut out);
    }
    out.extend_from_slice(rest);
    out
}

/// One line, cut before spaces; what holds none stays in one piece.
fn fold(line: &[u8], out: &mut Vec<u8>) {
    let mut line = line;
    // A field's name keeps the first word of its value.
    let mut kept = match line.first() {
        Some(b' ' | b'\t') => 1,
        _ => line
            .iter()
            .position(|byte| *byte == b':')
            .map_or(0, |at| at.saturating_add(2)),
    };
    while line.len() > LINE {
        let spaces = line.iter().enumerate().skip(kept);
        let mut spaces = spaces.filter(|(_, byte)| **byte == b' ').map(|(at, _)| at);
        let near = spaces.clone().take_while(|at| *at <= LINE).last();
        let Some(at) = near.or_else(|| spaces.next()) else {
            break;
        };
        let (before, after) = line.split_at(at);
        out.extend_from_slice(before);
        out.extend_from_slice(b"\r\n");
        (line, kept) = (after, 1);
    }
    out.extend_from_slice(line);
}

enum Body {
    Single(SinglePart),
    Multi(MultiPart),
}

fn body(letter: &Letter, id: &str) -> Result<Body, String> {
    let text = SinglePart::plain(letter.text.clone());
    let words = match &letter.html {
        None if letter.attachments.is_empty() => return Ok(Body::Single(text)),
        None => None,
        Some(html) => Some(
            MultiPart::alternative()
                .boundary(boundary(id, "words"))
                .singlepart(text.clone())
                .singlepart(SinglePart::html(html.clone())),
        ),
    };
    if letter.attachments.is_empty() {
        return Ok(words.map_or(Body::Single(text), Body::Multi));
    }
    let whole = MultiPart::mixed().boundary(boundary(id, "whole"));
    let mut whole = match words {
        Some(words) => whole.multipart(words),
        None => whole.singlepart(text),
    };
    for attachment in &letter.attachments {
        whole = whole.singlepart(file(attachment)?);
    }
    Ok(Body::Multi(whole))
}

fn file(attachment: &Attachment) -> Result<SinglePart, String> {
    let name = one_line(&attachment.name, "name of an attachment")?;
    let kind = one_line(&attachment.media_type, "media type of an attachment")?;
    let kind = ContentType::parse(kind)
        .map_err(|_| format!("The attachment {name:?} has no usable media type."))?;
    Ok(File::new(name.to_owned()).body(attachment.bytes.clone(), kind))
}

/// A line between parts that comes from the letter itself, so that a second try gives the same bytes.
fn boundary(id: &str, place: &str) -> String {
    let digest = Sha256::digest(format!("{place} {id}"));
    let mut text = format!("=_{place}_");
    for byte in digest.iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn mailbox(who: &Correspondent, role: &str) -> Result<Mailbox, String> {
    let name = match &who.name {
        Some(name) => Some(one_line(name, "name of a correspondent")?.to_owned()),
        None => None,
    };
    let address = address(&who.address, role)?;
    Ok(Mailbox::new(
        name.filter(|name| !name.trim().is_empty()),
        address,
    ))
}

fn address(text: &str, role: &str) -> Result<Address, String> {
    let text = one_line(text, "mail address")?;
    let address: Address = text
        .parse()
        .map_err(|error| format!("The {role} {text:?} is not a mail address: {error}."))?;
    // A program that is handed `-x@y` may take it for one of its options.
    if text.starts_with('-') {
        return Err(format!("The {role} {text:?} begins with a hyphen."));
    }
    Ok(address)
}

fn one_line<'a>(text: &'a str, what: &str) -> Result<&'a str, String> {
    let breaks = |ch: char| ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}');
    match text.chars().find(|ch| breaks(*ch)) {
        Some(ch) => Err(format!(
            "The {what} holds the control character U+{:04X}.",
            u32::from(ch)
        )),
        None => Ok(text),
    }
}

/// The id without its brackets; only what RFC 5322 allows without quoting.
fn message_id(text: &str) -> Result<&str, String> {
    let bare = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(text);
    let plain = |part: &str| {
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        !part.is_empty() && part.bytes().all(allowed)
    };
    let whole = bare
        .split_once('@')
        .is_some_and(|(left, right)| plain(left) && plain(right));
    if whole && bare.len() <= 240 {
        Ok(bare)
    } else {
        Err(format!("{text:?} cannot be a Message-ID."))
    }
}
