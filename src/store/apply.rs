//! From changes to rows: one arm for each change, and nothing else writes business facts.

use super::row::{Fault, Kept, day_text, day_text_or_none, moment_text, name};
use super::sheet::{Sheet, Step};
use super::tx::Tx;
use crate::billing::change::Change;
use rusqlite::params;

impl Tx<'_> {
    /// Applies changes in order. `journal` is the line that they belong to.
    ///
    /// # Errors
    /// The store cannot be written, or a key that must be unique is there already.
    pub fn apply(&mut self, journal: i64, changes: &[Change]) -> Kept<()> {
        let mut sheet = Sheet::default();
        changes.iter().try_for_each(|change| sheet.change(change))?;
        self.write(journal, &sheet)
    }

    /// Writes what is put down on a sheet. `journal` is the line that it belongs to.
    ///
    /// # Errors
    /// As for [`Tx::apply`].
    pub fn write(&mut self, journal: i64, sheet: &Sheet) -> Kept<()> {
        for step in sheet.steps() {
            match step {
                Step::Run(put) => {
                    self.run_put(put, sheet.given(put, journal))?;
                }
                Step::Count(kind, on) => self.count_issued(*kind, *on)?,
                Step::Look(change) => self.look_and_apply(change)?,
            }
        }
        Ok(())
    }

    /// Applies a change whose statements follow from what stands in the file.
    fn look_and_apply(&mut self, change: &Change) -> Kept<()> {
        match change {
            Change::UseCatalog {
                catalog,
                text,
                origin,
                at,
            } => {
                self.use_catalog(catalog, text, origin, *at)?;
                self.set("zone", &catalog.zone)
            }
            Change::UsePolicy {
                policy,
                text,
                origin,
                at,
            } => self.use_policy(policy, text, origin, *at).map(|_| ()),
            Change::ForgetOtherSellers { seller } => self.forget_other_sellers(seller),
            Change::AddSlice { term, slice } => self.insert_slice(*term, slice),
            Change::BeginMessage(dispatch) => self.begin_message(dispatch),
            Change::EndMessage { message, at, end } => self.end_message(*message, *at, end),
            Change::RetryMessage { message, at, to } => self.retry_message(*message, *at, to),
            other => Err(Fault::Other(anyhow::anyhow!("nobody keeps {other:?}"))),
        }
    }
}

impl Sheet {
    /// Puts a change down.
    ///
    /// # Errors
    /// A part of it cannot be spelled.
    pub fn change(&mut self, change: &Change) -> Kept<()> {
        match change {
            Change::AddAccount(account) => self.insert_account(account),
            Change::EditAccount { account } => self.update_account(account),
            Change::EditBilling { account, billing } => self.update_billing(*account, billing),
            Change::CloseAccount { account, on } => self.one(
                "UPDATE account SET closed_on = ?2, due_on = NULL WHERE id = ?1",
                params![account, on.to_string()],
            ),
            Change::AddMember {
                account,
                member,
                on,
            } => self.insert_member(*account, member, *on),
            Change::EditMember(member) => self.update_member(member),
            Change::RemoveMember { member, on } => self.one(
                "UPDATE member SET removed_on = ?2 WHERE id = ?1",
                params![member, on.to_string()],
            ),
            Change::SetRole { member, role } => self.one(
                "UPDATE member SET role = ?2 WHERE id = ?1",
                params![member, name(role)?],
            ),
            Change::SetMethod {
                account,
                method,
                on,
            } => self.set_method(*account, method.as_ref(), *on),
            Change::AddTrial { account, trial } => self.insert_trial(*account, trial),
            Change::EditTrial { account, trial } => self.update_trial(*account, trial),
            _ => self.money(change),
        }
    }

    fn money(&mut self, change: &Change) -> Kept<()> {
        match change {
            Change::AddOrder(order) => self.insert_order(order),
            Change::SetOrder { order, state, at } => self.one(
                "UPDATE orders SET state = ?2, settled_at = ?3 WHERE id = ?1",
                params![order, state.name(), moment_text(*at)],
            ),
            Change::SetOrderPayment { order, method, instalments, from_balance } => self.one(
                "UPDATE orders SET method = ?2, instalments = ?3, from_balance = ?4 WHERE id = ?1",
                params![order, method, instalments, from_balance.minor],
            ),
            Change::AddPayment(payment) => self.insert_payment(payment),
            Change::SetPayment { payment, state, at, reference: Some(reference), reason, invoice: Some(invoice) } => {
                self.one(
                    "UPDATE payment SET state = ?2, settled_at = ?3, reference = ?4, reason = ?5, invoice = ?6 \
                     WHERE id = ?1",
                    params![payment, state.name(), moment_text(*at), reference, reason, invoice],
                )
            }
            Change::SetPayment { payment, state, at, reference, reason, invoice } => self.one(
                "UPDATE payment SET state = ?2, settled_at = ?3, reference = coalesce(?4, reference), \
                 reason = ?5, invoice = coalesce(?6, invoice) WHERE id = ?1",
                params![payment, state.name(), moment_text(*at), reference, reason, invoice],
            ),
            Change::AddTerm { account, term } => self.insert_term(*account, term),
            Change::EndTerm { term, end, cut_on } => self.one(
                "UPDATE term SET starts = min(starts, ?2), ends = ?2, cut_on = ?3 WHERE id = ?1",
                params![term, day_text(*end), day_text_or_none(*cut_on)],
            ),
            Change::AddHolding { account, holding } => self.insert_holding(*account, holding),
            Change::EndHolding { holding, end, cut_on } => self.one(
                "UPDATE holding SET ends = ?2, cut_on = ?3 WHERE id = ?1",
                params![holding, day_text(*end), day_text_or_none(*cut_on)],
            ),
            Change::TieLine { line, term } => {
                self.one("UPDATE line SET term = ?2 WHERE id = ?1", params![line, term])
            }
            // A document that was issued states its lines for good.
            Change::ServeLine { line, service } => self.one(
                "UPDATE line SET starts = ?2, ends = ?3 WHERE id = ?1 AND credit_note IS NULL \
                   AND NOT EXISTS (SELECT 1 FROM invoice WHERE invoice.orders = line.orders)",
                params![line, day_text(service.start), day_text(service.end)],
            ),
            Change::AddInvoice { invoice, lines } => self.insert_invoice(invoice, lines),
            Change::SetInvoice { invoice, state, paid, from_balance, credited, settled_on } => self
                .one(
                    "UPDATE invoice SET state = ?2, paid = ?3, from_balance = ?4, credited = ?5, \
                     settled_on = ?6 WHERE id = ?1",
                    params![
                        invoice,
                        state.name(),
                        paid.minor,
                        from_balance.minor,
                        credited.minor,
                        day_text_or_none(*settled_on)
                    ],
                ),
            Change::Post(postings) => {
                postings.iter().try_for_each(|posting| self.insert_posting(posting))
            }
            _ => self.other(change),
        }
    }

    fn other(&mut self, change: &Change) -> Kept<()> {
        match change {
            Change::Switch { account, switched } => self.insert_switch(*account, *switched),
            Change::Schedule { account, asked_on, change } => {
                self.schedule(*account, *asked_on, change.as_ref())
            }
            Change::Agree { account, agreement } => self.insert_agreement(*account, agreement),
            Change::EndAgreement { agreement, until } => self.one(
                "UPDATE agreement SET ends = ?2 WHERE id = ?1",
                params![agreement, until.to_string()],
            ),
            Change::AddCredit { account, entry } => self.insert_credit(*account, entry),
            Change::RecordUse { account, limit, member, amount, at } => self.one(
                "INSERT INTO limit_use (account, name, member, amount, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![account, limit, member, amount, moment_text(*at)],
            ),
            Change::OpenCase(case) => self.insert_case(case),
            Change::CloseCase { case, at, outcome } => self.one(
                "UPDATE cases SET closed_at = ?2, outcome = ?3 WHERE id = ?1",
                params![case, moment_text(*at), outcome],
            ),
            Change::AddMessage(message) => self.insert_message(message),
            Change::SetDue { account, on } => self.one(
                "UPDATE account SET due_on = ?2 WHERE id = ?1",
                params![account, day_text_or_none(*on)],
            ),
            looks => {
                self.look(looks);
                Ok(())
            }
        }
    }
}
