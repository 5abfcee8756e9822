//! `subdesk order checkout`: a guided order. It asks for what was not given, fills the same request as
//! `order create`, shows it as a dry run, and at the end prints the one-line command.

mod details;
#[cfg(test)]
mod tests;
mod words;

use super::ask::Ask;
use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::reply::Reply;
use super::show;
use super::wish;
use crate::billing::calendar::Period;
use crate::billing::input;
use crate::billing::refusal::Refusal;
use crate::desk::checkout::Steps;
use crate::desk::{Effect, account, order, payment};
use crate::wire::Document;
use crate::wire::checkout::{Offer, Offers};
use clap::Args;
use details::Details;
use std::collections::BTreeMap;
use words::{limits_in_words, one_line, plan_in_words, quoted, seats_text, short_name};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk order checkout\n  \
    subdesk order checkout acme --plan advanced --seats 3")]
pub(super) struct Checkout {
    /// The account; asked for if it is not given
    #[arg(value_parser = parse::name)]
    account: Option<String>,

    /// The plan
    #[arg(long, value_name = "PLAN", value_parser = parse::name)]
    plan: Option<String>,

    /// The period: 6m, 1y
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    period: Option<Period>,

    /// The seats: 3, or full=3,seasonal=2
    #[arg(long, value_name = "SEATS", allow_negative_numbers = true, value_parser = wish::seats)]
    seats: Option<BTreeMap<String, u32>>,

    /// The payment method
    #[arg(long, value_name = "METHOD", value_parser = parse::name)]
    method: Option<String>,

    /// Pay in so many parts
    #[arg(long, value_name = "PARTS", allow_negative_numbers = true, value_parser = parse::quantity)]
    instalments: Option<u32>,

    /// The payment you have seen, or the processor's name of the saved card
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    reference: Option<String>,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    change: Change,
}

impl Checkout {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let mut asker = cx.asker(&self.change);
        self.guide(cx, asker.as_mut())
    }

    /// Asks whoever there is, and does what was answered.
    fn guide(&self, cx: &Context, asker: &mut dyn Ask) -> Result<Reply, Failure> {
        let mut steps = Steps::default();
        let account = self.account(cx, asker, &mut steps)?;
        let offers = cx.at_desk(&self.change, Effect::DryRun, |desk, terms| {
            desk.offers(terms, &account, &steps)
        })?;
        let mut said = vec![quoted(&account)];
        let wish = self.wish(asker, &offers, &mut said)?;
        steps.edit = self.details.edit(asker, &offers, &account)?;
        let order = order::Create { account, wish };
        let shown = cx.at_desk(&self.change, Effect::DryRun, |desk, terms| {
            desk.check_out(terms, &steps, &order, None)
        })?;
        let form = self.change.look.shape.form();
        if self.change.dry_run {
            return Ok(Reply::outcome(shown, form).detail(self.change.detail()));
        }
        if !self.change.yes {
            let page = show::drawn(&shown.document, self.change.detail(), &cx.out);
            cx.out.aside(&page);
            if !asker.confirm("Place this order?", "--yes")? {
                return Err(Failure::Stopped);
            }
        }
        let seen = total(&shown.document);
        let placed = cx.at_desk(&self.change, Effect::Kept, |desk, terms| {
            desk.check_out(terms, &steps, &order, seen)
        })?;
        let reply = self.pay(cx, asker, &offers, &placed.document)?;
        let line = one_line(&steps, &said, reply.as_document());
        Ok(reply.note(format!("The same in one line: {line}")))
    }

    /// The account: given, chosen, or to be made.
    fn account(
        &self,
        cx: &Context,
        asker: &mut dyn Ask,
        steps: &mut Steps,
    ) -> Result<String, Failure> {
        if let Some(name) = &self.account {
            return Ok(name.clone());
        }
        let mut options: Vec<String> = vec!["a new account".to_owned()];
        options.extend(cx.account_names()?);
        let chosen = match options.len() {
            1 => 0,
            _ => asker.choose("Which account?", &options, "ACCOUNT")?,
        };
        match options.get(chosen) {
            Some(name) if chosen > 0 => Ok(name.clone()),
            _ => {
                let newcomer = newcomer(asker)?;
                let name = newcomer.name.clone();
                steps.newcomer = Some(newcomer);
                Ok(name)
            }
        }
    }

    fn wish(
        &self,
        asker: &mut dyn Ask,
        offers: &Offers,
        said: &mut Vec<String>,
    ) -> Result<order::Wish, Failure> {
        let plan = self.ask_plan(asker, offers)?;
        said.push(format!("--plan {plan}"));
        if offers.holds.is_some() {
            return Ok(self.above(plan));
        }
        let offer = offers.plans.iter().find(|offer| offer.id == plan);
        let period = self.ask_period(asker, (&offers.unit, offer))?;
        said.extend(period.map(|period| format!("--period {}", String::from(period))));
        let seats = self.ask_seats(asker, offers, offer)?;
        said.push(format!("--seats {}", seats_text(&seats)));
        let method = self.ask_method(asker, offers)?;
        said.extend(method.iter().map(|method| format!("--method {method}")));
        let instalments = self.ask_parts(asker, offers, method.as_deref())?;
        said.extend(instalments.map(|parts| format!("--instalments {parts}")));
        Ok(order::Wish {
            plan: Some(plan),
            period,
            seats: Some(seats),
            method,
            instalments,
            ..order::Wish::default()
        })
    }

    /// A higher plan for the term and the seats that there are (K26-28). How it is paid is asked when its
    /// details have been seen (K26-29), unless a way to pay is on file.
    fn above(&self, plan: String) -> order::Wish {
        order::Wish {
            plan: Some(plan),
            period: self.period,
            seats: self.seats.clone(),
            method: self.method.clone(),
            instalments: self.instalments,
            ..order::Wish::default()
        }
    }

    fn ask_plan(&self, asker: &mut dyn Ask, offers: &Offers) -> Result<String, Failure> {
        if let Some(plan) = &self.plan {
            return Ok(plan.clone());
        }
        let options: Vec<String> = offers
            .plans
            .iter()
            .map(|offer| plan_in_words(offer, &offers.unit))
            .collect();
        let question = match &offers.holds {
            None => "Which plan?".to_owned(),
            Some(held) if options.is_empty() => {
                let message = format!("No plan that can be ordered is above {held}.");
                return Err(Failure::usage(message).run("plan list").say(
                    "A plan that is sold on request is asked for: see `subdesk plan request --help`.",
                ));
            }
            Some(held) => format!("Which plan above {held}?"),
        };
        let chosen = asker.choose(&question, &options, "--plan")?;
        offers
            .plans
            .get(chosen)
            .map(|offer| offer.id.clone())
            .ok_or(Failure::Stopped)
    }

    fn ask_period(
        &self,
        asker: &mut dyn Ask,
        (unit, offer): (&str, Option<&Offer>),
    ) -> Result<Option<Period>, Failure> {
        let (None, Some(offer)) = (self.period, offer) else {
            return Ok(self.period);
        };
        let options: Vec<String> = offer
            .prices
            .iter()
            .map(|price| {
                let whole = format!("{}: {}", price.period, price.amount.money());
                match &price.monthly {
                    Some(monthly) => format!("{whole} ({} a month)", monthly.money()),
                    None => whole,
                }
            })
            .collect();
        let question = format!("For how long? The price is for one {unit}.");
        let chosen = asker.choose(&question, &options, "--period")?;
        Ok(offer.prices.get(chosen).map(|price| price.period))
    }

    fn ask_seats(
        &self,
        asker: &mut dyn Ask,
        offers: &Offers,
        offer: Option<&Offer>,
    ) -> Result<BTreeMap<String, u32>, Failure> {
        if let Some(seats) = &self.seats {
            return Ok(seats.clone());
        }
        let (least, most) = offer.map_or((1, 1_000_000), |offer| (offer.least, offer.most));
        let check = |text: &str| match parse::quantity(text)? {
            count if count < least => Err(format!("the least is {least}")),
            count if count > most => Err(format!("the most is {most}")),
            _ => Ok(()),
        };
        let limits = offer.map(limits_in_words).unwrap_or_default();
        let question = format!("How many {}s?{limits}", offers.unit);
        let text = asker.text(&question, Some(&least.to_string()), &check, "--seats")?;
        let count = parse::quantity(&text).map_err(Failure::usage)?;
        Ok(BTreeMap::from([(String::new(), count)]))
    }

    fn ask_method(&self, asker: &mut dyn Ask, offers: &Offers) -> Result<Option<String>, Failure> {
        match (&self.method, offers.methods.as_slice()) {
            (Some(method), _) => Ok(Some(method.clone())),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some(only.id.clone())),
            (None, methods) => {
                let options: Vec<String> =
                    methods.iter().map(|method| method.name.clone()).collect();
                let chosen = asker.choose("How will it be paid?", &options, "--method")?;
                Ok(methods.get(chosen).map(|method| method.id.clone()))
            }
        }
    }

    fn ask_parts(
        &self,
        asker: &mut dyn Ask,
        offers: &Offers,
        method: Option<&str>,
    ) -> Result<Option<u32>, Failure> {
        let way = offers
            .methods
            .iter()
            .find(|way| Some(way.id.as_str()) == method);
        let most = way.map_or(1, |way| way.parts);
        if self.instalments.is_some() || most <= 1 {
            return Ok(self.instalments);
        }
        let check = |text: &str| match parse::quantity(text)? {
            parts if parts > most => Err(format!("the most is {most}")),
            _ => Ok(()),
        };
        let question = format!("In how many instalments, at most {most}?");
        let text = asker.text(&question, Some("1"), &check, "--instalments")?;
        let parts = parse::quantity(&text).map_err(Failure::usage)?;
        Ok((parts > 1).then_some(parts))
    }

    /// Pays the order that was placed, if a payment is at hand.
    fn pay(
        &self,
        cx: &Context,
        asker: &mut dyn Ask,
        offers: &Offers,
        placed: &Document,
    ) -> Result<Reply, Failure> {
        let Document::Order(order) = placed else {
            return Ok(Reply::document(
                placed.clone(),
                self.change.look.shape.form(),
            ));
        };
        if order.due.minor <= 0 {
            return Ok(Reply::document(
                placed.clone(),
                self.change.look.shape.form(),
            ));
        }
        let question = "Reference of the payment you have seen? Empty leaves the order open.";
        let reference = match &self.reference {
            Some(reference) => Some(reference.clone()),
            None => asker.optional(question, &|_| Ok(()))?,
        };
        let Some(reference) = reference else {
            let open = Reply::document(placed.clone(), self.change.look.shape.form());
            return Ok(open.note(format!("Pay it with: subdesk order pay {}", order.number)));
        };
        let method = match &order.method {
            Some(_) => None,
            None => self.ask_method(asker, offers)?,
        };
        let pay = payment::Pay {
            order: order.number.clone(),
            method,
            reference: Some(reference),
            expected_minor: Some(order.total.minor),
            ..payment::Pay::default()
        };
        let mut change = self.change.clone();
        change.key = change.key.map(|key| format!("{key}/pay"));
        cx.pay(&change, &pay).map_err(|failure| match failure {
            Failure::Desk(failure) => Failure::Desk(failure.after(format!(
                "{0} is placed and not paid. Pay it with: subdesk order pay {0}",
                order.number
            ))),
            other => other,
        })
    }
}

/// Whether an answer can be used, so that it is asked for again at once and not refused at the end.
fn fits(answer: Result<String, Refusal>) -> Result<(), String> {
    answer.map(|_| ()).map_err(|refused| refused.message)
}

/// A new account, as a person describes it.
fn newcomer(asker: &mut dyn Ask) -> Result<account::Create, Failure> {
    let any = |text: &str| parse::name(text).map(|_| ());
    let title = asker.text(
        "Name of the customer, as on invoices?",
        None,
        &any,
        "ACCOUNT",
    )?;
    let short = short_name(&title);
    let named = |text: &str| fits(input::account_name(text));
    let name = asker.text("Short name for commands?", Some(&short), &named, "ACCOUNT")?;
    let placed = |text: &str| fits(input::country(text));
    let country = asker.text("Country, two letters?", None, &placed, "ACCOUNT")?;
    let reached = |text: &str| fits(input::email(text));
    let email = asker.text("E-mail of the owner?", None, &reached, "ACCOUNT")?;
    Ok(account::Create {
        name,
        title: Some(title),
        country: country.trim().to_uppercase(),
        currency: None,
        email,
        billing: account::Details::default(),
    })
}

fn total(document: &Document) -> Option<crate::billing::money::Money> {
    match document {
        Document::Order(order) => Some(order.total.money()),
        _ => None,
    }
}
