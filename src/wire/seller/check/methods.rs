//! Where things are sold and how they can be paid.

use super::Problems;
use crate::billing::catalog::{Catalog, Method, Region, Sale};
use crate::billing::listed;
use crate::wire::seller::words::near;
use std::collections::BTreeMap;

/// The gateways that a method can name.
const GATEWAYS: [&str; 2] = ["manual", "scripted"];

pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    seller(catalog, problems);
    regions(catalog, problems);
    for (at, method) in catalog.methods.iter().enumerate() {
        one(method, &format!("method[{at}]"), catalog, problems);
    }
    every_region_can_pay(catalog, problems);
}

fn seller(catalog: &Catalog, problems: &mut Problems<'_>) {
    if catalog.zone.parse::<chrono_tz::Tz>().is_err() {
        problems.wrong(
            "zone",
            format!("{:?} is not a time zone.", catalog.zone),
            "Write a name of the IANA database: UTC, Europe/Paris, America/Sao_Paulo.",
        );
    }
    if let Some(code) = &catalog.seller.country {
        country(code, "seller.country", problems);
    }
    let is_colour = |text: &str| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())
    };
    if let Some(colour) = &catalog.seller.colour
        && !is_colour(colour)
    {
        problems.wrong(
            "seller.colour",
            format!("{colour:?} is not a colour."),
            "Write # and six hexadecimal digits: \"#1a2b3c\".",
        );
    }
}

/// A country code of ISO 3166, two capital letters.
pub(super) fn country(code: &str, path: &str, problems: &mut Problems<'_>) {
    if rust_iso3166::from_alpha2(code).is_some() {
        return;
    }
    let capitals = code.to_uppercase();
    let help = match rust_iso3166::from_alpha2(&capitals) {
        Some(_) => format!("Write it in capitals: {capitals}."),
        None => "Write two letters of ISO 3166: BR, US, FR.".to_owned(),
    };
    problems.wrong(path, format!("{code:?} is not a country code."), help);
}

fn regions(catalog: &Catalog, problems: &mut Problems<'_>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, region) in catalog.regions.iter().enumerate() {
        for (which, code) in region.countries.iter().enumerate() {
            let path = format!("region[{at}].countries[{which}]");
            if code != "*" {
                country(code, &path, problems);
            }
            if let Some(other) = first.get(code.as_str()) {
                problems.wrong(
                    &path,
                    format!(
                        "The country {code} is in the region {other} already, which comes first."
                    ),
                    "Keep it in one of them.",
                );
            } else {
                first.insert(code, &region.id);
            }
        }
        if region.countries.is_empty() {
            problems.odd(
                format!("region[{at}].countries"),
                format!(
                    "The region {} has no country, so nobody is in it.",
                    region.id
                ),
                "Name its countries, or \"*\" for all others.",
            );
        }
        if region.currencies.is_empty() {
            problems.wrong(
                format!("region[{at}].currencies"),
                format!("The region {} has no currency.", region.id),
                "Name at least one.",
            );
        }
    }
    if !catalog.regions.is_empty() && !first.contains_key("*") {
        problems.odd(
            "region",
            "Countries that no region names cannot buy anything.",
            "Add a region with countries = [\"*\"] if they may.",
        );
    }
    if catalog.regions.is_empty() {
        problems.wrong(
            "region",
            "There is no region, so nobody can buy anything.",
            "Add a [[region]] with countries = [\"*\"].",
        );
    }
}

fn one(method: &Method, here: &str, catalog: &Catalog, problems: &mut Problems<'_>) {
    let id = &method.id;
    if method.currencies.is_empty() {
        problems.wrong(
            format!("{here}.currencies"),
            format!("The method {id} takes no currency."),
            "Name at least one.",
        );
    } else if !catalog.regions.iter().any(|region| meets(method, region)) {
        problems.odd(
            here,
            format!("The method {id} can never be used: no region has its countries and one of its currencies."),
            "Compare its currencies and countries with those of the regions.",
        );
    }
    for (key, codes) in [
        ("countries", &method.countries),
        ("except_countries", &method.except_countries),
    ] {
        for (which, code) in codes.iter().enumerate() {
            country(code, &format!("{here}.{key}[{which}]"), problems);
        }
    }
    if !GATEWAYS.contains(&method.gateway.as_str()) {
        problems.wrong(
            format!("{here}.gateway"),
            format!("There is no gateway called {}.", method.gateway),
            near(&method.gateway, &GATEWAYS)
                .unwrap_or_else(|| format!("Known are {}.", listed::and(GATEWAYS))),
        );
    }
    if method.auto_renew && !method.recurring {
        problems.odd(
            format!("{here}.auto_renew"),
            format!("Auto-renewal by {id} can never charge: its details cannot be kept."),
            "Set recurring = true, or auto_renew = false.",
        );
    }
    if let Some(parts) = &method.instalments {
        if parts.max < 2 {
            problems.odd(
                format!("{here}.instalments.max"),
                format!(
                    "Instalments by {id} can never be chosen: the most is {} part.",
                    parts.max
                ),
                "Set max to 2 or more, or take instalments out.",
            );
        }
        if parts.min_part.is_sign_negative() && !parts.min_part.is_zero() {
            problems.wrong(
                format!("{here}.instalments.min_part"),
                "The smallest part is less than nothing.",
                "Write 0 or more.",
            );
        }
    }
}

/// Whether some account of a region could pay by a method.
fn meets(method: &Method, region: &Region) -> bool {
    let money = region
        .currencies
        .iter()
        .any(|currency| method.currencies.contains(currency));
    money && serves_some(method, region)
}

fn serves_some(method: &Method, region: &Region) -> bool {
    region.countries.iter().any(|code| match code.as_str() {
        "*" => method.countries.is_empty() || method.countries.iter().any(|c| method.serves(c)),
        code => method.serves(code),
    })
}

fn every_region_can_pay(catalog: &Catalog, problems: &mut Problems<'_>) {
    for (at, region) in catalog.regions.iter().enumerate() {
        for (which, currency) in region.currencies.iter().enumerate() {
            let takes = |method: &&Method| {
                method.currencies.contains(currency) && serves_some(method, region)
            };
            let mut taken = catalog.methods.iter().filter(takes).peekable();
            let path = format!("region[{at}].currencies[{which}]");
            if taken.peek().is_none() {
                problems.wrong(
                    path,
                    format!(
                        "Nobody in the region {} can pay in {currency}: no method takes it there.",
                        region.id
                    ),
                    "Add a method for it, or take the currency out.",
                );
            } else if !taken.any(|method| method.sale == Sale::SelfService) {
                problems.odd(
                    path,
                    format!("In the region {} nobody can pay in {currency} without the seller's people.", region.id),
                    "Add a method with sale = \"self_service\".",
                );
            }
        }
    }
}
