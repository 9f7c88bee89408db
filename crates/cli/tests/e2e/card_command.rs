//! `absah card read` and `absah eval card` on specimens drawn and photographed here.

use std::path::Path;

use serde_json::Value;

use crate::harness::command::{Finished, absah};

fn specimens(out: &Path, more: &[&str]) {
    let mut words = vec!["specimen", "--count", "4", "--seed", "23", "--out"];
    let folder = out.to_string_lossy().into_owned();
    words.push(&folder);
    words.extend(more);
    Finished::well(absah().args(&words));
}

#[test]
fn specimens_are_found_and_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, more) in [("flat", vec!["--flat"]), ("photographed", vec![])] {
        let cards = folder.path().join(name);
        specimens(&cards, &more);
        let report = folder.path().join(format!("{name}-report"));
        let mut evaluate = absah();
        evaluate.args(["eval", "card", "--manifest"]).arg(cards.join("manifest.csv"));
        evaluate.arg("--images").arg(&cards).arg("--out").arg(&report);
        let told = Finished::well(&mut evaluate).last_json();
        assert_eq!((&told["cards"], &told["found"]), (&4.into(), &4.into()), "{name}: {told}");
        let fields = told["fields"].as_object().expect("fields");
        assert_eq!(fields.len(), 20, "{name}");
        for field in ["nik", "province", "religion", "rt"] {
            assert!(fields[field]["exact"].as_f64() >= Some(0.75), "{name} {field}: {}", fields[field]);
        }
        assert_eq!(fields["nik"]["wrong_with_confidence"], 0.0, "{name}");
        let page = std::fs::read_to_string(report.join("worst.html")).expect("a page");
        assert!(
            page.starts_with("<!DOCTYPE html>") && !page.contains("http://") && !page.contains("https://")
        );
    }
}

#[test]
fn a_single_picture_is_told_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    specimens(folder.path(), &["--flat"]);
    let read = |file: &Path| -> Value {
        Finished::well(absah().args(["card", "read", "--json"]).arg(file)).last_json()
    };
    let card = read(&folder.path().join("card-00001.png"));
    assert_eq!(card["found"], true, "{card}");
    let nik = &card["fields"]["nik"];
    assert_eq!(nik["value"].as_str().map(str::len), Some(16), "{nik}");
    assert!(nik["confidence"].as_f64().is_some_and(|sure| (0.9..=1.0).contains(&sure)), "{nik}");
    assert_eq!(nik["quad"].as_array().map(Vec::len), Some(4));
    assert!(nik["repaired"].is_array() && nik["text"].is_string());
    assert_eq!(card["quality"]["faults"], serde_json::json!([]), "{}", card["quality"]);
    for fault in ["cropped", "blurred", "dark", "glare", "rotated", "photocopy", "screen", "not_a_card"] {
        let told = &card["quality"][fault];
        assert!(
            told["score"].is_f64() && told["threshold"].is_f64() && told["fault"] == false,
            "{fault}: {told}"
        );
    }

    let noise = folder.path().join("noise.png");
    image::RgbImage::from_fn(300, 200, |x, y| {
        image::Rgb([(x * 7 + y * 13) as u8, (x * y) as u8, (x ^ y) as u8])
    })
    .save(&noise)
    .expect("a picture");
    let nothing = read(&noise);
    assert_eq!((&nothing["found"], &nothing["fields"]), (&false.into(), &serde_json::json!({})), "{nothing}");
    assert_eq!(nothing["quality"]["faults"][0], "not_a_card", "{nothing}");
    assert_eq!(nothing["quality"]["not_a_card"]["fault"], true, "{nothing}");
}

#[test]
fn a_file_that_is_no_picture_is_told_in_json_and_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("text.jpg");
    std::fs::write(&file, "no picture").expect("written");
    let told = Finished::of(absah().args(["card", "read", "--json"]).arg(&file));
    assert_ne!(told.code, Some(0));
    assert!(told.stderr.contains("JPEG, PNG or SVG"), "{}", told.stderr);
    let object = told.last_json();
    assert_eq!((&object["found"], &object["quality"]["faults"][0]), (&false.into(), &"unreadable".into()));
}
