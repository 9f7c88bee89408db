//! Every code of either service.

use absah_core::claims::RecordState;
use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{Fault, ServiceName};
use absah_registry::{ClaimsAnswer, FaceAnswer};

use super::{Setup, World, always, setup};

fn code(code: &str) -> Fault {
    Fault::Code { code: code.to_owned() }
}

fn query(code: &str) -> Trouble {
    Trouble::QueryFailed { code: code.to_owned() }
}

#[tokio::test]
async fn every_code_of_demographics() {
    let state = |state| Ok(ClaimsAnswer::NotActive(state));
    // Nothing was said of the name that was sent, so a mere "found" is no answer about it.
    let rows = [
        ("00", Err(Trouble::BadAnswer), "bad_answer", 1000),
        ("01", Err(Trouble::BadAnswer), "bad_answer", 1000),
        ("02", Err(setup("02")), "setup", 0),
        ("03", Err(setup("03")), "setup", 0),
        ("04", Err(setup("04")), "setup", 0),
        ("05", Err(Trouble::OutOfQuota), "out_of_quota", 0),
        ("06", Err(setup("06")), "setup", 0),
        ("07", Err(query("07")), "query_failed", 1000),
        ("08", state(RecordState::Inactive), "state", 1000),
        ("09", Err(setup("09")), "setup", 0),
        ("10", Err(setup("10")), "setup", 0),
        ("11", state(RecordState::Deceased), "state", 1000),
        ("12", state(RecordState::Duplicate), "state", 1000),
        ("13", Ok(ClaimsAnswer::NotFound), "not_found", 1000),
        ("14", state(RecordState::Inactive), "state", 1000),
        ("15", Ok(ClaimsAnswer::NotFound), "not_found", 1000),
        ("16", Err(setup("16")), "setup", 0),
        ("17", Err(setup("17")), "setup", 0),
        ("18", Err(setup("18")), "setup", 0),
        ("99", Err(setup("99")), "setup", 0),
        ("XY", Err(setup("XY")), "setup", 0),
        ("3217061012870001", Err(setup("unknown")), "setup", 0),
    ];
    let world = World::start().await;
    for (said, expected, key, rupiah) in rows {
        world.sim.set_faults(always(code(said)));
        assert_eq!(world.claims().await, expected, "{said}");
        assert_eq!(world.recorded(), [(key, rupiah)], "{said}");
    }
}

#[tokio::test]
async fn a_number_alone_is_found_by_a_code() {
    let world = World::start().await;
    for said in ["00", "01"] {
        world.sim.set_faults(always(code(said)));
        let answer = super::claims(&world.registry, crate::conformance::SITI, &[]).await;
        assert!(matches!(&answer, Ok(ClaimsAnswer::Compared(findings)) if findings.is_empty()), "{answer:?}");
    }
}

#[tokio::test]
async fn a_state_may_come_as_a_text_alone() {
    let world = World::start().await;
    let rows = [
        ("DATA DITEMUKAN, MENINGGAL  DUNIA", Ok(ClaimsAnswer::NotActive(RecordState::Deceased))),
        ("Data Tidak Ditemukan, NIK tidak terdapat di database", Ok(ClaimsAnswer::NotFound)),
        ("Kuota Akses Hari ini telah Habis", Err(Trouble::OutOfQuota)),
        ("IP Client  Tidak terdaftar", Err(setup("10"))),
        ("3217061012870001 SITI NURHALIZA", Err(setup("unknown"))),
    ];
    for (text, expected) in rows {
        world.sim.set_faults(always(Fault::Text { text: text.to_owned() }));
        assert_eq!(world.claims().await, expected, "{text}");
    }
}

#[tokio::test]
async fn every_code_of_faces() {
    let compared =
        |matched, raw, score, threshold| Ok(FaceAnswer::Compared { matched, raw, score, threshold });
    let rows = [
        ("6018", compared(true, 8.331, 91.7, 75.0), "verdict", 3000, 1),
        ("6019", compared(false, 1.204, 18.1, 75.0), "verdict", 3000, 1),
        ("6020", Ok(FaceAnswer::NoReference), "not_found", 3000, 1),
        ("6015", Ok(FaceAnswer::Unusable), "unusable", 3000, 1),
        ("5000", Err(Trouble::RateLimited), "busy", 0, 2),
        ("6012", Err(Trouble::RateLimited), "busy", 0, 2),
        ("6014", Err(Trouble::RateLimited), "busy", 0, 2),
        ("5001", Err(setup("5001")), "setup", 0, 1),
        ("5002", Err(Trouble::OutOfQuota), "out_of_quota", 0, 1),
        ("5003", Err(setup("5003")), "setup", 0, 1),
        ("5004", Err(query("5004")), "query_failed", 3000, 1),
        ("5005", Err(query("5005")), "query_failed", 3000, 1),
        ("5006", Err(setup("5006")), "setup", 0, 1),
        ("6006", Err(query("6006")), "query_failed", 3000, 1),
        ("9002", Err(setup("9002")), "setup", 0, 1),
        ("6021", Err(setup("6021")), "setup", 0, 1),
        ("0", Err(setup("0")), "setup", 0, 1),
    ];
    for numbers_as_text in [false, true] {
        let mut test = Setup::new();
        test.sim.numbers_as_text = numbers_as_text;
        test.settings.face = absah_registry::dukcapil::FaceSettings::default();
        let world = test.start().await;
        for (said, expected, key, rupiah, attempts) in &rows {
            world.sim.set_faults(always(code(said)));
            assert_eq!(&world.face().await, expected, "{said}");
            assert_eq!(world.recorded(), vec![(*key, *rupiah); *attempts], "{said}");
        }
    }
}

#[tokio::test]
async fn a_duplicate_is_compared_where_the_institution_takes_it_for_success() {
    let mut test = Setup::new();
    test.settings.duplicate_is_success = true;
    let world = test.start().await;
    let name = [(absah_core::field::Field::Name, "DEWI LESTARI")];
    let answer = super::claims(&world.registry, crate::conformance::DUPLICATE, &name).await;
    assert!(matches!(answer, Ok(ClaimsAnswer::Compared(_))), "{answer:?}");
    assert_eq!(world.recorded(), [("verdict", 1000)]);
}

#[tokio::test]
async fn wrong_credentials_are_told_by_the_code_of_the_service() {
    type Change = fn(&mut Setup);
    let rows: [(&str, Change, &str, &str); 5] = [
        ("user", |test| test.sim.institution.user_id = "another".to_owned(), "03", "5001"),
        ("password", |test| test.sim.institution.password = "another".to_owned(), "03", "9002"),
        ("address", |test| test.sim.institution.ip = Some("10.9.9.9".to_owned()), "04", "5003"),
        ("customer", |test| test.settings.customer_id = "another".to_owned(), "16", "5001"),
        (
            "key",
            |test| {
                let other = absah_dukcapil_sim::RsaKeys::make([9; 32]).expect("a key pair");
                std::fs::write(&test.settings.rsa_public_key_file, other.public_pem()).expect("written");
            },
            "",
            "5006",
        ),
    ];
    for (case, change, demographics, face) in rows {
        let mut test = Setup::new();
        change(&mut test);
        let world = test.start().await;
        if !demographics.is_empty() {
            assert_eq!(world.ask(ServiceName::Demographics).await, Err(setup(demographics)), "{case}");
        }
        assert_eq!(world.ask(ServiceName::Face).await, Err(setup(face)), "{case}");
        assert!(world.recorded().iter().all(|(key, rupiah)| (*key, *rupiah) == ("setup", 0)), "{case}");
    }
}
