//! The demo: its people, in every dialect, under the default policy.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::harness::callers::{accuauth, base64, glair, id_selfie, issuance, kredibel};
use crate::harness::demo_file::Person;
use crate::harness::server::Server;

#[test]
fn the_demo_file_is_private_and_complete() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let mode = std::fs::metadata(server.data_dir.join("demo.json")).expect("demo.json").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(demo.base_url, server.base_url);
    assert_eq!(demo.people.len(), 1_000);
    for (place, person) in demo.people.iter().enumerate() {
        let Person { portrait, selfie, card, selfie_small, card_small, .. } = person;
        for picture in [portrait, selfie, card, selfie_small, card_small] {
            assert_eq!(picture.is_some(), place < 5, "person {place}");
            assert!(
                picture.as_ref().is_none_or(|path| path.is_absolute() && path.is_file()),
                "person {place}"
            );
        }
    }
}

#[test]
fn all_five_people_are_verified_in_every_dialect() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    for (place, person) in demo.pictured().iter().enumerate() {
        let reply = kredibel(&server, &demo.credentials.kredibel.production, &issuance(person));
        assert_eq!(
            (reply.status, &reply.body["data"]["status"]),
            (200, &json!("verified")),
            "{place}: {reply:?}"
        );
        assert_eq!(reply.body["data"]["rejectFields"], json!([]), "{place}");

        let reply = accuauth(&server, &demo.credentials.accuauth.production, &id_selfie(person));
        let result = &reply.body["result"];
        assert_eq!((reply.status, &result["result"]), (200, &json!("01")), "{place}: {reply:?}");
        for field in ["face_percent", "ktp_face_percent", "name", "birth_date"] {
            assert_eq!(result[field], true, "{place}: {field} of {result}");
        }

        let birth = person.date_of_birth_dmy();
        let mut fields =
            vec![("nik", person.nik.as_str()), ("name", &person.name), ("date_of_birth", &birth)];
        fields.extend(person.others.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let reply = glair(&server, &demo.credentials.glair.production, &fields);
        assert_eq!(
            (reply.status, &reply.body["verification_status"]),
            (200, &json!(true)),
            "{place}: {reply:?}"
        );
        let findings = reply.body["result"].as_object().expect("an object");
        assert_eq!(findings.len(), fields.len(), "{place}: {findings:?}");
        assert!(findings.values().all(|finding| *finding == true), "{place}: {findings:?}");
    }
}

#[test]
fn kredibel_rejects_what_is_not_the_person() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let [person, other, ..] = demo.pictured() else { panic!("five people") };
    let with = |field: &str, value: Value| {
        let mut body = issuance(person);
        body[field] = value;
        body
    };
    let selfie = base64(&Person::picture(other.selfie.as_ref()));
    let card = base64(&Person::picture(other.card.as_ref()));
    // The card prints the person's own name and date of birth, so it contradicts another's too.
    let rows = [
        ("another's name", with("fullName", json!(other.name)), json!(["fullName", "identityImage"])),
        (
            "another's birth date",
            with("birthDate", json!("1955-05-05")),
            json!(["birthDate", "identityImage"]),
        ),
        ("another's selfie", with("faceImage", json!(selfie)), json!(["faceImage"])),
        ("another's card", with("identityImage", json!(card)), json!(["identityImage"])),
        ("nobody's NIK", with("identityId", json!("9999999999999999")), json!(["identityId"])),
    ];
    for (name, body, rejected) in rows {
        let reply = kredibel(&server, &demo.credentials.kredibel.production, &body);
        let data = &reply.body["data"];
        assert_eq!((reply.status, &data["status"]), (200, &json!("not_verified")), "{name}: {reply:?}");
        assert_eq!(data["rejectFields"], rejected, "{name}");
    }
}

#[test]
fn a_contact_belongs_to_the_first_person_verified_with_it() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let [first, second, ..] = demo.pictured() else { panic!("five people") };
    let key = &demo.credentials.kredibel.production;
    let with = |email: String, phone: String| {
        let mut body = issuance(second);
        body["emailAddress"] = json!(email);
        body["phoneNumber"] = json!(phone);
        body
    };
    let rows = [
        ("its own contacts", issuance(first), "verified", json!([])),
        ("its own contacts again", issuance(first), "verified", json!([])),
        (
            "the first one's email",
            with(first.email(), second.phone()),
            "verified_with_reason",
            json!(["emailAddress"]),
        ),
        (
            "the first one's phone",
            with(second.email(), first.phone()),
            "verified_with_reason",
            json!(["phoneNumber"]),
        ),
        (
            "both",
            with(first.email(), first.phone()),
            "verified_with_reason",
            json!(["phoneNumber", "emailAddress"]),
        ),
        ("nobody's contacts", issuance(second), "verified", json!([])),
    ];
    for (name, body, status, rejected) in rows {
        let reply = kredibel(&server, key, &body);
        let data = &reply.body["data"];
        assert_eq!(
            (&data["status"], &data["rejectFields"]),
            (&json!(status), &rejected),
            "{name}: {reply:?}"
        );
    }
}

#[test]
fn accuauth_tells_what_differs() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let [person, other, ..] = demo.pictured() else { panic!("five people") };
    let with = |changes: &[(&str, Value)]| {
        let mut body = id_selfie(person);
        for (field, value) in changes {
            body[*field] = value.clone();
        }
        body
    };
    let selfie = json!(base64(&Person::picture(other.selfie_small.as_ref())));
    let card = json!(base64(&Person::picture(other.card_small.as_ref())));
    let faceless = demo.faceless();
    // result, and then face_percent, ktp_face_percent, name, birth_date
    let rows = [
        ("another's selfie", with(&[("face_image", selfie)]), "02", [false, true, true, true]),
        ("another's card", with(&[("ktp_image", card)]), "02", [true, false, true, true]),
        ("another's name", with(&[("name", json!(other.name))]), "02", [true, true, false, true]),
        ("another birth date", with(&[("birth_date", json!("1955-05-05"))]), "02", [true, true, true, false]),
        ("nobody's NIK", with(&[("id_number", json!("9999999999999999"))]), "03", [false; 4]),
    ];
    for (name, body, code, findings) in rows {
        let reply = accuauth(&server, &demo.credentials.accuauth.production, &body);
        let result = &reply.body["result"];
        assert_eq!((reply.status, &result["result"]), (200, &json!(code)), "{name}: {reply:?}");
        let told =
            ["face_percent", "ktp_face_percent", "name", "birth_date"].map(|field| result[field] == true);
        assert_eq!(told, findings, "{name}: {result}");
    }
    let no_portrait = with(&[
        ("id_number", json!(faceless.nik)),
        ("name", json!(faceless.name)),
        ("birth_date", json!(faceless.date_of_birth)),
    ]);
    let reply = accuauth(&server, &demo.credentials.accuauth.production, &no_portrait);
    assert_eq!(reply.body["result"]["result"], "05", "no portrait held: {reply:?}");
}
