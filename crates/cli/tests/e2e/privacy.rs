//! Personal data and secrets stand nowhere but where they have to.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::harness::callers::{accuauth, base64, glair, id_selfie, issuance, kredibel};
use crate::harness::command::{Finished, absah, create_credential};
use crate::harness::demo_file::{DemoFile, Person};
use crate::harness::server::{Server, Setup, demo_home};

#[test]
fn no_log_and_no_file_holds_personal_data_or_secrets() {
    let home = demo_home();
    let data = home.path().join("data");
    let server = Setup::new(&data, Some("--demo")).settings(&[("ABSAH_LOG__FILTER", "trace")]).start();
    let demo = server.demo_file();
    call_everything(&server, &demo);

    let created = create_credential(&data, &["--dialect", "kredibel", "--environment", "production"]);
    let listed = Finished::well(absah().args(["credential", "list", "--json"]).arg("--data-dir").arg(&data));
    let history = Finished::well(absah().arg("history").arg("--data-dir").arg(&data));

    let mut needles = secret_needles(&demo);
    needles.push(created["api_key"].as_str().expect("a key").to_owned());
    needles.extend(demo.people[..10].iter().flat_map(personal_needles));
    needles.extend(CLAIMED_WRONGLY.map(|(_, value)| value.to_owned()));
    needles.extend(demo.people[..3].iter().flat_map(picture_needles));

    let log = server.log();
    assert!(log.contains("concluded"), "the log does not tell what was asked:\n{log}");
    let mut haystacks = vec![
        ("the server's log".to_owned(), log.into_bytes()),
        ("credential list".to_owned(), listed.stdout.into_bytes()),
        ("history".to_owned(), history.stdout.into_bytes()),
    ];
    let kept = allowed(&data, &demo);
    // Once with the log of the writes still apart from the databases, once after all is put away.
    haystacks.extend(files(&data, &kept));
    assert!(server.stop().success());
    haystacks.extend(files(&data, &kept));
    assert!(haystacks.len() > 5, "nothing was searched");

    for (place, bytes) in &haystacks {
        assert!(!bytes.is_empty() || place.ends_with("-wal"), "{place} is empty");
        let bytes = bytes.to_ascii_lowercase();
        for needle in &needles {
            assert!(!holds(&bytes, needle), "{place} holds {needle:?}");
        }
    }
    // The search does find what is there.
    let demo_file = fs::read(data.join("demo.json")).expect("demo.json").to_ascii_lowercase();
    assert!(holds(&demo_file, &demo.people[0].nik) && holds(&demo_file, &demo.people[9].name));
}

/// Whether these bytes, in lower case, hold the text in any case.
fn holds(bytes: &[u8], text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What is claimed of a demo person and true of nobody, by Kredibel's names.
const CLAIMED_WRONGLY: [(&str, &str); 6] = [
    ("identityId", "9876543210987654"),
    ("fullName", "RATU SALAH SEKALI"),
    ("birthDate", "1911-11-13"),
    ("birthDate", "the thirteenth of May"),
    ("emailAddress", "salah@alamat@contoh"),
    ("phoneNumber", "0812-tidak-ada"),
];

/// Good requests, bad ones, and one that fails in every dialect.
fn call_everything(server: &Server, demo: &DemoFile) {
    let keys = &demo.credentials;
    for person in &demo.people[..3] {
        kredibel(server, &keys.kredibel.production, &issuance(person));
        accuauth(server, &keys.accuauth.production, &id_selfie(person));
    }
    let person = &demo.people[0];
    for (field, value) in
        CLAIMED_WRONGLY.into_iter().chain([("birthDate", &*person.name), ("x", &*person.nik)])
    {
        let mut body = issuance(person);
        body[field] = json!(value);
        kredibel(server, &keys.kredibel.production, &body);
    }
    let [(_, nik), (_, name), (_, birth_date), (_, malformed), (_, email), (_, phone)] = CLAIMED_WRONGLY;
    for (field, value) in [
        ("id_number", nik),
        ("name", name),
        ("birth_date", birth_date),
        ("birth_date", malformed),
        ("email", email),
        ("phone_number", phone),
        ("face_image", &person.name),
    ] {
        let mut body = id_selfie(person);
        body[field] = json!(value);
        accuauth(server, &keys.accuauth.production, &body);
    }
    for (field, value) in [("nik", nik), ("nik", phone), ("date_of_birth", malformed)] {
        let fields = [("nik", person.nik.as_str()), ("name", name), ("address", email)];
        let fields: Vec<_> =
            fields.into_iter().filter(|(name, _)| *name != field).chain([(field, value)]).collect();
        glair(server, &keys.glair.production, &fields);
    }
    for person in &demo.people[..10] {
        let birth = person.date_of_birth_dmy();
        let mut fields =
            vec![("nik", person.nik.as_str()), ("name", &person.name), ("date_of_birth", &birth)];
        fields.extend(person.others.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        glair(server, &keys.glair.production, &fields);
        glair(server, &keys.glair.sandbox, &fields);
        fields[2].1 = &person.name;
        glair(server, &keys.glair.production, &fields);
    }
}

fn secret_needles(demo: &DemoFile) -> Vec<String> {
    demo.secrets().into_iter().map(str::to_owned).collect()
}

/// What tells who somebody is. Short words are left out: they stand in random bytes by chance.
fn personal_needles(person: &Person) -> Vec<String> {
    let mut needles = vec![person.nik.clone(), person.phone(), person.email(), person.name.clone()];
    for field in ["no_kk", "mother_maiden_name", "address"] {
        needles.extend(person.others.get(field).cloned());
    }
    needles.retain(|needle| needle.len() >= 8);
    needles
}

/// A stretch from the middle of each picture's base64, as a request carries it.
fn picture_needles(person: &Person) -> Vec<String> {
    let Person { selfie, card, selfie_small, card_small, .. } = person;
    let texts = [selfie, card, selfie_small, card_small].map(|path| base64(&Person::picture(path.as_ref())));
    texts.iter().map(|text| text[text.len() / 2..][..48].to_owned()).collect()
}

/// The demo's own file and pictures, which are there to be read.
fn allowed(data: &Path, demo: &DemoFile) -> Vec<PathBuf> {
    let mut kept = vec![data.join("demo.json")];
    for Person { portrait, selfie, card, selfie_small, card_small, .. } in demo.pictured() {
        kept.extend([portrait, selfie, card, selfie_small, card_small].into_iter().flatten().cloned());
    }
    kept
}

fn files(folder: &Path, kept: &[PathBuf]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, kept));
        } else if !kept.iter().any(|kept| same(kept, &path)) {
            found.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    found
}

fn same(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok() == b.canonicalize().ok()
}
