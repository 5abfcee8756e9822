//! How the program ends: the one table of exit codes.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing to do, an empty list, or replayed under the same key.
    Ok,
    /// Unexpected: disk, damaged file, a fault of the program.
    Failed,
    /// The words or the configuration are wrong, or an answer is missing and nobody can be asked.
    Usage,
    /// A rule says no.
    Refused,
    /// The named thing does not exist.
    NotFound,
    /// A batch or a run ended, and some lines were refused.
    Partly,
    /// A payment is pending, or its result is unknown.
    Unsettled,
    /// Another writer holds the database longer than the wait.
    Busy,
    /// Ctrl-C, or a person answered no.
    Stopped,
}

impl Exit {
    /// Every way to end, by number.
    pub const ALL: &'static [Exit] = &[
        Exit::Ok,
        Exit::Failed,
        Exit::Usage,
        Exit::Refused,
        Exit::NotFound,
        Exit::Partly,
        Exit::Unsettled,
        Exit::Busy,
        Exit::Stopped,
    ];

    /// The number that the shell sees. 75 is the "try again" that mail and cron tools know.
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::NotFound => 4,
            Exit::Partly => 5,
            Exit::Unsettled => 6,
            Exit::Busy => 75,
            Exit::Stopped => 130,
        }
    }

    /// Its name in the manual.
    pub fn name(self) -> &'static str {
        match self {
            Exit::Ok => "ok",
            Exit::Failed => "failed",
            Exit::Usage => "usage",
            Exit::Refused => "refused",
            Exit::NotFound => "not found",
            Exit::Partly => "partly",
            Exit::Unsettled => "unsettled",
            Exit::Busy => "busy",
            Exit::Stopped => "stopped",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Ok => "done, nothing to do, an empty list, or replayed under the same key",
            Exit::Failed => "unexpected: the disk, a damaged file, a fault of the program",
            Exit::Usage => {
                "the words or the configuration are wrong, or an answer is missing and nobody can be asked"
            }
            Exit::Refused => "a rule says no; error.code says which",
            Exit::NotFound => "the named thing does not exist",
            Exit::Partly => "a batch or a run ended, and some lines were refused",
            Exit::Unsettled => "a payment is pending, or its result is unknown",
            Exit::Busy => "another writer holds the database longer than --lock-timeout",
            Exit::Stopped => "Ctrl-C, or a person answered no; nothing was done",
        }
    }

    /// What a script does about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Exit::Ok => "go on",
            Exit::Failed => "stop and tell a person",
            Exit::Usage => "mend the call",
            Exit::Refused => "branch on error.code",
            Exit::NotFound => "branch",
            Exit::Partly => "read the lines",
            Exit::Unsettled => "run `subdesk payment settle` later",
            Exit::Busy => "try again",
            Exit::Stopped => "nothing",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_end_has_its_own_number_and_they_rise() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 75, 130]);
    }
}
