//! What people and scripts get wrong: each a clear sentence, a way out, the right exit code, and an unchanged file.

use crate::support::Sandbox;

/// A desk with a customer in the USA, one in Brazil, and an order placed under a key.
fn desk() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("account create rio --country BR --email rui@rio.test");
    sandbox.done("order create acme --plan advanced --period 6m --seats 2 --key K-1");
    sandbox
}

/// Every command is refused with the code and the sentence, and the database is what it was.
fn refused(sandbox: &Sandbox, commands: &[(&str, i32, &str)]) {
    let before = sandbox.dump();
    for (line, code, sentence) in commands {
        let ran = sandbox.run(line);
        assert_eq!(ran.code, *code, "{line}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{line}: {ran:?}");
        assert!(ran.stderr.contains(sentence), "{line}: {ran:?}");
        let json = sandbox.run(&format!("{line} --json"));
        assert_eq!(json.code, *code, "{line}: {json:?}");
        let error = json.error();
        assert_eq!(error["exit"], *code, "{line}: {error}");
        assert!(
            error["message"].as_str().unwrap().len() > 10,
            "{line}: {error}"
        );
    }
    assert_eq!(sandbox.dump(), before);
}

#[test]
fn names_that_do_not_exist_are_met_with_near_ones() {
    refused(
        &desk(),
        &[
            ("account show acm", 4, "Is it acme?"),
            (
                "order pay O-9 --reference x",
                4,
                "There is no order \"O-9\".",
            ),
            ("order pay nonsense --reference x", 4, "subdesk order list"),
            ("invoice show INV-1", 4, "There is no invoice"),
            ("case show C-5", 4, "There is no case"),
            (
                "case create acme --about nothing --text x",
                2,
                "transfer, help or demo",
            ),
            (
                "order create acme --plan advnced --period 6m --seats 2",
                4,
                "Is it advanced?",
            ),
            (
                "order create acme --plan advanced --period 6m --seats 2 --method pay",
                4,
                "Is it paypal?",
            ),
        ],
    );
}

#[test]
fn counts_of_seats_are_whole_and_within_bounds() {
    let order = "order create acme --plan advanced --period 6m --seats";
    let wrong = |count: &str, sentence| {
        let line: &'static str = format!("{order} {count}").leak();
        (line, 2, sentence)
    };
    refused(
        &desk(),
        &[
            wrong("0", "the least is 1"),
            wrong("-3", "less than nothing"),
            wrong("1.5", "not a whole number"),
            wrong("two", "not a number"),
            wrong("4000000", "the most is 1000000"),
            wrong("99999999999999999999", "the most is 1000000"),
        ],
    );
}

#[test]
fn what_is_not_sold_there_or_like_that_is_refused_by_its_rule() {
    refused(
        &desk(),
        &[
            (
                "order create acme --plan advanced --period 5m --seats 2",
                3,
                "order.min_months = 6 (K26-6)",
            ),
            (
                "order create acme --plan advanced --period 7m --seats 2",
                3,
                "sold for 6m, 9m, 12m or 24m",
            ),
            (
                "order create acme --plan advanced --period 6m --seats 2 --method pix",
                3,
                "method.pix.countries = BR",
            ),
            (
                "order create rio --plan advanced --period 6m --seats 2 --method paypal",
                3,
                "method.paypal.except_countries = BR",
            ),
            (
                "order create rio --plan advanced --period 6m --seats 2 --method pix",
                3,
                "taxpayer",
            ),
            (
                "account edit rio --taxpayer 111.444.777-36",
                3,
                "wrong check digits",
            ),
            (
                "account edit rio --taxpayer 12ABC34501DE00",
                3,
                "wrong check digits",
            ),
            (
                "account create new --country XX --email eve@new.test",
                2,
                "not a country",
            ),
            (
                "account create new --country US --email nope",
                3,
                "not an e-mail address",
            ),
            (
                "account create acme --country US --email eve@new.test",
                3,
                "There is an account acme already.",
            ),
            (
                "order pay O-000001 --reference 4111111111111111",
                3,
                "card numbers are never kept",
            ),
        ],
    );
}

#[test]
fn days_that_do_not_exist_or_have_not_come_are_refused() {
    let order = "order create rio --plan base --period 6m --seats 1";
    let on = |day: &str| -> &'static str { format!("{order} --as-of {day}").leak() };
    refused(
        &desk(),
        &[
            (on("2026-02-30"), 2, "February 2026 has 28 days"),
            (on("2026-13-01"), 2, "2026-13-01"),
            (on("tomorrow"), 2, "tomorrow"),
            (on("2026-07-02"), 3, "which is in the future"),
            (on("2019-01-01"), 3, "was created on"),
        ],
    );
}

#[test]
fn a_key_used_for_another_request_is_refused() {
    refused(
        &desk(),
        &[
            (
                "order create acme --plan base --period 6m --seats 2 --key K-1",
                3,
                "was used for another request",
            ),
            (
                "account create new --country US --email eve@new.test --key K-1",
                3,
                "was used for another request",
            ),
        ],
    );
}

#[test]
fn a_seller_file_that_is_not_one_is_refused() {
    let sandbox = desk();
    let write = |name: &str, content: &[u8]| std::fs::write(sandbox.path(name), content).unwrap();
    write("binary.toml", b"\x7fELF\x00\xff\xfe");
    write("empty.toml", b"");
    write("large.toml", &vec![b'#'; 50 << 20]);
    refused(
        &sandbox,
        &[
            (
                "catalog check binary.toml",
                2,
                "The file is binary, not text.",
            ),
            ("catalog check empty.toml", 2, "The file is empty."),
            ("catalog check large.toml", 2, "The file is larger than"),
            ("policy check large.toml", 2, "The file is larger than"),
            ("catalog use /dev/zero", 2, "The file is larger than"),
            ("catalog use nowhere.toml", 4, "nowhere.toml"),
        ],
    );
    write("itself.toml", b"extends = \"itself.toml\"\n");
    let ran = sandbox.run("catalog check itself.toml");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(format!("{ran:?}").contains("extends"), "{ran:?}");
}
