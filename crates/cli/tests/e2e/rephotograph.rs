//! `absah rephotograph`: a folder of simulated presentations, and its way through the evaluation.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::demo_home;

/// Photographs the pictures of one folder into another.
fn rephotograph(images: &Path, out: &Path, options: &[&str]) -> Finished {
    let mut command = absah();
    command.args(["rephotograph", "--images"]).arg(images).arg("--out").arg(out);
    Finished::of(command.args(options))
}

/// The content of every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").display().to_string();
                found.insert(name, fs::read(path).expect("readable"));
            }
        }
    }
    found
}

#[test]
fn the_same_pictures_and_seed_give_the_same_presentations_which_the_evaluation_reads() {
    let home = demo_home();
    let demo = DemoFile::read(&home.path().join("data"));
    let images = home.path().join("images");
    fs::create_dir_all(images.join("below")).expect("folders");
    let selfies: Vec<_> =
        demo.pictured().iter().map(|person| person.selfie.clone().expect("a selfie")).collect();
    fs::copy(&selfies[0], images.join("one.jpg")).expect("copied");
    fs::copy(&selfies[1], images.join("below/two.JPG")).expect("copied");
    fs::write(images.join("nobody.png"), b"no picture").expect("a file");

    let [first, again, other] = ["first", "again", "other"].map(|name| home.path().join(name));
    let done = rephotograph(&images, &first, &["--seed", "7", "--jobs", "2"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let told: Value = serde_json::from_str(&done.stdout).expect("one JSON object");
    // Six species and the bona fide presentation, under four conditions each; what is no picture is left out.
    assert_eq!(
        (told["pictures"].as_u64(), told["photographs"].as_u64()),
        (Some(3), Some(2 * 7 * 4)),
        "{told}"
    );

    assert_eq!(rephotograph(&images, &again, &["--seed", "7", "--jobs", "1"]).code, Some(0));
    assert!(files(&first) == files(&again), "the same seed gives the same files");
    assert_eq!(rephotograph(&images, &other, &["--seed", "8"]).code, Some(0));
    assert!(files(&first) != files(&other), "another seed gives others");

    let mut command = absah();
    command
        .args(["eval", "liveness", "--manifest"])
        .arg(first.join("manifest.csv"))
        .arg("--images")
        .arg(&first);
    let report: Value = serde_json::from_str(&Finished::of(&mut command).stdout).expect("one JSON object");
    let count = |key: &str| report[key].as_u64().expect("a number");
    assert_eq!(count("bona_fide") + count("attack") + count("failure_to_acquire"), 2 * 7 * 4, "{report}");
    let species: Vec<&String> = report["apcer"].as_object().expect("by species").keys().collect();
    assert_eq!(
        species,
        ["monitor_screen", "phone_screen", "print", "print_cut", "print_large", "tablet_screen"],
        "{report}"
    );
}

#[test]
fn a_folder_without_faces_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let images = home.path().join("images");
    fs::create_dir(&images).expect("a folder");
    let done = rephotograph(&images, &home.path().join("out"), &[]);
    assert!(done.code != Some(0) && done.stderr.contains("no picture shows a face"), "{}", done.stderr);
}
