//! What holds of every synthetic person.

use std::collections::{BTreeSet, HashSet};

use absah_core::claims::{Record, RecordState};
use absah_core::coded::{Gender, JobType, MaritalStatus};
use absah_core::compare;
use absah_core::field::Field;
use absah_core::nik::NikSignal;
use absah_core::person_name;
use absah_core::policy::Policy;
use absah_core::verdict::FieldVerdict;

use super::{CENSUS_DAY, people};

fn text(person: &Record, field: Field) -> &str {
    person.demographics.text(field).unwrap_or_default()
}

#[test]
fn the_same_seed_gives_the_same_people_on_every_machine() {
    let first: Vec<_> = people(7)
        .take(3)
        .map(|person| format!("{} {}", person.nik.expose(), text(&person, Field::Name)))
        .collect();
    assert_eq!(first, GOLDEN);
    assert!(people(7).skip(500).take(500).eq(people(7).skip(500).take(500)));
    assert!(people(7).take(100).ne(people(8).take(100)));
}

const GOLDEN: [&str; 3] = [
    "5105036712550002 NI WAYAN PRADNYANI",
    "3303100711540001 MUHAMMAD BAMBANG",
    "3307152506610001 ROBERT TJANDRA SALIM",
];

#[test]
fn no_two_people_have_one_number() {
    let numbers: HashSet<_> = people(1).take(10_000).map(|person| person.nik).collect();
    assert_eq!(numbers.len(), 10_000);
}

#[test]
fn every_field_is_held_and_is_valid_by_its_rule() {
    for person in people(2).take(2_000) {
        let nik = person.nik.expose();
        assert_eq!(person.demographics.fields().count(), Field::COUNT, "{nik}");
        for field in Field::ALL.into_iter().filter(|field| *field != Field::DateOfBirth) {
            let value = text(&person, field);
            assert!(
                !value.is_empty() && value.trim() == value && value.len() <= 100,
                "{nik} {}",
                field.key()
            );
        }
        let kk = text(&person, Field::NoKk);
        assert!(
            kk.len() == 16 && kk.bytes().all(|byte| byte.is_ascii_digit()) && !kk.starts_with('0'),
            "{nik}"
        );
        assert!(JobType::parse(text(&person, Field::JobType)).is_some(), "{nik}");
        assert!(MaritalStatus::parse(text(&person, Field::MaritalStatus)).is_some(), "{nik}");
        assert!(Gender::parse(text(&person, Field::Gender)).is_some(), "{nik}");
        for field in [Field::Rt, Field::Rw] {
            assert!(text(&person, field).len() == 3 && text(&person, field).parse::<u16>().is_ok(), "{nik}");
        }
        for field in [Field::Name, Field::MotherMaidenName] {
            assert_eq!(
                person_name::similarity(text(&person, field), text(&person, field), true).0,
                100,
                "{nik}"
            );
        }
    }
}

#[test]
fn the_number_agrees_with_the_person() {
    for person in people(3).take(2_000) {
        let gender = Gender::parse(text(&person, Field::Gender));
        let signals: Vec<NikSignal> = person.nik.signals(person.demographics.date_of_birth(), gender);
        assert!(signals.is_empty(), "{} {signals:?}", person.nik.expose());
        let born = person.nik.applicant_birth_date(CENSUS_DAY);
        assert_eq!(born, person.demographics.date_of_birth(), "{}", person.nik.expose());
    }
}

#[test]
fn a_person_matches_what_the_registry_holds_of_them() {
    let policy = Policy::default();
    for person in people(4).take(500) {
        let findings = compare::demographics(&person.demographics, &person.demographics, &policy);
        assert!(
            findings.iter().all(|(_, finding)| finding.verdict == FieldVerdict::Match),
            "{}",
            person.nik.expose()
        );
    }
}

#[test]
fn the_population_has_the_shape_of_the_country() {
    let sample: Vec<_> = people(5).take(10_000).collect();
    let count = |holds: &dyn Fn(&Record) -> bool| sample.iter().filter(|person| holds(person)).count();
    let rows: [(&str, usize, std::ops::Range<usize>); 6] = [
        ("women", count(&|person| text(person, Field::Gender) == "PEREMPUAN"), 4_700..5_300),
        // 46.7 of 285 million people live in West Java, so do 16 to 17 of a hundred synthetic ones.
        ("West Java", count(&|person| text(person, Field::Province) == "JAWA BARAT"), 1_400..2_000),
        (
            "Papua and its daughters",
            count(&|person| text(person, Field::Province).starts_with("PAPUA")),
            100..350,
        ),
        ("single-word names", count(&|person| !text(person, Field::Name).contains(' ')), 800..2_800),
        ("retired codes", count(&|person| ["91", "92"].contains(&&person.nik.expose()[..2])), 60..350),
        ("usable records", count(&|person| person.state == RecordState::Active), 9_900..10_000),
    ];
    for (what, found, expected) in rows {
        assert!(expected.contains(&found), "{what}: {found}");
    }
    let jobs: BTreeSet<_> = sample.iter().map(|person| text(person, Field::JobType)).collect();
    let cities: BTreeSet<_> = sample.iter().map(|person| text(person, Field::City)).collect();
    assert!(jobs.len() > 40 && cities.len() > 450, "{} jobs, {} cities", jobs.len(), cities.len());
}
