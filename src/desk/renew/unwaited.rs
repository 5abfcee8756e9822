//! Charges on their way whose orders wait for no money any more: paid by another charge, or called off. Their
//! provider is asked once in each run, so that money that comes late becomes a case without anybody asking. It is only
//! asked what came of them: nothing is charged for an order that is done.

use super::chunk::Trouble;
use super::{Hear, Heard, Runner};
use crate::billing::payment::{Answer, Payment};
use crate::billing::refusal::Code;
use crate::desk::load::seen;
use crate::desk::payment::gateway_name;
use crate::desk::{Desk, Failure};
use crate::wire::renew::Step;

impl Desk {
    /// Asks about the charges that nobody waits for, of one account or of all; how many there are is what it costs.
    ///
    /// # Errors
    /// The store fails.
    pub(super) fn ask_unwaited(
        &mut self,
        runner: &mut Runner<'_>,
        only: Option<i64>,
        hear: &mut Hear<'_>,
    ) -> Result<(), Failure> {
        let open = self.look()?.read().unwaited_payments()?;
        let wanted = |payment: &Payment| only.is_none_or(|only| only == payment.account);
        for payment in open.into_iter().filter(wanted) {
            let account = payment.account;
            if let Err(failure) = self.ask_about(&payment, runner, hear) {
                match Trouble::met_by(account, failure) {
                    Trouble::Of(account, fault) => {
                        runner.failed(self, (account, &fault), hear)?;
                    }
                    Trouble::All(failure) => return Err(failure),
                }
            }
        }
        Ok(())
    }

    fn ask_about(
        &mut self,
        payment: &Payment,
        runner: &mut Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<(), Failure> {
        let terms = runner.setting.terms;
        let (name, seen) = {
            let look = self.look()?;
            let name = look.read().account_name(payment.account)?;
            let seen = seen(look.read(), &name, terms)?;
            (name, seen)
        };
        let gateway = gateway_name(&seen, &payment.method);
        let answer = runner.setting.gateways.of(gateway).find(&payment.key);
        let trouble = match &answer {
            Answer::Pending { .. } => return Ok(()),
            Answer::Unknown { trouble } => Some(trouble.clone()),
            Answer::Paid { .. } | Answer::Declined { .. } => None,
        };
        let (what, text) = match self.settle(terms, payment, answer) {
            Ok(_) => return Ok(()),
            Err(Failure::Unsettled { .. }) => {
                let trouble = trouble.unwrap_or_default();
                let text = format!("{} over {}: {trouble}", payment.number(), payment.amount);
                hear(Heard::Unsettled(&name, &text));
                runner.tally.unsettled = runner.tally.unsettled.saturating_add(1);
                return Ok(());
            }
            // Another program was quicker.
            Err(failure) if failure.is_settled() => return Ok(()),
            Err(Failure::Refused(refusal)) if refusal.code == Code::PaymentDeclined => {
                ("declined", refusal.message)
            }
            Err(Failure::Refused(refusal)) => {
                hear(Heard::Refused(&name, &refusal));
                runner.tally.refused = runner.tally.refused.saturating_add(1);
                ("case", refusal.message)
            }
            Err(other) => return Err(other),
        };
        let step = Step::said(what, terms.on(), text);
        let sum = runner.tally.did.entry(step.what.clone()).or_default();
        *sum = sum.saturating_add(1);
        hear(Heard::Did(&name, &[step]));
        Ok(())
    }
}
