//! Ctrl-C while somebody is being asked: the cursor comes back, nothing is kept, and the end is 130.

use super::exit::Exit;
use std::io::Write;
use std::sync::Once;

static ONCE: Once = Once::new();

/// From here on Ctrl-C ends the program tidily. Before, the system's own way is as good and costs nothing.
pub(super) fn expect_ctrl_c() {
    ONCE.call_once(|| {
        // Where no handler can be set the system ends the program all the same.
        let _ = ctrlc::set_handler(|| {
            give_cursor_back();
            stop();
        });
    });
}

/// Shows the cursor that a question may have hidden. Nobody is left to be told if that fails.
pub(super) fn give_cursor_back() {
    let _ = std::io::stderr().write_all(b"\x1b[?25h\n");
}

#[expect(
    clippy::exit,
    reason = "a signal handler has no way back to main, and no transaction is open while a person is asked"
)]
fn stop() -> ! {
    std::process::exit(i32::from(Exit::Stopped.code()))
}
