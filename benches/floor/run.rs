//! One run of everything that is due on a planted store, with a bank that answers at once.

use std::path::Path;
use std::time::Duration;
use subdesk::billing::calendar::Moment;
use subdesk::desk::renew::Run;
use subdesk::desk::{Desk, Gateways, Patience, Purpose, Terms};
use subdesk::gateway::{Answer, Ask, Gateway};

/// A bank that always says yes, at once.
struct Yes;

impl Gateway for Yes {
    fn charges_alone(&self) -> bool {
        true
    }
    fn charge(&self, ask: &Ask<'_>) -> Answer {
        Answer::Paid {
            reference: format!("yes-{}", ask.key),
        }
    }
    fn refund(&self, ask: &Ask<'_>) -> Answer {
        self.charge(ask)
    }
    fn find(&self, key: &str) -> Answer {
        Answer::Paid {
            reference: format!("yes-{key}"),
        }
    }
}

/// Runs; the file is open before `begun` is called, and what that gives is handed on to `ended`.
pub fn everything<T>(file: &Path, begun: impl Fn() -> T, ended: impl FnOnce(T)) {
    let patience = Patience::silent(Duration::from_secs(5));
    let mut desk = Desk::open(file, Purpose::Write, patience).unwrap();
    let at: Moment = "2026-07-15T03:00:00".parse().unwrap();
    let terms = Terms::by_clock(at, "cron");
    let run = Run {
        account: None,
        limit: None,
        at_once: 8,
    };
    let gateways = Gateways::only(Box::new(Yes));
    let since = begun();
    let tally = desk.renew(&terms, &run, &gateways, &mut |_| {}).unwrap();
    ended(since);
    assert_eq!((tally.refused, tally.unsettled), (0, 0));
}
