//! Every form of the locale table, written out.

use super::*;
use rust_decimal::dec;

fn money(minor: i64, code: &str) -> Money {
    Money::of(minor, code.parse().unwrap())
}

/// Spaces that do not break are written `_` (hard) and `~` (narrow) in the expectations.
fn seen(text: &str) -> String {
    text.replace(HARD, "_").replace(NARROW, "~")
}

/// Language, country, currency; then 1234567.89 bare and as money, 8.25 percent, the fifth of March 2026.
const FORMS: &str = "\
en | US | USD | 1,234,567.89 | $1,234,567.89 | 8.25% | Mar 5, 2026\n\
en | GB | GBP | 1,234,567.89 | £1,234,567.89 | 8.25% | 5 Mar 2026\n\
en | CA | USD | 1,234,567.89 | US$1,234,567.89 | 8.25% | Mar 5, 2026\n\
en | IN | INR | 12,34,567.89 | ₹12,34,567.89 | 8.25% | 5 Mar 2026\n\
en | ZA | ZAR | 1_234_567,89 | ZAR_1_234_567,89 | 8,25% | 5 Mar 2026\n\
en | DE | EUR | 1.234.567,89 | 1.234.567,89_€ | 8,25% | 5 Mar 2026\n\
hi | IN | INR | 12,34,567.89 | ₹12,34,567.89 | 8.25% | 05/03/2026\n\
pt-BR | BR | BRL | 1.234.567,89 | R$_1.234.567,89 | 8,25% | 05/03/2026\n\
pt | PT | EUR | 1_234_567,89 | 1_234_567,89_€ | 8,25% | 05/03/2026\n\
es | ES | EUR | 1.234.567,89 | 1.234.567,89_€ | 8,25_% | 5 mar 2026\n\
es | MX | MXN | 1,234,567.89 | $1,234,567.89 | 8.25_% | 5 mar 2026\n\
es | AR | ARS | 1.234.567,89 | $_1.234.567,89 | 8,25_% | 5 mar 2026\n\
de | DE | EUR | 1.234.567,89 | 1.234.567,89_€ | 8,25_% | 05.03.2026\n\
de | AT | EUR | 1.234.567,89 | €_1.234.567,89 | 8,25_% | 05.03.2026\n\
de | CH | CHF | 1’234’567.89 | CHF_1’234’567.89 | 8.25_% | 05.03.2026\n\
fr | FR | EUR | 1~234~567,89 | 1~234~567,89_€ | 8,25~% | 5 mars 2026\n\
fr | CA | CAD | 1_234_567,89 | 1_234_567,89_$ | 8,25~% | 5 mars 2026\n\
it | IT | EUR | 1.234.567,89 | 1.234.567,89_€ | 8,25% | 5 mar 2026\n\
nl | NL | EUR | 1.234.567,89 | €_1.234.567,89 | 8,25% | 05-03-2026\n\
sv | SE | SEK | 1_234_567,89 | 1_234_567,89_kr | 8,25_% | 2026-03-05\n\
pl | PL | PLN | 1_234_567,89 | 1_234_567,89_zł | 8,25% | 05.03.2026\n\
ja | JP | USD | 1,234,567.89 | US$1,234,567.89 | 8.25% | 2026年3月5日\n\
zh | CN | CNY | 1,234,567.89 | ¥1,234,567.89 | 8.25% | 2026年3月5日\n\
ko | KR | USD | 1,234,567.89 | US$1,234,567.89 | 8.25% | 2026. 3. 5.\n\
tr | TR | TRY | 1.234.567,89 | ₺1.234.567,89 | %8,25 | 05.03.2026";

#[test]
fn every_language_that_can_be_asked_for_has_its_forms() {
    for language in crate::billing::details::LANGUAGES {
        assert!(Locale::knows(language), "{language}");
    }
}

#[test]
fn each_language_and_country_has_its_number_money_percent_and_date() {
    for row in FORMS.lines() {
        let parts: Vec<&str> = row.split(" | ").collect();
        let [language, country, code, expected @ ..] = parts.as_slice() else {
            panic!("{row}");
        };
        let locale = Locale::of(language, country);
        let day = Day::from_ymd_opt(2026, 3, 5).unwrap();
        let got = [
            locale.number(dec!(1234567.89)),
            locale.money(money(123_456_789, code)),
            locale.percent(dec!(8.250)),
            locale.day(day),
        ];
        let got: Vec<String> = got.iter().map(|text| seen(text)).collect();
        assert_eq!(got, expected, "{row}");
    }
}

#[test]
fn four_digits_stay_together_in_spain_and_indian_groups_are_twos() {
    let spelled = |language, country, value| seen(&Locale::of(language, country).number(value));
    assert_eq!(spelled("es", "ES", dec!(1234)), "1234");
    assert_eq!(spelled("es", "ES", dec!(12345)), "12.345");
    assert_eq!(spelled("es", "AR", dec!(1234)), "1.234");
    assert_eq!(spelled("en", "IN", dec!(999)), "999");
    assert_eq!(spelled("en", "IN", dec!(1000)), "1,000");
    assert_eq!(spelled("en", "IN", dec!(100000)), "1,00,000");
    assert_eq!(
        spelled("en", "IN", dec!(-123456789012.5)),
        "-1,23,45,67,89,012.5"
    );
}

#[test]
fn places_follow_the_currency_and_a_longer_price_keeps_its_own() {
    let japan = Locale::of("ja", "JP");
    assert_eq!(japan.money(money(1_234_567, "JPY")), "¥1,234,567");
    assert_eq!(
        Locale::of("en", "US").money(money(1_234_567, "JPY")),
        "JP¥1,234,567"
    );
    assert_eq!(
        seen(&Locale::of("en", "KW").money(money(1_234_567, "KWD"))),
        "KWD_1,234.567"
    );
    let german = Locale::of("de", "DE");
    let euro = "EUR".parse().unwrap();
    assert_eq!(german.price(dec!(0.0035), euro), "0,0035");
    assert_eq!(german.price(dec!(30), euro), "30,00");
    assert_eq!(german.price(dec!(30.500), euro), "30,50");
    assert_eq!(german.plain(dec!(2.000)), "2");
}

#[test]
fn a_minus_stands_before_the_sign_of_the_currency() {
    assert_eq!(Locale::of("en", "US").money(money(-5, "USD")), "-$0.05");
    assert_eq!(
        seen(&Locale::of("pt", "BR").money(money(-5, "BRL"))),
        "-R$_0,05"
    );
    assert_eq!(
        seen(&Locale::of("de", "DE").money(money(-5, "EUR"))),
        "-0,05_€"
    );
    let edge = Locale::of("en", "US").money(money(i64::MIN, "USD"));
    assert_eq!(edge, "-$92,233,720,368,547,758.08");
}

#[test]
fn a_service_names_its_last_day_though_the_span_excludes_it() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let locale = Locale::of("en", "US");
    let month = Span::new(day("2026-03-05"), day("2026-04-05"));
    assert_eq!(locale.span(month), "Mar 5, 2026 – Apr 4, 2026");
    let one = Span::new(day("2026-03-05"), day("2026-03-06"));
    assert_eq!(locale.span(one), "Mar 5, 2026");
}

#[test]
fn an_unknown_language_is_english_and_the_tag_may_carry_the_country() {
    assert_eq!(Locale::of("tlh", "DE").language(), "en");
    assert_eq!(
        Locale::of("", "").day(Day::from_ymd_opt(2026, 3, 5).unwrap()),
        "5 Mar 2026"
    );
    assert_eq!(Locale::of("zh-Hant-TW", "").country(), "TW");
    assert_eq!(Locale::of("pt-PT", ""), Locale::of("pt", "pt"));
    assert_eq!(Locale::of("no", "NO").language(), "nb");
    assert!(Locale::of("en", "US").uses_letter_paper());
    assert!(!Locale::of("pt", "BR").uses_letter_paper());
}

#[test]
fn a_comma_is_that_of_the_script() {
    let comma = |language: &str| Locale::of(language, "").comma();
    assert_eq!(
        ["ar", "he", "zh", "ja", "de"].map(comma),
        ["، ", ", ", "，", "、", ", "]
    );
}
