//! Notes of published cases, and laws: notes never exceed their invoice and together are the invoice.

use super::*;
use crate::billing::account::Numbers;
use crate::billing::calendar::midnight;
use crate::billing::change::Change;
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Rounding};
use crate::billing::order::LineKind;
use crate::billing::policy::{TaxRound, TaxRules};
use crate::billing::sample;
use crate::billing::scene::Scene;
use crate::billing::tax;
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::of(minor, Currency::USD)
}

fn rules(percent: &str, round_at: TaxRound) -> TaxRules {
    let text =
        format!("rates = [{{ name = \"VAT\", countries = [\"*\"], percent = \"{percent}\" }}]");
    let rules: TaxRules = toml::from_str(&text).unwrap();
    TaxRules {
        round_at,
        rounding: Rounding::HalfUp,
        ..rules
    }
}

fn line(id: i64, minor: i64) -> Line {
    Line {
        id,
        kind: LineKind::Plan,
        text: "Basic, 6 months".to_owned(),
        item: "basic".to_owned(),
        seat_type: None,
        quantity: 1,
        service: None,
        term: None,
        unit_price: usd(minor).major(),
        list: String::new(),
        working: None,
        because: None,
        gross: usd(minor),
        discount: usd(0),
        discounted: Vec::new(),
        net: usd(minor),
        tax: usd(0),
        tax_percent: Decimal::ZERO,
        tax_name: None,
        credits: None,
    }
}

/// A paid invoice with lines of these net amounts.
fn paper(nets: &[i64], rules: &TaxRules) -> Paper {
    let mut lines: Vec<Line> = nets
        .iter()
        .zip(1..)
        .map(|(minor, id)| line(id, *minor))
        .collect();
    let account = sample::facts().account;
    tax::apply(&mut lines, rules, &account, sample::day("2026-05-01")).unwrap();
    let net = Money::sum(Currency::USD, lines.iter().map(|line| line.net)).unwrap();
    let tax = Money::sum(Currency::USD, lines.iter().map(|line| line.tax)).unwrap();
    let total = net.plus(tax).unwrap();
    let day = sample::day("2026-05-01");
    let invoice = Invoice {
        id: 1,
        kind: InvoiceKind::Invoice,
        number: "INV-1".to_owned(),
        series: 1,
        account: 1,
        order: Some(1),
        corrects: None,
        issued_on: day,
        due_on: day,
        currency: Currency::USD,
        net,
        tax,
        total,
        from_balance: usd(0),
        paid: total,
        credited: usd(0),
        state: InvoiceState::Paid,
        settled_on: Some(day),
    };
    Paper {
        invoice,
        lines,
        given: Vec::new(),
    }
}

/// Issues a note and remembers what it gave.
fn give(paper: &mut Paper, rules: &TaxRules, much: &Much) -> Result<(i64, i64, i64), Refusal> {
    let picks = taxed(paper, rules, pick(paper, much)?)?;
    let (facts, catalog, policy) = (sample::facts(), sample::catalog(), sample::policy());
    let scene = Scene {
        facts: &facts,
        catalog: &catalog,
        catalog_id: 1,
        policy: &policy,
        at: midnight(sample::day("2026-05-20")),
        member: None,
        reason: Some("mended"),
    };
    let mut next = Numbers::default();
    let issued = note(&scene, paper, &picks, Towards::Balance, &mut next)?;
    let sums = (
        picks.iter().map(|pick| pick.net.minor).sum(),
        picks.iter().map(|pick| pick.tax.minor).sum(),
        issued.total.minor,
    );
    paper.invoice.credited = paper.invoice.credited.plus(issued.total)?;
    for pick in picks {
        paper.given.push(Given {
            line: paper.lines[pick.at].id,
            net: pick.net,
            tax: pick.tax,
        });
    }
    Ok(sums)
}

fn of_line(place: usize, minor: i64) -> Much {
    Much::Lines(vec![(place, usd(minor).major())])
}

#[test]
fn published_notes_add_up_to_their_invoice() {
    // lago-17 and lago-18: the total is the subtotal plus its own tax, never rounded apart.
    for (net, note) in [(20000, (19333, 4833, 24166)), (16000, (15467, 3867, 19334))] {
        let rules = rules("25", TaxRound::Invoice);
        let mut paper = paper(&[net], &rules);
        assert_eq!(give(&mut paper, &rules, &of_line(1, note.0)).unwrap(), note);
    }
    // lago-20: two notes are the invoice.
    let twenty = rules("20", TaxRound::Line);
    let mut one = paper(&[76900], &twenty);
    assert_eq!(
        give(&mut one, &twenty, &of_line(1, 72686)).unwrap(),
        (72686, 14537, 87223)
    );
    assert_eq!(
        give(&mut one, &twenty, &of_line(1, 4214)).unwrap(),
        (4214, 843, 5057)
    );
    assert_eq!(one.invoice.credited, one.invoice.total);
    // lago-21: the tax of the invoice was rounded once; the last note takes the drift.
    let once = rules("20", TaxRound::Invoice);
    let mut two = paper(&[6833, 6833], &once);
    assert_eq!(two.invoice.total, usd(16399));
    assert_eq!(give(&mut two, &once, &of_line(1, 6833)).unwrap().2, 8200);
    assert_eq!(give(&mut two, &once, &of_line(2, 6833)).unwrap().2, 8199);
    // lago-22: six notes never exceed the invoice.
    let mut four = paper(&[6833, 6833, 6833, 6833], &once);
    assert_eq!(four.invoice.total, usd(32798));
    let asked = [
        (1, 6833),
        (2, 6833),
        (3, 6833),
        (4, 1367),
        (4, 2233),
        (4, 3233),
    ];
    let totals: Vec<i64> = asked
        .iter()
        .map(|(place, minor)| give(&mut four, &once, &of_line(*place, *minor)).unwrap().2)
        .collect();
    assert_eq!(totals, [8200, 8200, 8200, 1640, 2680, 3878]);
    assert_eq!(four.invoice.credited, four.invoice.total);
    let more = give(&mut four, &once, &Much::All).unwrap_err();
    assert_eq!(more.code, Code::MoreThanInvoiced);
}

#[test]
fn more_than_a_line_is_refused_and_so_is_what_is_no_amount() {
    let none = TaxRules::default();
    let mut paper = paper(&[1000, 500], &none);
    let code = |paper: &mut Paper, much: Much| give(paper, &none, &much).unwrap_err().code;
    assert_eq!(code(&mut paper, of_line(2, 501)), Code::MoreThanInvoiced);
    assert_eq!(code(&mut paper, of_line(3, 1)), Code::ValueNotUsable);
    assert_eq!(code(&mut paper, of_line(1, 0)), Code::ValueNotUsable);
    assert_eq!(
        code(&mut paper, Much::Amount("15.01".parse().unwrap())),
        Code::MoreThanInvoiced
    );
    assert_eq!(
        code(&mut paper, Much::Amount("0.001".parse().unwrap())),
        Code::ValueNotUsable
    );
    assert_eq!(
        code(&mut paper, Much::Percent("101".parse().unwrap())),
        Code::ValueNotUsable
    );
    assert_eq!(
        give(&mut paper, &none, &Much::Amount("3".parse().unwrap()))
            .unwrap()
            .2,
        300
    );
    assert_eq!(give(&mut paper, &none, &Much::All).unwrap().2, 1200);
}

#[test]
fn an_invoice_with_a_credit_on_it_is_corrected_up_to_its_own_total() {
    let none = TaxRules::default();
    let mut paper = paper(&[3097, -1548], &none);
    paper.lines[1].kind = LineKind::Credit;
    assert_eq!(give(&mut paper, &none, &Much::All).unwrap().2, 1549);
    assert_eq!(
        give(&mut paper, &none, &Much::All).unwrap_err().code,
        Code::MoreThanInvoiced
    );
}

#[test]
fn an_unpaid_invoice_owes_less_and_a_paid_one_fills_the_balance() {
    // meteroid-15: 14.50 of an unpaid invoice lower it; nothing goes to the balance.
    let none = TaxRules::default();
    let (facts, catalog, policy) = (sample::facts(), sample::catalog(), sample::policy());
    let scene = Scene {
        facts: &facts,
        catalog: &catalog,
        catalog_id: 1,
        policy: &policy,
        at: midnight(sample::day("2026-05-20")),
        member: None,
        reason: None,
    };
    for (paid, debt, balance) in [(0, 1450, 0), (2900, 0, 1450), (2000, 900, 550)] {
        let mut paper = paper(&[2900], &none);
        paper.invoice.paid = usd(paid);
        let picks = taxed(&paper, &none, pick(&paper, &of_line(1, 1450)).unwrap()).unwrap();
        let mut next = Numbers::default();
        let issued = note(&scene, &paper, &picks, Towards::Balance, &mut next).unwrap();
        assert_eq!((issued.debt, issued.balance), (usd(debt), usd(balance)));
        let posted: i64 = issued
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::Post(postings) => Some(postings),
                _ => None,
            })
            .flatten()
            .filter(|posting| posting.book == Book::CustomerBalance)
            .map(|posting| posting.amount.minor)
            .sum();
        assert_eq!(posted, -balance);
    }
}

/// 224.00 at 7 % and 112.00 of them paid by unused time that was sold at 19 %: 112.00 and -5.60 of tax.
#[test]
fn a_credit_at_another_rate_lowers_what_can_be_given_back() {
    let rules = rules("7", TaxRound::Line);
    let mut paper = paper(&[22400, -11200], &rules);
    for (line, (percent, tax)) in paper.lines.iter_mut().zip([(7, 1568), (19, -2128)]) {
        (line.tax_percent, line.tax) = (Decimal::from(percent), usd(tax));
    }
    (paper.invoice.tax, paper.invoice.total) = (usd(-560), usd(10640));
    let worth = |picks: Vec<Pick>| -> i64 {
        let sums = picks.iter().map(|pick| pick.net.minor + pick.tax.minor);
        sums.sum()
    };
    assert_eq!(
        worth(pick_taxed(&paper, &rules, &Much::All).unwrap()),
        10640
    );
    let most = Much::Amount("99.44".parse().unwrap());
    assert_eq!(worth(pick_taxed(&paper, &rules, &most).unwrap()), 10640);
    let more = Much::Amount("99.45".parse().unwrap());
    let refusal = pick_taxed(&paper, &rules, &more).unwrap_err();
    assert_eq!(refusal.code, Code::MoreThanInvoiced);
    assert!(refusal.message.contains("99.44 USD"), "{}", refusal.message);
}

proptest! {
    #[test]
    fn notes_never_exceed_their_invoice_and_together_are_it(
        nets in prop::collection::vec(1_i64..50_000, 1..6),
        asks in prop::collection::vec((0_usize..6, 1_i64..30_000), 0..12),
        rate in 0_i64..3000,
        once in any::<bool>(),
    ) {
        let round_at = if once { TaxRound::Invoice } else { TaxRound::Line };
        let rules = rules(&Decimal::new(rate, 2).to_string(), round_at);
        let mut paper = paper(&nets, &rules);
        for (place, minor) in asks {
            let _ = give(&mut paper, &rules, &of_line(place % nets.len() + 1, minor));
            prop_assert!(paper.invoice.credited.minor <= paper.invoice.total.minor);
        }
        let _ = give(&mut paper, &rules, &Much::All);
        prop_assert_eq!(paper.invoice.credited, paper.invoice.total);
    }

    #[test]
    fn notes_of_an_invoice_with_three_rates_take_back_what_each_rate_charged(
        lines in prop::collection::vec((1_i64..50_000, 0_usize..3), 1..7),
        asks in prop::collection::vec((0_usize..7, 1_i64..30_000), 0..10),
        once in any::<bool>(),
    ) {
        let round_at = if once { TaxRound::Invoice } else { TaxRound::Line };
        let rules = rules("20", round_at);
        let nets: Vec<i64> = lines.iter().map(|(net, _)| *net).collect();
        let mut paper = paper(&nets, &rules);
        for (line, (_, rate)) in paper.lines.iter_mut().zip(&lines) {
            line.tax_percent = [Decimal::ZERO, Decimal::new(55, 1), Decimal::from(20)][*rate];
        }
        tax::again(&mut paper.lines, &rules).unwrap();
        let tax = Money::sum(Currency::USD, paper.lines.iter().map(|line| line.tax)).unwrap();
        (paper.invoice.tax, paper.invoice.total) = (tax, paper.invoice.net.plus(tax).unwrap());
        paper.invoice.paid = paper.invoice.total;
        for (place, minor) in asks {
            let _ = give(&mut paper, &rules, &of_line(place % nets.len() + 1, minor));
        }
        let _ = give(&mut paper, &rules, &Much::All);
        prop_assert!(paper.given.iter().all(|given| given.net.minor >= 0 && given.tax.minor >= 0));
        for percent in paper.rates() {
            let own = |line: &&Line| line.tax_percent == percent;
            let charged: i64 = paper.lines.iter().filter(own).map(|line| line.tax.minor).sum();
            let given = paper.given.iter().filter(|given| {
                paper.lines.iter().filter(own).any(|line| line.id == given.line)
            });
            prop_assert_eq!(given.map(|given| given.tax.minor).sum::<i64>(), charged);
            prop_assert_eq!(paper.rate_left(percent).unwrap(), (usd(0), usd(0)));
        }
        prop_assert_eq!(paper.invoice.credited, paper.invoice.total);
    }

    #[test]
    fn an_amount_with_tax_is_given_back_to_the_cent(
        nets in prop::collection::vec(1_i64..50_000, 1..6),
        rate in 0_i64..3000,
        share in 1_i64..1000,
    ) {
        let rules = rules(&Decimal::new(rate, 2).to_string(), TaxRound::Invoice);
        let paper = paper(&nets, &rules);
        let all = taxed(&paper, &rules, pick(&paper, &Much::All).unwrap()).unwrap();
        let gross = usd((paper.invoice.total.minor * share / 1000).max(1));
        let picks = by_gross(&paper, all.clone(), gross).unwrap();
        let sum: i64 = picks.iter().map(|pick| pick.net.minor + pick.tax.minor).sum();
        prop_assert_eq!(sum, gross.minor);
        for pick in &picks {
            let most = all.iter().find(|other| other.at == pick.at).unwrap();
            prop_assert!(pick.net.minor <= most.net.minor && pick.tax.minor <= most.tax.minor);
        }
    }
}
