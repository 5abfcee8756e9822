//! Finds, among the font files of the machine, one that has a letter.
//!
//! Of every file only the table of letters is read, once, and kept as stretches. Files are tried in the order
//! of their names, plain faces before bold and slanted ones, so that a machine always gives the same answer.

use rustybuzz::ttf_parser::cmap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How deep and how far folders are searched, and how large a font may be.
const DEPTH: usize = 6;
const FILES: usize = 6_000;
const LARGEST: u64 = 96 * 1024 * 1024;

/// One font of one file and the letters it has.
struct Entry {
    path: PathBuf,
    index: u32,
    stretches: Vec<(u32, u32)>,
}

/// The fonts of the machine.
pub struct Shelf {
    folders: Vec<PathBuf>,
    entries: Option<Vec<Entry>>,
}

impl Shelf {
    /// The fonts below some folders; nothing is read before the first question.
    pub fn new(folders: Vec<PathBuf>) -> Shelf {
        Shelf {
            folders,
            entries: None,
        }
    }

    /// Offers fonts that have all letters to `take`, the best first, until it takes one.
    pub fn find(&mut self, letters: &str, mut take: impl FnMut(&'static [u8], u32) -> bool) {
        let folders = &self.folders;
        let entries = self.entries.get_or_insert_with(|| read_all(folders));
        for entry in entries.iter() {
            let has = |ch: char| has(&entry.stretches, u32::from(ch));
            if !letters
                .chars()
                .all(|ch| matches!(ch, '\u{200c}' | '\u{200d}') || has(ch))
            {
                continue;
            }
            let Ok(bytes) = std::fs::read(&entry.path) else {
                continue;
            };
            // A font lives as long as the process: every later document may need it again.
            if take(Box::leak(bytes.into_boxed_slice()), entry.index) {
                return;
            }
        }
    }
}

fn has(stretches: &[(u32, u32)], letter: u32) -> bool {
    let behind = stretches.partition_point(|(first, _)| *first <= letter);
    let before = behind.checked_sub(1).and_then(|at| stretches.get(at));
    before.is_some_and(|(_, last)| letter <= *last)
}

fn read_all(folders: &[PathBuf]) -> Vec<Entry> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(folder, DEPTH, &mut paths);
    }
    paths.sort_by_cached_key(|path| (fancy(path), path.clone()));
    paths.dedup();
    paths
        .iter()
        .flat_map(|path| read(path).unwrap_or_default())
        .collect()
}

/// How many words in a file's name speak against it for running text.
fn fancy(path: &Path) -> usize {
    const WORDS: [&str; 14] = [
        "bold",
        "italic",
        "oblique",
        "light",
        "thin",
        "black",
        "medium",
        "mono",
        "serif",
        "condensed",
        "display",
        "emoji",
        "kufi",
        "nastaliq",
    ];
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    WORDS.iter().filter(|word| name.contains(*word)).count()
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    let Ok(list) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in list.flatten() {
        let path = entry.path();
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let Ok(about) = std::fs::metadata(&path) else {
            continue;
        };
        if about.is_dir() && depth > 0 {
            collect(&path, depth.saturating_sub(1), paths);
        } else if matches!(ending.as_str(), "ttf" | "otf" | "ttc" | "otc")
            && about.is_file()
            && about.len() <= LARGEST
            && paths.len() < FILES
        {
            paths.push(path);
        }
    }
}

/// The fonts of one file with their letters; nothing for a file that is no font with outlines.
fn read(path: &Path) -> Option<Vec<Entry>> {
    let mut file = File::open(path).ok()?;
    let head = bytes(&mut file, 0, 12)?;
    let mut starts = vec![0];
    if head.starts_with(b"ttcf") {
        let count = u64::from(number(&head, 8)?.min(64));
        let list = bytes(&mut file, 12, count.saturating_mul(4))?;
        starts = (0..)
            .step_by(4)
            .map_while(|at| number(&list, at))
            .map(u64::from)
            .collect();
    }
    let mut entries = Vec::new();
    for (index, start) in starts.into_iter().enumerate() {
        let index = u32::try_from(index).ok()?;
        if let Some(stretches) = letters(&mut file, start) {
            entries.push(Entry {
                path: path.to_owned(),
                index,
                stretches,
            });
        }
    }
    Some(entries)
}

/// The letters of the font whose table of tables begins at `start`.
fn letters(file: &mut File, start: u64) -> Option<Vec<(u32, u32)>> {
    let head = bytes(file, start, 12)?;
    let count = head
        .get(4..6)
        .map(|two| u64::from(u16::from_be_bytes([two[0], two[1]])))?;
    let tables = bytes(file, start.saturating_add(12), count.saturating_mul(16))?;
    let outlined = tables
        .chunks(16)
        .any(|row| row.starts_with(b"glyf") || row.starts_with(b"CFF"));
    let row = tables.chunks(16).find(|row| row.starts_with(b"cmap"))?;
    let place = (
        u64::from(number(row, 8)?),
        u64::from(number(row, 12)?.min(4_000_000)),
    );
    let data = bytes(file, place.0, place.1)?;
    outlined.then_some(())?;
    let mut codes = Vec::new();
    for subtable in cmap::Table::parse(&data)?
        .subtables
        .into_iter()
        .filter(cmap::Subtable::is_unicode)
    {
        subtable.codepoints(|code| {
            if subtable.glyph_index(code).is_some_and(|glyph| glyph.0 != 0) {
                codes.push(code);
            }
        });
    }
    codes.sort_unstable();
    codes.dedup();
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for code in codes {
        match stretches.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(code) => *last = code,
            _ => stretches.push((code, code)),
        }
    }
    Some(stretches)
}

fn bytes(file: &mut File, start: u64, count: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = vec![0; usize::try_from(count).ok()?];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
