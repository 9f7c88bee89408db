//! A quota holds however many callers want its last places.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::harness::command::{create_credential, history};
use crate::harness::demo_file::{DemoFile, Glair};
use crate::harness::server::{Setup, demo_home};
use crate::harness::wire::GlairConnection;

const QUOTA: usize = 10;
const CALLERS: usize = 30;
/// What shows once in a while has to have its chance.
const ROUNDS: usize = 5;

#[test]
fn a_quota_is_used_up_and_not_exceeded_by_callers_at_once() {
    let home = demo_home();
    let data = home.path().join("data");
    let people = DemoFile::read(&data).people;
    let server = Setup::new(&data, Some("--demo")).start();
    for round in 0..ROUNDS {
        let quota = QUOTA.to_string();
        let terms = ["--dialect", "glair", "--environment", "production", "--quota", &quota];
        let credentials =
            serde_json::from_value(create_credential(&data, &terms)).expect("the keys of demo.json");
        let forms: Vec<_> = people[..CALLERS].iter().map(|person| format!("nik={}", person.nik)).collect();

        let mut told = call_at_once(&server.base_url, &credentials, &forms);
        told.sort_unstable();
        let expected = [vec![200; QUOTA], vec![403; CALLERS - QUOTA]].concat();
        let statuses: Vec<_> = told.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, expected, "round {round}");

        let lines = history(&data);
        assert_eq!(lines.len(), (round + 1) * CALLERS, "one line a call");
        let mut recorded: Vec<_> = lines[round * CALLERS..].iter().map(told_by).collect();
        recorded.sort_unstable();
        assert_eq!(recorded, told, "round {round}");
    }
}

/// Every form on a connection of its own, all at the same moment; status and id of each answer.
fn call_at_once(base_url: &str, credentials: &Glair, forms: &[String]) -> Vec<(u16, String)> {
    let start = Barrier::new(forms.len());
    std::thread::scope(|scope| {
        let callers: Vec<_> = forms
            .iter()
            .map(|form| {
                let start = &start;
                scope.spawn(move || {
                    let mut connection = GlairConnection::open(base_url, credentials).expect("a connection");
                    start.wait();
                    let answer = connection.verify(form).expect("an answer");
                    (answer.status, answer.request_id)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller ends")).collect()
    })
}

/// Status and id that a line of history says were told, where outcome and charge go with the status.
fn told_by(line: &Value) -> (u16, String) {
    let what = json!([line["status"], line["outcome"], line["charged"]]);
    let charged = json!([200, "verified", ["basic_verification"]]);
    assert!(what == charged || what == json!([403, "out_of_quota", []]), "{line}");
    let status = line["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
    (status, line["wire_id"].as_str().expect("a wire id").to_owned())
}
