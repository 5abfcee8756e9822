//! `subdesk completions`: the few lines that teach a shell to ask the program.
//!
//! The loaders ask the installed program each time a shell starts, so they never go stale.

use super::failure::Failure;
use super::groups::Everywhere;
use super::reply::Reply;
use clap::{Args, Subcommand, ValueEnum};

// What can be done with completions.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum CompletionsVerb {
    /// Print the lines to put where the shell reads them when it starts
    Print(Print),
}

#[derive(Debug, Args)]
pub(super) struct Print {
    /// The shell
    shell: Shell,

    #[command(flatten)]
    _everywhere: Everywhere,
}

/// Shells that can be taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// The Bourne-again shell.
    Bash,
    /// The Z shell.
    Zsh,
    /// The friendly interactive shell.
    Fish,
    /// Elvish.
    Elvish,
    /// PowerShell.
    Powershell,
}

impl Shell {
    /// All of them.
    pub(super) const ALL: [Shell; 5] = [
        Shell::Bash,
        Shell::Zsh,
        Shell::Fish,
        Shell::Elvish,
        Shell::Powershell,
    ];

    /// The name of its file in `completions/`.
    pub(super) fn file(self) -> &'static str {
        match self {
            Shell::Bash => "subdesk.bash",
            Shell::Zsh => "subdesk.zsh",
            Shell::Fish => "subdesk.fish",
            Shell::Elvish => "subdesk.elv",
            Shell::Powershell => "subdesk.ps1",
        }
    }

    /// The loader.
    pub(super) fn loader(self) -> &'static str {
        match self {
            Shell::Bash => {
                "\
# Completion of subdesk for bash: source this file from ~/.bashrc.
if command -v subdesk >/dev/null 2>&1; then
    source <(COMPLETE=bash subdesk)
fi
"
            }
            Shell::Zsh => {
                "\
#compdef subdesk
# Completion of subdesk for zsh: source this file from ~/.zshrc, after compinit.
if (( $+commands[subdesk] )); then
    source <(COMPLETE=zsh subdesk)
fi
"
            }
            Shell::Fish => {
                "\
# Completion of subdesk for fish: put this file into ~/.config/fish/completions.
if command -q subdesk
    COMPLETE=fish subdesk | source
end
"
            }
            Shell::Elvish => {
                "\
# Completion of subdesk for elvish: put these lines into ~/.config/elvish/rc.elv.
set-env COMPLETE elvish
eval (subdesk | slurp)
unset-env COMPLETE
"
            }
            Shell::Powershell => {
                "\
# Completion of subdesk for PowerShell: put these lines into the file that $PROFILE names.
$env:COMPLETE = \"powershell\"
subdesk | Out-String | Invoke-Expression
Remove-Item Env:\\COMPLETE
"
            }
        }
    }
}

impl CompletionsVerb {
    pub(super) fn run(self) -> Result<Reply, Failure> {
        match self {
            CompletionsVerb::Print(print) => Ok(Reply::text(print.shell.loader())),
        }
    }
}
