//! `absah eval liveness`: the report on a handful of presentations.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::demo_home;

/// Five selfies, a drawing of each as a photograph on a table, and three pictures that cannot be acquired.
struct Set {
    home: TempDir,
    images: PathBuf,
    manifest: PathBuf,
}

impl Set {
    fn new() -> Self {
        let home = demo_home();
        let demo = DemoFile::read(&home.path().join("data"));
        let images = home.path().join("images");
        fs::create_dir(&images).expect("a folder");
        let mut rows = "\u{feff}session,label,species,path\r\n".to_owned();
        for (place, person) in demo.pictured().iter().enumerate() {
            let selfie = fs::read(person.selfie.as_ref().expect("a selfie")).expect("readable");
            fs::write(images.join(format!("{place}.jpg")), &selfie).expect("a file");
            fs::write(images.join(format!("{place}.svg")), photograph_on_a_table(&selfie)).expect("a file");
            let species = if place == 0 { "" } else { "\"drawn, on paper\"" };
            rows += &format!("1,bona_fide,,{place}.jpg\r\n2,attack,{species},{place}.svg\r\n");
        }
        fs::write(images.join("damaged.jpg"), b"\xff\xd8\xff no picture").expect("a file");
        fs::write(images.join("nobody.svg"), drawing("")).expect("a file");
        rows += "3,bona_fide,,missing.jpg\r\n3,bona_fide,,damaged.jpg\r\n3,attack,screen,nobody.svg\r\n";
        let manifest = home.path().join("manifest.csv");
        fs::write(&manifest, rows).expect("a file");
        Self { home, images, manifest }
    }

    fn evaluate(&self, options: &[&str], environment: &[(&str, &str)]) -> Finished {
        evaluate(&self.manifest, &self.images, options, environment)
    }
}

fn evaluate(manifest: &Path, images: &Path, options: &[&str], environment: &[(&str, &str)]) -> Finished {
    let mut command = absah();
    command.args(["eval", "liveness", "--jobs", "2", "--manifest"]).arg(manifest).arg("--images").arg(images);
    Finished::of(command.args(options).envs(environment.iter().copied()))
}

fn drawing(inside: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 900 900\">\
         <rect width=\"900\" height=\"900\" fill=\"#6b4a2f\"/>{inside}</svg>"
    )
}

fn photograph_on_a_table(jpeg: &[u8]) -> String {
    drawing(&format!(
        "<rect x=\"230\" y=\"190\" width=\"440\" height=\"520\" fill=\"#f4f2ec\"/>\
         <image x=\"250\" y=\"210\" width=\"400\" height=\"480\" xlink:href=\"data:image/jpeg;base64,{}\"/>",
        STANDARD.encode(jpeg)
    ))
}

/// The picture turned by a quarter, as a telephone held the other way stores it.
fn sideways(jpeg: &[u8]) -> String {
    drawing(&format!(
        "<image transform=\"rotate(90 450 450)\" x=\"0\" y=\"0\" width=\"900\" height=\"900\" xlink:href=\"data:image/jpeg;base64,{}\"/>",
        STANDARD.encode(jpeg)
    ))
}

/// Standard output is one JSON object, and only that.
fn report(finished: &Finished) -> Value {
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(finished.stdout.lines().count(), 1, "{}", finished.stdout);
    finished.last_json()
}

#[test]
fn it_reports_error_rates_by_species_and_writes_only_what_was_asked_for() {
    let set = Set::new();
    let before = fs::read_dir(set.home.path()).expect("a folder").count();
    let all_pass = report(&set.evaluate(&["--threshold", "0"], &[]));
    assert_eq!(fs::read_dir(set.home.path()).expect("a folder").count(), before, "without --out");

    for (key, expected) in [
        ("rows", json!(13)),
        ("bona_fide", json!(5)),
        ("attack", json!(5)),
        ("failure_to_acquire", json!(3)),
        (
            "failure_to_acquire_by",
            json!({
                "bona_fide": { "no_face": 0, "unreadable": 2 },
                "attack": { "no_face": 1, "unreadable": 0 }
            }),
        ),
        ("threshold", json!(0.0)),
        ("bpcer", json!(0.0)),
        ("apcer", json!({ "drawn, on paper": 1.0, "screen": null, "unspecified": 1.0 })),
        ("worst_apcer", json!(1.0)),
        // Four and one attacks resolve none of them.
        ("unresolved", json!(["1e-2", "5e-2", "1e-1"])),
    ] {
        assert_eq!(all_pass[key], expected, "{key}: {all_pass}");
    }
    for key in ["auc", "milliseconds_per_picture"] {
        assert!(all_pass[key].as_f64().is_some_and(|number| number > 0.0), "{key}: {all_pass}");
    }
    for key in ["1e-2", "5e-2", "1e-1"] {
        assert!(all_pass["bpcer_at_apcer"][key].is_f64(), "{key}: {all_pass}");
        assert_eq!(all_pass["operating_at_apcer"][key]["worst_apcer"]["errors"], 0, "{key}: {all_pass}");
    }

    let out = set.home.path().join("report");
    let finished = set.evaluate(&["--threshold", "0", "--out", &out.to_string_lossy()], &[]);
    let mut written = report(&finished);
    let mut names: Vec<_> =
        fs::read_dir(&out).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["det.svg", "report.json", "scores.csv", "scores.svg", "worst.html"]);
    let text = |name: &str| fs::read_to_string(out.join(name)).expect(name);
    let mut filed: Value = serde_json::from_str(&text("report.json")).expect("JSON");
    assert_eq!(written, filed);
    // The same pictures give the same figures, but for the time they take.
    for report in [&mut written, &mut filed] {
        report["milliseconds_per_picture"] = all_pass["milliseconds_per_picture"].clone();
    }
    assert_eq!(filed, all_pass);

    let scores = text("scores.csv");
    let lines: Vec<&str> = scores.lines().collect();
    assert_eq!((lines.len(), lines[0]), (14, "path,label,species,score,verdict,reason"));
    assert!(lines[1].starts_with("0.jpg,bona_fide,,") && lines[1].ends_with(",bona_fide,"), "{scores}");
    assert_eq!(lines[11], "missing.jpg,bona_fide,,,failure_to_acquire,unreadable");
    assert_eq!(lines[13], "nobody.svg,attack,screen,,failure_to_acquire,no_face");

    let page = text("worst.html");
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 10, "every scored picture is shown");
    assert!(page.contains("This page holds pictures of people"));
}

/// What is evaluated is what serves: the same picture gets the same score from `absah verify`.
#[test]
fn scores_are_those_of_the_server() {
    let home = demo_home();
    let data = home.path().join("data");
    let demo = DemoFile::read(&data);
    let [person, ..] = demo.pictured() else { panic!("five people") };
    let selfie = fs::read(person.selfie.as_ref().expect("a selfie")).expect("readable");
    let pictures = [
        ("selfie.jpg", selfie.clone()),
        ("table.svg", photograph_on_a_table(&selfie).into_bytes()),
        ("sideways.svg", sideways(&selfie).into_bytes()),
        ("nobody.svg", drawing("").into_bytes()),
    ];
    let mut rows = "path,label,species\n".to_owned();
    for (name, bytes) in &pictures {
        fs::write(home.path().join(name), bytes).expect("a file");
        rows += &format!("{name},bona_fide,\n");
    }
    let manifest = home.path().join("manifest.csv");
    fs::write(&manifest, rows).expect("a file");
    let out = home.path().join("report");
    report(&evaluate(&manifest, home.path(), &["--out", &out.to_string_lossy()], &[]));
    let scores = fs::read_to_string(out.join("scores.csv")).expect("scores");

    for ((name, _), line) in pictures.iter().zip(scores.lines().skip(1)) {
        let mut command = absah();
        command.args(["verify", "--json", "--nik", &person.nik, "--name", &person.name]);
        command.args(["--birth-date", &person.date_of_birth, "--selfie"]).arg(home.path().join(name));
        command.env("ABSAH_POLICY__QUALITY__ACTION", "flag").arg("--data-dir").arg(&data);
        let verified = Finished::of(&mut command).last_json();
        let checks = verified["checks"].as_array().expect("checks");
        let liveness = checks.iter().find(|check| check["name"] == "liveness");
        let score = liveness.and_then(|check| check["score"].as_f64());
        let evaluated = line.split(',').nth(3).and_then(|score| score.parse::<f64>().ok());
        assert_eq!(evaluated, score, "{name}: {line}; {verified}");
    }
}

#[test]
fn the_configured_thresholds_decide() {
    let set = Set::new();
    let file = set.home.path().join("absah.toml");
    fs::write(&file, "[policy.liveness]\nthreshold = 100.0\n").expect("a file");
    let file = file.to_string_lossy();
    let variable = ("ABSAH_POLICY__LIVENESS__THRESHOLD", "99.5");
    let rows = [
        (vec!["--config", &file], vec![], 100.0),
        (vec!["--config", &file], vec![variable], 99.5),
        (vec!["--config", &file, "--threshold", "3"], vec![variable], 3.0),
    ];
    for (options, environment, threshold) in rows {
        let report = report(&set.evaluate(&options, &environment));
        assert_eq!(report["threshold"], threshold, "{options:?}");
        let refused = report["operating"]["bpcer"]["errors"].as_u64();
        let verdicts = &report["verdicts"]["bona_fide"];
        let counted = verdicts["uncertain"].as_u64().zip(verdicts["attack"].as_u64());
        assert_eq!(refused, counted.map(|(uncertain, attack)| uncertain + attack), "uncertain is refused");
    }
}

#[test]
fn what_cannot_be_evaluated_is_told() {
    let home = demo_home();
    let manifest = home.path().join("manifest.csv");
    let rows: [(&str, &[&str], &str); 4] = [
        ("path,label,species\na.jpg,real,\n", &[], "line 2: the label has to be bona_fide or attack"),
        ("path,label,species\n../a.jpg,attack,x\n", &[], "line 2: the path has to be relative to --images"),
        ("path,label,species\na.jpg,attack,x\n", &[], "check --images"),
        ("path,label,species\na.jpg,attack,x\n", &["--threshold", "101"], "scores are 0 to 100"),
    ];
    for (text, options, expected) in rows {
        fs::write(&manifest, text).expect("a file");
        let finished = evaluate(&manifest, home.path(), options, &[]);
        assert_ne!(finished.code, Some(0), "{expected}");
        assert!(finished.stdout.is_empty() && finished.stderr.contains(expected), "{finished:?}");
    }
}
