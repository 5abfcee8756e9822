//! From changes to rows: one arm for each change, and nothing else writes business facts.

use super::row::{Kept, day_text, day_text_or_none, moment_text, name};
use super::tx::Tx;
use crate::billing::change::Change;
use rusqlite::params;

impl Tx<'_> {
    /// Applies changes in order. `journal` is the line that they belong to.
    ///
    /// # Errors
    /// The store cannot be written, or a key that must be unique is there already.
    pub fn apply(&mut self, journal: i64, changes: &[Change]) -> Kept<()> {
        for change in changes {
            match change {
                Change::AddAccount(account) => self.insert_account(account)?,
                Change::EditAccount { account } => self.update_account(account)?,
                Change::EditBilling { account, billing } => {
                    self.update_billing(*account, billing)?;
                }
                Change::CloseAccount { account, on } => self.run_one(
                    "UPDATE account SET closed_on = ?2, due_on = NULL WHERE id = ?1",
                    params![account, on.to_string()],
                )?,
                Change::AddMember {
                    account,
                    member,
                    on,
                } => self.insert_member(*account, member, *on)?,
                Change::EditMember(member) => self.update_member(member)?,
                Change::RemoveMember { member, on } => self.run_one(
                    "UPDATE member SET removed_on = ?2 WHERE id = ?1",
                    params![member, on.to_string()],
                )?,
                Change::SetRole { member, role } => self.run_one(
                    "UPDATE member SET role = ?2 WHERE id = ?1",
                    params![member, name(role)?],
                )?,
                Change::SetMethod {
                    account,
                    method,
                    on,
                } => {
                    self.set_method(*account, method.as_ref(), *on)?;
                }
                Change::AddTrial { account, trial } => self.insert_trial(*account, trial)?,
                Change::EditTrial { account, trial } => self.update_trial(*account, trial)?,
                Change::UseCatalog {
                    catalog,
                    text,
                    origin,
                    at,
                } => {
                    self.use_catalog(catalog, text, origin, *at)?;
                    self.set("zone", &catalog.zone)?;
                }
                Change::UsePolicy {
                    policy,
                    text,
                    origin,
                    at,
                } => {
                    self.use_policy(policy, text, origin, *at)?;
                }
                Change::ForgetOtherSellers { seller } => {
                    self.forget_other_sellers(seller)?;
                }
                _ => self.apply_money(journal, change)?,
            }
        }
        Ok(())
    }

    fn apply_money(&mut self, journal: i64, change: &Change) -> Kept<()> {
        match change {
            Change::AddOrder(order) => self.insert_order(order),
            Change::SetOrder { order, state, at } => self.run_one(
                "UPDATE orders SET state = ?2, settled_at = ?3 WHERE id = ?1",
                params![order, state.name(), moment_text(*at)],
            ),
            Change::SetOrderPayment { order, method, instalments, from_balance } => self.run_one(
                "UPDATE orders SET method = ?2, instalments = ?3, from_balance = ?4 WHERE id = ?1",
                params![order, method, instalments, from_balance.minor],
            ),
            Change::AddPayment(payment) => self.insert_payment(payment),
            Change::SetPayment { payment, state, at, reference, reason, invoice } => self.run_one(
                "UPDATE payment SET state = ?2, settled_at = ?3, reference = coalesce(?4, reference), \
                 reason = ?5, invoice = coalesce(?6, invoice) WHERE id = ?1",
                params![payment, state.name(), moment_text(*at), reference, reason, invoice],
            ),
            Change::AddTerm { account, term } => self.insert_term(*account, term),
            Change::AddSlice { term, slice } => self.insert_slice(*term, slice),
            Change::EndTerm { term, end, cut_on } => self.run_one(
                "UPDATE term SET starts = min(starts, ?2), ends = ?2, cut_on = ?3 WHERE id = ?1",
                params![term, day_text(*end), day_text_or_none(*cut_on)],
            ),
            Change::AddHolding { account, holding } => self.insert_holding(*account, holding),
            Change::EndHolding { holding, end, cut_on } => self.run_one(
                "UPDATE holding SET ends = ?2, cut_on = ?3 WHERE id = ?1",
                params![holding, day_text(*end), day_text_or_none(*cut_on)],
            ),
            Change::TieLine { line, term } => {
                self.run_one("UPDATE line SET term = ?2 WHERE id = ?1", params![line, term])
            }
            // A document that was issued states its lines for good.
            Change::ServeLine { line, service } => self.run_one(
                "UPDATE line SET starts = ?2, ends = ?3 WHERE id = ?1 AND credit_note IS NULL \
                   AND NOT EXISTS (SELECT 1 FROM invoice WHERE invoice.orders = line.orders)",
                params![line, day_text(service.start), day_text(service.end)],
            ),
            Change::AddInvoice { invoice, lines } => self.insert_invoice(invoice, lines),
            Change::SetInvoice { invoice, state, paid, from_balance, credited, settled_on } => self
                .run_one(
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
                postings.iter().try_for_each(|posting| self.insert_posting(journal, posting))
            }
            _ => self.apply_other(change),
        }
    }

    fn apply_other(&mut self, change: &Change) -> Kept<()> {
        match change {
            Change::Switch { account, switched } => self.insert_switch(*account, *switched),
            Change::Schedule { account, asked_on, change } => {
                self.schedule(*account, *asked_on, change.as_ref())
            }
            Change::Agree { account, agreement } => self.insert_agreement(*account, agreement),
            Change::EndAgreement { agreement, until } => self.run_one(
                "UPDATE agreement SET ends = ?2 WHERE id = ?1",
                params![agreement, until.to_string()],
            ),
            Change::AddCredit { account, entry } => self.insert_credit(*account, entry),
            Change::RecordUse { account, limit, member, amount, at } => self.run_one(
                "INSERT INTO limit_use (account, name, member, amount, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![account, limit, member, amount, moment_text(*at)],
            ),
            Change::OpenCase(case) => self.insert_case(case),
            Change::CloseCase { case, at, outcome } => self.run_one(
                "UPDATE cases SET closed_at = ?2, outcome = ?3 WHERE id = ?1",
                params![case, moment_text(*at), outcome],
            ),
            Change::AddMessage(message) => self.insert_message(message),
            Change::BeginMessage(dispatch) => self.begin_message(dispatch),
            Change::EndMessage { message, at, end } => self.end_message(*message, *at, end),
            Change::RetryMessage { message, at, to } => self.retry_message(*message, *at, to),
            Change::SetDue { account, on } => self.run_one(
                "UPDATE account SET due_on = ?2 WHERE id = ?1",
                params![account, day_text_or_none(*on)],
            ),
            other => Err(super::row::Fault::Other(anyhow::anyhow!("nobody keeps {other:?}"))),
        }
    }
}
