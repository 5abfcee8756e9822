//! From a text to placed glyphs: which letters run from the right, which font draws them, how they join.

use super::direction::{bare, follows_the_page, is_mark};
use super::fonts::{Choice, Typefaces, Weight};
use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation;

/// Thousandths of a point, the unit of everything on a page.
pub type Length = i64;

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    pub size: Length,
    pub weight: Weight,
}

/// One glyph, measured in units of its font.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub id: u32,
    /// The bytes of [`Run::text`] it stands for.
    pub range: Range<usize>,
    pub advance: i32,
    pub dx: i32,
    pub dy: i32,
}

/// Glyphs of one font, left to right.
#[derive(Debug, Clone)]
pub struct Run {
    pub choice: Choice,
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub width: Length,
}

/// A line of text ready to be drawn.
#[derive(Debug, Clone, Default)]
pub struct Shaped {
    pub runs: Vec<Run>,
    pub width: Length,
}

/// Shapes texts and remembers what it needs again.
pub struct Shaper {
    pub faces: Typefaces,
    plans: HashMap<(usize, bool, Script), ShapePlan>,
    /// Letters that no font had, since [`Shaper::take_missing`] was last asked.
    missing: BTreeSet<char>,
    /// Whether the page that is set runs from right to left.
    from_right: bool,
}

impl Shaper {
    /// A shaper over some fonts.
    pub fn new(faces: Typefaces) -> Shaper {
        Shaper {
            faces,
            plans: HashMap::new(),
            missing: BTreeSet::new(),
            from_right: false,
        }
    }

    /// Begins a page that runs from right to left, or from left to right.
    pub fn begin_page(&mut self, from_right: bool) {
        self.from_right = from_right;
    }

    /// How a text on this page runs; nothing where its first letter decides.
    pub fn base_of(&self, text: &str) -> Option<Level> {
        let level = |text| match follows_the_page(text) {
            true => Level::rtl(),
            false => Level::ltr(),
        };
        self.from_right.then(|| level(text))
    }

    /// The letters that were printed as codes because no font has them.
    pub fn take_missing(&mut self) -> Vec<char> {
        std::mem::take(&mut self.missing).into_iter().collect()
    }

    /// Shapes one line.
    pub fn shape(&mut self, text: &str, style: Style) -> Shaped {
        self.shape_in(text, style, self.base_of(text))
    }

    /// Shapes one line of a text that runs in a direction as a whole.
    pub fn shape_in(&mut self, text: &str, style: Style, base: Option<Level>) -> Shaped {
        let text = self.spell_missing(text, style.weight);
        let mut shaped = Shaped::default();
        for (stretch, rightward) in in_visual_order(&text, base) {
            let mut pieces = self.by_font(&stretch, style.weight);
            if !rightward {
                pieces.reverse();
            }
            for (piece, choice) in pieces {
                if let Some(run) = self.run(piece, choice, rightward, style.size) {
                    shaped.width = shaped.width.saturating_add(run.width);
                    shaped.runs.push(run);
                }
            }
        }
        shaped
    }

    /// Puts `[U+1F680]` in place of a letter that no font has.
    fn spell_missing(&mut self, text: &str, weight: Weight) -> String {
        let mut out = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            if cluster.chars().all(is_mark) || self.faces.choose(cluster, weight).is_some() {
                out.push_str(cluster);
                continue;
            }
            for ch in cluster.chars() {
                if self
                    .faces
                    .choose(ch.encode_utf8(&mut [0; 4]), weight)
                    .is_some()
                {
                    out.push(ch);
                } else if !matches!(ch, '\u{200c}' | '\u{200d}') {
                    self.missing.insert(ch);
                    out.push_str(&format!("[U+{:04X}]", u32::from(ch)));
                }
            }
        }
        out
    }

    /// Cuts a stretch of one direction where the font or the script changes.
    fn by_font(&mut self, stretch: &str, weight: Weight) -> Vec<(String, Choice)> {
        let mut pieces: Vec<(String, Choice, Option<Alphabet>)> = Vec::new();
        for cluster in stretch.graphemes(true) {
            for (letters, choice) in self.choices(cluster, weight) {
                let alphabet = letters.chars().find_map(alphabet);
                match pieces.last_mut() {
                    Some((text, last, known))
                        if *last == choice
                            && (alphabet.is_none() || known.is_none() || *known == alphabet) =>
                    {
                        text.push_str(letters);
                        *known = known.or(alphabet);
                    }
                    _ => pieces.push((letters.to_owned(), choice, alphabet)),
                }
            }
        }
        pieces
            .into_iter()
            .map(|(text, choice, _)| (text, choice))
            .collect()
    }

    /// One font for a letter with its marks; where no single font has them all, one for each.
    fn choices<'t>(&mut self, cluster: &'t str, weight: Weight) -> Vec<(&'t str, Choice)> {
        if let Some(choice) = self.faces.choose(cluster, weight) {
            return vec![(cluster, choice)];
        }
        let letters = cluster
            .char_indices()
            .filter_map(|(at, ch)| cluster.get(at..at + ch.len_utf8()));
        letters
            .filter_map(|letter| Some((letter, self.faces.choose(letter, weight)?)))
            .collect()
    }

    fn run(&mut self, text: String, choice: Choice, rightward: bool, size: Length) -> Option<Run> {
        let face = self.faces.face(choice.face)?;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let direction = if rightward {
            Direction::LeftToRight
        } else {
            Direction::RightToLeft
        };
        buffer.set_direction(direction);
        let script = buffer.script();
        let plan = self
            .plans
            .entry((choice.face, rightward, script))
            .or_insert_with(|| ShapePlan::new(&face.shaper, direction, Some(script), None, &[]));
        let output = rustybuzz::shape_with_plan(&face.shaper, plan, buffer);
        let infos = output.glyph_infos();
        let ends = cluster_ends(infos.iter().map(|info| info.cluster), text.len());
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut advance: i64 = 0;
        for (info, position) in infos.iter().zip(output.glyph_positions()) {
            let start = usize::try_from(info.cluster).ok()?;
            let end = ends.get(&info.cluster).copied().unwrap_or(text.len());
            advance = advance.saturating_add(i64::from(position.x_advance));
            glyphs.push(Glyph {
                id: info.glyph_id,
                range: start..end,
                advance: position.x_advance,
                dx: position.x_offset,
                dy: position.y_offset,
            });
        }
        let width = scaled(advance, size, face.units);
        Some(Run {
            choice,
            text,
            glyphs,
            width,
        })
    }
}

/// Font units at a size, as a length.
fn scaled(units: i64, size: Length, em: i64) -> Length {
    units
        .saturating_mul(size)
        .checked_div(em)
        .unwrap_or_default()
}

/// Where each cluster ends: where the next one begins.
fn cluster_ends(clusters: impl Iterator<Item = u32>, len: usize) -> HashMap<u32, usize> {
    let starts: BTreeSet<u32> = clusters.collect();
    let ends = starts
        .iter()
        .skip(1)
        .map(|next| usize::try_from(*next).unwrap_or(len))
        .chain([len]);
    starts.iter().copied().zip(ends).collect()
}

/// Alphabets that share one font but not one set of shaping rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
}

fn alphabet(ch: char) -> Option<Alphabet> {
    match ch {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
            Some(Alphabet::Latin)
        }
        '\u{370}'..='\u{3ff}' => Some(Alphabet::Greek),
        '\u{400}'..='\u{52f}' => Some(Alphabet::Cyrillic),
        _ => None,
    }
}

/// The stretches of one direction as they stand on the page from left to right; true for those read from
/// the left. Where nothing is said about the whole line, its first letter with a direction decides.
fn in_visual_order(text: &str, base: Option<Level>) -> Vec<(String, bool)> {
    if base.is_none_or(|base| base.is_ltr()) && text.chars().all(|ch| u32::from(ch) < 0x590) {
        return vec![(text.to_owned(), true)];
    }
    let info = BidiInfo::new(text, base);
    let mut stretches = Vec::new();
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for range in runs {
            let level = levels.get(range.start).copied().unwrap_or(Level::ltr());
            let stretch = bare(text.get(range).unwrap_or_default());
            if !stretch.is_empty() {
                stretches.push((stretch, level.is_ltr()));
            }
        }
    }
    stretches
}
