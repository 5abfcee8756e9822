//! Breaks a text into lines of a width.

use super::shape::{Length, Shaped, Shaper, Style};
use unicode_segmentation::UnicodeSegmentation;

impl Shaper {
    /// The text in lines no wider than `width`, at most `most` of them; the last says `…` when there was more.
    pub fn wrap(&mut self, text: &str, style: Style, width: Length, most: usize) -> Vec<Shaped> {
        let whole = self.shape(text, style);
        if whole.width <= width {
            return vec![whole];
        }
        let mut lines = self.split(text, style, width);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                let kept = last.graphemes(true).count().saturating_sub(2);
                *last = last.graphemes(true).take(kept).collect::<String>() + "…";
            }
        }
        let base = self.base_of(text);
        let lines = lines.iter();
        lines.map(|line| self.shape_in(line, style, base)).collect()
    }

    /// The text in as many letters as fit on one line, with `…` after what was cut.
    pub fn fit(&mut self, text: &str, style: Style, width: Length) -> Shaped {
        let whole = self.shape(text, style);
        if whole.width <= width {
            return whole;
        }
        let mut used = self.width("…", style);
        let mut kept = String::new();
        for letter in text.graphemes(true) {
            used = used.saturating_add(self.width(letter, style));
            if used > width {
                break;
            }
            kept.push_str(letter);
        }
        let base = self.base_of(text);
        self.shape_in(&(kept.trim_end().to_owned() + "…"), style, base)
    }

    fn split(&mut self, text: &str, style: Style, width: Length) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut used: Length = 0;
        for chunk in chunks(text) {
            let (full, bare) = (
                self.width(chunk, style),
                self.width(chunk.trim_end(), style),
            );
            if used.saturating_add(bare) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            if bare <= width {
                line.push_str(chunk);
                used = used.saturating_add(full);
                continue;
            }
            for letter in chunk.graphemes(true) {
                let step = self.width(letter, style);
                if used.saturating_add(step) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(letter);
                used = used.saturating_add(step);
            }
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        lines
    }

    fn width(&mut self, text: &str, style: Style) -> Length {
        self.shape(text, style).width
    }
}

/// Pieces between which a line may break: behind spaces, hyphens and slashes, and around Chinese and
/// Japanese signs, but never before a closing mark.
fn chunks(text: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut before: Option<char> = None;
    for (at, cluster) in text.grapheme_indices(true) {
        let Some(ch) = cluster.chars().next() else {
            continue;
        };
        if before.is_some_and(|before| may_break(before, ch)) {
            cuts.push(at);
        }
        before = cluster.chars().next_back();
    }
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([text.len()]);
    starts
        .zip(ends)
        .filter_map(|(start, end)| text.get(start..end))
        .collect()
}

fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "、。，．：；！？）」』】〕》〉ー々,.:;!?)]}%";
    const OPENING: &str = "（「『【〔《〈([{";
    if CLOSING.contains(after) || OPENING.contains(before) || after == ' ' {
        return false;
    }
    before == ' '
        || (matches!(before, '-' | '/' | '–' | '—') && after.is_alphabetic())
        || is_han(before)
        || is_han(after)
}

fn is_han(ch: char) -> bool {
    matches!(ch, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::super::fonts::{Typefaces, Weight};
    use super::*;

    const STYLE: Style = Style {
        size: 10_000,
        weight: Weight::Regular,
    };

    fn shaper() -> Shaper {
        Shaper::new(Typefaces::new(Vec::new()))
    }

    fn texts(lines: &[Shaped]) -> Vec<String> {
        let text = |line: &Shaped| line.runs.iter().map(|run| run.text.as_str()).collect();
        lines.iter().map(text).collect()
    }

    #[test]
    fn lines_break_at_spaces_hyphens_and_between_chinese_signs() {
        assert_eq!(
            chunks("one two-three/four -5%"),
            ["one ", "two-", "three/", "four ", "-5%"]
        );
        assert_eq!(
            chunks("北京（示例）公司。"),
            ["北", "京", "（示", "例）", "公", "司。"]
        );
        assert_eq!(chunks(""), [""]);
    }

    #[test]
    fn no_line_is_wider_than_asked_and_nothing_is_lost() {
        let mut shaper = shaper();
        let long = format!("Support and {} until further notice", "x".repeat(200));
        let lines = shaper.wrap(&long, STYLE, 120_000, 99);
        assert!(lines.len() > 8);
        assert!(lines.iter().all(|line| line.width <= 120_000));
        let spoken: String = texts(&lines).concat();
        assert_eq!(spoken.replace(' ', ""), long.replace(' ', ""));
    }

    #[test]
    fn what_is_cut_off_says_so() {
        let lines = shaper().wrap(
            "many words that do not fit into two lines",
            STYLE,
            60_000,
            2,
        );
        assert_eq!(lines.len(), 2);
        assert!(texts(&lines)[1].ends_with('…'), "{:?}", texts(&lines));
    }

    #[test]
    fn figures_of_the_same_count_are_equally_wide() {
        let mut shaper = shaper();
        let widths: Vec<Length> = ["1,111.11", "9,876.54", "0,000.00"]
            .iter()
            .map(|text| shaper.shape(text, STYLE).width)
            .collect();
        assert!(
            widths.windows(2).all(|pair| pair[0] == pair[1]),
            "{widths:?}"
        );
    }

    #[test]
    fn arabic_runs_from_the_right_and_joins_its_letters() {
        let mut shaper = shaper();
        let shaped = shaper.shape("شركة 42 Ltd", STYLE);
        let texts: Vec<&str> = shaped
            .runs
            .iter()
            .map(|run| run.text.trim())
            .filter(|t| !t.is_empty())
            .collect();
        assert_eq!(texts, ["Ltd", "42", "شركة"]);
        let alone: Length = "شركة"
            .chars()
            .map(|ch| shaper.shape(&ch.to_string(), STYLE).width)
            .sum();
        let joined = shaper.shape("شركة", STYLE).width;
        assert!(
            joined < alone,
            "joined letters are narrower: {joined} of {alone}"
        );
        assert!(shaper.take_missing().is_empty());
    }

    #[test]
    fn scripts_compiled_in_need_no_font_of_the_machine() {
        let mut shaper = shaper();
        let names = "Ação Žižek Đặng Ελλάδα Москва שלום 北京示例有限公司 株式会社サンプル हिन्दी ไทย Հայ ქართული €₹₽";
        shaper.shape(names, STYLE);
        shaper.shape(
            names,
            Style {
                weight: Weight::Bold,
                ..STYLE
            },
        );
        assert_eq!(shaper.take_missing(), Vec::<char>::new());
    }

    #[test]
    fn a_letter_that_no_font_has_is_printed_as_its_code_and_reported() {
        let mut shaper = shaper();
        let shaped = shaper.shape("Go \u{1f680}!", STYLE);
        assert_eq!(texts(&[shaped]), ["Go [U+1F680]!"]);
        assert_eq!(shaper.take_missing(), ['\u{1f680}']);
        assert!(shaper.take_missing().is_empty());
    }
}
