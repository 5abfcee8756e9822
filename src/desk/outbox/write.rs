//! The postroom: turns a message into the letter that is sent.

use super::facts::{Ground, ground};
use crate::billing::message::Outgoing;
use crate::desk::export::Leaf;
use crate::desk::{Failure, Logos, Terms};
use crate::gateway::mail::{Attachment, Correspondent, Letter};
use crate::store::Reader;
use crate::wire::export::file_name;
use crate::wire::letter::{Letters, Worded};
use crate::wire::paper::{self, OwnWords, Press, Unprintable};
use sha2::{Digest, Sha256};

/// Everything that letters are made with.
pub struct Postroom {
    /// The templates.
    letters: Letters,
    /// The seller's words for pages.
    own: OwnWords,
    /// The press for what is attached.
    press: Press,
    logos: Logos,
    /// Who sends; the seller of the catalog where nobody is set.
    from: Option<Correspondent>,
}

/// What became of writing a letter.
pub(super) enum Written {
    /// It is ready.
    Letter(Box<Letter>),
    /// Something that a person can mend is wrong; says what.
    NotYet(String),
    /// The message can never be sent as it is; says why.
    Never(String),
}

/// A letter without its envelope.
pub(super) struct Draft {
    pub from: Option<Correspondent>,
    pub worded: Worded,
    pub leaf: Option<Leaf>,
}

impl Postroom {
    /// A postroom.
    pub fn new(
        letters: Letters,
        own: OwnWords,
        press: Press,
        logos: Logos,
        from: Option<Correspondent>,
    ) -> Postroom {
        Postroom {
            letters,
            own,
            press,
            logos,
            from,
        }
    }

    /// What could not be read so far, for the person who asked.
    pub fn troubles(&mut self) -> Vec<String> {
        let mut troubles = self.logos.troubles();
        troubles.extend(self.own.troubles());
        troubles
    }

    /// The words of a message; the error is for a person to mend.
    pub(super) fn draft(
        &mut self,
        read: Reader<'_>,
        terms: &Terms,
        kept: &Outgoing,
    ) -> Result<Result<Draft, String>, Failure> {
        let Ground {
            facts,
            leaf,
            seller: (name, email),
        } = ground(read, terms, kept, (&self.letters, &mut self.own))?;
        let from = self.from.clone().or_else(|| {
            let name = Some(name);
            email.map(|address| Correspondent { name, address })
        });
        Ok(match self.letters.write(&kept.message.kind, &facts) {
            Ok(worded) => Ok(Draft { from, worded, leaf }),
            Err(why) => Err(why.to_string()),
        })
    }

    /// The letter of a message.
    pub(super) fn letter(
        &mut self,
        read: Reader<'_>,
        terms: &Terms,
        kept: &Outgoing,
    ) -> Result<Written, Failure> {
        let message = &kept.message;
        if message.to.is_empty() {
            return Ok(Written::Never(
                "The account has no mail address.".to_owned(),
            ));
        }
        let draft = match self.draft(read, terms, kept)? {
            Ok(draft) => draft,
            Err(why) => return Ok(Written::NotYet(why)),
        };
        let Some(from) = draft.from else {
            let why =
                "There is no sender: set SUBDESK_MAIL_FROM, or the seller's email in the catalog.";
            return Ok(Written::NotYet(why.to_owned()));
        };
        let attachments = match &draft.leaf {
            None => Vec::new(),
            Some(leaf) => match self.paper(leaf, terms) {
                Ok(attachment) => vec![attachment],
                Err(why) => return Ok(Written::NotYet(why)),
            },
        };
        let account = read.account_name(message.account)?;
        Ok(Written::Letter(Box::new(Letter {
            message_id: message_id(kept, &account, &from),
            from,
            reply_to: None,
            to: message.to.iter().map(|to| address(to)).collect(),
            subject: draft.worded.subject,
            text: draft.worded.text,
            html: Some(draft.worded.html),
            attachments,
            date: terms.recorded_at,
        })))
    }

    /// The document as a PDF. A logo that cannot be printed is left out, and told of.
    fn paper(&mut self, leaf: &Leaf, terms: &Terms) -> Result<Attachment, String> {
        let logo = self.logos.read(leaf.invoice.seller.logo.as_deref());
        let own_words = self.own.of(&leaf.language);
        let setting = |logo| paper::Setting {
            on: terms.on(),
            methods: &leaf.methods,
            names: &leaf.names,
            own_words,
            logo,
        };
        let sheet = paper::sheet(&leaf.invoice, &setting(logo.as_deref()));
        let printed = match self.press.pdf(&sheet) {
            Err(error @ Unprintable::LogoNotReadable(_)) => {
                self.logos.complain(error.to_string());
                self.press.pdf(&paper::sheet(&leaf.invoice, &setting(None)))
            }
            other => other,
        };
        let printed = printed.map_err(|error| error.to_string())?;
        Ok(Attachment {
            name: attachment_name(leaf),
            media_type: "application/pdf".to_owned(),
            bytes: printed.bytes,
        })
    }
}

/// The name under which a document arrives.
pub(super) fn attachment_name(leaf: &Leaf) -> String {
    file_name(&leaf.invoice.number, "pdf")
}

fn address(to: &str) -> Correspondent {
    Correspondent {
        name: None,
        address: to.to_owned(),
    }
}

/// The same for the same message at every try, and in every copy of the file.
fn message_id(kept: &Outgoing, account: &str, from: &Correspondent) -> String {
    let message = &kept.message;
    let what = [
        account,
        &message.kind,
        &message.about,
        &message.at.to_string(),
    ];
    let mut hash = Sha256::new();
    for part in what {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let mark = hex(&hash.finalize());
    let plain = |ch: &char| ch.is_ascii_alphanumeric() || *ch == '_';
    let kind: String = message.kind.chars().filter(plain).take(40).collect();
    let domain = from.address.rsplit_once('@').map(|(_, domain)| domain);
    let usable = |domain: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
        !domain.is_empty() && domain.bytes().all(plain)
    };
    let domain = domain.filter(usable).unwrap_or("subdesk.invalid");
    let mark = mark.get(..24).unwrap_or_default();
    format!("{kind}.{}.{mark}@{domain}", message.id)
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
