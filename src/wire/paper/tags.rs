//! The order in which a PDF is read aloud: title, paragraphs, a table with heads and cells, the sums.

use super::content::Content;
use super::layout::Part;
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagTree};
use std::collections::BTreeMap;
use std::num::NonZeroU16;

/// Collects the places of all words.
pub struct Tags {
    title: String,
    language: String,
    parts: BTreeMap<Part, Vec<Identifier>>,
}

impl Tags {
    /// Nothing collected yet.
    pub fn new(content: &Content) -> Tags {
        Tags {
            title: format!("{} {}", content.title, content.number),
            language: content.language.to_owned(),
            parts: BTreeMap::new(),
        }
    }

    /// A piece of a part; the pieces of one part are read in the order in which they come.
    pub fn add(&mut self, part: Part, place: Identifier) {
        self.parts.entry(part).or_default().push(place);
    }

    /// The one bookmark that the standard asks for: the document's title.
    pub fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        let start = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(self.title.clone(), start));
        outline
    }

    /// The tree over everything collected.
    pub fn tree(self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(self.language));
        let mut head = TagGroup::new(Tag::TR);
        let mut rows: BTreeMap<u32, TagGroup> = BTreeMap::new();
        let mut below = Vec::new();
        for (part, places) in self.parts {
            match part {
                Part::Title => {
                    let level = NonZeroU16::MIN;
                    tree.push(filled(
                        TagGroup::new(Tag::Hn(level, Some(self.title.clone()))),
                        places,
                    ));
                }
                Part::Above(_) => tree.push(filled(TagGroup::new(Tag::P), places)),
                Part::Head(_) => {
                    head.push(filled(
                        TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                        places,
                    ));
                }
                Part::Cell(row, _) => {
                    let row = rows.entry(row).or_insert_with(|| TagGroup::new(Tag::TR));
                    row.push(filled(TagGroup::new(Tag::TD), places));
                }
                Part::Below(_) => below.push(filled(TagGroup::new(Tag::P), places)),
                Part::Ornament => {}
            }
        }
        let mut heads = TagGroup::new(Tag::THead);
        heads.push(head);
        let mut body = TagGroup::new(Tag::TBody);
        rows.into_values().for_each(|row| body.push(row));
        let mut table = TagGroup::new(Tag::Table);
        table.push(heads);
        table.push(body);
        tree.push(table);
        below.into_iter().for_each(|group| tree.push(group));
        tree
    }
}

fn filled(mut group: TagGroup, places: Vec<Identifier>) -> TagGroup {
    places.into_iter().for_each(|place| group.push(place));
    group
}
