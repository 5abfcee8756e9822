//! Speaks to the world: payment providers, mail.
