//! The calls that the demo and the sandbox print at their start, run as printed.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::command::Finished;
use crate::harness::server::{Server, Setup, demo_home, empty_home};

/// The calls in their order: dialect, the place in its answer that tells success, and the JSON that stands there.
const SUCCESS: [(&str, &str, &str); 3] = [
    ("Kredibel", "/data/status", r#""verified""#),
    ("AccuAuth", "/result/result", r#""01""#),
    ("GLAIR", "/verification_status", "true"),
];

#[test]
fn the_printed_calls_verify() {
    // A path that says something else to a shell, unless it is quoted.
    let awkward = |home: &TempDir| {
        let path = home.path().join("Ani's $data dir");
        std::fs::rename(home.path().join("data"), &path).expect("the data directory moves");
        path
    };
    let plain = demo_home();
    let moved = demo_home();
    let empty = empty_home();
    let rows = [
        ("--demo", plain.path().join("data")),
        ("--demo", awkward(&moved)),
        ("--sandbox", empty.path().join("data")),
    ];
    for (stage, data) in rows {
        let server = Setup::new(&data, Some(stage)).start();
        let calls = printed_calls(&server);
        assert_eq!(calls.len(), SUCCESS.len(), "{stage}: {calls:?}");
        for (call, (dialect, place, success)) in calls.iter().zip(SUCCESS) {
            let finished = Finished::well(Command::new("bash").args(["-euo", "pipefail", "-c", call]));
            let answer: Value =
                serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{call}\n{finished:?}"));
            let told = answer.pointer(place).map(Value::to_string);
            assert_eq!(told.as_deref(), Some(success), "{stage}, {dialect}: {call}\n{answer}");
        }
    }
}

/// What follows the line that announces the calls, cut at the empty lines.
fn printed_calls(server: &Server) -> Vec<String> {
    let printed = server.printed();
    let (_, calls) = printed.split_once("\nOne call for every dialect:\n").expect("the calls are announced");
    calls.split("\n\n").map(|call| call.trim().to_owned()).filter(|call| !call.is_empty()).collect()
}
