//! Console sessions that read like documentation: `tests/stories/**/*.md` and README, each in a sandbox of its
//! own, compared byte for byte.
//!
//! Every file beside a story is there when the story runs; README gets those of `tests/stories/seller`.
//! `STORY=seats` runs only stories whose path says so; `TRYCMD=overwrite` writes what was printed into them.

use crate::support::{NOW, OUTSIDE, files, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Stories at a time. They wait for processes more than they compute.
const AT_ONCE: usize = 4;

/// Names the story that a child of this test tells.
const TOLD: &str = "SUBDESK_TEST_STORY";

#[test]
fn every_story_happens_as_it_is_told() {
    let mut stories: Vec<PathBuf> = files(&root().join("tests/stories"))
        .into_iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "md"))
        .collect();
    stories.extend(Some(root().join("README.md")).filter(|readme| readme.exists()));
    if let Ok(only) = std::env::var("STORY") {
        stories.retain(|story| story.to_string_lossy().contains(&only));
    }
    let waiting = Mutex::new(stories.iter());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(story) = waiting.lock().unwrap().next() else {
                        return;
                    };
                    if let Err(report) = happens(story) {
                        let name = story.strip_prefix(root()).unwrap();
                        let report = format!("{}\n{report}", name.display());
                        failed.lock().unwrap().push(report);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "not as told:\n{}", failed.join("\n"));
}

/// Tells one story in a process of its own, because what a story says about the environment must come after
/// what the sandbox says.
fn happens(story: &Path) -> Result<(), String> {
    let sandbox = tempfile::tempdir().unwrap();
    let name = story.file_name().unwrap();
    let copy = sandbox.path().join(name);
    std::fs::copy(story, &copy).unwrap();
    let here = copy.with_extension("in");
    let home = sandbox.path().join("home");
    std::fs::create_dir(&here).unwrap();
    std::fs::create_dir(&home).unwrap();
    let beside = match name.to_str() {
        Some("README.md") => root().join("tests/stories/seller"),
        _ => story.parent().unwrap().to_owned(),
    };
    for file in files(&beside) {
        if file.extension().is_none_or(|kind| kind != "md") {
            std::fs::copy(&file, here.join(file.file_name().unwrap())).unwrap();
        }
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in OUTSIDE {
        command.env_remove(name);
    }
    let output = command
        .args(["--exact", "stories::one_story", "--ignored", "--nocapture"])
        .env(TOLD, &copy)
        .env("HOME", &home)
        .env("USER", "ada")
        .env("SUBDESK_NOW", NOW)
        .env("COLUMNS", "100")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        std::fs::copy(&copy, story).unwrap();
    }
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
#[ignore = "tells the one story that the test above names"]
fn one_story() {
    let Some(story) = std::env::var_os(TOLD) else {
        return;
    };
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("subdesk", Path::new(env!("CARGO_BIN_EXE_subdesk")))
        .case(story)
        .insert_var("[HOME]", std::env::var("HOME").unwrap())
        .unwrap();
    cases.run();
}
