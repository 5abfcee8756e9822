//! Speaks to the world: payment providers, mail.

pub mod mail;
