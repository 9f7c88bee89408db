//! `absah eval names`: the report on labelled pairs of names.

use std::fs;

use crate::harness::command::{Finished, absah};

fn evaluate(options: &[&str]) -> Finished {
    Finished::of(absah().args(["eval", "names"]).args(options))
}

#[test]
fn the_built_in_pairs_are_reported() {
    let finished = evaluate(&[]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let report = finished.last_json();
    let count = |key: &str| report[key].as_u64().unwrap_or_default();
    let sides = ["true_match", "false_non_match", "true_non_match", "false_match"].map(count);
    assert_eq!(sides.iter().sum::<u64>(), count("pairs"), "{report}");
    assert!(count("pairs") >= 200 && sides.iter().all(|side| *side > 0), "{report}");
    assert_eq!((&report["threshold"], &report["per_token"]), (&90.into(), &false.into()));
    for (rate, errors) in [("false_match", sides[3]), ("false_non_match", sides[1])] {
        assert_eq!(report["rates"][rate]["errors"], errors, "{report}");
    }
    let wrong = report["wrong"].as_array().expect("a list");
    assert_eq!(wrong.len() as u64, sides[1] + sides[3]);
    let santosa = wrong.iter().find(|pair| pair["held"] == "BUDI SANTOSA").expect("the best known one");
    assert_eq!(
        (&santosa["label"], &santosa["score"], &santosa["rule"]),
        (&"different".into(), &92.into(), &"edit_distance".into())
    );
    assert!(finished.stderr.contains("\"BUDI SANTOSA\""), "{finished:?}");

    let stricter = evaluate(&["--per-token"]).last_json();
    assert_eq!(stricter["per_token"], true);
    assert!(stricter["false_match"].as_u64() < report["false_match"].as_u64(), "{stricter}");
    let stricter = evaluate(&["--threshold", "96"]).last_json();
    assert_eq!((&stricter["threshold"], &stricter["false_match"]), (&96.into(), &0.into()));
}

#[test]
fn pairs_of_ones_own_are_read_and_bad_rows_told_with_their_line() {
    let home = tempfile::tempdir().expect("a folder");
    let csv = home.path().join("pairs.csv");
    let rows = [
        ("claimed,held,label\n\"BUDI SANTOSO, S.E.\",BUDI SANTOSO,same\nBUDI,DEWI,different\n", Ok((1, 1))),
        ("claimed,held,label\nBUDI,BUDI,perhaps\n", Err("pairs.csv, line 2: the label")),
        ("claimed,held,label\nBUDI,BUDI,same\nBUDI,same\n", Err("pairs.csv, line 3: not as many")),
        ("left,right,same\nBUDI,BUDI,1\n", Err("columns claimed, held and label")),
    ];
    for (content, expected) in rows {
        fs::write(&csv, content).expect("a file");
        let finished = evaluate(&["--pairs", csv.to_str().expect("UTF-8")]);
        match expected {
            Ok((matches, non_matches)) => {
                assert_eq!(finished.code, Some(0), "{finished:?}");
                let report = finished.last_json();
                assert_eq!(
                    (&report["true_match"], &report["true_non_match"]),
                    (&matches.into(), &non_matches.into()),
                    "{report}"
                );
            }
            Err(told) => {
                assert_ne!(finished.code, Some(0), "{content}");
                assert!(finished.stderr.contains(told), "{finished:?}");
                assert!(finished.stdout.is_empty(), "{finished:?}");
            }
        }
    }
    assert_ne!(evaluate(&["--pairs", "/nonexistent/pairs.csv"]).code, Some(0));
    assert_eq!(evaluate(&["--threshold", "101"]).code, Some(2));
}
