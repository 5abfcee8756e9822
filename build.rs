//! How the program is linked: on Linux at a fixed address.
//!
//! A program that can lie anywhere has its 58,000 addresses of constants written anew at every start, and each of
//! the 370 pages they stand in copied for it: half of the time that `subdesk --version` would take. A fixed
//! address costs the program one of the places that are random at each start; stack, heap and libraries keep
//! theirs. Without this file it is linked as the compiler does by itself, and is the same but for the time.
//!
//! Packed relocations (`-z pack-relative-relocs`) would keep the random address, but save only the table and not
//! the copied pages, and need a C library of 2022 or later, on the machine that runs the program too.

#![allow(
    clippy::print_stdout,
    reason = "what a build script prints is what it asks cargo for"
)]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}"));
    let known =
        target("OS").is_ok_and(|os| os == "linux") && target("ENV").is_ok_and(|env| env == "gnu");
    if known {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
