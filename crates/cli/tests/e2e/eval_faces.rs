//! `absah eval faces`: the report on a handful of pictures.

use std::fmt::Write as _;
use std::fs;

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::demo_home;

#[test]
fn it_reports_error_rates_on_labelled_pairs() {
    let home = demo_home();
    let demo = DemoFile::read(&home.path().join("data"));
    let images = home.path().join("images");
    fs::create_dir(&images).expect("a folder");
    let mut pairs = "left,right,same\n".to_owned();
    let five = demo.pictured().len();
    for (place, person) in demo.pictured().iter().enumerate() {
        for (kind, picture) in [("portrait", &person.portrait), ("selfie", &person.selfie)] {
            let from = picture.as_ref().expect("a picture");
            fs::copy(from, images.join(format!("{place}-{kind}.jpg"))).expect("a copy");
        }
        for other in 0..five {
            let same = u8::from(place == other);
            writeln!(pairs, "{place}-portrait.jpg,{other}-selfie.jpg,{same}").expect("text");
        }
    }
    let csv = home.path().join("pairs.csv");
    fs::write(&csv, pairs).expect("a file");
    let out = home.path().join("report");
    let mut command = absah();
    command.args(["eval", "faces", "--jobs", "2", "--pairs"]).arg(&csv);
    let report = Finished::well(command.arg("--images").arg(&images).arg("--out").arg(&out)).last_json();

    assert_eq!(
        (&report["pairs"], &report["genuine"], &report["impostor"]),
        (&25.into(), &5.into(), &20.into())
    );
    assert_eq!(report["failure_to_acquire"], 0);
    assert_eq!(report["best_accuracy"].as_f64(), Some(1.0), "{report}");
    for level in ["1e-2", "1e-3", "1e-4"] {
        assert!(report["fnmr_at_fmr"][level].is_number(), "{level}: {report}");
        assert!(report["threshold_at_fmr"][level]["cosine"].is_number(), "{level}: {report}");
    }
    // Twenty impostor pairs cannot show one false match in a thousand.
    assert!(report["unresolved"].as_array().is_some_and(|levels| levels.iter().any(|level| level == "1e-3")));
    assert!(report["milliseconds_per_image"].as_f64().is_some_and(|time| time > 0.0));
    assert!(fs::read_dir(&out).expect("the report's folder").count() > 0);
    assert!(report["degraded"].is_null() && report["variants"] == serde_json::json!({}), "{report}");

    let mut command = absah();
    command.args(["eval", "faces", "--variants", "mesh_flip,only_640", "--degrade", "small", "--pairs"]);
    let degraded = Finished::well(command.arg(&csv).arg("--images").arg(&images)).last_json();
    assert_eq!(degraded["degraded"], "small");
    let variants = degraded["variants"].as_object().expect("an object");
    assert!(variants.keys().eq(["mesh_flip", "only_640", "shipped"]), "{variants:?}");
    let figures = ["failure_to_acquire", "fnmr_at_fmr", "operating_at_fmr", "milliseconds_per_image"];
    for figure in figures {
        assert_eq!(variants["shipped"][figure], degraded[figure], "the shipped one is the report's own");
    }
    let time = |variant: &str| variants[variant]["milliseconds_per_image"].as_f64();
    assert!(time("mesh_flip") > Some(0.0) && time("shipped") > Some(0.0), "{variants:?}");
    let cosine =
        |report: &serde_json::Value| report["operating_at_fmr"]["1e-2"]["threshold"]["cosine"].clone();
    assert_ne!(cosine(&variants["mesh_flip"]), cosine(&degraded), "its templates are others");
    assert_ne!(cosine(&report), cosine(&degraded), "small pictures give other templates");
}

#[test]
fn an_unknown_variant_or_loss_is_told_with_those_there_are() {
    for (option, name, known) in [("--variants", "flip,flop", "mesh_flip"), ("--degrade", "crop", "tight")] {
        let mut command = absah();
        let finished = Finished::of(command.args(["eval", "faces", "--all-pairs", ".", option, name]));
        assert_eq!(finished.code, Some(2), "{finished:?}");
        assert!(finished.stderr.contains(known), "{finished:?}");
    }
}

#[test]
fn a_bad_row_is_told_with_its_line() {
    let home = demo_home();
    let csv = home.path().join("pairs.csv");
    fs::write(&csv, "left,right,same\na.jpg,b.jpg,perhaps\n").expect("a file");
    let mut command = absah();
    command.args(["eval", "faces", "--pairs"]).arg(&csv).arg("--images").arg(home.path());
    let finished = Finished::of(command.arg("--out").arg(home.path().join("report")));
    assert_ne!(finished.code, Some(0));
    assert!(finished.stderr.contains("line 2"), "{finished:?}");
}
