//! GLAIR's own Node client against the real server.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::command::{Finished, project};
use crate::harness::demo_file::Glair;
use crate::harness::server::{Server, Setup, empty_home};
use crate::sandbox;

/// Runs the cases through the client; one JSON value a case.
fn run(server: &Server, credentials: &Glair, cases: &[Value]) -> Vec<Value> {
    let Glair { username, password, api_key } = credentials;
    let input = json!({
        "base_url": server.base_url,
        "credentials": { "username": username, "password": password, "api_key": api_key },
        "cases": cases,
    });
    let mut child = Command::new("node")
        .arg("glair.mjs")
        .current_dir(project().join("tests/clients/node"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is there (apt-get install -y nodejs)");
    child.stdin.take().expect("piped").write_all(input.to_string().as_bytes()).expect("the input is read");
    let output = child.wait_with_output().expect("the client ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "is the client installed (make clients)? {stderr}");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    Finished { code: Some(0), stdout, stderr }.json_lines()
}

#[test]
fn the_client_understands_every_documented_answer() {
    let home = empty_home();
    let server = Setup::new(&home.path().join("data"), Some("--sandbox")).start();
    let person = |nik: &str| json!({ "nik": nik, "name": "ASEP SUPRIYADI", "date_of_birth": "06-07-1990" });
    let not_found = json!({ "nik": false, "name": null, "date_of_birth": null });
    let nothing = json!({ "nik": null, "name": null, "date_of_birth": null });
    let answer = |reason: &str, result: Value| {
        json!({
            "verification_status": reason == "Verification Success", "reason": reason, "result": result,
        })
    };
    let refused = |reason: &str| json!({ "verification_status": false, "reason": reason });
    let disallowed = json!({ "error": "Access to this API has been disallowed" });
    let all = json!({ "nik": true, "name": true, "date_of_birth": true });
    let name = json!({ "nik": true, "name": false, "date_of_birth": true });
    let birth = json!({ "nik": true, "name": true, "date_of_birth": false });
    let invalid_date = json!({ "nik": "1234567890123456", "name": "ASEP", "date_of_birth": "31-02-1990" });
    // What the client does with a field left out: it sends the text "undefined".
    let no_date = json!({ "nik": "1234567890123456", "name": "ASEP" });

    // case, parameters, credentials of its own, whether the promise is kept, what it comes to
    let rows = [
        ("success", person("1234567890123456"), json!({}), true, answer("Verification Success", all)),
        (
            "NIK not found",
            person("1234567890111111"),
            json!({}),
            true,
            answer("NIK not found on Dukcapil database", not_found),
        ),
        ("name mismatch", person("1234567890111112"), json!({}), true, answer("Name does not match", name)),
        (
            "birth date mismatch",
            person("1234567890111113"),
            json!({}),
            true,
            answer("Date of birth does not match", birth),
        ),
        ("invalid NIK", person("0234567890123456"), json!({}), false, refused("Invalid NIK number format")),
        ("invalid date", invalid_date, json!({}), false, refused("Invalid date_of_birth format")),
        ("date left out", no_date, json!({}), false, refused("Invalid date_of_birth format")),
        (
            "registry trouble",
            person("1234567890111122"),
            json!({}),
            false,
            answer("Something wrong in Dukcapil server", nothing),
        ),
        (
            "wrong password",
            person("1234567890123456"),
            json!({ "password": "wrong" }),
            false,
            disallowed.clone(),
        ),
        ("wrong key", person("1234567890123456"), json!({ "api_key": "wrong" }), false, disallowed),
    ];
    let cases: Vec<_> = rows
        .iter()
        .map(|(case, parameters, own, ..)| json!({ "case": case, "parameters": parameters, "credentials": own }))
        .collect();
    let answers = run(&server, &sandbox::glair_credentials(), &cases);
    assert_eq!(answers.len(), rows.len());
    for ((case, _, _, resolved, expected), told) in rows.iter().zip(&answers) {
        assert_eq!(*told, json!({ "case": case, "resolved": resolved, "answer": expected }));
    }
}

#[test]
fn the_client_verifies_the_demo_people() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let cases: Vec<_> = demo.people[..20]
        .iter()
        .map(|person| {
            let parameters =
                json!({ "nik": person.nik, "name": person.name, "date_of_birth": person.date_of_birth_dmy() });
            json!({ "case": person.nik, "parameters": parameters })
        })
        .collect();
    let answers = run(&server, &demo.credentials.glair.production, &cases);
    assert_eq!(answers.len(), cases.len());
    for told in answers {
        assert_eq!(told["answer"]["reason"], "Verification Success", "{told}");
    }
}
