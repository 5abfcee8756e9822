//! Cells of a table that spreadsheets open: a text stays a text.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a control character for a formula, also
//! inside quotes. Such a text gets an apostrophe before it, which spreadsheets do not show. Figures that we
//! write ourselves need none of this.

use std::borrow::Cow;

/// A text that somebody typed, as a cell: one line, never a formula.
pub fn text(typed: &str) -> Cow<'_, str> {
    let breaks = |ch: char| ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}');
    let line: Cow<'_, str> = match typed.contains(breaks) {
        true => typed.replace(breaks, " ").into(),
        false => typed.into(),
    };
    match line
        .chars()
        .find(|ch| !ch.is_whitespace() && !invisible(*ch))
    {
        Some(first) if starts_formula(first) => format!("'{line}").into(),
        Some(_) | None => line,
    }
}

/// The signs and their full-width forms, which some spreadsheets fold into them.
fn starts_formula(ch: char) -> bool {
    matches!(
        ch,
        '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '−'
    )
}

fn invisible(ch: char) -> bool {
    matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn no_text_becomes_a_formula() {
        for typed in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =1",
            "\u{feff}=1",
            "\u{202e}=1",
            "＝1",
            "|calc",
            "%0a=1",
            "\n=HYPERLINK(\"http://x\")",
        ] {
            let cell = text(typed);
            assert!(cell.starts_with('\''), "{typed:?} became {cell:?}");
            assert!(!cell.contains(char::is_control));
        }
        for plain in ["Acme", "Ação & Cia", "'quoted", "3 seats", "中文", ""] {
            assert_eq!(text(plain), plain);
        }
        assert_eq!(text("Acme\r\n=1"), "Acme  =1");
    }
}
