//! Makes a text that somebody typed fit to stand on a page.
//!
//! A name may hold anything. On paper it must not steer a terminal or a reader, turn the words around it,
//! hide letters or push the amounts off the page.

use unicode_segmentation::UnicodeSegmentation;

/// How many combining marks one letter keeps; Vietnamese and Hebrew need three, towers of marks have dozens.
const MARKS: usize = 4;

/// One line: line ends and tabs become spaces, runs of spaces one; at most `limit` letters, with `…` after
/// what was cut.
pub fn line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count: usize = 0;
    let mut gap = false;
    for cluster in text.graphemes(true) {
        let Some(cluster) = letter(cluster) else {
            continue;
        };
        if cluster == " " {
            gap = !out.is_empty();
            continue;
        }
        if count >= limit {
            out.push('…');
            break;
        }
        if gap {
            out.push(' ');
            count = count.saturating_add(1);
        }
        gap = false;
        out.push_str(&cluster);
        count = count.saturating_add(1);
    }
    out
}

/// Lines: line ends are kept, every line is treated like [`line`], empty ones at both ends fall away.
pub fn paragraphs(text: &str, limit: usize) -> Vec<String> {
    let text: String = text.chars().take(limit).collect();
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let mut lines: Vec<String> = text.split('\n').map(|one| line(one, limit)).collect();
    lines.dedup_by(|one, other| one.is_empty() && other.is_empty());
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    lines
}

/// One letter with its marks, rid of what must not be printed; nothing when nothing is left.
fn letter(cluster: &str) -> Option<String> {
    let mut out = String::new();
    let mut marks: usize = 0;
    for ch in cluster.chars() {
        let Some(ch) = printable(ch) else { continue };
        if !out.is_empty() {
            marks = marks.saturating_add(1);
        }
        if marks <= MARKS {
            out.push(ch);
        }
    }
    match out.trim() {
        "" if out.is_empty() => None,
        "" => Some(" ".to_owned()),
        _ => Some(out),
    }
}

/// What is printed for a character: a space for every kind of gap, nothing for controls, the mark U+FFFD
/// for characters that have no agreed meaning.
fn printable(ch: char) -> Option<char> {
    match ch {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ if ch.is_whitespace() => Some(' '),
        _ if ch.is_control() || steers(ch) => None,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fdd0}'..='\u{fdef}' => Some('\u{fffd}'),
        _ if u32::from(ch) & 0xfffe == 0xfffe => Some('\u{fffd}'),
        _ => Some(ch),
    }
}

/// Characters without a picture that change how others are shown. The two joiners stay, because Persian and
/// Indian scripts are written with them.
fn steers(ch: char) -> bool {
    matches!(ch,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_escapes_and_direction_marks_do_not_reach_the_page() {
        let table = [
            ("Acme\r\nBcc: x@y", "Acme Bcc: x@y"),
            ("\u{1b}[31mred\u{1b}[0m\u{7}", "[31mred[0m"),
            ("\u{202e}evil\u{202c} \u{2067}x\u{2069}\u{200f}", "evil x"),
            ("  a \t\u{a0}\u{3000} b  ", "a b"),
            ("zero\u{200b}width\u{feff}\u{ad}", "zerowidth"),
            ("private \u{e001}", "private \u{fffd}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\0\u{9b}", ""),
        ];
        for (typed, expected) in table {
            assert_eq!(line(typed, 100), expected, "{typed:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_letters_and_say_so() {
        let long = "é".repeat(10_000);
        assert_eq!(line(&long, 5), "ééééé…");
        assert_eq!(line("ab cd", 3), "ab c…");
        assert_eq!(line("abc", 3), "abc");
        let tower = format!("a{}b", "\u{301}".repeat(500));
        assert_eq!(line(&tower, 9).chars().count(), 6);
    }

    #[test]
    fn notes_keep_their_lines() {
        let typed = "\n\nOne\r\ntwo\r\r\r\n three \u{2028}four\n\n";
        assert_eq!(paragraphs(typed, 900), ["One", "two", "", "three", "four"]);
        assert!(paragraphs("\n \n", 900).is_empty());
    }
}
