//! `subdesk renew`: what time brings.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{AtMost, Change, Look};
use super::hint;
use super::out::visible;
use super::parse;
use super::progress::Progress;
use super::reply::{Form, Reply};
use super::settings::Origin;
use super::wish::Paying;
use crate::billing::calendar::{Period, plus_days};
use crate::billing::refusal::Help;
use crate::desk::renew::ahead::Outlook;
use crate::desk::renew::{self, Heard};
use crate::desk::{Effect, Purpose, order};
use crate::wire::Document;
use clap::{Args, Subcommand, ValueEnum};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a run waits for another writer, if nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

// What can be done about renewals.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum RenewVerb {
    /// Do everything that is due: reminders, orders, charges, retries, lapses; for cron
    Run(Run),
    /// List what the days to come will bring
    Due(Due),
    /// Turn auto-renewal on or off
    Auto(Auto),
    /// Order a further term behind the last
    Extend(Extend),
    /// Charge a renewal order again, now
    Retry(Retry),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk renew run --report\n  \
    subdesk renew run --dry-run --as-of 2027-06-30 --assume 90",
    after_long_help = SCHEDULE
)]
pub(super) struct Run {
    /// Only this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// At most so many accounts
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity)]
    limit: Option<u32>,

    /// Print a line for every account
    #[arg(long)]
    report: bool,

    /// Ask gateways about so many payments at once
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity, default_value = "8",
          env = "SUBDESK_AT_ONCE", hide_env_values = true)]
    at_once: u32,

    /// Show what would happen until the day of --as-of, and keep nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    /// What a dry run assumes about charges: paid, declined, or the percent that are paid
    #[arg(long, value_name = "OUTCOME", value_parser = outcome, requires = "dry_run")]
    assume: Option<u8>,

    /// Who runs the command [default: the system user]
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    by: Option<String>,

    #[command(flatten)]
    look: Look,
}

/// How a run is handed to the system.
const SCHEDULE: &str = "\
Every run does what is due and has not happened yet, in order of date; a run that was killed or
missed is simply started again. It says nothing when all went well. Refusals are lines on stderr
and the exit code 5; a payment whose end is not known is a line and the exit code 6; 75 means that
another program is writing. Each kind of trouble is told with what would help, once in a run.

Examples:
  subdesk renew run --report
  subdesk renew run --dry-run --as-of 2027-06-30 --assume 90

As a line of a crontab, every hour:
  17 * * * * subdesk renew run --db /var/lib/subdesk/subdesk.db

As a systemd service, /etc/systemd/system/subdesk-renew.service:
  [Unit]
  Description=Renewals that are due
  [Service]
  Type=oneshot
  User=subdesk
  Environment=SUBDESK_DB=/var/lib/subdesk/subdesk.db
  ExecStart=/usr/bin/subdesk renew run
  # 5 and 6 are lines to read, 75 is tried again with the next hour.
  SuccessExitStatus=75

and its timer, /etc/systemd/system/subdesk-renew.timer:
  [Unit]
  Description=Renewals every hour
  [Timer]
  OnCalendar=hourly
  RandomizedDelaySec=10min
  Persistent=true
  [Install]
  WantedBy=timers.target

  systemctl enable --now subdesk-renew.timer";

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk renew due --within 9d\n  subdesk renew due --account acme"
)]
pub(super) struct Due {
    /// Only this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// Until so many days, weeks or months from the day of the look
    #[arg(long, value_name = "PERIOD", value_parser = parse::period, default_value = "9d")]
    within: Period,

    #[command(flatten)]
    most: AtMost,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk renew auto acme off\n  subdesk renew auto acme on --for ana@acme.test"
)]
pub(super) struct Auto {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// On or off
    switch: OnOff,

    #[command(flatten)]
    change: Change,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnOff {
    /// The next term is ordered and charged by itself.
    On,
    /// The paid term runs out unless somebody orders.
    Off,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk renew extend acme --period 6m --dry-run --explain")]
pub(super) struct Extend {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The period: 6m, 1y, 2w
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    period: Period,

    #[command(flatten)]
    paying: Paying,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk renew retry O-000042")]
pub(super) struct Retry {
    /// The renewal order's number
    #[arg(value_parser = parse::name)]
    order: String,

    #[command(flatten)]
    change: Change,
}

/// Reads an assumption about charges.
fn outcome(text: &str) -> Result<u8, String> {
    match text {
        "paid" => Ok(100),
        "declined" => Ok(0),
        number => number
            .trim_end_matches('%')
            .parse()
            .ok()
            .filter(|percent| *percent <= 100)
            .ok_or_else(|| format!("{text:?} is not paid, declined, or a percentage such as 90")),
    }
}

impl RenewVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            RenewVerb::Run(run) if run.dry_run => run.forecast(cx),
            RenewVerb::Run(run) => run.work(cx),
            RenewVerb::Due(due) => due.run(cx),
            RenewVerb::Auto(auto) => cx.perform(
                &auto.change,
                &renew::Auto {
                    account: auto.account,
                    auto_renew: auto.switch == OnOff::On,
                },
            ),
            RenewVerb::Extend(extend) => {
                let wish = extend.paying.fill(order::Wish {
                    extend: Some(extend.period),
                    ..order::Wish::default()
                });
                let account = extend.account;
                cx.perform(&extend.change, &order::Create { account, wish })
            }
            RenewVerb::Retry(retry) => {
                cx.open(Purpose::Look)?.expect_renewal(&retry.order)?;
                let pay = crate::desk::payment::Pay {
                    order: retry.order,
                    ..Default::default()
                };
                cx.pay(&retry.change, &pay)
            }
        }
    }
}

impl Run {
    fn change(&self) -> Change {
        let mut change = Change::default();
        change.by.clone_from(&self.by);
        change.look = self.look.clone();
        change.dry_run = self.dry_run;
        change
    }

    fn work(self, cx: &mut Context) -> Result<Reply, Failure> {
        let gateways = cx.gateways()?;
        if cx.settings.lock_timeout.origin == Origin::Default {
            cx.settings.lock_timeout.value = PATIENCE;
        }
        let mut desk = cx.open(Purpose::Write)?;
        let zone = cx.zone(&mut desk)?;
        let terms = cx.terms(&self.change(), Effect::Kept, zone);
        let run = renew::Run {
            account: self.account,
            limit: self.limit.map(u64::from),
            at_once: usize::try_from(self.at_once).unwrap_or(1),
        };
        let mut progress = Progress::new(&cx.out);
        let (out, report) = (cx.out, self.report);
        let mut unheard: Option<Failure> = None;
        let mut hints = Hints::default();
        let tally = desk.renew(&terms, &run, &gateways, &mut |heard| match heard {
            Heard::Began(accounts) => progress.expect(accounts),
            Heard::Reached(accounts) => progress.reach(accounts),
            Heard::Did(account, steps) if report => {
                let texts: Vec<&str> = steps.iter().map(|step| step.text.as_str()).collect();
                let line = format!("{account}: {}\n", texts.join("; "));
                unheard = progress
                    .aside(|| out.answer(&visible_line(&line)).err())
                    .or(unheard.take());
            }
            Heard::Did(..) => {}
            Heard::Refused(account, refusal) => {
                let line = format!("{account}: {refusal}\n");
                let lines = format!("{}{}", visible_line(&line), hints.of(&refusal.help));
                progress.aside(|| out.complain(&lines));
            }
            Heard::Failed(account, says) => {
                let line = format!("{account} is left as it is: {says}\n");
                progress.aside(|| out.complain(&visible_line(&line)));
            }
            Heard::Unsettled(account, text) => {
                let line = format!("{account}: nobody knows what became of {text}.\n");
                let settle = hints.of(&[Help::Run("payment settle".to_owned())]);
                progress.aside(|| out.complain(&format!("{}{settle}", visible_line(&line))));
            }
        })?;
        progress.end();
        if let Some(failure) = unheard {
            return Err(failure);
        }
        let exit = match (tally.refused, tally.unsettled) {
            (0, 0) => Exit::Ok,
            (0, _) => Exit::Unsettled,
            (_, _) => Exit::Partly,
        };
        let form = self.look.shape.form();
        let reply = match form {
            Form::Human => Reply::nothing(),
            Form::Json(_) | Form::Lines => Reply::document(Document::Run(Box::new(tally)), form),
        };
        Ok(reply.exit(exit))
    }

    fn forecast(self, cx: &mut Context) -> Result<Reply, Failure> {
        let mut desk = cx.open(Purpose::Look)?;
        let zone = cx.zone(&mut desk)?;
        let terms = cx.terms(&self.change(), Effect::DryRun, zone);
        let outlook = Outlook {
            account: self.account,
            paid_percent: self.assume.unwrap_or(100),
        };
        let mut progress = Progress::new(&cx.out);
        let document = desk.forecast(&terms, &outlook, &mut |reached| progress.reach(reached))?;
        progress.end();
        Ok(Reply::document(document, self.look.shape.form()))
    }
}

/// What was said already would help: a thousand accounts with one trouble need it told once.
#[derive(Default)]
struct Hints(BTreeSet<String>);

impl Hints {
    /// Lines that name what would help and was not named before in this run.
    fn of(&mut self, help: &[Help]) -> String {
        let words = help.iter().map(hint::words);
        let fresh = words.filter(|words| self.0.insert(words.clone()));
        fresh
            .map(|words| visible_line(&format!("Hint: {words}")))
            .collect()
    }
}

/// Names come from data: nothing of them may steer a terminal. The end of the line is ours.
fn visible_line(line: &str) -> String {
    format!("{}\n", visible(line.trim_end_matches('\n')))
}

impl Due {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let mut desk = cx.open(Purpose::Look)?;
        let zone = cx.zone(&mut desk)?;
        let today = cx.terms_of_look(&self.look, zone).on();
        let by = match self.within {
            Period::Days(days) => plus_days(today, i64::from(days)),
            months @ Period::Months(_) => months.after(today, 1, chrono::Datelike::day(&today)),
        };
        let due = renew::Due {
            account: self.account,
            by,
            at_most: usize::try_from(self.most.asked()).unwrap_or(usize::MAX),
        };
        cx.ask(&self.look, &due).map(|reply| self.most.cut(reply))
    }
}
