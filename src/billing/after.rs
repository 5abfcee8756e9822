//! Facts as they are after changes, without a store: what a run on many accounts works with, and a look
//! into the future.
//!
//! Only what a later rule about time asks for is followed; everything else is the store's. A test compares
//! the result with what the store gives back.

use super::account::{Facts, Scheduled};
use super::calendar::Span;
use super::change::Change;
use super::correct::Given;
use super::invoice::InvoiceState;
use super::ledger::Book;
use super::money::Money;
use super::order::OrderState;
use super::payment::PaymentState;

impl Facts {
    /// Takes changes in, in order.
    pub fn take(&mut self, changes: &[Change]) {
        for change in changes {
            self.take_order(change);
            self.take_paper(change);
            self.take_time(change);
            self.take_people(change);
        }
    }

    fn take_order(&mut self, change: &Change) {
        match change {
            Change::AddOrder(order) => {
                self.next.order = self.next.order.max(order.id.saturating_add(1));
                let last = order.lines.iter().map(|line| line.id).max();
                self.next.line = self.next.line.max(last.unwrap_or(0).saturating_add(1));
                self.orders.push((**order).clone());
            }
            Change::SetOrder { order, state, at } => {
                let known = self.orders.iter_mut().find(|known| known.id == *order);
                if let Some(known) = known {
                    (known.state, known.settled_at) = (*state, Some(*at));
                }
                let kept = |state: OrderState| state.is_open();
                self.orders
                    .retain(|known| kept(known.state) || known.renews.is_some());
            }
            Change::SetOrderPayment {
                order,
                method,
                instalments,
                from_balance,
            } => {
                if let Some(known) = self.orders.iter_mut().find(|known| known.id == *order) {
                    known.method.clone_from(method);
                    (known.instalments, known.from_balance) = (*instalments, *from_balance);
                }
            }
            Change::AddPayment(payment) => {
                self.next.payment = self.next.payment.max(payment.id.saturating_add(1));
                self.payments.push((**payment).clone());
            }
            Change::SetPayment {
                payment,
                state,
                at,
                reference,
                reason,
                invoice,
            } => {
                let known = self.payments.iter_mut().find(|known| known.id == *payment);
                if let Some(known) = known {
                    set_payment(known, *state, *at);
                    known.reason.clone_from(reason);
                    known.reference = reference.clone().or_else(|| known.reference.take());
                    known.invoice = invoice.or(known.invoice);
                }
            }
            _ => {}
        }
    }

    fn take_paper(&mut self, change: &Change) {
        match change {
            Change::AddInvoice { invoice, lines } => {
                self.noted.extend(lines.iter().filter_map(Given::of));
                self.next.invoice = self.next.invoice.max(invoice.id.saturating_add(1));
                if let Some(year) = &mut self.next.in_year {
                    let of_year = match invoice.kind {
                        super::invoice::InvoiceKind::Invoice => &mut year.invoice,
                        super::invoice::InvoiceKind::CreditNote => &mut year.credit_note,
                    };
                    *of_year = of_year.saturating_add(1);
                }
                let series = match invoice.kind {
                    super::invoice::InvoiceKind::Invoice => &mut self.next.invoice_series,
                    super::invoice::InvoiceKind::CreditNote => &mut self.next.credit_note_series,
                };
                *series = invoice.series.saturating_add(1).max(*series);
                if invoice.state == InvoiceState::Open {
                    self.open_invoices.push((**invoice).clone());
                }
            }
            Change::SetInvoice {
                invoice,
                state,
                paid,
                from_balance,
                credited,
                settled_on,
            } => {
                let known = self
                    .open_invoices
                    .iter_mut()
                    .find(|known| known.id == *invoice);
                if let Some(known) = known {
                    (known.paid, known.from_balance) = (*paid, *from_balance);
                    (known.credited, known.settled_on) = (*credited, *settled_on);
                    known.state = *state;
                }
                self.open_invoices
                    .retain(|known| known.state == InvoiceState::Open);
            }
            Change::Post(postings) => {
                for posting in postings
                    .iter()
                    .filter(|posting| posting.book == Book::CustomerBalance)
                {
                    let minor = self.balance.minor.saturating_sub(posting.amount.minor);
                    self.balance = Money::of(minor, self.balance.currency);
                }
            }
            _ => {}
        }
    }

    fn take_time(&mut self, change: &Change) {
        match change {
            Change::AddTerm { term, .. } => {
                self.next.term = self.next.term.max(term.id.saturating_add(1));
                self.terms.push(term.clone());
                self.terms.sort_by_key(|term| (term.span.start, term.id));
            }
            Change::AddSlice { term, slice } => {
                if let Some(known) = self.terms.iter_mut().find(|known| known.id == *term) {
                    known.slices.push(slice.clone());
                }
            }
            Change::EndTerm { term, end, .. } => {
                if let Some(known) = self.terms.iter_mut().find(|known| known.id == *term) {
                    known.span = Span::new(known.span.start.min(*end), *end);
                }
            }
            Change::AddHolding { holding, .. } => self.holdings.push(holding.clone()),
            Change::AddTrial { trial, .. } => self.trials.push(trial.clone()),
            Change::EditTrial { trial, .. } => {
                let start = trial.span.start;
                if let Some(known) = self
                    .trials
                    .iter_mut()
                    .find(|known| known.span.start == start)
                {
                    known.clone_from(trial);
                }
            }
            _ => {}
        }
    }

    fn take_people(&mut self, change: &Change) {
        match change {
            Change::CloseAccount { on, .. } => self.account.closed_on = Some(*on),
            Change::EditAccount { account } => self.account.clone_from(account),
            Change::EditBilling { billing, .. } => self.account.billing.clone_from(billing),
            Change::SetMethod { method, .. } => self.method.clone_from(method),
            Change::Switch { switched, .. } => self.switches.push(*switched),
            Change::Schedule {
                asked_on, change, ..
            } => {
                self.scheduled.clear();
                self.scheduled
                    .extend(change.clone().map(|change| Scheduled {
                        id: 0,
                        asked_on: *asked_on,
                        change,
                    }));
            }
            Change::OpenCase(case) => {
                self.next.case = self.next.case.max(case.id.saturating_add(1));
                self.told.insert(("case".to_owned(), case.text.clone()));
                self.open_cases.push((**case).clone());
            }
            Change::AddMessage(message) => {
                self.told
                    .insert((message.kind.clone(), message.about.clone()));
            }
            _ => {}
        }
    }
}

fn set_payment(
    known: &mut super::payment::Payment,
    state: PaymentState,
    at: super::calendar::Moment,
) {
    (known.state, known.settled_at) = (state, Some(at));
}
