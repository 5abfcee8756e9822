//! An answer in the form that was asked for: for people, as JSON, or as JSON lines.

use super::exit::Exit;
use super::failure::Failure;
use super::out::{Out, visible_json};
use super::show;
use crate::billing::listed;
use crate::desk::{Mark, Outcome, load};
use crate::wire::{self, Document};
use serde_json::{Map, Value};

/// The form of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Tables and sentences.
    Human,
    /// One JSON document; the fields to keep, or all if there are none.
    Json(Vec<String>),
    /// One JSON document on each line.
    Lines,
}

/// How much of the making of figures is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// The figures.
    Figures,
    /// Every number that led to them, with policy keys and rules.
    Working,
    /// The same in words for the customer.
    Words,
}

/// An answer, and how it is to be given.
#[derive(Debug)]
pub(super) struct Reply {
    body: Body,
    form: Form,
    detail: Detail,
    mark: Option<Mark>,
    notes: Vec<String>,
    exit: Exit,
}

#[derive(Debug)]
enum Body {
    Document(Box<Document>),
    Text(String),
    Nothing,
}

impl Reply {
    /// The answer to a question.
    pub(super) fn document(document: Document, form: Form) -> Reply {
        Reply {
            body: Body::Document(Box::new(document)),
            form,
            detail: Detail::Figures,
            mark: None,
            notes: Vec::new(),
            exit: Exit::Ok,
        }
    }

    /// The answer to a change.
    pub(super) fn outcome(outcome: Outcome, form: Form) -> Reply {
        let mut reply = Reply::document(outcome.document, form);
        reply.mark = Some(outcome.mark);
        reply.notes = outcome.notes;
        reply
    }

    /// A text that is no document, printed to the letter.
    pub(super) fn text(text: impl Into<String>) -> Reply {
        Reply {
            body: Body::Text(text.into()),
            ..Reply::nothing()
        }
    }

    /// No answer: the work was all, or the lines are printed already.
    pub(super) fn nothing() -> Reply {
        Reply {
            body: Body::Nothing,
            form: Form::Human,
            detail: Detail::Figures,
            mark: None,
            notes: Vec::new(),
            exit: Exit::Ok,
        }
    }

    /// The same with more, or less, of the making of figures.
    pub(super) fn detail(mut self, detail: Detail) -> Reply {
        self.detail = detail;
        self
    }

    /// The same with another end of the program.
    pub(super) fn exit(mut self, exit: Exit) -> Reply {
        self.exit = exit;
        self
    }

    /// The same with a sentence for the person who asked.
    pub(super) fn note(mut self, sentence: impl Into<String>) -> Reply {
        self.notes.push(sentence.into());
        self
    }

    /// The same with at most so many rows of its list, and a sentence where some are left out.
    pub(super) fn cut(mut self, most: u32) -> Reply {
        let rows = usize::try_from(most).unwrap_or(usize::MAX);
        let too_many = match &mut self.body {
            Body::Document(document) => document.cut(rows),
            Body::Text(_) | Body::Nothing => false,
        };
        match too_many {
            true => self.note("There are more than are shown; --limit all shows every one."),
            false => self,
        }
    }

    /// The document, for commands that look at it before they give it.
    pub(super) fn as_document(&self) -> Option<&Document> {
        match &self.body {
            Body::Document(document) => Some(document),
            Body::Text(_) | Body::Nothing => None,
        }
    }

    /// Gives the answer.
    pub(super) fn give(self, out: &Out) -> Result<Exit, Failure> {
        match &self.body {
            Body::Nothing => {}
            Body::Text(text) => out.answer(text)?,
            Body::Document(document) => self.give_document(document, out)?,
        }
        for note in &self.notes {
            out.status(note);
        }
        match (self.mark, &self.form) {
            (Some(Mark::WouldDo), _) => out.status("This was a dry run; nothing was kept."),
            (Some(Mark::Replayed), Form::Human) => {
                out.status(
                    "This was done before under the same key; the answer is the one of then.",
                );
            }
            (Some(Mark::Replayed | Mark::Done) | None, _) => {}
        }
        Ok(self.exit)
    }

    fn give_document(&self, document: &Document, out: &Out) -> Result<(), Failure> {
        match &self.form {
            Form::Human => {
                let text = show::drawn(document, self.detail, out);
                if text.is_empty() && out.is_terminal() {
                    out.status("There is nothing to list.");
                }
                out.answer(&text)
            }
            Form::Json(fields) => {
                let mut whole = wire::envelope(document, &marks(self.mark))?;
                self.keep(&mut whole, fields, out)?;
                let text = serde_json::to_string_pretty(&whole)?;
                out.answer(&format!("{}\n", visible_json(&text)))
            }
            Form::Lines => {
                let whole = wire::envelope(document, &marks(self.mark))?;
                let mut text = String::new();
                for line in lines(whole) {
                    text.push_str(&visible_json(&line.to_string()));
                    text.push('\n');
                }
                out.answer(&text)
            }
        }
    }

    /// Keeps only some fields. What was done stays done, so there a wrong field is only told.
    fn keep(&self, whole: &mut Value, fields: &[String], out: &Out) -> Result<(), Failure> {
        if fields.is_empty() {
            return Ok(());
        }
        let Some(body) = body_of(whole) else {
            return Ok(());
        };
        let missing = select(body, fields);
        let Some(missing) = missing else {
            return Ok(());
        };
        match self.mark {
            Some(Mark::Done | Mark::Replayed) => out.status(&missing.sentence()),
            Some(Mark::WouldDo) | None => {
                return Err(Failure::usage(missing.sentence()).say(missing.help()));
            }
        }
        Ok(())
    }
}

/// How an answer is marked in its envelope.
pub(super) fn marks(mark: Option<Mark>) -> Vec<(&'static str, Value)> {
    match mark {
        Some(Mark::WouldDo) => vec![("dry_run", true.into())],
        Some(Mark::Replayed) => vec![("replayed", true.into())],
        Some(Mark::Done) | None => Vec::new(),
    }
}

/// The document itself inside its envelope: the member behind the schema and the marks.
fn body_of(whole: &mut Value) -> Option<&mut Value> {
    whole
        .as_object_mut()
        .and_then(|members| members.values_mut().last())
}

/// A field that the document does not have.
struct Missing {
    field: String,
    known: Vec<String>,
}

impl Missing {
    fn sentence(&self) -> String {
        format!("The answer has no field {:?}.", self.field)
    }

    fn help(&self) -> String {
        let near = load::near(&self.field, self.known.iter().cloned());
        if near.is_empty() {
            return format!("It has {}.", listed::and(&self.known));
        }
        format!("Is it {}?", listed::or(&near))
    }
}

/// Keeps the named fields of an object, or of every object of a list, in the order of the names.
fn select(value: &mut Value, fields: &[String]) -> Option<Missing> {
    match value {
        Value::Array(items) => {
            let mut missing = None;
            for item in items {
                missing = select(item, fields).or(missing);
            }
            missing
        }
        Value::Object(members) => {
            let mut kept = Map::new();
            let mut missing = None;
            for field in fields {
                match members.get(field) {
                    Some(value) => {
                        kept.insert(field.clone(), value.clone());
                    }
                    None => {
                        missing = Some(Missing {
                            field: field.clone(),
                            known: members.keys().cloned().collect(),
                        });
                    }
                }
            }
            *members = kept;
            missing
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A list as one envelope for each of its elements; anything else as itself.
fn lines(whole: Value) -> Vec<Value> {
    let Value::Object(members) = &whole else {
        return vec![whole];
    };
    let Some((name, Value::Array(items))) = members.iter().next_back() else {
        return vec![whole];
    };
    let one = wire::singular(name);
    items
        .iter()
        .map(|item| {
            let mut line = members.clone();
            line.shift_remove(name);
            line.insert(one.clone(), item.clone());
            Value::Object(line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_kept_in_the_order_they_were_named() {
        let mut list = json!([{ "a": 1, "b": 2, "c": 3 }, { "a": 4, "b": 5, "c": 6 }]);
        assert!(select(&mut list, &["c".to_owned(), "a".to_owned()]).is_none());
        assert_eq!(list.to_string(), r#"[{"c":3,"a":1},{"c":6,"a":4}]"#);
        let missing = select(&mut list, &["d".to_owned()]).unwrap();
        assert_eq!(missing.sentence(), "The answer has no field \"d\".");
    }

    #[test]
    fn a_list_becomes_one_line_for_each_element() {
        let whole = json!({ "schema": "subdesk/1", "cases": [{ "number": 1 }, { "number": 2 }] });
        let lines: Vec<String> = lines(whole).iter().map(Value::to_string).collect();
        assert_eq!(lines[0], r#"{"schema":"subdesk/1","case":{"number":1}}"#);
        assert_eq!(lines.len(), 2);
    }
}
