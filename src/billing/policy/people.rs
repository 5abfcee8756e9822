//! Who may do what, in which state, and where requests go that a person must handle.

use serde::{Deserialize, Serialize};

/// What a member is to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the account; there is exactly one.
    Owner,
    /// Runs the account.
    Admin,
    /// Works in it.
    Member,
    /// Visits it; takes no seat.
    Guest,
}

/// Something a member may be allowed to do about billing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// See plans, orders and balances.
    View,
    /// See and download invoices.
    Invoices,
    /// Place and pay orders.
    Order,
    /// Change the plan.
    ChangePlan,
    /// Add seats.
    AddSeats,
    /// Remove seats.
    RemoveSeats,
    /// Assign seats, invite and disable members.
    ManageMembers,
    /// Change contact, address, recipients, taxpayer details.
    EditBilling,
    /// Save or remove a payment method.
    ChangeMethod,
    /// Turn auto-renewal on or off, extend.
    Renew,
    /// Cancel, or take a cancellation back.
    Cancel,
    /// Buy add-ons, and credits among them.
    Credits,
    /// Use up what the plan gives: no matter of bills, so every member may.
    Use,
    /// Get money back.
    Refund,
    /// Change the account's own e-mail.
    ChangeEmail,
    /// Close the account.
    Close,
    /// Move licence and credits to another account.
    Transfer,
    /// Change the owner.
    ChangeOwner,
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Roles that may do billing.
    pub roles: Vec<Role>,
    /// Roles that may do billing only after an explicit grant.
    pub granted_roles: Vec<Role>,
    /// Operations that only the seller's people may do, with a reason.
    pub support_only: Vec<Operation>,
}

impl Default for Access {
    fn default() -> Self {
        Access {
            roles: vec![Role::Owner, Role::Admin],
            granted_roles: Vec::new(),
            support_only: Vec::new(),
        }
    }
}

/// What an account is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Never had a trial, a free plan or a term.
    New,
    /// Inside a trial.
    Trialing,
    /// A trial ended and nothing was bought.
    TrialEnded,
    /// On a plan that costs nothing.
    Free,
    /// Inside a paid term.
    Active,
    /// Inside a paid term that will not go on.
    Cancelling,
    /// The paid term ended, the renewal's charge failed, and the grace has not run out.
    PastDue,
    /// No way to pay: only billing is reachable, nothing is deleted.
    Frozen,
    /// The paid term ended.
    Expired,
    /// Switched off after a failed charge or a cancellation; can come back.
    Deactivated,
    /// Closed for good.
    Closed,
}

/// Accounts and members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountRules {
    /// Whether a new account gets the free plan at once.
    pub starts_free: bool,
    /// What closing does to a running subscription.
    pub close: CloseMode,
    /// What a person is told, and must accept, before closing.
    pub close_warning: Option<String>,
    /// Whether an e-mail address may be a member of several accounts.
    pub email_in_several: bool,
    /// Whether licence and credits can move to another account.
    pub transfer: TransferMode,
}

impl Default for AccountRules {
    fn default() -> Self {
        AccountRules {
            starts_free: false,
            close: CloseMode::AfterEnd,
            close_warning: None,
            email_in_several: true,
            transfer: TransferMode::Refuse,
        }
    }
}

/// What closing an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CloseMode {
    /// Refused while paid time runs.
    #[default]
    AfterEnd,
    /// Ends the subscription with it.
    EndsPlan,
    /// Never; accounts are only frozen or deactivated.
    Never,
}

/// Whether licence and credits can move to another account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TransferMode {
    /// No.
    #[default]
    Refuse,
    /// Yes, by the seller's people.
    Support,
}

/// A situation that people handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// A plan that is sold only by people.
    Sales,
    /// A currency or method that a partner takes.
    Partner,
    /// A change that support makes.
    Support,
    /// A payment that does not go through.
    Payment,
    /// A contract that cannot be changed in the tool.
    Contract,
    /// Licence and credits for another account.
    Transfer,
    /// A question.
    Help,
    /// A demonstration before buying.
    Demo,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Who answers, in words: "the support chat".
    pub to: String,
    /// E-mail, address of a page, or number.
    #[serde(default)]
    pub contact: Option<String>,
    /// What the request must say.
    #[serde(default)]
    pub needs: Vec<String>,
}
