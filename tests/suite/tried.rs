//! Every writing command, only tried: nothing is kept, nobody is asked for money, and no letter leaves.

use crate::support::{Sandbox, differences};
use crate::writes::{WRITES, done, ran, sound};

#[test]
fn every_writing_command_that_is_only_tried_keeps_nothing() {
    for write in WRITES {
        let sandbox = write.stage.set();
        let outside = |name: &str| std::fs::read(sandbox.path(name)).unwrap_or_default();
        let before = (sandbox.dump(), outside("asked.jsonl"));
        let line = format!("{} --dry-run", write.line);
        let tried = ran(&sandbox, &line);
        // Lines of a batch are tried one by one, so one that needs another finds nothing.
        let alone = line.starts_with("batch") && !line.contains("--atomic");
        let expected = if alone { 5 } else { 0 };
        assert_eq!(tried.code, expected, "{line}: {tried:?}");
        let differ = differences(&before.0, &sandbox.dump());
        assert!(differ.is_empty(), "{line}: {differ:#?}");
        assert!(
            before.1 == outside("asked.jsonl"),
            "{line}: asked for money"
        );
        assert!(!sandbox.path("mail").exists(), "{line}: a letter left");
        sound(&sandbox, &line);
    }
}

/// What only people can grant becomes a case when it is wished for, and not when it is only tried.
#[test]
fn a_wish_that_is_refused_and_only_tried_opens_no_case_and_says_of_none() {
    let sandbox = Sandbox::quick();
    done(
        &sandbox,
        "account create acme --country US --email a@acme.test --catalog kustomer",
    );
    let before = sandbox.dump();
    let wish = "account close acme --for a@acme.test";
    let tried = ran(&sandbox, &format!("{wish} --dry-run"));
    assert_eq!(tried.code, 3, "{tried:?}");
    assert!(!tried.stderr.contains("is open for this"), "{tried:?}");
    assert_eq!(sandbox.dump(), before);
    let wished = ran(&sandbox, wish);
    assert!(
        wished.stderr.contains("C-000001 is open for this"),
        "{wished:?}"
    );
}
