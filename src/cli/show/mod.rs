//! Documents as tables and records. One file for each kind of document; comfy-table only in `page`.

mod account;
mod comparison;
mod database;
mod export;
mod invoice;
mod journal;
mod lines;
mod message;
mod order;
mod page;
mod plan;
mod renew;
mod report;
mod seller;
mod subscription;
mod usage;

use super::out::Out;
use super::reply::Detail;
use crate::wire::Document;
use page::Page;

/// A document as text for people, fitted to the terminal.
pub(super) fn drawn(document: &Document, detail: Detail, out: &Out) -> String {
    let mut page = Page::new(out, detail);
    match document {
        Document::JournalLine(line) => journal::line(&mut page, line),
        Document::JournalLines(lines) => journal::lines(&mut page, lines),
        Document::Account(account) => account::account(&mut page, account),
        Document::Balance(balance) => subscription::balance(&mut page, balance),
        Document::Accounts(accounts) => account::accounts(&mut page, accounts),
        Document::Members(members) => account::members(&mut page, members),
        Document::Trial(trial) => account::trial(&mut page, trial),
        Document::Trials(trials) => account::trials(&mut page, trials),
        Document::Case(case) => account::case(&mut page, case),
        Document::Cases(cases) => account::cases(&mut page, cases),
        Document::Seats(seats) => usage::seats(&mut page, seats),
        Document::Holders(holders) => usage::holders(&mut page, holders),
        Document::Limit(limit) => usage::limit(&mut page, limit),
        Document::Limits(limits) => usage::limits(&mut page, limits),
        Document::LimitCheck(check) => usage::check(&mut page, check),
        Document::Credits(credits) => usage::credits(&mut page, credits),
        Document::AddOns(offers) => usage::offers(&mut page, offers),
        Document::Plan(plan) => plan::plan(&mut page, plan),
        Document::Plans(plans) => plan::plans(&mut page, plans),
        Document::PlanComparison(comparison) => plan::comparison(&mut page, comparison),
        Document::Order(order) => order::order(&mut page, order),
        Document::Orders(orders) => order::orders(&mut page, orders),
        Document::Scheduled(scheduled) => order::scheduled(&mut page, scheduled),
        Document::Payments(payments) => order::payments(&mut page, payments),
        Document::Invoice(invoice) => invoice::invoice(&mut page, invoice),
        Document::Invoices(invoices) => invoice::invoices(&mut page, invoices),
        Document::Comparison(comparison) => comparison::comparison(&mut page, comparison),
        Document::Revenue(_)
        | Document::Recurring(_)
        | Document::Churn(_)
        | Document::Receivable(_)
        | Document::Pending(_) => report::report(&mut page, document),
        Document::Transfer(shown) => subscription::transfer(&mut page, shown),
        Document::Subscription(shown) => subscription::subscription(&mut page, shown),
        Document::Renewed(renewed) => renew::renewed(&mut page, renewed),
        Document::Run(run) => renew::run(&mut page, run),
        Document::Due(due) => renew::due(&mut page, due),
        Document::AutoRenewal(auto) => renew::auto(&mut page, auto),
        Document::Forecast(forecast) => renew::forecast(&mut page, forecast),
        Document::Database(database) => database::database(&mut page, database),
        Document::Check(check) => database::check(&mut page, check),
        Document::Settings(settings) => database::settings(&mut page, settings),
        Document::Message(one) => message::message(&mut page, one),
        Document::Messages(all) => message::messages(&mut page, all),
        Document::Post(run) => message::post(&mut page, run),
        Document::Export(files) => export::export(&mut page, files),
        Document::SellerFiles(versions) => seller::versions(&mut page, versions),
        Document::FileCheck(check) => seller::check(&mut page, check),
        Document::Differences(lines) => seller::differences(&mut page, lines),
        other => page::as_fields(&mut page, other),
    }
    page.text()
}
