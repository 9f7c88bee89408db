//! Personal data and secrets stand nowhere but where they have to.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::harness::callers::{accuauth, glair, id_selfie, issuance, kredibel};
use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::{DemoFile, Person};
use crate::harness::server::{Server, Setup, demo_home};

#[test]
fn no_log_and_no_file_holds_personal_data_or_secrets() {
    let home = demo_home();
    let data = home.path().join("data");
    let server = Setup::new(&data, Some("--demo")).settings(&[("ABSAH_LOG__FILTER", "trace")]).start();
    let demo = server.demo_file();
    call_everything(&server, &demo);

    let create = ["credential", "create", "--json", "--dialect", "kredibel", "--environment", "production"];
    let created = Finished::well(absah().args(create).arg("--data-dir").arg(&data)).last_json();
    let listed = Finished::well(absah().args(["credential", "list", "--json"]).arg("--data-dir").arg(&data));
    let history = Finished::well(absah().arg("history").arg("--data-dir").arg(&data));

    let mut needles = secret_needles(&demo);
    needles.push(created["api_key"].as_str().expect("a key").to_owned());
    needles.extend(demo.people[..10].iter().flat_map(personal_needles));

    let mut haystacks = vec![
        ("the server's log".to_owned(), server.log().into_bytes()),
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
        let bytes = bytes.to_ascii_lowercase();
        for needle in &needles {
            let found =
                bytes.windows(needle.len()).any(|window| window == needle.to_ascii_lowercase().as_bytes());
            assert!(!found, "{place} holds {needle:?}");
        }
    }
}

/// Good requests, bad ones, and one that fails in every dialect.
fn call_everything(server: &Server, demo: &DemoFile) {
    let keys = &demo.credentials;
    for person in &demo.people[..3] {
        kredibel(server, &keys.kredibel.production, &issuance(person));
        accuauth(server, &keys.accuauth.production, &id_selfie(person));
    }
    let person = &demo.people[0];
    for (field, value) in
        [("fullName", json!("RATU SALAH")), ("birthDate", json!(person.name)), ("x", json!(person.nik))]
    {
        let mut body = issuance(person);
        body[field] = value;
        kredibel(server, &keys.kredibel.production, &body);
    }
    accuauth(
        server,
        &keys.accuauth.production,
        &json!({ "id_number": person.nik, "face_image": person.name }),
    );
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
