//! The very first start of a demo, killed half-way: the next one brings along what is missing.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use crate::harness::callers::{accuauth, id_selfie};
use crate::harness::server::{Setup, empty_home};

/// From before the key is made until, on a fast machine, all is there.
const KILLED_AFTER: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(2),
];

#[test]
fn a_demo_killed_at_its_first_start_is_whole_at_its_second() {
    let mut unfinished = 0;
    for after in KILLED_AFTER {
        let home = empty_home();
        let data = home.path().join("data");
        Setup::new(&data, Some("--demo")).start_and_kill(after);
        unfinished += usize::from(!data.join("demo.json").exists());

        let server = Setup::new(&data, Some("--demo")).start();
        let demo = server.demo_file();
        assert_eq!(demo.people.len(), 1_000, "{after:?}");
        let mode = std::fs::metadata(data.join("demo.json")).expect("demo.json").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{after:?}");
        for (place, person) in demo.pictured().iter().enumerate() {
            let reply = accuauth(&server, &demo.credentials.accuauth.production, &id_selfie(person));
            let result = &reply.body["result"];
            let told = json!([result["result"], result["face_percent"], result["ktp_face_percent"]]);
            assert_eq!(told, json!(["01", true, true]), "{after:?}, person {place}: {reply:?}");
        }
    }
    assert!(unfinished > 0, "every start was done before it was killed");
}
