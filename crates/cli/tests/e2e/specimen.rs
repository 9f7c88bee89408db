//! `absah specimen`: a folder of synthetic cards and its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::harness::command::{Finished, absah};

const FIELDS: [&str; 20] = [
    "nik",
    "name",
    "place_of_birth",
    "date_of_birth",
    "gender",
    "address",
    "rt",
    "rw",
    "subdistrict",
    "district",
    "city",
    "province",
    "marital_status",
    "job_type",
    "blood_type",
    "religion",
    "nationality",
    "valid_until",
    "issue_place",
    "issue_date",
];

fn specimen(count: &str, seed: &str, out: &Path, options: &[&str]) -> Finished {
    let mut command = absah();
    command.args(["specimen", "--count", count, "--seed", seed, "--out"]).arg(out);
    Finished::of(command.args(options))
}

/// The rows of a folder's manifest, each by its columns.
fn manifest(folder: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join("manifest.csv")).expect("a manifest");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn cards_are_photographed_and_the_same_seed_gives_the_same_files() {
    let home = tempfile::tempdir().expect("a folder");
    let [few, many, other] = ["few", "many", "other"].map(|name| home.path().join(name));
    let done = specimen("3", "3", &many, &["--jobs", "2"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(done.last_json(), json!({ "cards": 3, "seed": 3, "flat": false }));
    assert_eq!(specimen("1", "3", &few, &["--jobs", "1"]).code, Some(0));
    assert_eq!(specimen("1", "4", &other, &[]).code, Some(0));

    let rows = manifest(&many);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.iter().map(|row| &row["nik"]).collect::<BTreeSet<_>>().len(), 3, "everybody is another");
    for row in &rows {
        let picture = image::open(many.join(&row["path"])).expect("a picture");
        assert!(picture.width().min(picture.height()) >= 600, "{row:?}");
        let corners: Vec<f32> =
            row["corners"].split([' ', ',']).map(|number| number.parse().expect("a number")).collect();
        assert_eq!(corners.len(), 8, "{row:?}");
        for corner in corners.chunks_exact(2) {
            assert!((-1.0..=picture.width() as f32 + 1.0).contains(&corner[0]), "{row:?}");
            assert!((-1.0..=picture.height() as f32 + 1.0).contains(&corner[1]), "{row:?}");
        }
        assert!((0.0..360.0).contains(&row["turn"].parse::<f32>().expect("a number")), "{row:?}");
        assert!(FIELDS.iter().all(|field| row.contains_key(*field)), "{row:?}");
        assert!(
            row["nik"].len() == 16 && !row["name"].is_empty() && row["date_of_birth"].len() == 10,
            "{row:?}"
        );
    }
    assert_eq!(manifest(&few), rows[..1]);
    for row in manifest(&few) {
        let file = |folder: &Path| fs::read(folder.join(&row["path"])).expect("a picture");
        assert!(file(&few) == file(&many), "{}", row["path"]);
        assert!(file(&few) != file(&other), "{}", row["path"]);
    }
}

#[test]
fn flat_cards_are_of_the_same_people() {
    let home = tempfile::tempdir().expect("a folder");
    let [flat, photographed] = ["flat", "photographed"].map(|name| home.path().join(name));
    assert_eq!(specimen("1", "5", &flat, &["--flat"]).code, Some(0));
    assert_eq!(specimen("1", "5", &photographed, &[]).code, Some(0));
    for (drawn, taken) in manifest(&flat).iter().zip(manifest(&photographed)) {
        assert!(FIELDS.iter().all(|field| drawn[*field] == taken[*field]), "{drawn:?}");
        let picture = image::open(flat.join(&drawn["path"])).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (1280, 807));
        assert!(!picture.color().has_alpha());
    }
}

#[test]
fn what_cannot_be_made_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("file");
    fs::write(&file, b"").expect("a file");
    for (count, out, expected) in
        [("0", "out", "0 is not in 1..=100000"), ("1", "file/below", "cannot be written")]
    {
        let done = specimen(count, "1", &home.path().join(out), &[]);
        assert!(done.code != Some(0) && done.stderr.contains(expected), "{count}: {}", done.stderr);
        assert!(done.stdout.is_empty(), "{}", done.stdout);
    }
}
