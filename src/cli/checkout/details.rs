//! What stands on an order's invoice: asked for where the policy needs it, offered where the customer may wish it.

use super::super::ask::Ask;
use super::super::failure::Failure;
use super::super::parse;
use crate::billing::taxpayer;
use crate::desk::account::{Details as Billing, Edit};
use crate::wire::checkout::Offers;
use clap::Args;

// The invoice's details, as far as they were given.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "On the invoice")]
pub(super) struct Details {
    /// The taxpayer number
    #[arg(long, value_name = "NUMBER", value_parser = parse::name)]
    taxpayer: Option<String>,

    /// A line of the postal address; all of them, one option each
    #[arg(long, value_name = "LINE", value_parser = parse::remark)]
    address: Option<Vec<String>>,
}

impl Details {
    /// What the account gets to know before the order, if anything.
    pub(super) fn edit(
        &self,
        asker: &mut dyn Ask,
        offers: &Offers,
        account: &str,
    ) -> Result<Option<Edit>, Failure> {
        let billing = Billing {
            taxpayer: self.taxpayer(asker, offers)?,
            address: self.address(asker, offers)?,
            ..Billing::default()
        };
        let said = billing.taxpayer.is_some() || billing.address.is_some();
        Ok(said.then(|| Edit {
            account: account.to_owned(),
            title: None,
            country: None,
            currency: None,
            email: None,
            billing,
        }))
    }

    fn taxpayer(&self, asker: &mut dyn Ask, offers: &Offers) -> Result<Option<String>, Failure> {
        if self.taxpayer.is_some() || !offers.needs_taxpayer {
            return Ok(self.taxpayer.clone());
        }
        let check = |text: &str| {
            taxpayer::checked(&offers.country, text)
                .map(|_| ())
                .map_err(|wrong| format!("{text:?} {wrong}."))
        };
        let number = asker.text("Taxpayer number?", None, &check, "--taxpayer")?;
        Ok(Some(number))
    }

    fn address(
        &self,
        asker: &mut dyn Ask,
        offers: &Offers,
    ) -> Result<Option<Vec<String>>, Failure> {
        if self.address.is_some() || offers.has_address {
            return Ok(self.address.clone());
        }
        let check = |text: &str| parse::remark(text).map(|_| ());
        if offers.needs_address {
            let question = "Billing address, in one line?";
            return Ok(Some(vec![asker.text(
                question,
                None,
                &check,
                "--address",
            )?]));
        }
        let question = "Billing address for the invoice, in one line? Empty leaves it out.";
        Ok(asker.optional(question, &check)?.map(|line| vec![line]))
    }
}
