//! `subdesk account agree | disagree`: what holds for one account in place of the catalog.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::reply::Reply;
use super::wish;
use crate::billing::account::{Agreed, Discount};
use crate::billing::calendar::{Day, Period};
use crate::billing::money::Money;
use crate::desk::account_terms as account;
use clap::{ArgGroup, Args};
use rust_decimal::Decimal;

#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true),
    after_help = "Examples:\n  subdesk account agree acme --limit leads=50000 --reason \"contract 12\"\n  \
    subdesk account agree acme --price pro --period 1y --amount 480 --reason \"contract 12\"\n  \
    subdesk account agree acme --feature sso=on --until 2027-01-01 --reason pilot"
)]
pub(super) struct Agree {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// A limit for the account as a whole: leads=50000, leads=unlimited
    #[arg(long, group = "what", value_name = "NAME=COUNT", value_parser = limit)]
    limit: Option<(String, Option<i64>)>,

    /// A feature: sso=on, sso=off
    #[arg(long, group = "what", value_name = "NAME=ON", value_parser = feature)]
    feature: Option<(String, bool)>,

    /// A price of one seat of a plan, or of one unit of an add-on; with --period and --amount
    #[arg(long, group = "what", value_name = "ITEM", value_parser = parse::name,
          requires_all = ["period", "amount"])]
    price: Option<String>,

    /// Percent off every order
    #[arg(long, group = "what", value_name = "PERCENT", allow_negative_numbers = true, value_parser = parse::amount)]
    percent_off: Option<Decimal>,

    /// An amount off every order, such as "50.00 USD"
    #[arg(long, group = "what", value_name = "AMOUNT", value_parser = wish::money)]
    amount_off: Option<Money>,

    /// The fewest seats that are billed
    #[arg(long, group = "what", value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity)]
    minimum_seats: Option<u32>,

    /// Days on which seats of a windowed type can be used: those of this agreement
    #[arg(long, group = "what", value_name = "TYPE", value_parser = parse::name)]
    seat_window: Option<String>,

    /// A plan's name as this account sees it: business="Team"
    #[arg(long, group = "what", value_name = "PLAN=NAME", value_parser = plan_name)]
    plan_name: Option<(String, String)>,

    /// The period of a price
    #[arg(long, value_name = "PERIOD", value_parser = parse::period, requires = "price")]
    period: Option<Period>,

    /// The amount of a price for the whole period, in major units
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount, requires = "price")]
    amount: Option<Decimal>,

    /// The seat type of a price
    #[arg(long = "type", value_name = "TYPE", value_parser = parse::name, requires = "price")]
    seat_type: Option<String>,

    /// First day [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    from: Option<Day>,

    /// First day on which it no longer counts
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Disagree {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The agreement's number, as `account show` has it
    agreement: i64,

    /// First day on which it no longer counts [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    on: Option<Day>,

    #[command(flatten)]
    change: Change,
}

impl Agree {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let (account, from, until) = (self.account.clone(), self.from, self.until);
        let change = self.change.clone();
        let what = self
            .what()
            .ok_or_else(|| Failure::usage("Say what is agreed."))?;
        cx.perform(
            &change,
            &account::Agree {
                account,
                what,
                from,
                until,
            },
        )
    }

    fn what(self) -> Option<Agreed> {
        if let (Some(item), Some(period), Some(amount)) = (self.price, self.period, self.amount) {
            let seat_type = self.seat_type;
            return Some(Agreed::Price {
                item,
                seat_type,
                period,
                amount,
            });
        }
        let percent = self
            .percent_off
            .map(|percent| Discount::Percent { percent });
        let discount = percent.or(self.amount_off.map(|off| Discount::Amount { off }));
        self.limit
            .map(|(limit, amount)| Agreed::Limit { limit, amount })
            .or(self
                .feature
                .map(|(feature, on)| Agreed::Feature { feature, on }))
            .or(discount.map(Agreed::Discount))
            .or(self
                .minimum_seats
                .map(|seats| Agreed::MinimumSeats { seats }))
            .or(self
                .seat_window
                .map(|seat_type| Agreed::SeatWindow { seat_type }))
            .or(self
                .plan_name
                .map(|(plan, name)| Agreed::PlanName { plan, name }))
    }
}

impl Disagree {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let request = account::EndAgreement {
            account: self.account,
            agreement: self.agreement,
            on: self.on,
        };
        cx.perform(&self.change, &request)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} has no =; write a name, =, and a value"))?;
    Ok((parse::name(name)?, parse::name(value)?))
}

fn limit(text: &str) -> Result<(String, Option<i64>), String> {
    let (name, count) = pair(text)?;
    match count.as_str() {
        "unlimited" => Ok((name, None)),
        count => Ok((name, Some(parse::units(count)?))),
    }
}

fn feature(text: &str) -> Result<(String, bool), String> {
    let (name, on) = pair(text)?;
    match on.as_str() {
        "on" => Ok((name, true)),
        "off" => Ok((name, false)),
        other => Err(format!("{other:?} is neither on nor off")),
    }
}

fn plan_name(text: &str) -> Result<(String, String), String> {
    pair(text)
}
