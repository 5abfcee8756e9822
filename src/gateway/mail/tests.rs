//! What arrives, what is refused, and what is tried again.

use super::sink::{Answers, Sink};
use super::*;
use std::path::Path;

pub(super) fn letter() -> Letter {
    Letter {
        from: Correspondent {
            name: Some("Ação & Conexão, Ltda.".to_owned()),
            address: "billing@acao.example".to_owned(),
        },
        reply_to: None,
        to: vec![Correspondent {
            name: Some("北京示例".to_owned()),
            address: "ap@contoso.example".to_owned(),
        }],
        subject: "Fatura 2026/000042 – vencimento em 19/03/2026".to_owned(),
        text: "Olá!\n.\nA fatura está anexa.\n".to_owned(),
        html: Some("<p>Olá!</p>".to_owned()),
        attachments: vec![Attachment {
            name: "fatura 42 – ação.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: (0..=255).collect(),
        }],
        message_id: "renewal_reminder.17.2026-03-19@acao.example".to_owned(),
        date: "2026-03-05T14:30:00Z".parse().unwrap(),
    }
}

pub(super) fn route(port: u16) -> SmtpRoute {
    SmtpRoute {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: Security::Plain,
        login: None,
        authority: None,
        timeout_seconds: 5,
    }
}

fn send(sink: &Sink, letter: &Letter) -> Outcome {
    Postman::new(&Route::Smtp(route(sink.port)))
        .unwrap()
        .send(letter)
}

#[test]
fn a_letter_arrives_whole_and_a_second_try_is_the_same_mail() {
    let sink = Sink::start(&[]);
    assert_eq!(send(&sink, &letter()), Outcome::Delivered);
    assert_eq!(send(&sink, &letter()), Outcome::Delivered);
    let letters = sink.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], letters[1]);
    let mail = &letters[0];
    for line in [
        "Message-ID: <renewal_reminder.17.2026-03-19@acao.example>\r\n",
        "Date: Thu, 05 Mar 2026 14:30:00 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        "Content-Type: application/pdf\r\n",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4",
    ] {
        assert!(mail.contains(line), "{line}\n{mail}");
    }
    assert!(mail.is_ascii(), "names travel encoded");
    let commands = sink.commands();
    assert!(
        commands
            .iter()
            .any(|command| command.starts_with("MAIL FROM:<billing@acao.example>"))
    );
    assert!(
        commands
            .iter()
            .any(|command| command.starts_with("RCPT TO:<ap@contoso.example>"))
    );
}

#[test]
fn each_answer_of_a_server_is_delivered_try_later_or_refused() {
    let table: [(Answers, &str, &str); 9] = [
        (&[("RCPT", "450 mailbox busy")], "later", "mailbox busy"),
        (
            &[("RCPT", "550 5.1.1 no such user")],
            "refused",
            "no such user",
        ),
        (&[("MAIL", "421 closing down")], "later", "421"),
        (&[("MAIL", "530 log in first")], "later", "530"),
        (&[("DATA", "451 try again")], "later", "try again"),
        (&[("DATA.", "552 too large")], "refused", "too large"),
        (&[("DATA.", "hang up")], "later", ""),
        (&[("EHLO", "hang up")], "later", ""),
        (&[("RCPT", "550 \u{1b}[31mred\u{7}")], "refused", "red"),
    ];
    for (answers, expected, why) in table {
        let sink = Sink::start(answers);
        let (got, said) = match send(&sink, &letter()) {
            Outcome::Delivered => ("delivered", String::new()),
            Outcome::TryLater(why) | Outcome::NoWay(why) => ("later", why),
            Outcome::Refused(why) => ("refused", why),
        };
        assert_eq!(got, expected, "{answers:?}: {said}");
        assert!(
            said.contains(why) && !said.chars().any(char::is_control),
            "{answers:?}: {said:?}"
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_tried_again_later() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let postman = Postman::new(&Route::Smtp(route(port))).unwrap();
    assert!(matches!(postman.send(&letter()), Outcome::NoWay(_)));
}

#[test]
fn no_text_can_add_a_header_and_such_a_letter_never_reaches_a_server() {
    let sink = Sink::start(&[]);
    let spoil: [fn(&mut Letter, String); 8] = [
        |letter, bad| letter.subject = bad,
        |letter, bad| letter.from.name = Some(bad),
        |letter, bad| letter.from.address = bad,
        |letter, bad| letter.to[0].name = Some(bad),
        |letter, bad| letter.to[0].address = bad,
        |letter, bad| letter.message_id = bad,
        |letter, bad| letter.attachments[0].name = bad,
        |letter, bad| letter.attachments[0].media_type = bad,
    ];
    for (index, spoil) in spoil.iter().enumerate() {
        for bad in [
            "a@b.example\r\nBcc: victim@example.org",
            "a@b.example\nX: y",
            "a@b.example\rX",
            "a\0@b.example",
            "\u{2028}x",
        ] {
            let mut letter = letter();
            spoil(&mut letter, bad.to_owned());
            assert!(
                matches!(send(&sink, &letter), Outcome::Refused(_)),
                "{index}: {bad:?}"
            );
        }
    }
    for address in [
        "",
        "nobody",
        "-oQ/tmp@b.example",
        "a b@c.example",
        "<a@b.example>",
    ] {
        let mut letter = letter();
        letter.to[0].address = address.to_owned();
        assert!(
            matches!(send(&sink, &letter), Outcome::Refused(_)),
            "{address:?}"
        );
    }
    let mut nobody = letter();
    nobody.to.clear();
    assert!(matches!(send(&sink, &nobody), Outcome::Refused(_)));
    assert_eq!(sink.commands(), Vec::<String>::new());
}

#[test]
fn names_and_subjects_of_ten_thousand_letters_stay_in_their_header() {
    let sink = Sink::start(&[]);
    let mut long = letter();
    long.subject = "é".repeat(10_000);
    long.to[0].name = Some("\u{202e}\"; <x@y.example>, ".repeat(500));
    assert_eq!(send(&sink, &long), Outcome::Delivered);
    let mail = &sink.letters()[0];
    assert!(mail.lines().all(|line| line.len() <= 998));
    let to = sink
        .commands()
        .into_iter()
        .filter(|command| command.starts_with("RCPT"))
        .count();
    assert_eq!(to, 1);
}

#[test]
fn a_password_goes_only_where_nobody_can_read_it() {
    let login = Some(Login {
        user: "desk".to_owned(),
        password: Secret::new("hunter2".to_owned()),
    });
    let open = SmtpRoute {
        host: "mail.example".to_owned(),
        login: login.clone(),
        ..route(25)
    };
    assert!(matches!(
        Postman::new(&Route::Smtp(open.clone())),
        Err(RouteWrong::PasswordWithoutTls { .. })
    ));
    assert!(!format!("{open:?}").contains("hunter2"));

    let sink = Sink::start(&[]);
    let upgrade = SmtpRoute {
        security: Security::StartTls,
        login: login.clone(),
        ..route(sink.port)
    };
    let outcome = Postman::new(&Route::Smtp(upgrade)).unwrap().send(&letter());
    assert!(
        matches!(outcome, Outcome::NoWay(_)),
        "the server cannot encrypt: {outcome:?}"
    );
    let commands = sink.commands().join("\n");
    assert!(
        !commands.contains("AUTH") && !commands.contains("MAIL"),
        "{commands}"
    );

    let here = SmtpRoute {
        login,
        ..route(sink.port)
    };
    assert_eq!(
        Postman::new(&Route::Smtp(here)).unwrap().send(&letter()),
        Outcome::Delivered
    );
    assert!(
        sink.commands()
            .iter()
            .any(|command| command == "AUTH PLAIN AGRlc2sAaHVudGVyMg==")
    );
}

#[test]
fn a_wrong_password_is_mended_and_tried_again_not_given_up() {
    let sink = Sink::start(&[("AUTH", "535 5.7.8 wrong password")]);
    let login = Some(Login {
        user: "desk".to_owned(),
        password: Secret::new("hunter2".to_owned()),
    });
    let postman = Postman::new(&Route::Smtp(SmtpRoute {
        login,
        ..route(sink.port)
    }))
    .unwrap();
    let Outcome::NoWay(why) = postman.send(&letter()) else {
        panic!("given up")
    };
    assert!(
        why.contains("wrong password") && !why.contains("hunter2"),
        "{why}"
    );
}

#[test]
fn secrets_come_from_a_file_or_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    assert_eq!(
        Secret::from_file(&path),
        Ok(Secret::new("hunter2".to_owned()))
    );
    std::fs::write(&path, "\n").unwrap();
    assert!(Secret::from_file(&path).is_err());
    assert!(Secret::from_file(Path::new("/nowhere/password")).is_err());
    assert!(Secret::from_variable("SUBDESK_NO_SUCH_PASSWORD").is_err());
}

#[test]
fn a_folder_gets_each_letter_once_however_often_it_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let postman = Postman::new(&Route::Folder { path: path.clone() }).unwrap();
    let mut other = letter();
    other.message_id = "other/../17@acao.example".to_owned();
    for letter in [&letter(), &letter(), &other] {
        assert_eq!(postman.send(letter), Outcome::Delivered);
    }
    let files: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(
        files
            .iter()
            .all(|file| file.extension().is_some_and(|ending| ending == "eml"))
    );
    std::fs::write(folder.path().join("file"), "").unwrap();
    let blocked = Postman::new(&Route::Folder {
        path: folder.path().join("file"),
    })
    .unwrap();
    assert!(matches!(blocked.send(&letter()), Outcome::NoWay(_)));
}

#[cfg(unix)]
#[test]
fn sendmail_gets_the_addresses_and_the_mail_and_its_status_is_the_answer() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = |status: u8| {
        let path = folder.path().join(format!("sendmail-{status}"));
        let out = folder.path().display();
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > {out}/args\ncat > {out}/mail\necho 'no luck' >&2\nexit {status}\n"
        );
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    // Another test that starts a program just now may hold the script open for writing for an instant.
    let busy = |outcome: &Outcome| matches!(outcome, Outcome::NoWay(why) if why.contains("busy"));
    let send = |status| {
        let postman = Postman::new(&Route::Sendmail {
            program: program(status),
        })
        .unwrap();
        (0..100)
            .map(|_| postman.send(&letter()))
            .find(|outcome| !busy(outcome))
            .unwrap()
    };
    assert_eq!(send(0), Outcome::Delivered);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        read("args"),
        "-i\n-f\nbilling@acao.example\n--\nap@contoso.example\n"
    );
    assert!(read("mail").contains("Message-ID: <renewal_reminder.17.2026-03-19@acao.example>\n"));
    assert!(matches!(send(67), Outcome::Refused(why) if why.contains("no luck")));
    for status in [1, 75, 78] {
        assert!(matches!(send(status), Outcome::NoWay(_)), "{status}");
    }
    let missing = Postman::new(&Route::Sendmail {
        program: "/nowhere/sendmail".into(),
    })
    .unwrap();
    assert!(matches!(missing.send(&letter()), Outcome::NoWay(_)));
}
