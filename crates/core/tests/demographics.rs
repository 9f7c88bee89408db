//! Every claimed field against a record: verdict and rule.

use absah_core::claims::Demographics;
use absah_core::compare::demographics;
use absah_core::field::Field;
use absah_core::policy::Policy;
use absah_core::rule::Rule;
use absah_core::verdict::FieldVerdict::{self, Match, Mismatch, NotHeld};
use jiff::civil::date;
use proptest::prelude::*;

fn of(field: Field, text: &str) -> Demographics {
    let mut person = Demographics::default();
    person.set_text(field, text);
    person
}

fn compared(field: Field, claimed: &str, held: &str) -> Option<(FieldVerdict, Option<Rule>)> {
    let findings = demographics(&of(field, claimed), &of(field, held), &Policy::default());
    findings.get(field).map(|finding| (finding.verdict, finding.rule))
}

#[test]
fn texts_by_field() {
    let rows = [
        (Field::Name, "Moch. Rizki", "MUHAMMAD RIZKI", Match, Rule::CanonicalSpelling),
        (Field::Name, "BUDI SANTOSO", "DEWI SARTIKA", Mismatch, Rule::EditDistance),
        (Field::Name, "-", "BUDI SANTOSO", Mismatch, Rule::NothingToCompare),
        (Field::NoKk, "3273010101010001", "3273010101010001", Match, Rule::SameDigits),
        (Field::NoKk, "3273 0101 0101 0001", "3273010101010001", Match, Rule::SameDigits),
        (Field::NoKk, "3273010101010002", "3273010101010001", Mismatch, Rule::SameDigits),
        (Field::NoKk, "327301010101000", "3273010101010001", Mismatch, Rule::SameDigits),
        (Field::NoKk, "", "3273010101010001", Mismatch, Rule::SameDigits),
        (Field::MotherMaidenName, "Hj. Siti Aminah", "SITI AMINAH", Match, Rule::Equal),
        (Field::MotherMaidenName, "SITI AMINAH", "SITI FATIMAH", Mismatch, Rule::EditDistance),
        (Field::PlaceOfBirth, "Bandung", "BANDUNG", Match, Rule::Equal),
        (Field::PlaceOfBirth, "Bandung", "KOTA BANDUNG", Match, Rule::EqualWithoutSpaces),
        (Field::PlaceOfBirth, "Jogjakarta", "YOGYAKARTA", Match, Rule::KnownSynonym),
        (Field::PlaceOfBirth, "Jakarta", "DKI JAKARTA", Match, Rule::KnownSynonym),
        (Field::PlaceOfBirth, "Yogyakarta", "D.I. YOGYAKARTA", Match, Rule::KnownSynonym),
        (Field::PlaceOfBirth, "Surabya", "SURABAYA", Match, Rule::EditDistance),
        (Field::PlaceOfBirth, "Bandung, Jawa Barat", "BANDUNG", Match, Rule::Equal),
        (Field::PlaceOfBirth, "Kota Bandung, Jabar", "KAB. BANDUNG", Mismatch, Rule::PlaceType),
        (Field::PlaceOfBirth, ", Bandung", "BANDUNG", Match, Rule::Equal),
        (Field::PlaceOfBirth, "-", "BANDUNG", Mismatch, Rule::NothingToCompare),
        (Field::PlaceOfBirth, "KAB BANDUNG", "KOTA BANDUNG", Mismatch, Rule::PlaceType),
        (Field::PlaceOfBirth, "BANDUNG", "SURABAYA", Mismatch, Rule::EditDistance),
        (Field::Address, "Jalan Sesama Nomor 123", "JL SESAMA NO 123", Match, Rule::Equal),
        (Field::Address, "JL MAWAR NO 3", "JL KENANGA NO 9", Mismatch, Rule::EditDistance),
        (Field::Address, "-", "JL SESAMA NO 123", Mismatch, Rule::NothingToCompare),
        (Field::Gender, "l", "LAKI-LAKI", Match, Rule::SameGender),
        (Field::Gender, "Female", "PEREMPUAN", Match, Rule::SameGender),
        (Field::Gender, "P", "LAKI-LAKI", Mismatch, Rule::SameGender),
        (Field::Gender, "", "LAKI-LAKI", Mismatch, Rule::SameGender),
        (Field::MaritalStatus, "Menikah", "KAWIN TERCATAT", Match, Rule::SameGroup),
        (Field::MaritalStatus, "KAWIN BELUM TERCATAT", "KAWIN TERCATAT", Match, Rule::SameGroup),
        (Field::MaritalStatus, "CERAI MATI", "CERAI HIDUP", Mismatch, Rule::SameGroup),
        (Field::MaritalStatus, "-", "KAWIN", Mismatch, Rule::SameGroup),
        (Field::JobType, "PNS", "PEGAWAI NEGERI SIPIL", Match, Rule::SameJob),
        (Field::JobType, "5", "PEGAWAI NEGERI SIPIL", Mismatch, Rule::SameJob),
        (Field::JobType, "GURU", "DOSEN", Mismatch, Rule::SameJob),
        (Field::JobType, "Penjaga Mercusuar", "PENJAGA MERCUSUAR", Match, Rule::Equal),
        (Field::JobType, "GURU", "PENJAGA MERCUSUAR", Mismatch, Rule::Equal),
        (Field::Province, "Daerah Khusus Ibukota Jakarta", "DKI JAKARTA", Match, Rule::KnownSynonym),
        (Field::Province, "PAPUA", "P A P U A", Match, Rule::EqualWithoutSpaces),
        (Field::Province, "BANTEN", "JAWA BARAT", Mismatch, Rule::PlaceName),
        (Field::City, "Bogor", "KAB. BOGOR", Match, Rule::EqualWithoutSpaces),
        (Field::City, "KOTA BOGOR", "KAB. BOGOR", Mismatch, Rule::PlaceType),
        (Field::District, "Kec. Suka Jadi", "SUKAJADI", Match, Rule::EqualWithoutSpaces),
        (Field::District, "-", "SUKAJADI", Mismatch, Rule::NothingToCompare),
        (Field::Subdistrict, "Desa Sukamaju", "SUKAMAJU", Match, Rule::EqualWithoutSpaces),
        (Field::Subdistrict, "SUKAMAJU", "SUKAMUNDUR", Mismatch, Rule::PlaceName),
        (Field::Rt, "2", "002", Match, Rule::SameInteger),
        (Field::Rt, "RT. 02", "002", Match, Rule::SameInteger),
        (Field::Rt, "-", "000", Match, Rule::SameInteger),
        (Field::Rt, "0", "", Match, Rule::SameInteger),
        (Field::Rt, "-", "002", Mismatch, Rule::SameInteger),
        (Field::Rw, "16", "016", Match, Rule::SameInteger),
        (Field::Rw, "6", "016", Mismatch, Rule::SameInteger),
        (Field::Rw, "sixteen", "016", Mismatch, Rule::SameInteger),
        (Field::Rw, "99999999999999999999", "016", Mismatch, Rule::SameInteger),
    ];
    for (field, claimed, held, verdict, rule) in rows {
        assert_eq!(
            compared(field, claimed, held),
            Some((verdict, Some(rule))),
            "{} {claimed:?} {held:?}",
            field.key()
        );
    }
}

#[test]
fn a_record_that_says_nothing_is_not_held() {
    let rows = [
        (Field::Name, "BUDI", "-"),
        (Field::NoKk, "3273010101010001", "-"),
        (Field::MotherMaidenName, "SITI", ""),
        (Field::PlaceOfBirth, "BANDUNG", "-"),
        (Field::Address, "JL SESAMA", "..."),
        (Field::Gender, "L", "?"),
        (Field::MaritalStatus, "KAWIN", "-"),
        (Field::JobType, "GURU", "15"),
        (Field::Province, "BANTEN", ""),
        (Field::Rt, "2", "unknown"),
    ];
    for (field, claimed, held) in rows {
        assert_eq!(compared(field, claimed, held), Some((NotHeld, None)), "{} {held:?}", field.key());
    }
    let findings = demographics(&of(Field::Name, "BUDI"), &Demographics::default(), &Policy::default());
    assert_eq!(findings.get(Field::Name).map(|finding| finding.verdict), Some(NotHeld));
}

#[test]
fn dates_are_equal_or_not() {
    let born = |date| {
        let mut person = Demographics::default();
        person.set_date_of_birth(date);
        person
    };
    let rows = [(date(1990, 7, 6), Match), (date(1990, 6, 7), Mismatch)];
    for (claimed, verdict) in rows {
        let findings = demographics(&born(claimed), &born(date(1990, 7, 6)), &Policy::default());
        let finding = findings.get(Field::DateOfBirth).expect("a finding");
        assert_eq!((finding.verdict, finding.rule), (verdict, Some(Rule::SameDate)));
    }
    let findings = demographics(&born(date(1990, 7, 6)), &Demographics::default(), &Policy::default());
    assert_eq!(findings.get(Field::DateOfBirth).map(|finding| finding.verdict), Some(NotHeld));
}

#[test]
fn thresholds_are_the_policys() {
    let mut policy = Policy::default();
    let (claimed, held) = (of(Field::Name, "BUDI SANTOSO"), of(Field::Name, "BUDI SANTOSA"));
    let verdict = |policy: &Policy| {
        let finding = *demographics(&claimed, &held, policy).get(Field::Name).expect("a finding");
        (finding.verdict, finding.similarity, finding.threshold)
    };
    assert_eq!(verdict(&policy), (Match, Some(92), Some(90)));
    policy.name.threshold = 95;
    assert_eq!(verdict(&policy), (Mismatch, Some(92), Some(95)));
    policy.name.threshold = 90;
    policy.name.per_token = true;
    assert_eq!(verdict(&policy), (Mismatch, Some(86), Some(90)));

    policy.name.threshold = 0;
    let findings = demographics(&of(Field::Name, "-"), &held, &policy);
    assert_eq!(
        findings.get(Field::Name).map(|finding| finding.verdict),
        Some(Mismatch),
        "nothing was compared"
    );
}

#[test]
fn only_what_was_claimed_is_found() {
    let mut claimed = of(Field::Rw, "16");
    claimed.set_text(Field::Name, "BUDI SANTOSO");
    let mut held = of(Field::Name, "BUDI SANTOSO");
    held.set_text(Field::Gender, "LAKI-LAKI");
    let findings = demographics(&claimed, &held, &Policy::default());
    let verdicts: Vec<_> = findings.iter().map(|(field, finding)| (field, finding.verdict)).collect();
    assert_eq!(verdicts, [(Field::Name, Match), (Field::Rw, NotHeld)]);
}

proptest! {
    #[test]
    fn no_texts_panic_and_a_claim_of_nothing_never_matches(field in prop::sample::select(Field::ALL.to_vec()), claimed: String, held: String) {
        let policy = Policy::default();
        let findings = demographics(&of(field, &claimed), &of(field, &held), &policy);
        prop_assert_eq!(findings.get(field).is_some(), field != Field::DateOfBirth);

        let is_number = matches!(field, Field::Rt | Field::Rw);
        for nothing in ["", " ", "-", "."] {
            let findings = demographics(&of(field, nothing), &of(field, &held), &policy);
            let matched = findings.get(field).is_some_and(|finding| finding.verdict == Match);
            prop_assert!(!matched || is_number, "{nothing:?} matched");
        }
    }
}
