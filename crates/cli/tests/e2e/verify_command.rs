//! `absah verify`: exit codes and evidence.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::{DemoFile, Person};
use crate::harness::server::demo_home;

struct Demo {
    home: tempfile::TempDir,
    file: DemoFile,
}

impl Demo {
    fn new() -> Self {
        let home = demo_home();
        let file = DemoFile::read(&home.path().join("data"));
        Self { home, file }
    }

    fn verify(&self, claims: [&str; 3], pictures: &[(&str, &Path)]) -> Finished {
        let [nik, name, birth] = claims;
        let mut command = absah();
        command.args(["verify", "--json", "--nik", nik, "--name", name, "--birth-date", birth]);
        for (option, path) in pictures {
            command.arg(option).arg(path);
        }
        Finished::of(command.arg("--data-dir").arg(self.home.path().join("data")))
    }
}

fn picture(path: &Option<PathBuf>) -> &Path {
    path.as_deref().expect("one of the five people with pictures")
}

/// Name, claims, pictures by their option; exit code and outcome.
type Row<'a> = (&'a str, [&'a str; 3], &'a [(&'a str, &'a Path)], i32, Option<&'a str>);

#[test]
fn the_exit_code_tells_the_outcome() {
    let demo = Demo::new();
    let [person, other, ..] = demo.file.pictured() else { panic!("five people") };
    let Person { nik, name, date_of_birth: birth, .. } = person;
    let [selfie, card] = [picture(&person.selfie), picture(&person.card)];
    let others_selfie = picture(&other.selfie);
    let nowhere = Path::new("/nonexistent/selfie.jpg");
    let rows: &[Row] = &[
        ("claims alone", [nik, name, birth], &[], 0, Some("verified")),
        ("with a selfie", [nik, name, birth], &[("--selfie", selfie)], 0, Some("verified")),
        ("and a card", [nik, name, birth], &[("--selfie", selfie), ("--card", card)], 0, Some("verified")),
        ("another name", [nik, &other.name, birth], &[], 1, Some("not_verified")),
        ("another's selfie", [nik, name, birth], &[("--selfie", others_selfie)], 1, Some("not_verified")),
        ("a NIK nobody has", ["9999999999999999", name, birth], &[], 1, Some("nik_not_found")),
        ("no NIK at all", ["12", name, birth], &[], 2, None),
        ("no date", [nik, name, "yesterday"], &[], 2, None),
        ("no such file", [nik, name, birth], &[("--selfie", nowhere)], 2, None),
    ];
    for (row, claims, pictures, code, outcome) in rows {
        let finished = demo.verify(*claims, pictures);
        assert_eq!(finished.code, Some(*code), "{row}: {finished:?}");
        if let Some(outcome) = outcome {
            assert_eq!(finished.last_json()["outcome"], *outcome, "{row}");
        } else {
            assert!(finished.stdout.is_empty() && !finished.stderr.is_empty(), "{row}: {finished:?}");
        }
    }
}

#[test]
fn the_evidence_lists_every_check() {
    let demo = Demo::new();
    let person = &demo.file.people[0];
    let Person { nik, name, date_of_birth: birth, .. } = person;
    let pictures = [("--selfie", picture(&person.selfie)), ("--card", picture(&person.card))];
    let evidence = demo.verify([nik, name, birth], &pictures).last_json();
    let checks = evidence["checks"].as_array().expect("a list of checks");
    let names: Vec<_> = checks.iter().filter_map(|check| check["name"].as_str()).collect();
    assert_eq!(names, ["quality", "liveness", "nik", "name", "date_of_birth", "face", "card"]);
    for check in checks {
        assert_eq!(check["verdict"], "pass", "{check}");
        let keys: Vec<_> = check.as_object().expect("an object").keys().map(String::as_str).collect();
        assert!(
            ["name", "verdict", "score", "threshold", "reason"].iter().all(|key| keys.contains(key)),
            "{check}"
        );
    }
    for scored in ["liveness", "face", "card"] {
        let check = checks.iter().find(|check| check["name"] == scored).expect(scored);
        let number = |key: &str| check[key].as_f64().unwrap_or(f64::NAN);
        assert!(number("score") >= number("threshold"), "{check}");
    }
    let text = evidence.to_string();
    assert!(!text.contains(nik.as_str()) && !text.contains(name.as_str()), "{text}");
}

#[test]
fn a_given_portrait_stands_in_for_the_registrys() {
    let demo = Demo::new();
    let [person, other, ..] = demo.file.pictured() else { panic!("five people") };
    let faceless = demo.file.faceless();
    let Person { nik, name, date_of_birth: birth, .. } = faceless;
    let selfie = ("--selfie", picture(&person.selfie));
    let rows = [
        ("none", vec![selfie], 1, json!("unknown")),
        ("the same person's", vec![selfie, ("--portrait", picture(&person.portrait))], 0, json!("pass")),
        ("another's", vec![selfie, ("--portrait", picture(&other.portrait))], 1, json!("fail")),
    ];
    for (portrait, pictures, code, verdict) in rows {
        let finished = demo.verify([nik, name, birth], &pictures);
        assert_eq!(finished.code, Some(code), "{portrait}: {finished:?}");
        let evidence: Value = finished.last_json();
        let checks = evidence["checks"].as_array().expect("a list of checks");
        let face = checks.iter().find(|check| check["name"] == "face").expect("a check of the face");
        assert_eq!(face["verdict"], verdict, "{portrait}: {face}");
    }
}

#[test]
fn trouble_is_told_apart_from_a_bad_result() {
    let demo = Demo::new();
    let Person { nik, name, date_of_birth: birth, .. } = &demo.file.people[0];
    let mut command = absah();
    command.args(["verify", "--json", "--nik", nik, "--name", name, "--birth-date", birth, "--data-dir"]);
    command.arg(demo.home.path().join("data")).env("ABSAH_VISION__MODELS", "/nonexistent");
    let finished = Finished::of(&mut command);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(finished.stderr.contains("/nonexistent"), "{finished:?}");
}
