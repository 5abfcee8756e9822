//! Places where a test can stop a run to kill it. Release builds have none.

/// Stops for a minute at the n-th passing of a place, if `SUBDESK_PAUSE` says `PLACE:N:FILE`, after it has
/// created that file.
#[cfg(debug_assertions)]
pub(super) fn point(place: &str, passings: &mut u64) {
    *passings = passings.saturating_add(1);
    let Ok(wanted) = std::env::var("SUBDESK_PAUSE") else {
        return;
    };
    let mut parts = wanted.splitn(3, ':');
    let (named, count, file) = (parts.next(), parts.next(), parts.next());
    let this = named == Some(place) && count.and_then(|n| n.parse().ok()) == Some(*passings);
    if let (true, Some(file)) = (this, file) {
        let _told = std::fs::write(file, place);
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

/// No place to stop.
#[cfg(not(debug_assertions))]
pub(super) fn point(_: &str, _: &mut u64) {}
