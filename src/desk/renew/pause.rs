//! Places where a test can stop a run to kill it. Release builds have none.

/// Stops for a minute at the n-th place of a run, if `SUBDESK_PAUSE` says `N:FILE`, after it has created
/// that file. The places are before and after every commit, and after every round of questions.
#[cfg(debug_assertions)]
pub(super) fn point(passings: &mut u64) {
    *passings = passings.saturating_add(1);
    let Ok(wanted) = std::env::var("SUBDESK_PAUSE") else {
        return;
    };
    let (count, file) = wanted.split_once(':').unwrap_or_default();
    if count.parse() == Ok(*passings) {
        let _told = std::fs::write(file, count);
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

/// No place to stop.
#[cfg(not(debug_assertions))]
pub(super) fn point(_: &mut u64) {}
