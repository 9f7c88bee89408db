//! What is printed on a card.

use std::fmt;

use absah_core::claims::Record;
use absah_core::field::Field;
use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::SpecimenError;

/// Longest printed text in characters; two lines of the value column hold fewer.
pub(super) const MAX_LENGTH: usize = 300;

/// Every printed text, as it stands on the card. Masked in `Debug`, wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct CardText {
    /// Province without the word PROVINSI.
    pub province: String,
    /// Regency or city with its type, as the heading has it: `KOTA BANDUNG`, `KABUPATEN GARUT`, `JAKARTA SELATAN`.
    pub regency: String,
    /// Sixteen digits.
    pub nik: String,
    /// Full name.
    pub name: String,
    /// Place of birth.
    pub birth_place: String,
    /// Date of birth, `dd-mm-yyyy`.
    pub birth_date: String,
    /// `LAKI-LAKI` or `PEREMPUAN`.
    pub gender: String,
    /// `A`, `B`, `AB`, `O` or `-`.
    pub blood_type: String,
    /// Street line.
    pub address: String,
    /// RT and RW, `002/016`.
    pub rt_rw: String,
    /// Village (kelurahan, desa).
    pub village: String,
    /// District (kecamatan).
    pub district: String,
    /// Religion.
    pub religion: String,
    /// Marital status.
    pub marital_status: String,
    /// Occupation.
    pub job: String,
    /// `WNI`, or `WNA` and the country.
    pub citizenship: String,
    /// `SEUMUR HIDUP`, or a date on older cards.
    pub valid_until: String,
    /// Place of issue, the regency without its type.
    pub issued_at: String,
    /// Date of issue, `dd-mm-yyyy`.
    pub issued_on: String,
}

impl fmt::Debug for CardText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardText(<private>)")
    }
}

/// What a card prints and the registry's fifteen fields do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardPrint<'a> {
    /// Religion as printed.
    pub religion: &'a str,
    /// Blood type as printed, `-` where unknown.
    pub blood_type: &'a str,
    /// Date of issue.
    pub issued_on: Date,
}

/// A record lacks a field that a card prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record holds no {}, which a card prints", .0.key())]
pub struct IncompleteRecord(pub Field);

impl CardText {
    /// The card of a man who is nobody, to begin with.
    pub fn example() -> Self {
        Self {
            province: "JAWA BARAT".into(),
            regency: "KOTA BANDUNG".into(),
            nik: "3273010607900001".into(),
            name: "ASEP SUPRIYADI".into(),
            birth_place: "BANDUNG".into(),
            birth_date: "06-07-1990".into(),
            gender: "LAKI-LAKI".into(),
            blood_type: "O".into(),
            address: "JL SESAMA NO 123".into(),
            rt_rw: "002/016".into(),
            village: "SUKAJADI".into(),
            district: "SUKAJADI".into(),
            religion: "ISLAM".into(),
            marital_status: "KAWIN".into(),
            job: "KARYAWAN SWASTA".into(),
            citizenship: "WNI".into(),
            valid_until: "SEUMUR HIDUP".into(),
            issued_at: "BANDUNG".into(),
            issued_on: "12-05-2018".into(),
        }
    }

    /// The text of the card of a registered person.
    ///
    /// # Errors
    /// The record lacks a field that a card prints.
    pub fn of_record(record: &Record, print: &CardPrint<'_>) -> Result<Self, IncompleteRecord> {
        let held = |field| record.demographics.text(field).ok_or(IncompleteRecord(field));
        let owned = |field| held(field).map(str::to_owned);
        let born = record.demographics.date_of_birth().ok_or(IncompleteRecord(Field::DateOfBirth))?;
        let city = held(Field::City)?;
        Ok(Self {
            province: owned(Field::Province)?,
            regency: heading(city),
            nik: record.nik.expose().to_owned(),
            name: owned(Field::Name)?,
            birth_place: owned(Field::PlaceOfBirth)?,
            birth_date: printed(born),
            gender: owned(Field::Gender)?,
            blood_type: print.blood_type.to_owned(),
            address: owned(Field::Address)?,
            rt_rw: format!("{}/{}", held(Field::Rt)?, held(Field::Rw)?),
            village: owned(Field::Subdistrict)?,
            district: owned(Field::District)?,
            religion: print.religion.to_owned(),
            marital_status: owned(Field::MaritalStatus)?,
            job: owned(Field::JobType)?,
            citizenship: "WNI".to_owned(),
            valid_until: "SEUMUR HIDUP".to_owned(),
            issued_at: without_type(city).to_owned(),
            issued_on: printed(print.issued_on),
        })
    }

    /// Names of the printed fields, as lists of cards have them: those of the registry by their names there.
    pub const FIELDS: [&'static str; 20] = [
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

    /// The printed fields in the order of [`CardText::FIELDS`]; one that is not printed is empty.
    pub fn fields(&self) -> [&str; 20] {
        let (rt, rw) = self.rt_rw.split_once('/').unwrap_or((&self.rt_rw, ""));
        [
            &self.nik,
            &self.name,
            &self.birth_place,
            &self.birth_date,
            &self.gender,
            &self.address,
            rt,
            rw,
            &self.village,
            &self.district,
            &self.regency,
            &self.province,
            &self.marital_status,
            &self.job,
            &self.blood_type,
            &self.religion,
            &self.citizenship,
            &self.valid_until,
            &self.issued_at,
            &self.issued_on,
        ]
    }

    /// Whether the year of birth is odd: portraits then have a red ground, else a blue one.
    pub(super) fn born_in_odd_year(&self) -> bool {
        self.birth_date.bytes().next_back().is_some_and(|digit| digit % 2 == 1)
    }

    /// Refuses texts that no card has room for.
    pub(super) fn check(&self) -> Result<(), SpecimenError> {
        let fits = |text: &str| text.chars().count() <= MAX_LENGTH && !text.chars().any(char::is_control);
        match self.named().into_iter().find(|(_, text)| !fits(text)) {
            Some((name, _)) => Err(SpecimenError::Text(name)),
            None => Ok(()),
        }
    }

    fn named(&self) -> [(&'static str, &str); 19] {
        [
            ("province", &self.province),
            ("regency", &self.regency),
            ("nik", &self.nik),
            ("name", &self.name),
            ("birth place", &self.birth_place),
            ("birth date", &self.birth_date),
            ("gender", &self.gender),
            ("blood type", &self.blood_type),
            ("address", &self.address),
            ("RT/RW", &self.rt_rw),
            ("village", &self.village),
            ("district", &self.district),
            ("religion", &self.religion),
            ("marital status", &self.marital_status),
            ("job", &self.job),
            ("citizenship", &self.citizenship),
            ("validity", &self.valid_until),
            ("place of issue", &self.issued_at),
            ("date of issue", &self.issued_on),
        ]
    }
}

/// The registry's way of writing a regency, as the card's heading: in full, and the cities of Jakarta without a type.
fn heading(city: &str) -> String {
    match city.strip_prefix("KOTA ADM. ") {
        Some(jakarta) => jakarta.to_owned(),
        None => match city.strip_prefix("KAB. ") {
            Some(regency) => format!("KABUPATEN {}", regency.trim_start_matches("ADM. ")),
            None => city.to_owned(),
        },
    }
}

fn without_type(city: &str) -> &str {
    ["KOTA ADM. ", "KAB. ADM. ", "KABUPATEN ", "KAB. ", "KOTA "]
        .into_iter()
        .find_map(|kind| city.strip_prefix(kind))
        .unwrap_or(city)
}

fn printed(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regencies_are_written_as_on_cards() {
        let rows = [
            ("KOTA BANDUNG", "KOTA BANDUNG", "BANDUNG"),
            ("KAB. GARUT", "KABUPATEN GARUT", "GARUT"),
            ("KABUPATEN GARUT", "KABUPATEN GARUT", "GARUT"),
            ("KOTA ADM. JAKARTA SELATAN", "JAKARTA SELATAN", "JAKARTA SELATAN"),
            ("KAB. ADM. KEP. SERIBU", "KABUPATEN KEP. SERIBU", "KEP. SERIBU"),
            ("SORONG", "SORONG", "SORONG"),
        ];
        for (city, in_heading, at) in rows {
            assert_eq!((heading(city).as_str(), without_type(city)), (in_heading, at), "{city}");
        }
    }
}
