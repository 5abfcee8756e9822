//! A person of an account as outsiders see it.

use crate::billing::account;
use crate::billing::calendar::Day;
use crate::billing::policy::Role;
use serde::{Deserialize, Serialize};

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// E-mail address.
    pub email: String,
    /// What he is to the account.
    pub role: Role,
    /// Whether he may see and change bills.
    pub may_bill: bool,
    /// The seat type he holds.
    pub seat: Option<String>,
    /// The first day on which he is disabled.
    pub disabled_on: Option<Day>,
}

impl Member {
    /// A member under a policy's access rules.
    pub fn of(member: &account::Member, access: &crate::billing::policy::Access) -> Member {
        let by_role = access.roles.contains(&member.role);
        let by_grant = access.granted_roles.contains(&member.role) && member.granted;
        Member {
            email: member.email.clone(),
            role: member.role,
            may_bill: (by_role || by_grant) && member.disabled_on.is_none(),
            seat: member.seat.clone().filter(|_| member.disabled_on.is_none()),
            disabled_on: member.disabled_on,
        }
    }
}
