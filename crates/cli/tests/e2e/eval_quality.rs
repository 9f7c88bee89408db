//! `absah eval quality`: the report on the demo's selfies.

use std::fs;
use std::path::Path;

use crate::harness::command::{Finished, absah};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::demo_home;

fn evaluate(images: &Path, options: &[&str], environment: &[(&str, &str)]) -> Finished {
    let mut command = absah();
    command.args(["eval", "quality", "--jobs", "2", "--images"]).arg(images);
    Finished::of(command.args(options).envs(environment.iter().copied()))
}

#[test]
fn the_policy_judges_a_folder_of_pictures() {
    let home = demo_home();
    let demo = DemoFile::read(&home.path().join("data"));
    let images = home.path().join("images");
    let below = images.join("below");
    fs::create_dir_all(&below).expect("folders");
    for (place, person) in demo.pictured().iter().enumerate() {
        let selfie = person.selfie.as_ref().expect("a selfie");
        fs::copy(selfie, below.join(format!("{place}.jpg"))).expect("a copy");
    }
    fs::write(images.join("damaged.JPG"), b"\xff\xd8\xff no picture").expect("a file");
    fs::write(images.join("notes.txt"), b"no picture either").expect("a file");
    let people = demo.pictured().len();

    let far_apart = [("ABSAH_POLICY__QUALITY__SELFIE_EYE_DISTANCE", "100000")];
    let noted = [far_apart[0], ("ABSAH_POLICY__QUALITY__SELFIE_ACTIONS__TOO_SMALL", "flag")];
    type Row<'r> = (&'static str, &'r [&'r str], &'r [(&'r str, &'r str)], usize, usize);
    let rows: [Row; 4] = [
        ("as the server would", &[], &[], 0, 0),
        ("a bound nobody reaches", &[], &far_apart, people, 0),
        ("and it is only noted", &[], &noted, 0, people),
        ("a card has bounds of its own", &["--profile", "card"], &far_apart, 0, 0),
    ];
    for (case, options, environment, refused, flagged) in rows {
        let finished = evaluate(&images, options, environment);
        assert_eq!(finished.code, Some(0), "{case}: {finished:?}");
        let report = finished.last_json();
        assert_eq!(
            (&report["images"], &report["failure_to_acquire"]),
            (&(people + 1).into(), &1.into()),
            "{case}"
        );
        assert_eq!(report["refused"]["errors"], refused, "{case}: {report}");
        let too_small = |by: &str| report[by]["too_small"]["errors"].as_u64().unwrap_or_default();
        assert_eq!(
            (too_small("refused_by"), too_small("flagged_by")),
            (refused as u64, flagged as u64),
            "{case}: {report}"
        );
        for measure in ["eye_distance", "sharpness", "dynamic_range", "yaw", "mouth_covered", "eyes_open"] {
            assert!(report["measures"][measure]["p50"].is_number(), "{case}, {measure}: {report}");
        }
    }
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let finished = evaluate(Path::new("/nonexistent/pictures"), &[], &[]);
    assert_ne!(finished.code, Some(0));
    assert!(finished.stderr.contains("/nonexistent/pictures"), "{finished:?}");
    assert!(finished.stdout.is_empty(), "{finished:?}");
}
