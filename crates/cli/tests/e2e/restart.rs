//! Stopping, killing and starting again on the same data directory.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use crate::harness::callers::{glair, issuance, kredibel};
use crate::harness::command::{Finished, absah, history};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::{Server, Setup, Variables, empty_home};

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
    // What was set shows in the evidence: whether liveness was checked, and which score a face had to reach.
    let rows: [(Variables, bool, f64); 3] = [
        (&[], true, 75.0),
        (&[("ABSAH_POLICY__LIVENESS__ACTION", "off")], false, 75.0),
        (
            &[("ABSAH_POLICY__LIVENESS__ACTION", "flag"), ("ABSAH_POLICY__FACE__THRESHOLD", "80.5")],
            true,
            80.5,
        ),
    ];
    for (settings, checks_liveness, threshold) in rows {
        let server = Setup::new(&data, Some("--demo")).settings(settings).start();
        let demo = server.demo_file();
        let reply = kredibel(&server, &demo.credentials.kredibel.production, &issuance(&demo.people[0]));
        assert_eq!(reply.body["data"]["status"], "verified", "{settings:?}: {reply:?}");
        let lines = history(&data);
        let checks = lines.last().map(|line| &line["evidence"]["checks"]).expect("a line");
        let check =
            |name| checks.as_array().and_then(|checks| checks.iter().find(|check| check["name"] == name));
        assert_eq!(check("liveness").is_some(), checks_liveness, "{settings:?}: {checks}");
        assert_eq!(
            check("face").map(|face| &face["threshold"]),
            Some(&json!(threshold)),
            "{settings:?}: {checks}"
        );
    }
}

#[test]
fn a_wrong_setting_ends_the_start_and_is_named() {
    let home = empty_home();
    let rows = [
        ("ABSAH_POLICY__LIVENES__ACTION", "off", "ABSAH_POLICY__LIVENES__ACTION"),
        ("ABSAH_POLICY__LIVENESS__ACTION", "never", "policy.liveness.action"),
        ("ABSAH_POLICY__FACE__THRESHOLD", "101", "policy.face.threshold"),
        ("ABSAH_SERVER__LISTEN", "nowhere", "nowhere"),
    ];
    for (variable, value, named) in rows {
        let mut command = absah();
        command.args(["serve", "--data-dir"]).arg(home.path()).env(variable, value);
        let finished = Finished::of(&mut command);
        assert_eq!(finished.code, Some(1), "{variable}={value}: {finished:?}");
        assert!(finished.stderr.contains(named), "{variable}={value}: {finished:?}");
    }
}

#[test]
fn a_demo_listens_on_loopback_only() {
    let home = empty_home();
    for stage in ["--demo", "--sandbox"] {
        let mut command = absah();
        command.args(["serve", stage, "--listen", "0.0.0.0:0", "--data-dir"]).arg(home.path());
        let finished = Finished::of(&mut command);
        assert_eq!(finished.code, Some(1), "{stage}: {finished:?}");
        assert!(finished.stderr.contains("loopback"), "{stage}: {finished:?}");
    }
}
