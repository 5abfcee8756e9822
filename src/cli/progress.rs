//! How far a long run has come, on a terminal only.

use super::out::Out;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A bar on a terminal, after the first second.
pub(super) struct Progress {
    since: Instant,
    shown: bool,
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new(out: &Out) -> Progress {
        Progress {
            since: Instant::now(),
            shown: !out.is_quiet() && std::io::stderr().is_terminal(),
            total: None,
            bar: None,
        }
    }

    pub(super) fn expect(&mut self, accounts: u64) {
        self.total = Some(accounts);
    }

    pub(super) fn reach(&mut self, accounts: u64) {
        if self.shown && self.bar.is_none() && self.since.elapsed() > Duration::from_secs(1) {
            let bar = match self.total {
                Some(total) => ProgressBar::new(total),
                None => ProgressBar::no_length(),
            };
            let style = ProgressStyle::with_template(
                "{bar:30} {human_pos} of {human_len} accounts, {per_sec:.0}, {eta} left",
            );
            bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar = Some(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(accounts);
        }
    }

    /// Does something that prints, with the bar out of the way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
