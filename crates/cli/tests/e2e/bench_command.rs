//! `absah bench`: every stage and model that a decision has, with figures that fit each other.

use serde_json::Value;

use crate::harness::command::{Finished, absah, project};

fn bench(args: &[&str]) -> Finished {
    Finished::of(absah().arg("bench").args(args))
}

#[test]
fn a_benchmark_tells_stages_models_floor_throughput_and_memory() {
    let report = bench(&["--rounds", "2", "--threads", "2", "--json"]).last_json();
    let names = |list: &str, key: &str| -> Vec<String> {
        let list = report["one_thread"][list].as_array().expect("a list");
        list.iter().map(|entry| entry[key].as_str().expect("a name").to_owned()).collect()
    };
    let stages = names("stages", "stage");
    for stage in ["base64", "admit and decode", "detect", "align", "liveness", "embed", "compare"] {
        assert!(stages.iter().any(|name| name == stage), "{stage} in {stages:?}");
    }
    assert!(names("models", "model").len() >= 3, "{report}");
    let number = |pointer: &str| report.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let sum: f64 =
        (0..stages.len()).map(|stage| number(&format!("/one_thread/stages/{stage}/least_ms"))).sum();
    assert!(sum > 0.0 && sum <= number("/one_thread/whole/p90_ms"), "{report}");
    assert!(number("/one_thread/floor/least_ms") > 0.0 && number("/one_thread/over_floor") > 0.0, "{report}");
    assert!(number("/all_threads/per_second") > 0.0, "{report}");
    assert_eq!(report["all_threads"]["threads"], 2);
    assert!(number("/memory/worker_bytes") > f64::from(1 << 20), "{report}");
    assert!(number("/memory/resident_bytes") > number("/memory/worker_bytes"), "{report}");
    assert_eq!(report["picture"]["width"], 1000);
}

#[test]
fn people_get_tables_and_a_picture_without_a_face_an_error() {
    let portrait = project().join("crates/vision/tests/data/president-1.jpg");
    let told = bench(&["--rounds", "1", "--image", portrait.to_str().expect("text")]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    for expected in ["| the whole |", "median of pairs", "decisions a second", "memory of a worker"] {
        assert!(told.stdout.contains(expected), "{expected}: {}", told.stdout);
    }
    let readme = project().join("README.md");
    let refused = bench(&["--rounds", "1", "--image", readme.to_str().expect("text")]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("shows no face"), "{}", refused.stderr);
}

#[test]
fn reading_a_card_is_held_against_its_models() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("text");
    Finished::well(absah().args(["specimen", "--count", "1", "--seed", "23", "--out", out]));
    let card = folder.path().join("card-00001.jpg");
    let report = bench(&["--rounds", "1", "--json", "--card", card.to_str().expect("text")]).last_json();
    let number = |key: &str| report[key].as_f64().unwrap_or(f64::NAN);
    assert!(number("whole_ms") > 0.0 && number("models_ms") > 0.0 && number("ratio") > 0.5, "{report}");
    assert!(number("model_runs") > 10.0, "a card has many lines: {report}");
}
