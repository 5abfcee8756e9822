//! Which way a text runs on a page: languages written from right to left, and what keeps its own way in them.

/// Languages whose pages run from right to left: Arabic, Hebrew, Persian, Urdu.
const FROM_RIGHT: [&str; 4] = ["ar", "he", "fa", "ur"];

/// Whether pages in a language of two letters run from right to left.
pub fn runs_from_right(language: &str) -> bool {
    FROM_RIGHT.contains(&language)
}

/// Begins a stretch that runs from the left whatever stands around it; [`END`] ends it.
const FROM_LEFT: char = '\u{2066}';
const END: char = '\u{2069}';
/// A mark without a sign that counts as a letter from the right.
const RIGHT_MARK: char = '\u{200f}';

/// Whether a character only steers direction and is never drawn.
pub fn is_mark(ch: char) -> bool {
    matches!(ch, RIGHT_MARK | FROM_LEFT | END)
}

/// A figure or formula that keeps its order inside a sentence from the right.
pub fn figure(text: &str, from_right: bool) -> String {
    match from_right {
        true => format!("{FROM_LEFT}{text}{END}"),
        false => text.to_owned(),
    }
}

/// The same for every stretch between the words of a sentence.
pub fn figures_in(text: &str, from_right: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_from_right).filter(|_| from_right) {
        let (before, word) = rest.split_at(at);
        let end = word.find(|ch: char| !is_from_right(ch) && ch != ' ');
        let (word, after) = word.split_at(end.unwrap_or(word.len()));
        let bare = before.trim_end();
        if !bare.is_empty() {
            out.push_str(&figure(bare, from_right));
            out.push_str(before.get(bare.len()..).unwrap_or_default());
        }
        out.push_str(word);
        rest = after;
    }
    if !rest.is_empty() {
        out.push_str(&figure(rest, from_right));
    }
    out
}

/// Days and the like, which follow the page although they hold no letter.
pub fn sentence(text: &str, from_right: bool) -> String {
    match from_right {
        true => format!("{RIGHT_MARK}{text}"),
        false => text.to_owned(),
    }
}

/// The text without steering marks.
pub fn bare(text: &str) -> String {
    text.chars().filter(|ch| !is_mark(*ch)).collect()
}

/// Whether a text on a page from the right runs with the page: it does when anything in it is written so.
pub fn follows_the_page(text: &str) -> bool {
    let mut isolated = false;
    text.chars().any(|ch| {
        match ch {
            FROM_LEFT => isolated = true,
            END => isolated = false,
            _ => {}
        }
        !isolated && (ch == RIGHT_MARK || is_from_right(ch))
    })
}

/// Letters of the Hebrew, Arabic, Syriac, Thaana and N'Ko blocks and their presentation forms.
fn is_from_right(ch: char) -> bool {
    matches!(ch, '\u{5be}'..='\u{65f}' | '\u{66d}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_letters_from_the_right_follow_the_page_and_figures_do_not() {
        assert!(runs_from_right("ar") && !runs_from_right("en"));
        for text in ["شركة", "Acme שלום", "\u{200f}05/03/2026 – 04/09/2026"] {
            assert!(follows_the_page(text), "{text}");
        }
        for text in [
            "-1,234.50 US$",
            "Acme Ltd",
            "",
            "+55 11 5555",
            &figure("שלום", true),
        ] {
            assert!(!follows_the_page(text), "{text}");
        }
        assert_eq!(bare(&sentence(&figure("-5", true), true)), "-5");
        assert_eq!(sentence(&figure("-5", false), false), "-5");
        assert_eq!(
            figures_in("-2 × 9.00 × 3/31 يوم ≤ 5.00", true),
            "\u{2066}-2 × 9.00 × 3/31\u{2069} يوم \u{2066}≤ 5.00\u{2069}"
        );
        assert_eq!(figures_in("2 × 9 days", false), "2 × 9 days");
    }
}
