//! A caller that goes away while its request is under way: the request is recorded all the same, once.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::callers::{issuance, kredibel};
use crate::harness::command::history;
use crate::harness::server::Server;
use crate::harness::wire::issue_and_leave;

/// How long the slow scenario of the sandbox takes, and a good deal more.
const SLOW: Duration = Duration::from_secs(5);
/// How long a line of history may take to be written, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_caller_that_leaves_has_one_line() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let credentials = &demo.credentials.kredibel;
    let person = &demo.people[0];
    let mut slow = issuance(person);
    slow["identityId"] = json!("1234567890111129");
    let begun = Instant::now();

    // In production it depends on the machine how far the checks had come; when they were done, they count.
    let abandoned = json!(["abandoned", []]);
    let verified = json!(["verified", ["certificate"]]);
    let production = [abandoned.clone(), verified.clone()];
    // At once means: before the server has read what came.
    let moments = [0, 0, 1, 3, 10, 100, 300].map(Duration::from_millis);
    let rows =
        [("the slow scenario", &credentials.sandbox, slow, Duration::from_millis(500), &[abandoned][..])];
    let rows =
        rows.into_iter()
            .chain(moments.map(|moment| {
                ("checks", &credentials.production, issuance(person), moment, &production[..])
            }));
    let mut left = 0;
    for (name, key, body, after, endings) in rows {
        issue_and_leave(&server.base_url, key, &body.to_string(), after).expect("the request is sent");
        left += 1;
        let line = line(&server.data_dir, left);
        let told = json!([line["outcome"], line["charged"]]);
        assert!(endings.contains(&told), "{name}, gone after {after:?}: {line}");
    }

    let reply = kredibel(&server, &credentials.production, &issuance(person));
    assert_eq!(reply.body["data"]["status"], "verified", "the next one is answered: {reply:?}");
    // What went on without its caller would have ended by now, and have been recorded a second time.
    std::thread::sleep(SLOW.saturating_sub(begun.elapsed()));
    let lines = history(&server.data_dir);
    assert_eq!(lines.len(), left + 1, "{lines:?}");
    assert_eq!(json!([lines[left]["outcome"], lines[left]["charged"]]), verified);
}

/// The line of that number, counted from one, once it is written.
fn line(data_dir: &Path, number: usize) -> Value {
    let begun = Instant::now();
    loop {
        if let Some(line) = history(data_dir).into_iter().nth(number - 1) {
            return line;
        }
        assert!(begun.elapsed() < PATIENCE, "line {number} is not written");
        std::thread::sleep(Duration::from_millis(50));
    }
}
