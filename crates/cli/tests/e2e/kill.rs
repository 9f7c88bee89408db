//! A server killed while it writes loses nothing it has answered.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use crate::harness::command::history;
use crate::harness::demo_file::{DemoFile, Glair};
use crate::harness::server::{Setup, demo_home};
use crate::harness::wire::{Acknowledged, GlairConnection};

/// How often the server is killed, unless ABSAH_TEST_KILLS says otherwise (`make soak` does).
const KILLS: u64 = 4;
/// Callers at once.
const CALLERS: usize = 4;

#[test]
fn a_killed_server_has_recorded_every_answer_it_gave() {
    let home = demo_home();
    let data = home.path().join("data");
    let demo = DemoFile::read(&data);
    let kills = std::env::var_os("ABSAH_TEST_KILLS").map_or(KILLS, |text| {
        text.to_str().and_then(|text| text.parse().ok()).expect("ABSAH_TEST_KILLS is a number")
    });

    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let answers = write_until_killed(&data, &demo, round);
        assert!(!answers.is_empty(), "round {round} wrote nothing before it was killed");
        acknowledged.extend(answers);
    }

    let mut recorded: HashMap<String, (u64, usize)> = HashMap::new();
    for line in history(&data) {
        let id = line["wire_id"].as_str().expect("a wire id").to_owned();
        let charges = line["charged"].as_array().expect("a list").len();
        let earlier = recorded.insert(id, (line["status"].as_u64().expect("a status"), charges));
        assert_eq!(earlier, None, "a wire id stands twice: {line}");
    }
    for Acknowledged { status, request_id } in &acknowledged {
        assert_eq!((*status, recorded.get(request_id)), (200, Some(&(200, 1))), "{request_id}");
    }
    let unanswered = recorded.len() - acknowledged.len();
    println!(
        "{kills} kills: {} answers, all recorded; {unanswered} recorded but unanswered",
        acknowledged.len()
    );
    assert!(
        unanswered <= CALLERS * usize::try_from(kills).expect("small"),
        "{unanswered} records of no request"
    );
}

/// Callers send as fast as they can; the server is killed under them, at another moment each round.
fn write_until_killed(data: &Path, demo: &DemoFile, round: u64) -> Vec<Acknowledged> {
    let server = Setup::new(data, None).settings(&[("ABSAH_POLICY__REPETITION__LIMIT", "0")]).start();
    let base_url = server.base_url.clone();
    let credentials = &demo.credentials.glair.production;
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let form = format!("nik={}", demo.people[10 + caller].nik);
                let base_url = &base_url;
                scope.spawn(move || call_until_broken(base_url, credentials, &form))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(150 + round * 37 % 250));
        server.kill();
        callers.into_iter().flat_map(|caller| caller.join().expect("a caller ends")).collect()
    })
}

fn call_until_broken(base_url: &str, credentials: &Glair, form: &str) -> Vec<Acknowledged> {
    let mut answers = Vec::new();
    let Ok(mut connection) = GlairConnection::open(base_url, credentials) else { return answers };
    while let Ok(answer) = connection.verify(form) {
        answers.push(answer);
    }
    answers
}
