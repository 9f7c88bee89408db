//! `absah calibrate`: pictures in, a configuration file out that every command takes as it is.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::demo_home;

/// The demo's pictures as a set of labelled pairs.
struct Set {
    home: tempfile::TempDir,
    csv: PathBuf,
}

impl Set {
    /// Every portrait with every selfie, `times` over: a few faces stand for the many pairs a fit asks for.
    fn new(times: usize) -> Self {
        let home = demo_home();
        let demo = DemoFile::read(&home.path().join("data"));
        let images = home.path().join("images");
        fs::create_dir(&images).expect("a folder");
        let mut pairs = "left,right,same,gender\n".to_owned();
        for (place, person) in demo.pictured().iter().enumerate() {
            for (kind, picture) in [("portrait", &person.portrait), ("selfie", &person.selfie)] {
                let from = picture.as_ref().expect("a picture");
                fs::copy(from, images.join(format!("{place}-{kind}.jpg"))).expect("a copy");
            }
            for other in 0..demo.pictured().len() {
                let gender = if place % 2 == 0 { "L" } else { "P" };
                let row =
                    format!("{place}-selfie.jpg,{other}-portrait.jpg,{},{gender}", u8::from(place == other));
                (0..times).for_each(|_| writeln!(pairs, "{row}").expect("text"));
            }
        }
        let csv = home.path().join("pairs.csv");
        fs::write(&csv, pairs).expect("a file");
        Self { home, csv }
    }

    fn run(&self, command: &[&str], more: &[&str]) -> Finished {
        let mut absah = absah();
        absah.args(command).arg("--pairs").arg(&self.csv);
        Finished::of(absah.arg("--images").arg(self.home.path().join("images")).args(more))
    }
}

fn number(json: &Value, path: &str) -> f64 {
    json.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path} in {json}"))
}

#[test]
fn what_it_writes_is_what_the_other_commands_read() {
    let set = Set::new(16);
    let policy = set.home.path().join("policy.toml");
    let file = policy.to_str().expect("a path");
    for profile in ["selfie_portrait", "selfie_card"] {
        let fitted = set.run(&["calibrate", "--profile", profile], &["--out", file]);
        assert_eq!(fitted.code, Some(0), "{fitted:?}");
        let summary = fitted.last_json();
        assert_eq!(
            (&summary["pairs"], &summary["genuine"], &summary["impostor"]),
            (&400.into(), &80.into(), &320.into())
        );
        assert_eq!((&summary["profile"], &summary["model"]), (&profile.into(), &"sface-2021dec".into()));
        assert_eq!((&summary["failure_to_acquire"], &summary["written"]), (&0.into(), &file.into()));
        assert_eq!(number(&summary, "/threshold"), 75.0);
        let anchors = summary["anchors"].as_array().expect("anchors");
        assert!(
            anchors.iter().any(|anchor| anchor[1] == 75.0 && anchor[0].as_f64() >= Some(0.46)),
            "{summary}"
        );
        let text = fs::read_to_string(&policy).expect("the policy");
        assert!(
            text.contains("320 impostor") && text.contains("1e-2") && text.contains("not resolved"),
            "{text}"
        );
        assert_eq!(text.contains("Simulated"), profile == "selfie_card", "{text}");

        // The same pictures, read with it: the rates it promised, at the threshold it set.
        let read = set.run(&["eval", "faces", "--profile", profile], &["--config", file]).last_json();
        for rate in ["fmr", "fnmr"] {
            assert_eq!(
                number(&read, &format!("/operating/{rate}/rate")),
                number(&summary, &format!("/{rate}")),
                "{rate}"
            );
        }
        assert!(
            number(&read, "/operating/fmr/rate") <= 1e-4
                && number(&read, "/operating/threshold/score") == 75.0
        );
        let again = set.run(&["calibrate", "--profile", profile], &["--out", file, "--config", file]);
        assert_eq!(
            again.last_json()["anchors"],
            summary["anchors"],
            "a fit does not depend on the scale before it"
        );
        assert_eq!(
            fs::read_to_string(&policy).expect("the policy"),
            text,
            "the same pictures give the same file"
        );
    }
}

#[test]
fn too_few_pairs_are_refused_with_a_sentence() {
    let set = Set::new(1);
    let policy = set.home.path().join("policy.toml");
    let finished = set.run(&["calibrate"], &["--out", policy.to_str().expect("a path")]);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(
        finished.stderr.contains("20 impostor pairs") && finished.stderr.contains("1e-2"),
        "{finished:?}"
    );
    assert!(finished.stdout.is_empty() && !policy.exists());
}

#[test]
fn a_scale_of_another_model_stops_every_command() {
    let set = Set::new(1);
    let policy = set.home.path().join("policy.toml");
    let scale = "[vision.calibration.selfie_portrait]\nmodel = \"other-1\"\nanchors = [[-1.0, 0.0], [0.5, 75.0], [1.0, 100.0]]\n";
    fs::write(&policy, scale).expect("a file");
    let data = set.home.path().join("data");
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["registry", "stats"][..]] {
        let mut absah = absah();
        let finished =
            Finished::of(absah.args(command).arg("--config").arg(&policy).arg("--data-dir").arg(&data));
        assert_eq!(finished.code, Some(1), "{finished:?}");
        let sentence = "fitted with the model other-1, and sface-2021dec is the one in use";
        assert!(finished.stderr.contains(sentence), "{finished:?}");
    }
}

#[test]
fn slices_are_told_by_attribute_and_by_measure() {
    let set = Set::new(1);
    let report = set.run(&["eval", "faces"], &[]).last_json();
    for (key, slices) in report["slices"].as_object().expect("slices") {
        let sum = |kind: &str| -> u64 {
            let slices = slices.as_array().expect("a list").iter();
            slices.map(|slice| slice[kind].as_u64().expect("a count")).sum()
        };
        assert_eq!((sum("genuine"), sum("impostor")), (5, 20), "{key}: {slices}");
    }
    let gender = &report["slices"]["gender"];
    assert_eq!(
        (&gender[0]["slice"], &gender[0]["genuine"], &gender[1]["impostor"]),
        (&"L".into(), &3.into(), &8.into())
    );
    let empty = report["slices"]["yaw_degrees"].as_array().expect("a list").iter();
    let empty: Vec<_> = empty.filter(|slice| slice["genuine"] == 0).collect();
    assert!(!empty.is_empty() && empty.iter().all(|slice| slice["fnmr"].is_null()), "{report}");
}
