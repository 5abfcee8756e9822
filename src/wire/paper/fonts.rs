//! The typefaces: those compiled in, and those of the machine for letters that the former do not have.

use super::search::Shelf;
use flate2::read::DeflateDecoder;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How heavy a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    Regular,
    Bold,
}

/// A font compiled in, packed.
struct Packed {
    bytes: &'static [u8],
    weight: Weight,
    /// First and last letter of the stretches it may have; decides only whether it is worth unpacking.
    reach: &'static [(char, char)],
}

macro_rules! packed {
    ($name:literal, $weight:ident, $reach:expr) => {
        Packed {
            bytes: include_bytes!(concat!("fonts/", $name, ".ttf.deflate")),
            weight: Weight::$weight,
            reach: $reach,
        }
    };
}

const EUROPE: &[(char, char)] = &[
    ('\0', '\u{52f}'),
    ('\u{1e00}', '\u{1eff}'),
    ('\u{2000}', '\u{2713}'),
    ('\u{fb00}', '\u{fb06}'),
    ('\u{fffd}', '\u{fffd}'),
];
const ASIA: &[(char, char)] = &[
    ('\u{3000}', '\u{30ff}'),
    ('\u{4e00}', '\u{9fff}'),
    ('\u{ff00}', '\u{ffef}'),
];

/// The fonts compiled in, in the order in which they are asked.
static PACKED: [Packed; 9] = [
    packed!("sans-regular", Regular, EUROPE),
    packed!("sans-bold", Bold, EUROPE),
    packed!("arabic", Regular, &[('\u{600}', '\u{77f}')]),
    packed!(
        "hebrew",
        Regular,
        &[('\u{590}', '\u{5ff}'), ('\u{fb1d}', '\u{fb4f}')]
    ),
    packed!(
        "devanagari",
        Regular,
        &[('\u{900}', '\u{97f}'), ('\u{a8e0}', '\u{a8ff}')]
    ),
    packed!("thai", Regular, &[('\u{e00}', '\u{e7f}')]),
    packed!(
        "armenian",
        Regular,
        &[('\u{530}', '\u{58f}'), ('\u{fb13}', '\u{fb17}')]
    ),
    packed!(
        "georgian",
        Regular,
        &[
            ('\u{10a0}', '\u{10ff}'),
            ('\u{1c90}', '\u{1cbf}'),
            ('\u{2d00}', '\u{2d2d}')
        ]
    ),
    packed!("han", Regular, ASIA),
];

/// The fonts compiled in, unpacked when first needed and kept for the life of the process.
static UNPACKED: [OnceLock<Vec<u8>>; 9] = [const { OnceLock::new() }; 9];

fn unpacked(index: usize) -> Option<&'static [u8]> {
    let (packed, place) = (PACKED.get(index)?, UNPACKED.get(index)?);
    let bytes = place.get_or_init(|| {
        let mut bytes = Vec::new();
        // A damaged stream leaves a short font, which then does not load.
        let _ = DeflateDecoder::new(packed.bytes).read_to_end(&mut bytes);
        bytes
    });
    Some(bytes)
}

/// A font that is ready to be set.
pub struct Face {
    /// For shaping.
    pub shaper: rustybuzz::Face<'static>,
    /// For the PDF.
    pub font: krilla::text::Font,
    /// Units of one em.
    pub units: i64,
    weight: Weight,
}

impl Face {
    fn load(bytes: &'static [u8], index: u32, weight: Weight) -> Option<Face> {
        let shaper = rustybuzz::Face::from_slice(bytes, index)?;
        let font = krilla::text::Font::new(bytes.into(), index)?;
        Some(Face {
            units: i64::from(shaper.units_per_em()),
            shaper,
            font,
            weight,
        })
    }

    fn has(&self, letters: &str) -> bool {
        let drawn = |ch: char| {
            self.shaper
                .glyph_index(ch)
                .is_some_and(|glyph| glyph.0 != 0)
        };
        letters.chars().all(|ch| joins(ch) || drawn(ch))
    }
}

/// The two joiners, which have no picture of their own.
fn joins(ch: char) -> bool {
    matches!(ch, '\u{200c}' | '\u{200d}')
}

/// Which face draws some letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The place in [`Typefaces::face`].
    pub face: usize,
    /// Whether a bold letter was asked for and the font has none, so that its outline must be thickened.
    pub thicken: bool,
}

/// All fonts that were needed so far.
pub struct Typefaces {
    faces: Vec<Face>,
    built_in: [Option<usize>; 9],
    shelf: Shelf,
    known: HashMap<(String, Weight), Option<Choice>>,
}

impl Typefaces {
    /// The fonts compiled in, and those below `folders` for the letters that they lack.
    pub fn new(folders: Vec<PathBuf>) -> Typefaces {
        Typefaces {
            faces: Vec::new(),
            built_in: [None; 9],
            shelf: Shelf::new(folders),
            known: HashMap::new(),
        }
    }

    /// A face by its number.
    pub fn face(&self, index: usize) -> Option<&Face> {
        self.faces.get(index)
    }

    /// The face that has every one of these letters (one letter with its marks); nothing when no font has.
    pub fn choose(&mut self, letters: &str, weight: Weight) -> Option<Choice> {
        if let Some(known) = self.known.get(&(letters.to_owned(), weight)) {
            return *known;
        }
        let face = self
            .built_in(letters, weight)
            .or_else(|| self.on_machine(letters));
        let thicken = |face: usize| {
            weight == Weight::Bold
                && self
                    .faces
                    .get(face)
                    .is_some_and(|f| f.weight != Weight::Bold)
        };
        let choice = face.map(|face| Choice {
            face,
            thicken: thicken(face),
        });
        self.known.insert((letters.to_owned(), weight), choice);
        choice
    }

    fn built_in(&mut self, letters: &str, weight: Weight) -> Option<usize> {
        let first = letters.chars().find(|ch| !joins(*ch))?;
        let reaches = |font: &Packed| {
            font.reach
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&first))
        };
        let mut order: Vec<usize> = (0..PACKED.len())
            .filter(|index| PACKED.get(*index).is_some_and(reaches))
            .collect();
        order.sort_by_key(|index| PACKED.get(*index).is_some_and(|font| font.weight != weight));
        order.into_iter().find_map(|index| {
            let face = self.open_built_in(index)?;
            self.faces.get(face)?.has(letters).then_some(face)
        })
    }

    fn open_built_in(&mut self, index: usize) -> Option<usize> {
        if let Some(face) = self.built_in.get(index)? {
            return Some(*face);
        }
        let face = Face::load(unpacked(index)?, 0, PACKED.get(index)?.weight)?;
        self.faces.push(face);
        let place = self.faces.len().checked_sub(1);
        *self.built_in.get_mut(index)? = place;
        place
    }

    fn on_machine(&mut self, letters: &str) -> Option<usize> {
        let own = |place: &usize| self.built_in.contains(&Some(*place));
        let loaded = (0..self.faces.len()).filter(|place| !own(place));
        let has = |place: &usize| self.faces.get(*place).is_some_and(|face| face.has(letters));
        if let Some(place) = loaded.into_iter().find(has) {
            return Some(place);
        }
        let faces = &mut self.faces;
        self.shelf.find(letters, |bytes, index| {
            let Some(face) =
                Face::load(bytes, index, Weight::Regular).filter(|face| face.has(letters))
            else {
                return false;
            };
            faces.push(face);
            true
        });
        let last = self.faces.len().checked_sub(1)?;
        has_now(&self.faces, last, letters).then_some(last)
    }
}

fn has_now(faces: &[Face], place: usize, letters: &str) -> bool {
    faces.get(place).is_some_and(|face| face.has(letters))
}

/// Where machines keep their fonts; folders that do not exist are skipped when they are searched.
pub fn usual_font_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let shared = [
        "/usr/local/share/fonts",
        "/usr/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    let own = [".local/share/fonts", ".fonts", "Library/Fonts"];
    let own = home
        .into_iter()
        .flat_map(|home| own.map(|folder| home.join(folder)));
    own.chain(shared.map(PathBuf::from)).collect()
}
