//! A server that goes wrong at every step of a letter, in every way: what is tried again, what is given up, what
//! nobody can know, and that all of it ends soon.

use super::sink::{Answers, Sink};
use super::tests::{letter, route};
use super::*;
use std::time::{Duration, Instant};

/// What a try comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Sent,
    /// This letter waits.
    Later,
    /// The way is in trouble; the letter waits.
    Away,
    /// As before, and it may have arrived.
    Unknown,
    Refused,
}

/// The steps of a letter, and how a refusal there is taken: for good, or as trouble of the way.
const STEPS: [(&str, Is, Is); 8] = [
    ("GREETING", Is::Away, Is::Away),
    ("EHLO", Is::Away, Is::Away),
    ("STARTTLS", Is::Away, Is::Away),
    ("AUTH", Is::Away, Is::Away),
    ("MAIL", Is::Away, Is::Refused),
    ("RCPT", Is::Later, Is::Refused),
    ("DATA", Is::Later, Is::Refused),
    ("DATA.", Is::Later, Is::Refused),
];

fn tried(sink: &Sink, step: &str) -> (Is, String, Duration) {
    let security = match step {
        "STARTTLS" => Security::StartTls,
        _ => Security::Plain,
    };
    let login = (step == "AUTH").then(|| Login {
        user: "desk".to_owned(),
        password: Secret::new("hunter2".to_owned()),
    });
    let route = SmtpRoute {
        security,
        login,
        timeout_seconds: 1,
        ..route(sink.port)
    };
    let postman = Postman::new(&Route::Smtp(route)).unwrap();
    let started = Instant::now();
    let (is, why) = match postman.send(&letter()) {
        Outcome::Delivered => (Is::Sent, String::new()),
        Outcome::TryLater(why) => (Is::Later, why),
        Outcome::NoWay(why) if why.contains("may have arrived") => (Is::Unknown, why),
        Outcome::NoWay(why) => (Is::Away, why),
        Outcome::Refused(why) => (Is::Refused, why),
    };
    (is, why, started.elapsed())
}

/// Every step goes wrong in one way, all at the same time.
fn everywhere(answer: &'static str, expected: impl Fn(&str, Is, Is) -> Is, within: Duration) {
    std::thread::scope(|scope| {
        for (step, four, five) in STEPS {
            let expected = expected(step, four, five);
            scope.spawn(move || {
                let answers: Answers = Box::leak(Box::new([(step, answer)]));
                let (is, why, took) = tried(&Sink::start(answers), step);
                assert_eq!(is, expected, "{step} {answer}: {why}");
                assert!(took < within, "{step} {answer}: {took:?}");
                assert!(!why.contains("hunter2") && !why.chars().any(char::is_control));
            });
        }
    });
}

/// What is not known before the end is trouble of the way; after it, nobody knows.
fn broken(step: &str, _: Is, _: Is) -> Is {
    match step {
        "DATA." => Is::Unknown,
        _ => Is::Away,
    }
}

const SOON: Duration = Duration::from_secs(4);
/// Five times the second that one answer may take, and something for a busy machine.
const BOUNDED: Duration = Duration::from_secs(12);

#[test]
fn no_for_now_is_tried_again_and_no_for_good_is_given_up_where_it_is_about_the_letter() {
    everywhere("451 4.3.0 not now", |_, four, _| four, SOON);
    everywhere("554 5.7.1 never", |_, _, five| five, SOON);
    everywhere("421 4.3.2 closing", |_, _, _| Is::Away, SOON);
}

#[test]
fn an_answer_that_is_none_or_does_not_come_takes_nothing_for_accepted() {
    everywhere("hello there", broken, SOON);
    everywhere("250-and\r\n550 no", broken, SOON);
    everywhere("999 what", broken, SOON);
    everywhere("hang up", broken, SOON);
    everywhere("hang", broken, SOON);
}

#[test]
fn a_server_that_drips_is_left_after_a_while() {
    everywhere("drip", broken, BOUNDED);
}

#[test]
fn a_friendly_answer_to_another_question_is_not_yes() {
    for (step, answer) in [
        ("DATA.", "354 go on"),
        ("DATA.", "220 hello"),
        ("DATA", "250 fine"),
        ("RCPT", "354 go on"),
        ("MAIL", "235 welcome"),
        ("AUTH", "250 fine"),
        // The next answer comes before its question.
        ("MAIL", "250 fine\r\n250 fine"),
    ] {
        let answers: Answers = Box::leak(Box::new([(step, answer)]));
        let (is, why, _) = tried(&Sink::start(answers), step);
        assert_eq!(
            is,
            broken(step, Is::Away, Is::Away),
            "{step} {answer}: {why}"
        );
    }
}

#[test]
fn words_in_clear_behind_the_agreement_to_encrypt_are_nobodys() {
    let sink = Sink::start(&[(
        "STARTTLS",
        "220 go on\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n250 fine",
    )]);
    let (is, why, _) = tried(&sink, "STARTTLS");
    assert_eq!(is, Is::Away);
    assert_eq!(
        (sink.letters().len(), sink.commands().len()),
        (0, 2),
        "{why}"
    );
}

#[test]
fn a_goodbye_that_goes_wrong_changes_nothing_and_is_not_waited_for_long() {
    for answer in [
        "451 not now",
        "554 never",
        "hello",
        "hang",
        "hang up",
        "drip",
    ] {
        let answers: Answers = Box::leak(Box::new([("QUIT", answer)]));
        let (is, why, took) = tried(&Sink::start(answers), "QUIT");
        assert_eq!(is, Is::Sent, "{answer}: {why}");
        assert!(took < BOUNDED, "{answer}: {took:?}");
    }
}

#[test]
fn a_login_goes_by_login_where_that_is_all_there_is() {
    let sink = Sink::start(&[
        ("EHLO", "250-sink\r\n250 AUTH CRAM-MD5 LOGIN"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6"),
        ("ZGVzaw==", "334 UGFzc3dvcmQ6"),
        ("aHVudGVyMg==", "235 welcome"),
    ]);
    let (is, why, _) = tried(&sink, "AUTH");
    assert_eq!(is, Is::Sent, "{why}");
    let none = Sink::start(&[("EHLO", "250-sink\r\n250 AUTH CRAM-MD5")]);
    let (is, why, _) = tried(&none, "AUTH");
    assert!(
        is == Is::Away && why.contains("No compatible authentication mechanism"),
        "{why}"
    );
}
