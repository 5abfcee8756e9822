//! A shop in memory with scripted gateways, for tests of whole runs.

use super::{Heard, Run};
use crate::billing::account::{Account, Member};
use crate::billing::calendar::Moment;
use crate::billing::change::Change;
use crate::billing::money::Currency;
use crate::billing::policy::{Role, State};
use crate::billing::standing::standing;
use crate::desk::house::plant;
use crate::desk::order::{Create, Wish};
use crate::desk::payment::Pay;
use crate::desk::{Desk, Starter, Terms};
use crate::gateway::Gateways;
use crate::wire::presets::preset;
use std::path::Path;

pub(super) struct Shop {
    pub(super) desk: Desk,
    pub(super) gateways: Gateways,
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn terms(at: &str) -> Terms {
    Terms {
        reason: Some("test".to_owned()),
        ..Terms::by_clock(at.parse().unwrap(), "cron")
    }
}

impl Shop {
    pub(super) fn of(seller: &str) -> Shop {
        Shop::over(Desk::in_memory().unwrap(), seller)
    }

    /// Over a store in which nothing is yet.
    pub(super) fn over(mut desk: Desk, seller: &str) -> Shop {
        let preset = preset(seller).unwrap();
        let start = terms("2023-01-01T09:00:00");
        let starter = Starter {
            by: "test".to_owned(),
            recorded_at: start.recorded_at,
            now: start.at,
        };
        desk.start(preset, &starter).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let setting = format!("scripted:{}", folder.path().display());
        Shop {
            desk,
            gateways: Gateways::from_setting(Some(&setting)).unwrap(),
            folder,
        }
    }

    pub(super) fn script(&self, lines: &str) {
        script(self.folder.path(), lines);
    }

    /// An account with its owner.
    pub(super) fn account(
        &mut self,
        id: i64,
        name: &str,
        (country, region, currency): (&str, &str, Currency),
    ) {
        let created_on = "2025-01-01".parse().unwrap();
        let account = Account {
            id,
            name: name.to_owned(),
            title: name.to_uppercase(),
            country: country.to_owned(),
            region: region.to_owned(),
            currency,
            created_on,
            closed_on: None,
            billing: crate::billing::account::BillingDetails {
                address: vec!["1 Main Street".to_owned()],
                taxpayer: Some("529.982.247-25".to_owned()),
                ..Default::default()
            },
        };
        let member = Member {
            id,
            email: format!("ana@{name}.test"),
            role: Role::Owner,
            granted: false,
            seat: None,
            disabled_on: None,
        };
        let add = Change::AddMember {
            account: id,
            member,
            on: account.created_on,
        };
        plant(
            &mut self.desk,
            &[Change::AddAccount(Box::new(account)), add],
        );
    }

    /// Buys a plan and pays it by a method.
    pub(super) fn buy(
        &mut self,
        at: &str,
        name: &str,
        (plan, period, seats, method): (&str, &str, u32, &str),
    ) {
        let terms = terms(at);
        let wish = Wish {
            plan: Some(plan.to_owned()),
            period: Some(period.parse().unwrap()),
            seats: Some([(String::new(), seats)].into()),
            method: Some(method.to_owned()),
            ..Wish::default()
        };
        let create = Create {
            account: name.to_owned(),
            wish,
        };
        let outcome = self.desk.perform(&terms, &create).unwrap();
        let crate::wire::Document::Order(order) = outcome.document else {
            panic!("no order");
        };
        let pay = Pay {
            order: order.number,
            reference: Some(format!("tok-{name}")),
            ..Pay::default()
        };
        self.desk.pay(&terms, &pay, &self.gateways).unwrap();
    }

    /// One run; what it says, a line each.
    pub(super) fn run(&mut self, at: &str) -> Vec<String> {
        self.run_with(at, None)
    }

    pub(super) fn run_with(&mut self, at: &str, limit: Option<u64>) -> Vec<String> {
        let mut said = Vec::new();
        let run = Run {
            account: None,
            limit,
            at_once: 2,
        };
        let terms = terms(at);
        self.desk
            .renew(&terms, &run, &self.gateways, &mut |heard| match heard {
                Heard::Did(name, steps) => {
                    let texts: Vec<&str> = steps.iter().map(|step| step.text.as_str()).collect();
                    said.push(format!("{name}: {}", texts.join("; ")));
                }
                Heard::Refused(name, refusal) => said.push(format!("{name}: refused: {refusal}")),
                Heard::Failed(name, says) => said.push(format!("{name}: failed: {says}")),
                Heard::Unsettled(name, text) => said.push(format!("{name}: unsettled: {text}")),
                Heard::Began(_) | Heard::Reached(_) => {}
            })
            .unwrap();
        said
    }

    pub(super) fn state(&mut self, name: &str, at: &str) -> State {
        let at: Moment = at.parse().unwrap();
        let look = self.desk.look().unwrap();
        let account = look.read().account_named(name).unwrap().unwrap();
        let facts = look.read().facts(account, at.date()).unwrap();
        let (_, policy) = look.read().policy(at.date()).unwrap();
        standing(&facts, &policy, at).state
    }
}

pub(super) fn script(folder: &Path, lines: &str) {
    std::fs::write(folder.join("script.jsonl"), lines).unwrap();
    let _ = std::fs::remove_file(folder.join("used.txt"));
}

pub(super) const WORLD: (&str, &str, Currency) = ("US", "world", Currency::USD);
pub(super) const DECLINES: &str =
    "{\"answer\":\"declined\",\"reason\":\"insufficient_funds\",\"always\":true}\n";
