//! Starting programs and weighing them: by the processor, which a busy machine changes least, and by the clock.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Each command is started so many times; the median counts.
pub const TIMES: usize = 60;

/// What something took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    pub processor: Duration,
    pub clock: Duration,
}

/// Both in turns, so that a busy machine is as busy for the one as for the other; the medians.
pub fn against(
    what: &str,
    product: &dyn Fn() -> Command,
    peer: &dyn Fn() -> Command,
) -> (Cost, Cost) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        ours.push(timed(&mut product()));
        theirs.push(timed(&mut peer()));
    }
    let (ours, theirs) = (middle(ours), middle(theirs));
    line(what, ours, theirs);
    (ours, theirs)
}

/// The median of many starts.
pub fn median(command: &dyn Fn() -> Command) -> Cost {
    middle((0..TIMES).map(|_| timed(&mut command())).collect())
}

/// The median of each measure.
pub fn middle(all: Vec<Cost>) -> Cost {
    let of = |read: fn(&Cost) -> Duration| {
        let mut times: Vec<Duration> = all.iter().map(read).collect();
        times.sort();
        times[times.len() / 2]
    };
    Cost {
        processor: of(|cost| cost.processor),
        clock: of(|cost| cost.clock),
    }
}

/// Starts a program and waits for its end.
pub fn timed(command: &mut Command) -> Cost {
    let silent = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let since = Instant::now();
    let mut child = silent.spawn().unwrap();
    // Whoever looks while it runs takes time from it. Its stderr, where it says nothing, ends when it does.
    std::io::copy(&mut child.stderr.take().unwrap(), &mut std::io::sink()).unwrap();
    // Until somebody waits for it, a program that has ended still tells what it has had.
    while let Some(false) = has_ended(child.id()) {
        std::thread::sleep(Duration::from_micros(20));
    }
    let processor = processor(&child.id().to_string());
    let status = child.wait().unwrap();
    let clock = since.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    Cost { processor, clock }
}

/// Weighs what this program itself does.
pub fn weighed(work: impl FnOnce()) -> Cost {
    let (since, before) = (Instant::now(), processor("self"));
    work();
    Cost {
        clock: since.elapsed(),
        processor: processor("self") - before,
    }
}

/// Nothing, where the system does not tell.
fn has_ended(process: u32) -> Option<bool> {
    let said = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = said.rsplit_once(')')?;
    Some(rest.trim_start().starts_with('Z'))
}

/// What a process of one thread has had of the processor; nothing, where the system does not tell.
fn processor(process: &str) -> Duration {
    let said = std::fs::read_to_string(format!("/proc/{process}/schedstat")).unwrap_or_default();
    let nanos = said.split_whitespace().next();
    Duration::from_nanos(nanos.and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

/// One line of the answer.
pub fn line(what: &str, product: Cost, peer: Cost) {
    let ratio = |ours: Duration, theirs: Duration| ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "{what:<52} {:>9.2?} {:>9.2?} {:>6.2} {:>9.2?} {:>9.2?} {:>6.2}",
        product.processor,
        peer.processor,
        ratio(product.processor, peer.processor),
        product.clock,
        peer.clock,
        ratio(product.clock, peer.clock),
    );
}
