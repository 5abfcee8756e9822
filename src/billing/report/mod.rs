//! What the facts say about the business: revenue day by day, recurring revenue and how it moves, ages of
//! debts. Pure figures; who is asked and how they look is elsewhere.

pub mod age;
pub mod handed;
pub mod month;
pub mod recurring;
pub mod release;
