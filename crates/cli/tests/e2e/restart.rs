//! Stopping, killing and starting again on the same data directory.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use crate::harness::callers::{glair, issuance, kredibel};
use crate::harness::command::history;
use crate::harness::demo_file::DemoFile;
use crate::harness::server::{Server, Setup};

#[test]
fn a_restart_keeps_people_secrets_and_history() {
    let (_home, server) = Server::demo();
    let before = server.demo_file();
    let data = server.data_dir.clone();
    let person = &before.people[7];
    let credentials = &before.credentials.glair.production;
    assert_eq!(glair(&server, credentials, &[("nik", &person.nik)]).body["verification_status"], true);
    // The next server must not listen where this one did, so that the file has to change.
    let held = server.base_url.clone();
    assert!(server.stop().success());
    let _holder = std::net::TcpListener::bind(held.trim_start_matches("http://"));

    let server = Setup::new(&data, Some("--demo")).start();
    let after = server.demo_file();
    assert_ne!(after.base_url, before.base_url);
    assert_eq!(after.base_url, server.base_url);
    assert_eq!(after, DemoFile { base_url: after.base_url.clone(), ..before.clone() });
    let mode = std::fs::metadata(data.join("demo.json")).expect("demo.json").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    assert_eq!(glair(&server, credentials, &[("nik", &person.nik)]).body["verification_status"], true);
    assert_eq!(history(&data).len(), 2);
}

#[test]
fn a_killed_server_is_back_within_ten_seconds() {
    let (_home, server) = Server::demo();
    let data = server.data_dir.clone();
    server.kill();
    let server = Setup::new(&data, Some("--demo")).start();
    assert!(server.ready_after < Duration::from_secs(10), "{:?}", server.ready_after);
    let demo = server.demo_file();
    let reply = kredibel(&server, &demo.credentials.kredibel.production, &issuance(&demo.people[0]));
    assert_eq!(reply.body["data"]["status"], "verified", "{reply:?}");
}

#[test]
fn any_key_of_the_configuration_can_be_set_by_the_environment() {
    let (_home, server) = Server::demo();
    let data = server.data_dir.clone();
    drop(server);
    // A threshold nobody reaches shows whether the setting arrived.
    let unreachable = [("ABSAH_POLICY__LIVENESS__THRESHOLD", "100")];
    let off = [unreachable[0], ("ABSAH_POLICY__LIVENESS__ACTION", "off")];
    let rows = [
        (unreachable.as_slice(), "not_verified", json!(["liveness_check"])),
        (off.as_slice(), "verified", json!([])),
    ];
    for (settings, status, rejected) in rows {
        let server = Setup::new(&data, Some("--demo")).settings(settings).start();
        let demo = server.demo_file();
        let reply = kredibel(&server, &demo.credentials.kredibel.production, &issuance(&demo.people[0]));
        let told = &reply.body["data"];
        assert_eq!(
            (&told["status"], &told["rejectFields"]),
            (&json!(status), &rejected),
            "{settings:?}: {reply:?}"
        );
    }
}
