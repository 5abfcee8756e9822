//! The document as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.
//!
//! The policy in its head forbids whatever a name may smuggle in. Texts that people typed run in their own
//! direction, and the page prints as it looks.

use super::content::{Block, Content, Row, StampKind, Total, Weight};
use super::direction::follows_the_page;
use super::layout::readable;
use super::locale::Locale;
use super::press::Unprintable;
use super::sheet::{Colour, Sheet};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// Writes the document.
pub fn html(sheet: &Sheet) -> Result<String, Unprintable> {
    let content = Content::of(sheet);
    let locale = Locale::of(&sheet.language, &sheet.country);
    let paper = if locale.uses_letter_paper() {
        "letter"
    } else {
        "A4"
    };
    let accent = rgb(sheet.brand.colour.unwrap_or(Colour(31, 35, 40)));
    let strong = rgb(readable(sheet.brand.colour));
    let title = escape(&format!("{} {}", content.title, content.number));
    let logo = match &sheet.brand.logo {
        Some(bytes) => picture(bytes, &content.seller.name)?,
        None => String::new(),
    };
    let mut page = String::new();
    page.push_str("<!DOCTYPE html>\n");
    push(
        &mut page,
        format_args!(
            "<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n",
            content.language,
            if content.from_right { "rtl" } else { "ltr" }
        ),
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"robots\" content=\"noindex\">\n");
    page.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
    push(
        &mut page,
        format_args!(
            "<title>{title}</title>\n<style>\n@page {{ size: {paper}; margin: 16mm 18mm; }}\n"
        ),
    );
    push(
        &mut page,
        format_args!(
            ":root {{ --accent: {accent}; --strong: {strong}; }}\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        ),
    );
    push(
        &mut page,
        format_args!(
            "<header>\n<div class=\"seller\">{logo}{}</div>\n",
            block(&content, &content.seller)
        ),
    );
    push(
        &mut page,
        format_args!(
            "<div class=\"title\"><h1>{}</h1>{}</div>\n</header>\n",
            escape(content.title),
            typed(&content, "p", &content.number)
        ),
    );
    push(
        &mut page,
        format_args!(
            "<section class=\"parties\">\n<div><h2>{}</h2>{}</div>\n{}</section>\n",
            escape(&content.words.bill_to),
            block(&content, &content.customer),
            facts(&content)
        ),
    );
    table(&content, &title, &mut page);
    sums(&content, &mut page);
    foot(&content, &mut page);
    page.push_str("</main>\n</body>\n</html>\n");
    Ok(page)
}

fn rgb(Colour(red, green, blue): Colour) -> String {
    format!("rgb({red}, {green}, {blue})")
}

/// Writing to a string cannot fail.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}

/// How a text runs: its first letter says it, and on a page from the right any letter from there.
fn way(content: &Content, text: &str) -> &'static str {
    match (content.from_right, follows_the_page(text)) {
        (false, _) => "auto",
        (true, true) => "rtl",
        (true, false) => "ltr",
    }
}

/// A text that people typed, in an element of its own.
fn typed(content: &Content, element: &str, text: &str) -> String {
    let way = way(content, text);
    format!("<{element} dir=\"{way}\">{}</{element}>", escape(text))
}

/// A figure, which runs from the left everywhere.
fn figure(content: &Content, text: &str) -> String {
    match content.from_right {
        false => format!("<td>{}</td>", escape(text)),
        true => format!("<td dir=\"ltr\">{}</td>", escape(text)),
    }
}

fn block(content: &Content, block: &Block) -> String {
    let way = way(content, &block.name);
    let mut out = format!(
        "<p class=\"name\" dir=\"{way}\">{}</p>",
        escape(&block.name)
    );
    for line in &block.lines {
        out.push_str(&typed(content, "p", line));
    }
    out
}

fn facts(content: &Content) -> String {
    let mut out = String::from("<dl>\n");
    for fact in &content.facts {
        push(
            &mut out,
            format_args!(
                "<div><dt>{}</dt>{}</div>\n",
                escape(&fact.label),
                typed(content, "dd", &fact.value)
            ),
        );
    }
    out + "</dl>\n"
}

fn table(content: &Content, title: &str, page: &mut String) {
    push(
        page,
        format_args!("<table class=\"lines\">\n<caption>{title}</caption>\n<thead><tr>"),
    );
    for head in &content.columns {
        push(
            page,
            format_args!("<th scope=\"col\">{}</th>", escape(head)),
        );
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in &content.rows {
        line(content, row, page);
    }
    page.push_str("</tbody>\n</table>\n");
}

fn line(content: &Content, row: &Row, page: &mut String) {
    page.push_str("<tr><th scope=\"row\">");
    page.push_str(&typed(content, "span", &row.description));
    for detail in &row.details {
        page.push_str(&typed(content, "small", detail));
    }
    page.push_str("</th>");
    for text in &row.figures {
        page.push_str(&figure(content, text));
    }
    page.push_str("</tr>\n");
}

fn sums(content: &Content, page: &mut String) {
    page.push_str("<section class=\"sums\">\n");
    if let Some(stamp) = &content.stamp {
        let class = match stamp.kind {
            StampKind::Paid => "paid",
            StampKind::Void | StampKind::PastDue => "alarm",
            StampKind::Draft => "draft",
        };
        push(
            page,
            format_args!(
                "<div class=\"stamp {class}\"><strong>{}</strong>",
                escape(&stamp.word)
            ),
        );
        for line in &stamp.lines {
            page.push_str(&typed(content, "p", line));
        }
        page.push_str("</div>\n");
    }
    page.push_str("<table>\n<tbody>\n");
    for total in &content.totals {
        sum(content, total, page);
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn sum(content: &Content, total: &Total, page: &mut String) {
    let class = match total.weight {
        Weight::Step => "step",
        Weight::Sum => "sum",
        Weight::Answer => "answer",
    };
    push(
        page,
        format_args!(
            "<tr class=\"{class}\"><th scope=\"row\">{}",
            typed(content, "span", &total.label)
        ),
    );
    if let Some(note) = &total.note {
        page.push_str(&typed(content, "small", note));
    }
    push(
        page,
        format_args!("</th>{}</tr>\n", figure(content, &total.value)),
    );
}

fn foot(content: &Content, page: &mut String) {
    if !content.notes.is_empty() {
        push(
            page,
            format_args!(
                "<section class=\"notes\">\n<h2>{}</h2>\n",
                escape(&content.words.notes)
            ),
        );
        for note in &content.notes {
            push(page, format_args!("{}\n", typed(content, "p", note)));
        }
        page.push_str("</section>\n");
    }
    if !content.footer.is_empty() {
        page.push_str("<footer>\n");
        for line in &content.footer {
            push(page, format_args!("{}\n", typed(content, "p", line)));
        }
        page.push_str("</footer>\n");
    }
}

/// The logo inside the file.
fn picture(bytes: &[u8], name: &str) -> Result<String, Unprintable> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, ..] => "jpeg",
        _ => {
            return Err(Unprintable::LogoNotReadable(
                "it is neither PNG nor JPEG".to_owned(),
            ));
        }
    };
    Ok(format!(
        "<img alt=\"{}\" src=\"data:image/{kind};base64,{}\">",
        escape(name),
        base64(bytes)
    ))
}

/// A text inside an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(ch),
        }
    }
    out
}

/// Bytes in the letters of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |value: u32| {
        let index = usize::try_from(value & 63).unwrap_or_default();
        LETTERS.get(index).copied().map_or('=', char::from)
    };
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let value = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        out.push(letter(value >> 18));
        out.push(letter(value >> 12));
        out.push(if three.len() > 1 {
            letter(value >> 6)
        } else {
            '='
        });
        out.push(if three.len() > 2 { letter(value) } else { '=' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::paper::samples;

    #[test]
    fn names_cannot_write_markup() {
        let page = html(&samples::hostile()).unwrap();
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!page.contains("<script"));
        assert!(!page.chars().any(|ch| ch.is_control() && ch != '\n'));
        assert!(!page.contains('\u{202e}') && !page.contains('\u{2066}'));
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere_and_names_its_heads() {
        let page = html(&samples::brazilian()).unwrap().replace('\u{a0}', " ");
        assert!(page.contains("<html lang=\"pt\" dir=\"ltr\">"));
        assert!(page.contains("<th scope=\"col\">Preço unitário</th>"));
        assert!(page.contains("<td>R$ 0,00</td>"));
        assert!(page.contains("src=\"data:image/png;base64,iVBORw0KGgo"));
        assert!(page.contains("size: A4"));
        for outside in ["http://", "https://", "url(", "@import", "<link", "<script"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn every_element_is_closed() {
        for sheet in [samples::plain(), samples::brazilian(), samples::hostile()] {
            let page = html(&sheet).unwrap();
            for name in [
                "p", "th", "td", "tr", "table", "tbody", "thead", "section", "div", "dl", "dt",
                "dd", "span", "small", "main", "html",
            ] {
                let opened = page.matches(&format!("<{name}>")).count()
                    + page.matches(&format!("<{name} ")).count();
                assert_eq!(
                    opened,
                    page.matches(&format!("</{name}>")).count(),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in table {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn a_logo_of_another_kind_is_refused() {
        let mut sheet = samples::plain();
        sheet.brand.logo = Some(b"<svg onload=alert(1)>".to_vec());
        assert!(matches!(html(&sheet), Err(Unprintable::LogoNotReadable(_))));
    }
}
