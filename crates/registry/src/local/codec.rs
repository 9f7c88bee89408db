//! The compact form records and templates are sealed in.
//!
//! A record: form (1), NIK (16 digits), state (1), then for each value held its field (1), its length (2, big-endian)
//! and its bytes; a date is written yyyy-mm-dd. Features are 32-bit floats, little-endian.

use absah_core::birth_date;
use absah_core::claims::{Demographics, Record, RecordState};
use absah_core::field::Field;
use absah_core::nik::Nik;
use zeroize::Zeroizing;

const FORM: u8 = 1;

/// `None` where a text is longer than its length can say.
pub(super) fn encode_record(record: &Record) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(512));
    bytes.push(FORM);
    bytes.extend_from_slice(record.nik.expose().as_bytes());
    bytes.push(state_code(record.state));
    for field in record.demographics.fields() {
        let date = record.demographics.date_of_birth().filter(|_| field == Field::DateOfBirth);
        let date = Zeroizing::new(date.map(|date| date.to_string()));
        let text = date.as_deref().or_else(|| record.demographics.text(field)).unwrap_or_default();
        bytes.push(field_code(field));
        bytes.extend_from_slice(&u16::try_from(text.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    Some(bytes)
}

/// `None` where the bytes have another form.
pub(super) fn decode_record(bytes: &[u8]) -> Option<Record> {
    let (&FORM, bytes) = bytes.split_first()? else { return None };
    let (nik, bytes) = bytes.split_first_chunk::<{ Nik::LENGTH }>()?;
    let nik = Nik::parse(std::str::from_utf8(nik).ok()?).ok()?;
    let (&state, mut rest) = bytes.split_first()?;
    let mut demographics = Demographics::default();
    while let Some((&field, bytes)) = rest.split_first() {
        let (length, bytes) = bytes.split_first_chunk::<2>()?;
        let (text, bytes) = bytes.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let text = std::str::from_utf8(text).ok()?;
        match field_of(field)? {
            Field::DateOfBirth => demographics.set_date_of_birth(birth_date::parse_year_first(text).ok()?),
            field => demographics.set_text(field, text),
        }
        rest = bytes;
    }
    Some(Record { nik, demographics, state: state_of(state)? })
}

pub(super) fn encode_features(features: &[f32]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(features.iter().flat_map(|feature| feature.to_le_bytes()).collect())
}

/// `None` where the bytes are no whole number of features.
pub(super) fn decode_features(bytes: &[u8]) -> Option<Vec<f32>> {
    let (features, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| features.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

const fn state_code(state: RecordState) -> u8 {
    match state {
        RecordState::Active => 0,
        RecordState::Deceased => 1,
        RecordState::Duplicate => 2,
        RecordState::Inactive => 3,
    }
}

fn state_of(code: u8) -> Option<RecordState> {
    [RecordState::Active, RecordState::Deceased, RecordState::Duplicate, RecordState::Inactive]
        .into_iter()
        .find(|state| state_code(*state) == code)
}

/// Written down: a code never changes its meaning, whatever becomes of the order of the fields.
const fn field_code(field: Field) -> u8 {
    match field {
        Field::Name => 1,
        Field::DateOfBirth => 2,
        Field::NoKk => 3,
        Field::MotherMaidenName => 4,
        Field::PlaceOfBirth => 5,
        Field::Address => 6,
        Field::Gender => 7,
        Field::MaritalStatus => 8,
        Field::JobType => 9,
        Field::Province => 10,
        Field::City => 11,
        Field::District => 12,
        Field::Subdistrict => 13,
        Field::Rt => 14,
        Field::Rw => 15,
    }
}

fn field_of(code: u8) -> Option<Field> {
    Field::ALL.into_iter().find(|field| field_code(*field) == code)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use proptest::prelude::*;

    use super::*;

    fn records() -> impl Strategy<Value = Record> {
        let texts = prop::collection::vec(prop::option::of(".{0,40}"), Field::COUNT);
        let date = prop::option::of((1i16..=9999, 1i8..=12, 1i8..=28));
        ("[1-9][0-9]{15}", texts, date, 0u8..4).prop_map(|(nik, texts, date, state)| {
            let mut demographics = Demographics::default();
            for (field, text) in Field::ALL.into_iter().zip(texts) {
                if let Some(text) = text {
                    demographics.set_text(field, text);
                }
            }
            if let Some((year, month, day)) = date {
                demographics.set_date_of_birth(Date::new(year, month, day).expect("a day"));
            }
            Record {
                nik: Nik::parse(&nik).expect("a NIK"),
                demographics,
                state: state_of(state).expect("a state"),
            }
        })
    }

    proptest! {
        #[test]
        fn a_record_comes_back_as_it_was(record in records()) {
            let bytes = encode_record(&record).expect("short texts");
            prop_assert_eq!(decode_record(&bytes), Some(record));
        }

        #[test]
        fn a_cut_record_is_refused_or_shorter(record in records(), at: prop::sample::Index) {
            let bytes = encode_record(&record).expect("short texts");
            let cut = decode_record(&bytes[..at.index(bytes.len())]);
            prop_assert_ne!(cut, Some(record));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = decode_record(&bytes);
            let _ = decode_features(&bytes);
        }

        #[test]
        fn features_come_back_as_they_were(features in prop::collection::vec(-1f32..1.0, 0..600)) {
            prop_assert_eq!(decode_features(&encode_features(&features)), Some(features));
        }
    }

    #[test]
    fn codes_lead_back() {
        for field in Field::ALL {
            assert_eq!(field_of(field_code(field)), Some(field));
        }
        for code in 0..4 {
            assert_eq!(state_of(code).map(state_code), Some(code));
        }
        assert_eq!((field_of(0), field_of(16), state_of(4)), (None, None, None));
    }

    #[test]
    fn a_text_beyond_its_length_is_refused() {
        let mut record = Record {
            nik: Nik::parse("3217061012870001").expect("a NIK"),
            demographics: Demographics::default(),
            state: RecordState::Active,
        };
        for (length, fits) in [(65_535, true), (65_536, false)] {
            record.demographics.set_text(Field::Address, "A".repeat(length));
            assert_eq!(encode_record(&record).is_some(), fits, "{length}");
        }
    }
}
