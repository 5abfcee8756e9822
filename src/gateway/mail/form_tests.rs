//! The form of a mail, read by the standards' own rules: RFC 5322 (lines and fields), 2045 to 2047 (parts and
//! encoded words), 2231 (names of files), 3834 (mail that nobody typed).

use super::*;

/// A letter whose names, subject and file are long and of many scripts.
fn letter() -> Letter {
    let long =
        "Société Générale d'Équipements Électromécaniques 北京示例有限公司 شركة المثال ".repeat(3);
    let who = |name: &str, address: &str| Correspondent {
        name: Some(name.trim().to_owned()),
        address: address.to_owned(),
    };
    Letter {
        from: who(&long, "rechnung@nordlicht.example"),
        reply_to: Some(who("Jörg Müller", "joerg@nordlicht.example")),
        to: vec![
            who("Contoso, Ltd. \"AP\"", "ap@contoso.example"),
            who(&long, "ana@contoso.example"),
        ],
        subject: format!("Rechnung 42: {}", long.trim()),
        text: format!("{long}\n.\nFrom here on\n\n{}\n", "x".repeat(2_000)),
        html: Some(format!("<p>{long}</p><p>{}</p>", "=".repeat(2_000))),
        attachments: vec![Attachment {
            name: "Rechnung – Büro «Süd» 北京 2026 mit einem Namen, der lang ist; \"so\".pdf"
                .to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: (0..=255).cycle().take(5_000).collect(),
        }],
        message_id: "receipt.1.abc@nordlicht.example".to_owned(),
        date: "2026-07-01T09:00:00Z".parse().unwrap(),
    }
}

fn packed() -> String {
    String::from_utf8(pack(&letter()).unwrap().bytes).unwrap()
}

/// The fields of a head, unfolded, in their order.
fn fields(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.split("\r\n").filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        })
        .collect()
}

/// The parameter of a field, put together from its numbered pieces and decoded.
fn parameter(value: &str, name: &str) -> String {
    let mut pieces: Vec<(usize, String)> = Vec::new();
    for part in value.split(';').map(str::trim) {
        let Some((key, piece)) = part.split_once('=') else {
            continue;
        };
        let Some(rest) = key.strip_prefix(name) else {
            continue;
        };
        let place = rest.trim_matches('*').parse().unwrap_or(0);
        pieces.push((place, piece.to_owned()));
    }
    pieces.sort();
    let whole: String = pieces.into_iter().map(|(_, piece)| piece).collect();
    let encoded = whole.strip_prefix("utf-8''").unwrap();
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let hex = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_line_is_short_plain_and_ended_by_both_signs() {
    let mail = packed();
    assert!(mail.is_ascii() && mail.ends_with("\r\n"));
    for line in mail.split("\r\n") {
        assert!(line.len() <= 78, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
    }
}

#[test]
fn each_field_stands_once_and_the_mail_says_that_nobody_typed_it() {
    let mail = packed();
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let fields = fields(head);
    let values = |name: &str| -> Vec<&str> {
        let own = fields.iter().filter(|(field, _)| field == name);
        own.map(|(_, value)| value.as_str()).collect()
    };
    for name in [
        "from",
        "to",
        "reply-to",
        "subject",
        "mime-version",
        "content-type",
    ] {
        assert_eq!(values(name).len(), 1, "{name}");
    }
    assert_eq!(values("date"), ["Wed, 01 Jul 2026 09:00:00 +0000"]);
    assert_eq!(values("message-id"), ["<receipt.1.abc@nordlicht.example>"]);
    assert_eq!(values("auto-submitted"), ["auto-generated"]);
    // A mail about somebody's own purchase is on no list and hides no receiver.
    for (name, _) in &fields {
        assert!(
            name != "bcc" && name != "precedence" && !name.starts_with("list-"),
            "{name}"
        );
    }
    let words = head.split_whitespace();
    for word in words.filter(|word| word.starts_with("=?")) {
        let word = word.trim_end_matches([',', ';']);
        assert!(word.len() <= 75 && word.ends_with("?="), "{word}");
    }
    let to = values("to")[0];
    for address in ["<ap@contoso.example>,", "<ana@contoso.example>"] {
        assert!(to.contains(address), "{to}");
    }
}

#[test]
fn words_come_before_files_and_a_file_keeps_its_name_in_any_script() {
    let mail = packed();
    let kinds: Vec<&str> = mail
        .split("\r\n")
        .filter_map(|line| line.strip_prefix("Content-Type: "))
        .collect();
    let expected = [
        "multipart/mixed;",
        "multipart/alternative;",
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
        "application/pdf",
    ];
    assert_eq!(kinds, expected);
    // A line between parts stands nowhere else.
    for (place, ends) in [("whole", 1 + 1 + 1), ("words", 2 + 1)] {
        let mark = format!("--=_{place}_");
        let lines = mail.split("\r\n").filter(|line| line.starts_with(&mark));
        assert_eq!(lines.count(), ends, "{place}");
    }
    let at = mail.find("Content-Disposition: attachment").unwrap();
    let head = mail[at..].split("\r\n\r\n").next().unwrap();
    let fields = fields(head);
    let unfolded = fields[0].1.replace("; ", ";");
    assert_eq!(
        parameter(&unfolded, "filename"),
        letter().attachments[0].name
    );
}
