//! The calls the README shows, run as they stand there.

use std::fs;
use std::ops::RangeInclusive;
use std::process::Command;

use serde_json::Value;

use crate::harness::command::{Finished, project};
use crate::harness::server::Server;

#[test]
fn every_call_of_the_readme_gives_the_answer_shown_below_it() {
    let (_home, server) = Server::demo();
    let readme = fs::read_to_string(project().join("README.md")).expect("README.md");
    let mut calls = 0;
    for (call, shown) in calls_and_answers(&readme) {
        let finished = Finished::of(
            Command::new("bash")
                .args(["-euo", "pipefail", "-c", &call])
                .current_dir(project())
                .env("ABSAH_DEMO_FILE", server.data_dir.join("demo.json")),
        );
        let told: Value =
            serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{call}\n{finished:?}"));
        let shown: Value =
            serde_json::from_str(&shown).unwrap_or_else(|_| panic!("no answer is shown below {call}"));
        assert!(is_as_shown(&told, &shown), "{call}\ntold: {told}\nshown: {shown}");
        calls += 1;
    }
    assert_eq!(calls, 3, "one call a dialect");
}

/// The shell blocks that call with `curl`, each with the JSON block after it.
fn calls_and_answers(readme: &str) -> Vec<(String, String)> {
    let blocks: Vec<(&str, &str)> =
        readme.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect();
    let calls = blocks.iter().zip(blocks.iter().skip(1));
    calls
        .filter(|((language, text), _)| *language == "sh" && text.contains("curl "))
        .map(|((_, call), (_, answer))| ((*call).to_owned(), (*answer).to_owned()))
        .collect()
}

/// The scores that verify: from the default threshold to the end of the scale.
const VERIFYING: RangeInclusive<f64> = 75.0..=100.0;

/// The same keys, and the same values but for what differs with every call: texts with an ellipsis, and scores, which
/// have to verify as the one shown does, or to be nothing like it.
fn is_as_shown(told: &Value, shown: &Value) -> bool {
    match (told, shown) {
        (Value::Object(told), Value::Object(shown)) => {
            told.len() == shown.len()
                && shown.iter().all(|(key, shown)| told.get(key).is_some_and(|told| is_as_shown(told, shown)))
        }
        (Value::String(told), Value::String(shown)) => match shown.split_once('…') {
            Some((start, end)) => told.starts_with(start) && told.ends_with(end),
            None => told == shown,
        },
        (Value::Number(told), Value::Number(shown)) => match (told.as_f64(), shown.as_f64()) {
            (Some(told), Some(shown)) if VERIFYING.contains(&shown) => VERIFYING.contains(&told),
            _ => told == shown,
        },
        (told, shown) => told == shown,
    }
}
