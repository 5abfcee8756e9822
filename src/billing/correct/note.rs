//! Issuing a credit note: the document, its lines, its postings, and where its money goes.

use super::{Paper, Pick};
use crate::billing::account::Numbers;
use crate::billing::change::Change;
use crate::billing::fraction::Fraction;
use crate::billing::invoice::{self, Invoice, InvoiceKind, InvoiceState};
use crate::billing::invoicing::charge;
use crate::billing::ledger::{Book, Cause, Movement};
use crate::billing::line_text::LineText;
use crate::billing::money::{Checked, Money, Rounding, TooLarge};
use crate::billing::order::{Line, LineKind};
use crate::billing::refusal::Refusal;
use crate::billing::scene::Scene;
use crate::billing::share::Window;
use crate::billing::switches::{DayCount, Denominator, RoundAt, Unit};
use crate::billing::working::{Of, Working};

/// Where the money of a note goes that the invoice's own debt does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To the account's balance.
    Balance,
    /// Out of the house by a payment of this key, up to an amount; the rest to the balance.
    Payment {
        /// The refund.
        payment: i64,
        /// The most it takes.
        at_most: Money,
    },
}

/// A credit note that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its key.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// What it gives back, with tax, as a positive amount.
    pub total: Money,
    /// What of that lowers the invoice's debt.
    pub debt: Money,
    /// What of that goes to the balance.
    pub balance: Money,
    /// What of that leaves the house.
    pub out: Money,
    /// Everything to be kept.
    pub changes: Vec<Change>,
}

/// The credit note for picks of an invoice. An open invoice's debt is lowered first.
///
/// # Errors
/// An amount is too large.
pub fn note(
    scene: &Scene<'_>,
    paper: &Paper,
    picks: &[Pick],
    towards: Towards,
    next: &mut Numbers,
) -> Result<Issued, Refusal> {
    let invoice = &paper.invoice;
    let (currency, on) = (invoice.currency, scene.on());
    let mut lines = Vec::with_capacity(picks.len());
    for pick in picks {
        if let Some(line) = paper.lines.get(pick.at) {
            lines.push(line_of(line, pick, Numbers::take(&mut next.line))?);
        }
    }
    let net = Money::sum(currency, lines.iter().map(|line| line.net))?;
    let tax = Money::sum(currency, lines.iter().map(|line| line.tax))?;
    let total = net.plus(tax)?.negated()?;
    let debt = total.at_most(invoice.open());
    let rest = total.minus(debt)?;
    let out = match towards {
        Towards::Balance => Money::zero(currency),
        Towards::Payment { at_most, .. } => rest.at_most(at_most),
    };
    let balance = rest.minus(out)?;
    let id = Numbers::take(&mut next.invoice);
    let (kind, rules) = (InvoiceKind::CreditNote, &scene.policy.invoice);
    let (series, number) = invoice::take_number(kind, rules, next, on, &scene.facts.account.name);
    let zero = Money::zero(currency);
    let document = Invoice {
        id,
        kind: InvoiceKind::CreditNote,
        number: number.clone(),
        series,
        account: invoice.account,
        order: None,
        corrects: Some(invoice.id),
        issued_on: on,
        due_on: on,
        currency,
        net,
        tax,
        total: total.negated()?,
        from_balance: zero,
        paid: zero,
        credited: zero,
        state: InvoiceState::Paid,
        settled_on: Some(on),
    };
    let mut movement = Movement::of(invoice.account, on, currency);
    charge(&mut movement, id, &lines)?;
    move_money(
        &mut movement,
        (id, invoice.id),
        (debt, balance, out),
        towards,
    )?;
    let changes = vec![
        Change::AddInvoice {
            invoice: Box::new(document),
            lines,
        },
        lowered(scene, invoice, total)?,
        Change::Post(movement.balanced()?),
    ];
    Ok(Issued {
        id,
        number,
        total,
        debt,
        balance,
        out,
        changes,
    })
}

fn move_money(
    movement: &mut Movement,
    (note, corrected): (i64, i64),
    (debt, balance, out): (Money, Money, Money),
    towards: Towards,
) -> Checked<()> {
    let of = |invoice: i64, payment: Option<i64>| Cause {
        invoice: Some(invoice),
        line: None,
        payment,
    };
    movement.debit(Book::Receivable, debt, of(note, None));
    movement.credit(Book::Receivable, debt, of(corrected, None))?;
    movement.debit(Book::Receivable, balance, of(note, None));
    movement.credit(Book::CustomerBalance, balance, of(note, None))?;
    let payment = match towards {
        Towards::Balance => None,
        Towards::Payment { payment, .. } => Some(payment),
    };
    movement.debit(Book::Receivable, out, of(note, None));
    movement.credit(Book::Refunds, out, of(note, payment))
}

/// The invoice with a note's total taken off it.
fn lowered(scene: &Scene<'_>, invoice: &Invoice, total: Money) -> Result<Change, Refusal> {
    let credited = invoice.credited.plus(total)?;
    let after = Invoice {
        credited,
        ..invoice.clone()
    };
    let open = !after.open().is_zero();
    Ok(Change::SetInvoice {
        invoice: invoice.id,
        state: if open {
            InvoiceState::Open
        } else {
            InvoiceState::Paid
        },
        paid: invoice.paid,
        from_balance: invoice.from_balance,
        credited,
        settled_on: match (open, invoice.settled_on) {
            (true, _) => None,
            (false, before) => before.or(Some(scene.on())),
        },
    })
}

/// The line of a note that gives back some of a billed line.
fn line_of(billed: &Line, pick: &Pick, id: i64) -> Checked<Line> {
    let (net, tax) = (pick.net.negated()?, pick.tax.negated()?);
    let mut line = match &pick.like {
        Some(like) => like.clone(),
        None => Line {
            kind: LineKind::Credit,
            text: LineText::Credit(Box::new(LineText::Other(&billed.text))).to_string(),
            working: share_of(billed, pick)?,
            because: None,
            ..billed.clone()
        },
    };
    if let Some(working) = &mut line.working
        && working.amount.minor != pick.net.minor
    {
        working.capped_at = Some(pick.net);
        working.amount = pick.net;
    }
    line.id = id;
    line.credits = Some(billed.id);
    line.discount = Money::zero(net.currency);
    line.discounted.clear();
    (line.gross, line.net, line.tax) = (net, net, tax);
    line.tax_percent = billed.tax_percent;
    line.tax_name.clone_from(&billed.tax_name);
    Ok(line)
}

/// How much of a billed line was given back by hand: so many percent of it, or so much of its amount. Nothing
/// for a line that pays for no days.
pub(in crate::billing) fn share_of(billed: &Line, pick: &Pick) -> Checked<Option<Working>> {
    let Some(service) = billed.service else {
        return Ok(None);
    };
    let narrow = |value: i128| i64::try_from(value).map_err(|_| TooLarge);
    let (numerator, denominator) = match pick.percent.map(|percent| percent.normalize()) {
        Some(percent) => {
            let places = 10_i128.checked_pow(percent.scale()).ok_or(TooLarge)?;
            let hundred = places.checked_mul(100).ok_or(TooLarge)?;
            (narrow(percent.mantissa())?, narrow(hundred)?)
        }
        // Of a credit, and so below nothing, where it is taken back.
        None => (
            pick.net.minor.saturating_abs(),
            billed.net.minor.saturating_abs(),
        ),
    };
    let share = Fraction::new(i128::from(numerator), i128::from(denominator))?;
    let exact = Fraction::from_decimal(billed.net.major())?.times(share)?;
    let amount = exact.to_money(pick.net.currency, Rounding::HalfUp)?;
    Ok(Some(Working {
        part: Window::from(service),
        whole: Window::from(service),
        numerator,
        denominator,
        unit: Unit::None,
        day_count: DayCount::Actual,
        divided_by: Denominator::Term,
        of: Of::BilledLine,
        quantity: 1,
        unit_price: billed.net.major(),
        exact,
        rounding: Rounding::HalfUp,
        round_at: RoundAt::Line,
        capped_at: (amount != pick.net).then_some(pick.net),
        amount: pick.net,
    }))
}
