//! The statements behind the changes: how people, agreements and requests become rows.

use super::row::{Kept, day_text, day_text_or_none, json, moment_text, name};
use super::sheet::Sheet;
use crate::billing::account::{
    Account, Agreement, BillingDetails, Member, NextTerm, SavedMethod, Switched,
};
use crate::billing::calendar::Day;
use crate::billing::case::Case;
use crate::billing::credit::CreditEntry;
use crate::billing::message::Message;
use crate::billing::term::Trial;
use rusqlite::params;

impl Sheet {
    pub(super) fn insert_account(&mut self, account: &Account) -> Kept<()> {
        self.one(
            "INSERT INTO account (id, name, title, country, region, currency, created_on, closed_on, billing) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                account.id,
                account.name,
                account.title,
                account.country,
                account.region,
                account.currency.code(),
                day_text(account.created_on),
                day_text_or_none(account.closed_on),
                json(&account.billing)?
            ],
        )
    }

    pub(super) fn update_account(&mut self, account: &Account) -> Kept<()> {
        self.keep_billed_as(account.id)?;
        self.one(
            "UPDATE account SET name = ?2, title = ?3, country = ?4, region = ?5, currency = ?6, \
             billing = ?7 WHERE id = ?1",
            params![
                account.id,
                account.name,
                account.title,
                account.country,
                account.region,
                account.currency.code(),
                json(&account.billing)?
            ],
        )
    }

    pub(super) fn update_billing(&mut self, account: i64, billing: &BillingDetails) -> Kept<()> {
        self.keep_billed_as(account)?;
        let sql = "UPDATE account SET billing = ?2 WHERE id = ?1";
        self.one(sql, params![account, json(billing)?])
    }

    pub(super) fn insert_member(&mut self, account: i64, member: &Member, on: Day) -> Kept<()> {
        self.one(
            "INSERT INTO member (id, account, email, role, granted, seat, disabled_on, added_on) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                member.id,
                account,
                member.email,
                name(&member.role)?,
                member.granted,
                member.seat,
                day_text_or_none(member.disabled_on),
                on.to_string()
            ],
        )
    }

    pub(super) fn update_member(&mut self, member: &Member) -> Kept<()> {
        self.one(
            "UPDATE member SET email = ?2, role = ?3, granted = ?4, seat = ?5, disabled_on = ?6 WHERE id = ?1",
            params![
                member.id,
                member.email,
                name(&member.role)?,
                member.granted,
                member.seat,
                day_text_or_none(member.disabled_on)
            ],
        )
    }

    pub(super) fn set_method(
        &mut self,
        account: i64,
        method: Option<&SavedMethod>,
        on: Day,
    ) -> Kept<()> {
        self.any(
            "UPDATE method SET removed_on = ?2 WHERE account = ?1 AND removed_on IS NULL",
            params![account, on.to_string()],
        )?;
        let Some(saved) = method else { return Ok(()) };
        self.one(
            "INSERT INTO method (account, method, reference, saved_on) VALUES (?1, ?2, ?3, ?4)",
            params![
                account,
                saved.method,
                saved.reference,
                day_text(saved.saved_on)
            ],
        )
    }

    pub(super) fn insert_trial(&mut self, account: i64, trial: &Trial) -> Kept<()> {
        self.one(
            "INSERT INTO trial (account, starts, ends, plan, ended_on, extended_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                account,
                day_text(trial.span.start),
                day_text(trial.span.end),
                trial.plan,
                day_text_or_none(trial.ended_on),
                trial.extended_days
            ],
        )
    }

    pub(super) fn update_trial(&mut self, account: i64, trial: &Trial) -> Kept<()> {
        self.one(
            "UPDATE trial SET ends = ?3, ended_on = ?4, extended_days = ?5 WHERE account = ?1 AND starts = ?2",
            params![
                account,
                day_text(trial.span.start),
                day_text(trial.span.end),
                day_text_or_none(trial.ended_on),
                trial.extended_days
            ],
        )
    }

    pub(super) fn insert_switch(&mut self, account: i64, switched: Switched) -> Kept<()> {
        self.one(
            "INSERT INTO switch (account, place, switch, is_on, at) \
             VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM switch WHERE account = ?1), ?2, ?3, ?4)",
            params![account, name(&switched.switch)?, switched.on, moment_text(switched.at)],
        )
    }

    pub(super) fn schedule(
        &mut self,
        account: i64,
        asked_on: Day,
        change: Option<&NextTerm>,
    ) -> Kept<()> {
        self.any(
            "UPDATE scheduled SET waits = 0 WHERE account = ?1 AND waits = 1",
            params![account],
        )?;
        let Some(change) = change else { return Ok(()) };
        self.one(
            "INSERT INTO scheduled (account, asked_on, change, waits) VALUES (?1, ?2, ?3, 1)",
            params![account, asked_on.to_string(), json(change)?],
        )
    }

    pub(super) fn insert_agreement(&mut self, account: i64, agreement: &Agreement) -> Kept<()> {
        self.one(
            "INSERT INTO agreement (id, account, what, starts, ends, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                agreement.id,
                account,
                json(&agreement.what)?,
                day_text(agreement.from),
                day_text_or_none(agreement.until),
                agreement.reason
            ],
        )
    }

    pub(super) fn insert_credit(&mut self, account: i64, entry: &CreditEntry) -> Kept<()> {
        self.one(
            "INSERT INTO credit_entry (account, credit, kind, units, at, expires_on, member, orders, reason) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                account,
                entry.credit,
                entry.kind.name(),
                entry.units,
                moment_text(entry.at),
                day_text_or_none(entry.expires_on),
                entry.member,
                entry.order,
                entry.reason
            ],
        )
    }

    pub(super) fn insert_case(&mut self, case: &Case) -> Kept<()> {
        self.one(
            "INSERT INTO cases (id, account, about, text, member, contact, goes_to, opened_at, closed_at, outcome) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                case.id,
                case.account,
                name(&case.about)?,
                case.text,
                case.member,
                json(&case.contact)?,
                case.to,
                moment_text(case.opened_at),
                case.closed_at.map(moment_text),
                case.outcome
            ],
        )
    }

    /// A message that is there already is not put there twice.
    pub(super) fn insert_message(&mut self, message: &Message) -> Kept<()> {
        self.any(
            // Its attempts are given although the table knows them: the row is to be just what is given.
            "INSERT INTO message (account, kind, about, goes_to, at, attempts) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account, kind, about) DO NOTHING",
            params![
                message.account,
                message.kind,
                message.about,
                json(&message.to)?,
                moment_text(message.at),
                0
            ],
        )
    }
}
