//! Every test that runs the program as a whole, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod accounting;
mod aside;
mod bad_input;
mod batch;
mod cases;
mod crash;
mod crowd;
mod damage;
mod dependencies;
mod disk;
mod edges;
mod entries;
mod forms;
mod hints;
mod hostile;
mod killed;
mod late_money;
mod mail_attack;
mod mail_server;
mod mail_tls;
mod mail_trouble;
mod marks;
mod model;
mod numbers;
mod pages;
mod post;
mod provider;
mod published;
mod rules;
mod seed;
mod sellers;
mod sendmail;
mod shells;
mod stories;
mod streams;
mod support;
mod tamper;
mod terminal;
mod tidy;
mod tried;
mod trouble;
mod unknown_names;
mod wishes;
mod writes;
mod years;
