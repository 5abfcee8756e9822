//! Asking the gateways about many payments side by side, outside any transaction.

use super::Setting;
use crate::billing::payment::{Answer, Payment};
use crate::desk::load::Seller;
use crate::desk::settle::may_ask;
use crate::gateway::{Ask, Gateways};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One payment to ask about, with the name of its account.
pub(super) struct Question<'a> {
    pub payment: &'a Payment,
    pub account: &'a str,
}

/// The methods of a catalog that no gateway of this process charges by itself.
pub(super) fn by_hand(seller: &Seller, gateways: &Gateways) -> BTreeSet<String> {
    let methods = seller.catalog.methods.iter();
    methods
        .filter(|method| !gateways.of(&method.gateway).charges_alone())
        .map(|method| method.id.clone())
        .collect()
}

/// The answers, in the order of the questions.
pub(super) fn ask_all(setting: &Setting<'_>, questions: &[Question<'_>]) -> Vec<Answer> {
    let workers = setting.run.at_once.clamp(1, questions.len().max(1));
    if workers == 1 {
        return questions.iter().map(|one| ask(setting, one)).collect();
    }
    let next = AtomicUsize::new(0);
    let answers: Vec<Mutex<Option<Answer>>> = questions.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(question), Some(slot)) = (questions.get(at), answers.get(at)) else {
                        return;
                    };
                    let answer = ask(setting, question);
                    if let Ok(mut slot) = slot.lock() {
                        *slot = Some(answer);
                    }
                }
            });
        }
    });
    answers.into_iter().map(answer_in).collect()
}

/// A worker that was lost leaves its payment as it is: to be asked about again.
fn answer_in(slot: Mutex<Option<Answer>>) -> Answer {
    let answer = slot.into_inner().ok().flatten();
    answer.unwrap_or_else(|| Answer::Unknown {
        trouble: "it was never asked".to_owned(),
    })
}

fn ask(setting: &Setting<'_>, question: &Question<'_>) -> Answer {
    let payment = question.payment;
    let method = setting.seller.catalog.method(&payment.method);
    let gateway = setting
        .gateways
        .of(method.map_or("manual", |method| method.gateway.as_str()));
    if !may_ask(payment, setting.terms.at) || !gateway.charges_alone() {
        return gateway.find(&payment.key);
    }
    gateway.charge(&Ask {
        key: &payment.key,
        amount: payment.amount,
        method: &payment.method,
        reference: payment.reference.as_deref(),
        account: question.account,
    })
}
