//! The lines of an order or invoice on the page, and how each figure came about.

use super::page::{Page, Table};
use crate::billing::money::Money;
use crate::billing::order::LineKind;
use crate::billing::refusal::Because;
use crate::billing::switches::Unit;
use crate::billing::working::{Of, Working};
use crate::cli::reply::Detail;
use crate::wire::amount::Amount;
use crate::wire::order::{Line, Reduction};
use rust_decimal::Decimal;

/// Lines with their arithmetic, then the totals.
pub(super) fn lines(page: &mut Page, lines: &[Line], totals: &[(&str, &Amount)]) {
    let taxed = lines.iter().any(|line| line.tax.minor != 0);
    let discounted = lines.iter().any(|line| line.discount.minor != 0);
    let mut table = match taxed || discounted {
        true => Table::new(&[
            "Line",
            "What",
            "Service",
            "Arithmetic",
            "Discount",
            "Tax",
            "Amount",
        ])
        .numbers(&[0, 4, 5, 6]),
        false => Table::new(&["Line", "What", "Service", "Arithmetic", "Amount"]).numbers(&[0, 4]),
    };
    let mut add = |at: String, what: &str, how: [String; 2], less: [String; 2], amount: String| {
        let ([service, arithmetic], [discount, tax]) = (how, less);
        match taxed || discounted {
            true => table.row([
                at,
                what.to_owned(),
                service,
                arithmetic,
                discount,
                tax,
                amount,
            ]),
            false => table.row([at, what.to_owned(), service, arithmetic, amount]),
        }
    };
    for (at, line) in lines.iter().enumerate() {
        let service = line
            .service
            .map(|service| service.to_string())
            .unwrap_or_default();
        let less = [line.discount.amount.clone(), line.tax.amount.clone()];
        let how = [service, arithmetic(line)];
        add(
            at.saturating_add(1).to_string(),
            &line.text,
            how,
            less,
            line.net.amount.clone(),
        );
    }
    for (label, amount) in totals {
        let none = || [String::new(), String::new()];
        add(
            String::new(),
            label,
            none(),
            none(),
            amount.money().to_string(),
        );
    }
    page.table(&table);
    explain(page, lines);
}

/// How each line came about, for whom it is asked.
pub(super) fn explain(page: &mut Page, lines: &[Line]) {
    match page.detail() {
        Detail::Figures => {}
        Detail::Working => {
            for (at, line) in lines.iter().enumerate() {
                explained(page, at.saturating_add(1), line);
            }
        }
        Detail::Words => {
            for sentence in in_words(lines, inside(lines)) {
                page.line(&sentence);
            }
        }
    }
}

/// Whether sentences about lines name amounts with their tax: where prices contain it, and of credits alone.
pub(super) fn inside(lines: &[Line]) -> bool {
    let mut charges = lines.iter().filter(|line| line.tax.minor > 0).peekable();
    charges.peek().is_none() || charges.any(tax_inside)
}

/// `2 × 150.00 × 91/181 days`.
pub(super) fn arithmetic(line: &Line) -> String {
    let Some(working) = &line.working else {
        return format!("{} × {}", line.quantity, plain(line.unit_price));
    };
    let price = match working.of {
        Of::Price => format!("{} × {}", working.quantity, plain(working.unit_price)),
        Of::BilledLine => format!("{} as billed", plain(working.unit_price)),
    };
    if working.numerator == working.denominator {
        return price;
    }
    if working.unit == Unit::None {
        return format!("{price} × {}/{}", working.numerator, working.denominator);
    }
    format!(
        "{price} × {}/{} {}s",
        working.numerator,
        working.denominator,
        unit(working)
    )
}

fn unit(working: &Working) -> &'static str {
    match working.unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Day => "day",
        Unit::Month => "month",
        Unit::None => "period",
    }
}

fn plain(value: Decimal) -> String {
    let value = value.normalize();
    if value.scale() < 2 {
        format!("{value:.2}")
    } else {
        value.to_string()
    }
}

/// Every number behind one line, for whoever runs the command.
fn explained(page: &mut Page, at: usize, line: &Line) {
    page.heading(&format!("Line {at}: {}", line.text));
    let working = line.working.as_ref();
    let billed = working.is_some_and(|working| working.of == Of::BilledLine);
    let because = line.because.as_ref();
    let by_hand = working.filter(|working| {
        let share = working.numerator != working.denominator;
        billed && working.unit == Unit::None && (share || because.is_none())
    });
    let key = because.map(policy_key);
    page.record(&[
        ("Price list", Some(line.price_list.clone())),
        (
            "Billed",
            billed.then(|| format!("{} for the whole line", plain(line_amount(working)))),
        ),
        (
            "Unit price",
            (!billed).then(|| format!("{} for the whole period", plain(line.unit_price))),
        ),
        ("Quantity", (!billed).then(|| line.quantity.to_string())),
        ("Given back", by_hand.map(by_share)),
        ("Part", working.filter(|_| by_hand.is_none()).map(part)),
        (
            "Served",
            working
                .filter(|_| by_hand.is_none())
                .and_then(|working| served(working, line)),
        ),
        (
            "Whole",
            working
                .filter(|working| working.unit != Unit::None)
                .map(whole),
        ),
        (
            "Counted",
            working
                .filter(|working| working.unit != Unit::None)
                .map(counted),
        ),
        ("Exact", working.map(exact)),
        ("Rounded", working.map(|working| rounded(working, line))),
        (
            "Capped",
            working.and_then(|working| working.capped_at.map(|most| capped(working, most))),
        ),
        ("Discount", discount(line)),
        ("Tax", tax(line)),
        ("Policy", key),
        ("Rule", because.and_then(|because| because.rule.clone())),
    ]);
}

/// `proration.unit = day, kommo.policy.toml:92`.
pub(super) fn policy_key(because: &Because) -> String {
    let place = because.place.as_ref().map(|place| format!(", {place}"));
    let place = place.unwrap_or_default();
    format!("{} = {}{place}", because.key, because.value)
}

fn line_amount(working: Option<&Working>) -> Decimal {
    working
        .map(|working| working.unit_price)
        .unwrap_or_default()
}

fn part(working: &Working) -> String {
    match working.unit {
        Unit::Second | Unit::Minute => format!("{} to {}", working.part.from, working.part.to),
        Unit::Day | Unit::Month | Unit::None => {
            format!("{} to {}", working.part.from.date(), working.part.to.date())
        }
    }
}

/// The days that a line is for, where they do not begin with the part that was priced: with a payment that came
/// later than the order, or within a period that is paid whole.
fn served(working: &Working, line: &Line) -> Option<String> {
    let service = line.service?;
    (service.start != working.part.from.date())
        .then(|| format!("{} to {}", service.start, service.end))
}

/// The share of a line that was given back by hand.
fn by_share(working: &Working) -> String {
    let (part, whole) = (working.numerator, working.denominator);
    match working.exact.denominator() == 1 && part == whole {
        true => "all of it".to_owned(),
        false => format!("{part}/{whole} of it"),
    }
}

fn whole(working: &Working) -> String {
    format!(
        "{} to {}, divided by the {}",
        working.whole.from.date(),
        working.whole.to.date(),
        working.divided_by.name().replace('_', " ")
    )
}

fn counted(working: &Working) -> String {
    format!(
        "{} of {} {}s ({})",
        working.numerator,
        working.denominator,
        unit(working),
        working.day_count
    )
}

fn exact(working: &Working) -> String {
    let exact = working.exact;
    if exact.denominator() == 1 {
        return exact.numerator().to_string();
    }
    let value = Decimal::try_from_i128_with_scale(exact.numerator(), 0)
        .ok()
        .zip(Decimal::try_from_i128_with_scale(exact.denominator(), 0).ok())
        .and_then(|(above, below)| above.checked_div(below));
    let value = value
        .map(|value| match value.trunc_with_scale(6) {
            shown if shown == value => format!(" = {}", plain(value)),
            shown => format!(" = {shown}…"),
        })
        .unwrap_or_default();
    format!("{}/{}{value}", exact.numerator(), exact.denominator())
}

fn rounded(working: &Working, line: &Line) -> String {
    let amount = match line.kind {
        LineKind::Credit => line.gross.money(),
        LineKind::Plan | LineKind::AddOn => working.amount,
    };
    format!(
        "{} to {amount}, at the {}",
        working.rounding.name().replace('_', " "),
        working.round_at.name().replace('_', " ")
    )
}

fn capped(working: &Working, most: Money) -> String {
    let whole = working.unit_price.checked_mul(working.quantity.into());
    let of_price = working.of == Of::Price && whole == Some(most.major());
    match of_price {
        true => format!("at {most}, which is what the whole period costs"),
        false => format!("at {most}, which is what is left of the billed line"),
    }
}

fn discount(line: &Line) -> Option<String> {
    let each: Vec<String> = line.discounts.iter().map(reduction).collect();
    (!each.is_empty()).then(|| each.join("; then "))
}

fn reduction(discount: &Reduction) -> String {
    let (off, of) = (discount.off.money(), discount.of.money());
    match discount.percent {
        Some(percent) => format!("{} % of {of}: {off} off", percent.normalize()),
        None if discount.off == discount.of => format!("{off} off"),
        None => format!("{off} off, this line's part of {of}"),
    }
}

fn tax(line: &Line) -> Option<String> {
    let name = line.tax_name.as_deref()?;
    let percent = line.tax_percent.normalize();
    let (net, tax, paid) = (line.net.money(), line.tax.money(), with_tax(line));
    let of_net = (net.major() * percent / Decimal::ONE_HUNDRED).abs();
    let apart =
        (of_net - tax.major().abs()).abs() > Money::of(1, net.currency).major() / Decimal::TWO;
    Some(match line.kind {
        _ if tax_inside(line) => format!("{percent} % {name} in {paid}: {tax}, which leaves {net}"),
        LineKind::Credit if apart => format!("{percent} % {name}: {tax}, so {paid} with it"),
        _ => format!("{percent} % {name} on {net}: {tax}"),
    })
}

/// Whether the price that a line was made from contained its tax. A credit tells nothing of that.
fn tax_inside(line: &Line) -> bool {
    let priced = line.working.as_ref().map(|working| working.amount);
    line.kind != LineKind::Credit
        && line.tax.minor != 0
        && priced.is_some_and(|priced| priced != line.gross.money())
}

fn with_tax(line: &Line) -> Money {
    let (net, tax) = (line.net.money(), line.tax.minor);
    Money::of(net.minor.saturating_add(tax), net.currency)
}

/// The same lines as sentences that a customer understands; `inside` where prices contain the tax.
pub(super) fn in_words(lines: &[Line], inside: bool) -> Vec<String> {
    lines.iter().map(|line| sentence(line, inside)).collect()
}

/// What was billed for a part of a term is given back by the days that it was billed for.
fn share(working: &Working) -> String {
    let (part, whole, unit) = (working.numerator, working.denominator, unit(working));
    let whose = match working.of {
        Of::BilledLine => "that were billed",
        _ => "of your term",
    };
    format!(" That is {part} of the {whole} {unit}s {whose}.")
}

fn sentence(line: &Line, inside: bool) -> String {
    let amount = match inside {
        true => with_tax(line),
        false => line.net.money(),
    };
    let counted =
        |working: &&Working| working.unit != Unit::None && working.numerator != working.denominator;
    let share = line.working.as_ref().filter(counted).map(share);
    let share = share.unwrap_or_default();
    let period = line
        .service
        .map(|service| {
            let last = crate::billing::calendar::plus_days(service.end, -1);
            format!(" from {} to {last}", service.start)
        })
        .unwrap_or_default();
    match line.kind {
        LineKind::Credit if amount.minor > 0 => format!(
            "{amount} of the {} is taken back{period}: it was paid with an earlier invoice, and comes back with that.",
            lower(&line.text)
        ),
        LineKind::Credit => {
            let back = Money::of(amount.minor.saturating_neg(), amount.currency);
            format!(
                "You get {back} back for {}{period}.{share}",
                lower(&line.text)
            )
        }
        LineKind::Plan | LineKind::AddOn => {
            let each = format!("{} × {}", line.quantity, plain(line.unit_price));
            let off = discount(line).map(|off| format!(", {off}"));
            let fewest = line.because.as_ref().is_some_and(|because| {
                because.key.starts_with("plan.") && !because.value.starts_with("pack")
            });
            let fewest = match fewest {
                true => format!(" No fewer than {} are billed.", line.quantity),
                false => String::new(),
            };
            format!(
                "{}: {amount}{period} ({each} for a whole period{}).{share}{fewest}",
                line.text,
                off.unwrap_or_default()
            )
        }
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
