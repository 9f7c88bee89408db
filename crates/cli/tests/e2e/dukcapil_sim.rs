//! `absah dukcapil-sim`: the population registry's services, simulated.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::command::{Finished, absah};
use crate::harness::curl::curl;
use crate::harness::simulator::Simulator;

const PEOPLE: &str =
    "nik,name,state\n3217061012870001,SITI NURHALIZA,active\n3217061012870003,ASEP,deceased\n1,X,\n";

fn start(home: &Path, options: &[&str]) -> Simulator {
    std::fs::write(home.join("people.csv"), PEOPLE).expect("written");
    Simulator::start(home, options)
}

/// What is said of a number, asked over a certificate that is verified.
fn ask(simulator: &Simulator, home: &Path, nik: &str) -> Value {
    let url = format!("{}/dukcapil/get_json/bank/CALL_VERIFY_BY_ELEMEN", simulator.text("url"));
    let body = json!({
        "USER_ID": "user", "PASSWORD": "password", "IP_USER": "10.0.0.1", "TRESHOLD": "90", "NIK": nik,
        "NAMA_LGKP": "SITI NURHALIZA",
    });
    let authority = home.join("dukcapil-sim/certificate.pem");
    let authority = authority.to_str().expect("UTF-8");
    let reply = curl(["--cacert", authority, "--json", "@-", url.as_str()], &body.to_string());
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body["content"][0].clone()
}

#[test]
fn it_answers_for_the_people_of_a_file_and_keeps_its_certificate() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let simulator = start(home, &["--fault", r#"{"kind":"code","code":"17","rate":{"every":3}}"#]);
    assert_eq!(simulator.told["people"], json!(2));
    assert!(home.join(simulator.text("rsa_public_key")).is_file());
    assert_eq!(ask(&simulator, home, "3217061012870001")["NAMA_LGKP"], json!("Sesuai (100)"));
    assert_eq!(ask(&simulator, home, "3217061012870003")["RESPONSE_CODE"], json!("11"));
    assert_eq!(ask(&simulator, home, "3217061012870001")["RESPONSE_CODE"], json!("17"));
    let calls = simulator.calls();
    assert_eq!(calls["demographics"]["received"], json!(3));

    let pin = simulator.text("pin_sha256").to_owned();
    drop(simulator);
    assert_eq!(start(home, &[]).text("pin_sha256"), pin, "clients need not be set up again");
    let plain = start(home, &["--no-tls"]);
    assert!(plain.text("url").starts_with("http://127.0.0.1:") && plain.told["pin_sha256"].is_null());
}

#[test]
fn what_cannot_be_used_is_told() {
    let rows = [
        (&["--people", "nobody.csv"][..], "nobody.csv"),
        (&["--people", "people.csv", "--admin", "0.0.0.0:0"], "not an address of this machine"),
        (&["--people", "people.csv", "--fault", "hang"], "--fault"),
    ];
    for (options, told) in rows {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join("people.csv"), PEOPLE).expect("written");
        let finished = Finished::of(absah().arg("dukcapil-sim").args(options).current_dir(home.path()));
        assert!(finished.code != Some(0) && finished.stderr.contains(told), "{told}: {}", finished.stderr);
    }
}
