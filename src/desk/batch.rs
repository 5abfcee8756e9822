//! Many requests: each in a transaction of its own, or all in one.
//!
//! A request that a line may name is one entry of the list below. It needs serde's both traits, because its
//! serialised form is its fingerprint and its line.

use super::load::near;
use super::payment::Pay;
use super::perform::{carry_out, expect_not_future};
use super::terms::{Effect, Outcome, Terms};
use super::{Desk, Failure, Request};
use crate::billing::listed;
use crate::billing::refusal::{Code, Refusal};
use crate::gateway::Gateways;
use crate::store::Tx;
use crate::wire::line::{Line, not_understood};
use serde::Serialize;
use serde::de::DeserializeOwned;

macro_rules! requests {
    ($($request:ty,)+) => {
        /// What a line may say after `do`.
        pub const NAMES: &[&str] = &[PAY, $(<$request as Request>::NAME,)+];

        /// Reads the request that a line names and hands it on.
        fn dispatched(line: &Line, carry: &mut impl Carry) -> Result<Outcome, Failure> {
            match line.what.as_str() {
                $(name if name == <$request as Request>::NAME => {
                    carry.carry(&read::<$request>(line)?)
                })+
                other => Err(not_a_request(other)),
            }
        }
    };
}

requests! {
    super::account::Create,
    super::account::Edit,
    super::account_terms::Method,
    super::account_terms::Agree,
    super::account_terms::EndAgreement,
    super::account::Close,
    super::member::Add,
    super::member::Set,
    super::member::SetSeat,
    super::trial::Change,
    super::order::Create,
    super::credit::Move,
    super::limit::Record,
    super::case::Create,
    super::case::RequestPlan,
    super::case::Close,
}

/// Paying is not one request but the steps around asking a provider.
const PAY: &str = "order pay";

/// One that carries out a request of any kind.
trait Carry {
    fn carry<R: Request>(&mut self, request: &R) -> Result<Outcome, Failure>;
}

/// In a transaction of its own.
struct ByItself<'d, 't>(&'d mut Desk, &'t Terms);

impl Carry for ByItself<'_, '_> {
    fn carry<R: Request>(&mut self, request: &R) -> Result<Outcome, Failure> {
        self.0.perform(self.1, request)
    }
}

/// In a transaction that others share.
struct Together<'x, 's, 't>(&'x mut Tx<'s>, &'t Terms);

impl Carry for Together<'_, '_, '_> {
    fn carry<R: Request>(&mut self, request: &R) -> Result<Outcome, Failure> {
        carry_out(self.0, self.1, request)
    }
}

impl Desk {
    /// Carries out one line in a transaction of its own.
    ///
    /// # Errors
    /// As the request's own; also that the line is not one.
    pub fn carry_line(
        &mut self,
        terms: &Terms,
        line: &Line,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        if line.what == PAY {
            return self.pay(terms, &read::<Pay>(line)?, gateways);
        }
        dispatched(line, &mut ByItself(self, terms))
    }

    /// Carries out all lines in one transaction. If one is refused nothing is kept, but the others are tried
    /// all the same, so that one run tells everything that is wrong.
    ///
    /// # Errors
    /// The store fails, and nothing is kept. What rules say stands in the answers.
    pub fn carry_all(
        &mut self,
        lines: Vec<Result<(Terms, Line), Failure>>,
        effect: Effect,
    ) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
        let mut tx = self.store.begin()?;
        let mut answers = Vec::with_capacity(lines.len());
        for line in lines {
            let answer = line.and_then(|(terms, line)| together(&mut tx, &terms, &line));
            match answer {
                Err(failure) if failure.ends_all() => return Err(failure),
                answer => answers.push(answer),
            }
        }
        match (effect, answers.iter().all(Result::is_ok)) {
            (Effect::Kept, true) => tx.commit()?,
            (Effect::Kept, false) | (Effect::DryRun, _) => tx.roll_back()?,
        }
        Ok(answers)
    }
}

fn together(tx: &mut Tx<'_>, terms: &Terms, line: &Line) -> Result<Outcome, Failure> {
    if line.what == PAY {
        let message = "A payment asks a provider, which cannot be undone, so it is no part of a batch \
                       that is done as a whole or not at all.";
        return Err(Refusal::new(Code::LineNotUsable, message)
            .say("Run the payments without --atomic.")
            .into());
    }
    if terms.effect == Effect::Kept {
        expect_not_future(terms)?;
    }
    dispatched(line, &mut Together(tx, terms))
}

/// The request of a line. What the request does not know is refused, so that a misspelt field is never
/// passed over.
fn read<R: Serialize + DeserializeOwned>(line: &Line) -> Result<R, Failure> {
    let request: R = serde_json::from_value(line.with.clone())
        .map_err(|error| not_usable(format!("{} cannot be read: {error}", line.what)))?;
    match not_understood(&line.with, &serde_json::to_value(&request)?) {
        None => Ok(request),
        Some(field) => Err(not_usable(format!("{} has no field {field}", line.what))),
    }
}

/// A line that is no request, in a sentence.
pub fn not_usable(why: impl Into<String>) -> Failure {
    Refusal::new(Code::LineNotUsable, format!("{}.", why.into())).into()
}

fn not_a_request(what: &str) -> Failure {
    let refusal = Refusal::new(
        Code::LineNotUsable,
        format!("There is no request {what:?}."),
    );
    let close = near(what, NAMES.iter().map(|name| (*name).to_owned()));
    let known = match close.is_empty() {
        true => listed::or(NAMES),
        false => listed::or(&close),
    };
    refusal.say(format!("A line may ask for {known}.")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_its_own() {
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NAMES.len());
    }
}
