//! What a message is about, spelled for whoever reads it.

use crate::billing::calendar::{Day, plus_days};
use crate::billing::invoice::{Invoice as KeptInvoice, InvoiceKind, InvoiceState};
use crate::billing::message::Outgoing;
use crate::billing::money::Money;
use crate::billing::order::Order as KeptOrder;
use crate::billing::payment::{Payment as KeptPayment, PaymentKind, PaymentState};
use crate::billing::standing::standing;
use crate::desk::export::{Leaf, leaf};
use crate::desk::load::{self, Seller};
use crate::desk::{Failure, Terms};
use crate::store::Reader;
use crate::wire::letter::{
    Customer, Facts, Invoice, Letters, Order, Payment, SellerFacts, Subscription,
};
use crate::wire::paper::{
    Colour, Locale, OwnWords, Wording, language_of, one_line, runs_from_right,
};

/// Letters kept of a name and of a longer text.
const NAME: usize = 160;
const TEXT: usize = 300;

/// What a letter is written from.
pub(super) struct Ground {
    pub facts: Facts,
    /// The document that goes with it.
    pub leaf: Option<Leaf>,
    /// The seller's name and mail address.
    pub seller: (String, Option<String>),
}

/// Collects what a message is about.
pub(super) fn ground(
    read: Reader<'_>,
    terms: &Terms,
    kept: &Outgoing,
    (letters, own): (&Letters, &mut OwnWords),
) -> Result<Ground, Failure> {
    let account = read
        .account_by_id(kept.message.account)?
        .ok_or_else(|| Failure::not_found("account", ""))?;
    let asked = language_of(account.billing.language.as_deref(), &account.country);
    // Days and figures are spelled in the language that the letter is written in.
    let language = letters.language(&kept.message.kind, &asked);
    let tongue = own.or_built_in(&language);
    let seller = load::seller(read, terms.on())?;
    let about = About::of(read, kept)?;
    let names = seller.catalog.names_in(&language);
    let locale = Locale::worded(tongue, &language, &account.country);
    let spell = Spell {
        locale,
        wording: Wording {
            tongue,
            locale,
            names: &names,
        },
        seller: &seller,
    };
    let name = account.billing.payer.as_ref().unwrap_or(&account.title);
    let customer = Customer {
        name: one_line(name, NAME),
        account: one_line(&account.name, NAME),
    };
    let leaf = match &about.invoice {
        Some(kept) => Some(leaf(read, terms, kept)?),
        None => None,
    };
    let corrects = leaf.as_ref().and_then(|leaf| leaf.invoice.corrects.clone());
    let all = read.facts(account, terms.on())?;
    let standing = standing(&all, &seller.policy, terms.at);
    let plan = standing.plan().or_else(|| {
        all.terms
            .last()?
            .last_slice()
            .map(|slice| slice.plan.as_str())
    });
    let facts = Facts {
        direction: match runs_from_right(&language) {
            true => "rtl",
            false => "ltr",
        },
        language,
        seller: spell.seller(),
        customer,
        day: about.day.map(|day| spell.locale.day(day)),
        limit: about.limit(&seller),
        subscription: plan.map(|plan| Subscription {
            plan: spell.plan(plan),
            paid_until: standing.paid_until.map(|day| spell.locale.day(day)),
            paid_through: standing
                .paid_until
                .map(|day| spell.locale.day(plus_days(day, -1))),
            auto_renew: standing.auto_renew,
        }),
        order: about.order.as_ref().map(|order| spell.order(order)),
        invoice: about
            .invoice
            .as_ref()
            .map(|invoice| spell.invoice(invoice, corrects)),
        payment: about.payment.as_ref().map(|payment| spell.payment(payment)),
        attached: leaf.is_some(),
    };
    let address = seller.catalog.seller.email.clone();
    Ok(Ground {
        seller: (facts.seller.name.clone(), address),
        facts,
        leaf,
    })
}

/// What a message is about, found by the text that makes it one of its kind: `O-000042`, `O-000042/2`,
/// `INV-7`, `INV-7 #2`, `2026-07-15`, `2026-07-15-9`, `leads 2026-07-15`.
struct About {
    text: String,
    order: Option<KeptOrder>,
    invoice: Option<KeptInvoice>,
    payment: Option<KeptPayment>,
    day: Option<Day>,
}

impl About {
    fn of(read: Reader<'_>, kept: &Outgoing) -> Result<About, Failure> {
        let text = kept.message.about.clone();
        let account = kept.message.account;
        let whole = text.split(" #").next().unwrap_or_default();
        let mut invoice = read.invoice_numbered(whole)?;
        let (number, attempt) = text.split_once('/').unwrap_or((&text, ""));
        let key = |prefix: &str| number.strip_prefix(prefix)?.parse::<i64>().ok();
        let order = match (&invoice, key("O-")) {
            (None, Some(id)) => read.order(id)?.filter(|order| order.account == account),
            _ => None,
        };
        let mut payments = Vec::new();
        if let Some(order) = &order {
            invoice = read.invoice_of_order(order.id)?;
            payments = read.payments_of_order(order.id)?;
        }
        if let (None, Some(id)) = (&order, key("P-")) {
            payments.extend(read.payment(id)?);
        }
        let own = |invoice: &KeptInvoice| invoice.account == account;
        Ok(About {
            payment: payment_of(&kept.message.kind, attempt, payments),
            invoice: invoice.filter(own),
            order,
            day: day_in(&text),
            text,
        })
    }

    /// The name of the limit that the text begins with.
    fn limit(&self, seller: &Seller) -> Option<String> {
        let id = self.text.split(' ').next()?;
        let limit = seller.catalog.limits.iter().find(|limit| limit.id == id)?;
        Some(one_line(&limit.name, NAME))
    }
}

/// Of the attempts for an order, the one that a message tells of.
fn payment_of(kind: &str, attempt: &str, payments: Vec<KeptPayment>) -> Option<KeptPayment> {
    let wanted = match kind {
        "payment_declined" => PaymentState::Declined,
        _ => PaymentState::Paid,
    };
    let attempt: Option<u32> = attempt.parse().ok();
    let back = kind == "refund";
    payments.into_iter().rev().find(|payment| {
        payment.state == wanted
            && (payment.kind == PaymentKind::Refund) == back
            && attempt.is_none_or(|attempt| payment.attempt == attempt)
    })
}

/// The first day that stands in a text.
fn day_in(text: &str) -> Option<Day> {
    text.split(' ')
        .find_map(|word| word.get(..10).and_then(|word| word.parse().ok()))
}

/// Spells for one reader.
struct Spell<'a> {
    locale: Locale,
    wording: Wording<'a>,
    seller: &'a Seller,
}

impl Spell<'_> {
    fn seller(&self) -> SellerFacts {
        let seller = &self.seller.catalog.seller;
        let clean = |text: &Option<String>| text.as_ref().map(|text| one_line(text, NAME));
        let colour = seller.colour.as_deref().and_then(Colour::from_hex);
        let Colour(red, green, blue) = colour.unwrap_or(Colour(0x37, 0x41, 0x51));
        SellerFacts {
            name: one_line(&seller.name, NAME),
            email: clean(&seller.email),
            phone: clean(&seller.phone),
            website: clean(&seller.website),
            address: seller
                .address
                .iter()
                .map(|line| one_line(line, NAME))
                .collect(),
            colour: format!("#{red:02x}{green:02x}{blue:02x}"),
        }
    }

    fn plan(&self, id: &str) -> String {
        let plan = self.seller.catalog.plan(id);
        let name = plan.map_or(id, |plan| plan.name.as_str());
        one_line(&self.wording.name(name), NAME)
    }

    fn money(&self, money: Money) -> String {
        self.locale.money(money)
    }

    fn order(&self, order: &KeptOrder) -> Order {
        Order {
            number: order.number(),
            total: self.money(order.total),
            due: self.money(order.due()),
            lapses_on: order
                .lapses_on
                .filter(|_| order.state.is_open())
                .map(|day| self.locale.day(day)),
        }
    }

    fn invoice(&self, invoice: &KeptInvoice, corrects: Option<String>) -> Invoice {
        let total = match invoice.kind {
            InvoiceKind::Invoice => invoice.total,
            InvoiceKind::CreditNote => invoice.total.negated().unwrap_or(invoice.total),
        };
        Invoice {
            number: one_line(&invoice.number, NAME),
            issued_on: self.locale.day(invoice.issued_on),
            due_on: self.locale.day(invoice.due_on),
            total: self.money(total),
            open: self.money(invoice.open()),
            paid: invoice.state == InvoiceState::Paid,
            corrects: corrects.map(|number| one_line(&number, NAME)),
        }
    }

    fn payment(&self, payment: &KeptPayment) -> Payment {
        let method = self.seller.catalog.method(&payment.method);
        Payment {
            number: payment.number(),
            amount: self.money(payment.amount),
            method: one_line(
                &self
                    .wording
                    .name(method.map_or(payment.method.as_str(), |method| method.name.as_str())),
                NAME,
            ),
            day: self
                .locale
                .day(payment.settled_at.unwrap_or(payment.begun_at).date()),
            reason: payment.reason.as_ref().map(|text| one_line(text, TEXT)),
        }
    }
}
