//! The sandbox: fixed credentials, at once.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::callers::{accuauth, glair, kredibel};
use crate::harness::command::history;
use crate::harness::demo_file::{Accuauth, Glair, Kredibel};
use crate::harness::server::{Setup, empty_home};

/// The sandbox's documented key for Kredibel.
pub fn kredibel_credentials() -> Kredibel {
    Kredibel { api_key: "absah-sandbox-kredibel".to_owned() }
}

/// The sandbox's documented credentials for AccuAuth.
pub fn accuauth_credentials() -> Accuauth {
    Accuauth {
        api_id: "absah-sandbox-accuauth".to_owned(),
        api_secret: "absah-sandbox-accuauth-secret".to_owned(),
    }
}

/// The sandbox's documented credentials for GLAIR.
pub fn glair_credentials() -> Glair {
    Glair {
        username: "absah-sandbox".to_owned(),
        password: "absah-sandbox-password".to_owned(),
        api_key: "absah-sandbox-glair".to_owned(),
    }
}

/// Kredibel's own example, with another NIK.
fn example(nik: &str) -> Value {
    json!({
        "identityId": nik,
        "fullName": "ASEP SUPRIYADI",
        "birthDate": "1990-07-06",
        "emailAddress": "test@email.com",
        "phoneNumber": "621234567890",
        "faceImage": "<base64>",
        "identityImage": "<base64>",
    })
}

#[test]
fn it_is_ready_within_a_second() {
    let home = empty_home();
    // The machine may be busy with other tests: the best of three is what the program needs.
    let fastest = (0..3)
        .map(|_| Setup::new(&home.path().join("data"), Some("--sandbox")).start().ready_after)
        .min()
        .expect("three starts");
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
}

#[test]
fn the_documented_credentials_give_the_documented_answers() {
    let home = empty_home();
    let server = Setup::new(&home.path().join("data"), Some("--sandbox")).start();

    let rows = [
        ("1234567890123456", "verified", json!([])),
        ("1234567890111111", "not_verified", json!(["identityId"])),
        ("1234567890111112", "not_verified", json!(["fullName"])),
        ("1234567890111114", "not_verified", json!(["faceImage"])),
        ("1234567890111118", "verified_with_reason", json!(["phoneNumber", "emailAddress"])),
        ("1234567890111119", "not_verified", json!(["liveness_check"])),
    ];
    for (nik, status, rejected) in &rows {
        let reply = kredibel(&server, &kredibel_credentials(), &example(nik));
        let data = &reply.body["data"];
        assert_eq!((&data["status"], &data["rejectFields"]), (&json!(status), rejected), "{nik}: {reply:?}");
    }

    let codes = [("3217061012870001", "02"), ("1234567890123456", "01"), ("1234567890111124", "05")];
    for (nik, code) in codes {
        let body = json!({ "id_number": nik, "face_image": "<base64>" });
        let reply = accuauth(&server, &accuauth_credentials(), &body);
        assert_eq!(reply.body["result"]["result"], code, "{nik}: {reply:?}");
    }

    let reply = glair(
        &server,
        &glair_credentials(),
        &[("nik", "NIK"), ("name", "Nama"), ("date_of_birth", "01-02-1999")],
    );
    assert_eq!((reply.status, &reply.body["reason"]), (200, &json!("Verification Success")), "{reply:?}");

    let lines = history(&server.data_dir);
    assert_eq!(lines.len(), rows.len() + codes.len() + 1);
    assert!(lines.iter().all(|line| line["environment"] == "sandbox" && line["charged"] == json!([])));
}

#[test]
fn it_knows_no_production_credential() {
    let home = crate::harness::server::demo_home();
    let data = home.path().join("data");
    let demo = crate::harness::demo_file::DemoFile::read(&data);
    let server = Setup::new(&data, Some("--sandbox")).start();
    let reply = kredibel(&server, &demo.credentials.kredibel.production, &example("1234567890123456"));
    assert_eq!(reply.status, 401, "{reply:?}");
}
