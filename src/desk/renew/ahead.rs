//! `renew run --dry-run`: what the days until a day would bring. Every account is played through in memory,
//! day by day, with assumed answers of the gateways; nothing is written, not even to be rolled back.

use crate::billing::calendar::{Day, Moment};
use crate::billing::due::Ground;
use crate::billing::due::play::{Event, Turn, play};
use crate::billing::money::{Currency, Money};
use crate::billing::payment::{Answer, Payment};
use crate::billing::scene::state_key;
use crate::desk::load::{self, Seller};
use crate::desk::{Desk, Failure, Terms};
use crate::store::{Reader, SellerFileKind};
use crate::wire::Document;
use crate::wire::renew::{Ahead, Awaited, Forecast};
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that are read together.
const CHUNK: u32 = 2_000;
/// What is refused or skipped and named.
const NAMED: usize = 100;

/// What a forecast is to assume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Only this account.
    pub account: Option<String>,
    /// Of a hundred charges so many are paid, the others declined.
    pub paid_percent: u8,
}

/// The days of a forecast under construction.
#[derive(Default)]
struct Days {
    days: BTreeMap<Day, Sum>,
    refused: Vec<Awaited>,
    skipped: Vec<Awaited>,
}

/// What one day, or all of them, would bring.
#[derive(Default, Clone)]
struct Sum {
    counts: BTreeMap<String, u64>,
    paid: BTreeMap<Currency, i64>,
    declined: BTreeMap<Currency, i64>,
}

impl Desk {
    /// What would happen until the terms' day, that day included.
    ///
    /// # Errors
    /// The account does not exist, or the store cannot be read.
    pub fn forecast(
        &mut self,
        terms: &Terms,
        outlook: &Outlook,
        reached: &mut dyn FnMut(u64),
    ) -> Result<Document, Failure> {
        let look = self.look()?;
        let read = look.read();
        let from = terms.at.min(terms.now);
        let until = terms.on();
        let sellers = sellers(read, from.date(), until)?;
        let by_hand = BTreeSet::new();
        let ground = |at: Moment| {
            let seller = sellers.iter().rev().find(|(day, _)| *day <= at.date());
            let (_, seller) = seller.or(sellers.first())?;
            Some(Ground {
                catalog: &seller.catalog,
                catalog_id: seller.catalog_id,
                policy: &seller.policy,
                at,
                by_hand: &by_hand,
            })
        };
        let turns: Vec<Turn<'_>> = sellers
            .iter()
            .map(|(on, seller)| Turn {
                on: *on,
                catalog: &seller.catalog,
                versions: &seller.versions,
            })
            .collect();
        let numbers = read.numbers()?;
        let mut days = Days::default();
        let mut accounts: u64 = 0;
        let only = outlook
            .account
            .as_ref()
            .map(|name| load::account(read, name))
            .transpose()?;
        let mut after = 0;
        loop {
            let ids = match &only {
                Some(account) if after == 0 => vec![account.id],
                Some(_) => Vec::new(),
                None => read.open_accounts(after, CHUNK)?,
            };
            let Some(last) = ids.last() else { break };
            after = *last;
            let since = read.due_days(&ids)?;
            for mut facts in read.facts_of_many(&ids)? {
                let since = since.get(&facts.account.id).copied();
                if let Some((_, seller)) = sellers.first() {
                    facts.in_words_of(&seller.catalog, &seller.versions);
                }
                facts.next.clone_from(&numbers);
                let name = facts.account.name.clone();
                let Some(first) = ground(from) else { break };
                play(
                    &mut facts,
                    (since, from, until),
                    (&|at| ground(at).unwrap_or(Ground { at, ..first }), &turns),
                    &mut |payment| assumed(payment, outlook.paid_percent),
                    &mut |at, event| days.hear(&name, at, event),
                );
                accounts = accounts.saturating_add(1);
            }
            reached(accounts);
        }
        let assumptions = assumptions(outlook, from, until);
        Ok(days.document((from, until), accounts, assumptions))
    }
}

/// The seller's files of every day on which they change.
fn sellers(read: Reader<'_>, from: Day, until: Day) -> Result<Vec<(Day, Seller)>, Failure> {
    let mut days = BTreeSet::from([from]);
    for kind in [SellerFileKind::Catalog, SellerFileKind::Policy] {
        let files = read.seller_files(kind)?;
        days.extend(files.iter().map(|file| file.effective_from));
    }
    days.retain(|day| *day >= from && *day <= until);
    days.into_iter()
        .map(|day| Ok((day, load::seller(read, day)?)))
        .collect()
}

/// The same charge is always answered the same: its key decides, not a die.
fn assumed(payment: &Payment, paid_percent: u8) -> Answer {
    let mut mixed = payment
        .account
        .unsigned_abs()
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ u64::from(payment.attempt).wrapping_mul(0xD1B5_4A32_D192_ED03)
        ^ payment
            .id
            .unsigned_abs()
            .wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 29;
    match mixed % 100 < u64::from(paid_percent) {
        true => Answer::Paid {
            reference: "assumed".to_owned(),
        },
        false => Answer::Declined {
            reason: "assumed".to_owned(),
        },
    }
}

fn assumptions(outlook: &Outlook, from: Moment, until: Day) -> Vec<String> {
    let charges = match outlook.paid_percent {
        100 => "Every charge is paid.".to_owned(),
        0 => "Every charge is declined.".to_owned(),
        percent => format!("Of a hundred charges {percent} are paid; the others are declined."),
    };
    let mut all = vec![charges];
    if until > from.date() {
        all.push("A run takes place on every day.".to_owned());
        all.push("Nobody buys, changes, cancels or pays by hand.".to_owned());
    }
    all
}

impl Days {
    fn hear(&mut self, account: &str, at: Moment, event: Event<'_>) {
        let day = self.days.entry(at.date()).or_default();
        match event {
            Event::Did(due) => day.count(due.what.name()),
            Event::Answered(payment, answer) => match answer {
                Answer::Paid { .. } => {
                    day.count("paid");
                    add(&mut day.paid, payment.amount);
                }
                Answer::Declined { .. } | Answer::Pending { .. } | Answer::Unknown { .. } => {
                    day.count("declined");
                    add(&mut day.declined, payment.amount);
                }
            },
            Event::Became(state) => day.count(state_key(state)),
            Event::Refused(due, refusal) => {
                day.count("refused");
                name(
                    &mut self.refused,
                    at,
                    account,
                    due.what.name(),
                    &refusal.message,
                );
            }
            Event::Skipped(text) => {
                day.count("skipped");
                name(&mut self.skipped, at, account, "skipped", text);
            }
        }
    }

    fn document(
        self,
        (from, until): (Moment, Day),
        accounts: u64,
        assumptions: Vec<String>,
    ) -> Document {
        let mut total = Sum::default();
        for day in self.days.values() {
            for (what, count) in &day.counts {
                let sum = total.counts.entry(what.clone()).or_default();
                *sum = sum.saturating_add(*count);
            }
            for (all, some) in [
                (&mut total.paid, &day.paid),
                (&mut total.declined, &day.declined),
            ] {
                for (currency, minor) in some {
                    add(all, Money::of(*minor, *currency));
                }
            }
        }
        let days = self
            .days
            .into_iter()
            .filter(|(_, sum)| !sum.counts.is_empty());
        Document::Forecast(Box::new(Forecast {
            from,
            until,
            assumptions,
            accounts,
            days: days.map(|(on, sum)| sum.ahead(on)).collect(),
            total: total.ahead(until),
            refused: self.refused,
            skipped: self.skipped,
        }))
    }
}

fn name(named: &mut Vec<Awaited>, at: Moment, account: &str, what: &str, text: &str) {
    if named.len() < NAMED {
        named.push(Awaited {
            on: at.date(),
            account: account.to_owned(),
            what: what.to_owned(),
            text: text.to_owned(),
        });
    }
}

impl Sum {
    fn count(&mut self, what: &str) {
        match self.counts.get_mut(what) {
            Some(count) => *count = count.saturating_add(1),
            None => {
                self.counts.insert(what.to_owned(), 1);
            }
        }
    }

    fn ahead(self, on: Day) -> Ahead {
        let amounts = |sums: BTreeMap<Currency, i64>| {
            let money = sums
                .into_iter()
                .map(|(currency, minor)| Money::of(minor, currency));
            money.map(Into::into).collect()
        };
        Ahead {
            on,
            counts: self.counts,
            paid: amounts(self.paid),
            declined: amounts(self.declined),
        }
    }
}

fn add(sums: &mut BTreeMap<Currency, i64>, money: Money) {
    let sum = sums.entry(money.currency).or_default();
    *sum = sum.saturating_add(money.minor);
}
