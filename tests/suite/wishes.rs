//! A small model of a desk: who has what, what it costs, and which exit code each command must have. It shares
//! no code with the program but the calendar.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use subdesk::billing::calendar::{Day, days_between, plus_days};

/// Plans and what a seat costs for six months and for a year.
const PLANS: [(&str, i64, i64); 3] = [
    ("base", 9_000, 15_300),
    ("advanced", 15_000, 25_500),
    ("pro", 27_000, 45_900),
];

/// What somebody does; the first number is the account.
#[derive(Debug, Clone)]
pub enum What {
    Wait(u8),
    Create(u8),
    Buy(u8, u8, bool, u8),
    Seats(u8, u8),
    Pay(u8),
    CallOff(u8),
    Member(u8, u8),
    Case(u8),
    CloseCase(u8),
    Auto(u8, bool),
    Cancel(u8),
    Resume(u8),
    Note(u8, u8),
    Use(u8, u8),
    Record(u8, u8),
    Run,
}

/// How it is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    Plainly,
    TriedFirst,
    TwiceWithAKey,
}

fn what() -> impl Strategy<Value = What> {
    let account = 0_u8..3;
    prop_oneof![
        2 => (0_u8..9).prop_map(What::Wait),
        3 => account.clone().prop_map(What::Create),
        3 => (account.clone(), 0_u8..3, any::<bool>(), 1_u8..5).prop_map(|(a, plan, year, seats)| What::Buy(a, plan, year, seats)),
        2 => (account.clone(), 1_u8..4).prop_map(|(a, seats)| What::Seats(a, seats)),
        5 => account.clone().prop_map(What::Pay),
        1 => account.clone().prop_map(What::CallOff),
        1 => (account.clone(), 0_u8..4).prop_map(|(a, who)| What::Member(a, who)),
        1 => account.clone().prop_map(What::Case),
        1 => (0_u8..4).prop_map(What::CloseCase),
        1 => (account.clone(), any::<bool>()).prop_map(|(a, on)| What::Auto(a, on)),
        1 => account.clone().prop_map(What::Cancel),
        1 => account.clone().prop_map(What::Resume),
        1 => (account.clone(), 1_u8..=100).prop_map(|(a, percent)| What::Note(a, percent)),
        1 => (account.clone(), 1_u8..50).prop_map(|(a, units)| What::Use(a, units)),
        1 => (account, 1_u8..50).prop_map(|(a, units)| What::Record(a, units)),
        1 => Just(What::Run),
    ]
}

pub fn history() -> impl Strategy<Value = Vec<(What, How)>> {
    let how = prop_oneof![3 => Just(How::Plainly), 1 => Just(How::TriedFirst), 1 => Just(How::TwiceWithAKey)];
    prop::collection::vec((what(), how), 1..26)
}

#[derive(Debug, Clone)]
pub struct Term {
    pub plan: usize,
    pub year: bool,
    pub seats: i64,
    pub start: Day,
    pub end: Day,
}

#[derive(Debug, Clone)]
pub enum Wanted {
    Plan(usize, bool, i64),
    Seats(i64),
}

#[derive(Debug, Clone)]
pub struct Order {
    pub number: i64,
    pub total: i64,
    pub placed: Day,
    pub wanted: Wanted,
}

/// What the model knows of an account.
#[derive(Debug, Clone)]
pub struct Account {
    pub trial_end: Day,
    pub term: Option<Term>,
    pub order: Option<Order>,
    pub cancelled: bool,
    pub members: BTreeSet<u8>,
    /// Its first invoice: number, total, what is left of it.
    pub invoice: Option<(i64, i64, i64)>,
    pub balance: i64,
}

/// What the model knows of the desk.
#[derive(Debug, Clone)]
pub struct Model {
    pub today: Day,
    pub accounts: BTreeMap<u8, Account>,
    pub cases: Vec<bool>,
    pub orders: i64,
    pub invoices: i64,
    pub notes: i64,
    pub writes: i64,
}

fn half_up(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

impl Model {
    pub fn new() -> Model {
        Model {
            today: "2026-07-01".parse().unwrap(),
            accounts: BTreeMap::new(),
            cases: Vec::new(),
            orders: 0,
            invoices: 0,
            notes: 0,
            writes: 1,
        }
    }

    /// The command line, and the exit code it must have; what was done is taken over where it is 0.
    pub fn step(&mut self, what: &What) -> (String, i32) {
        let line = self.line(what);
        let mut after = self.clone();
        match after.done(what) {
            Ok(()) => {
                after.writes += 1;
                *self = after;
                (line, 0)
            }
            Err(code) => (line, code),
        }
    }

    fn line(&self, what: &What) -> String {
        let order = |a: &u8| {
            self.accounts
                .get(a)
                .and_then(|account| account.order.as_ref())
                .map_or(99, |order| order.number)
        };
        let invoice = |a: &u8| {
            self.accounts
                .get(a)
                .and_then(|account| account.invoice)
                .map_or(99, |invoice| invoice.0)
        };
        match what {
            What::Wait(_) => String::new(),
            What::Create(a) => format!("account create a{a} --country US --email o@a{a}.test"),
            What::Buy(a, plan, year, seats) => format!(
                "order create a{a} --plan {} --period {} --seats {seats} --method card",
                PLANS[usize::from(*plan)].0,
                if *year { "1y" } else { "6m" }
            ),
            What::Seats(a, seats) => format!("seats add a{a} {seats}"),
            What::Pay(a) => format!("order pay O-{:06}", order(a)),
            What::CallOff(a) => format!("order cancel O-{:06}", order(a)),
            What::Member(a, who) => format!("account member add a{a} m{who}@a{a}.test --no-seat"),
            What::Case(a) => format!("case create a{a} --about support --text x"),
            What::CloseCase(which) => format!("case close {} --outcome y", which + 1),
            What::Auto(a, on) => format!("renew auto a{a} {}", if *on { "on" } else { "off" }),
            What::Cancel(a) => format!("plan cancel a{a} --reason x"),
            What::Resume(a) => format!("plan resume a{a}"),
            What::Note(a, percent) => format!(
                "invoice credit INV-2026-{:06} --percent {percent} --reason x",
                invoice(a)
            ),
            What::Use(a, units) => format!("credit use a{a} ai {units}"),
            What::Record(a, units) => format!("limit record a{a} leads {units}"),
            What::Run => "renew run".to_owned(),
        }
    }

    fn account(&mut self, a: u8) -> Result<&mut Account, i32> {
        self.accounts.get_mut(&a).ok_or(4)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each command")]
    fn done(&mut self, what: &What) -> Result<(), i32> {
        let today = self.today;
        let refused = |no: bool| if no { Err(3) } else { Ok(()) };
        match what {
            What::Wait(_) | What::Run => {}
            What::Create(a) => {
                refused(self.accounts.contains_key(a))?;
                let account = Account {
                    trial_end: plus_days(today, 14),
                    term: None,
                    order: None,
                    cancelled: false,
                    members: BTreeSet::new(),
                    invoice: None,
                    balance: 0,
                };
                self.accounts.insert(*a, account);
            }
            What::Buy(a, plan, year, seats) => {
                let number = self.orders + 1;
                let account = self.account(*a)?;
                refused(account.order.is_some() || account.term.is_some())?;
                let (_, half, whole) = PLANS[usize::from(*plan)];
                let seats = i64::from(*seats);
                let total = seats * if *year { whole } else { half };
                let wanted = Wanted::Plan(usize::from(*plan), *year, seats);
                account.order = Some(Order {
                    number,
                    total,
                    placed: today,
                    wanted,
                });
                self.orders = number;
            }
            What::Seats(a, seats) => {
                let number = self.orders + 1;
                let account = self.account(*a)?;
                refused(account.order.is_some())?;
                let term = account.term.as_ref().ok_or(3)?;
                let (_, half, whole) = PLANS[term.plan];
                let unit = if term.year { whole } else { half };
                let left = days_between(today, term.end);
                let total = half_up(
                    i64::from(*seats) * unit * left,
                    days_between(term.start, term.end),
                );
                let wanted = Wanted::Seats(i64::from(*seats));
                account.order = Some(Order {
                    number,
                    total,
                    placed: today,
                    wanted,
                });
                self.orders = number;
            }
            What::Pay(a) => self.pay(*a)?,
            What::CallOff(a) => {
                let account = self.accounts.get_mut(a).ok_or(4)?;
                account.order.take().ok_or(4)?;
            }
            What::Member(a, who) => {
                let added = self.account(*a)?.members.insert(*who);
                refused(!added)?;
            }
            What::Case(a) => {
                self.account(*a)?;
                self.cases.push(true);
            }
            What::CloseCase(which) => {
                let open = self.cases.get_mut(usize::from(*which)).ok_or(4)?;
                refused(!*open)?;
                *open = false;
            }
            What::Auto(a, on) => {
                let account = self.account(*a)?;
                refused(*on && account.term.is_none())?;
                refused(account.cancelled)?;
            }
            What::Cancel(a) => {
                let account = self.account(*a)?;
                refused(account.term.is_none() || account.cancelled)?;
                account.cancelled = true;
            }
            What::Resume(a) => {
                let account = self.account(*a)?;
                refused(!account.cancelled)?;
                account.cancelled = false;
            }
            What::Note(a, percent) => {
                let account = self.accounts.get_mut(a).ok_or(4)?;
                let (_, total, left) = account.invoice.as_mut().ok_or(4)?;
                let back = half_up(*total * i64::from(*percent), 100);
                refused(back > *left || back == 0)?;
                *left -= back;
                account.balance += back;
                self.notes += 1;
            }
            What::Use(a, _) => {
                self.account(*a)?;
            }
            What::Record(a, _) => {
                self.account(*a)?;
            }
        }
        Ok(())
    }

    fn pay(&mut self, a: u8) -> Result<(), i32> {
        let today = self.today;
        let invoice = self.invoices + 1;
        let account = self.accounts.get_mut(&a).ok_or(4)?;
        let order = account.order.clone().ok_or(4)?;
        if today >= plus_days(order.placed, 30) {
            return Err(3);
        }
        match order.wanted {
            Wanted::Plan(plan, year, seats) => {
                let months = chrono::Months::new(if year { 12 } else { 6 });
                // The days of the trial that are left come on top.
                let bonus = days_between(today, account.trial_end).max(0);
                let end = plus_days(today.checked_add_months(months).unwrap(), bonus);
                account.term = Some(Term {
                    plan,
                    year,
                    seats,
                    start: today,
                    end,
                });
            }
            Wanted::Seats(more) => {
                // The price stands as it was when the order was placed.
                account.term.as_mut().ok_or(3)?.seats += more;
            }
        }
        account.balance -= account.balance.min(order.total);
        account.order = None;
        account
            .invoice
            .get_or_insert((invoice, order.total, order.total));
        self.invoices = invoice;
        Ok(())
    }
}
