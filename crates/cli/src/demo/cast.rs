//! The five demo people with pictures: what is held of them, what their cards print, their photographs.

use std::error::Error;

use absah_core::claims::{Demographics, Record, RecordState};
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_vision::specimen::CardPrint;
use jiff::civil::Date;

const PEOPLE: &str = include_str!("../../assets/demo/people.csv");

/// One of the five.
pub struct Member {
    pub record: Record,
    /// The folder's name, of pictures in the program and in the data directory.
    pub name: String,
    religion: String,
    blood_type: String,
    issued_on: Date,
    pub photographs: Photographs,
}

/// Encoded photographs.
#[derive(Clone, Copy)]
pub struct Photographs {
    pub portrait: &'static [u8],
    pub selfie: &'static [u8],
    pub selfie_small: &'static [u8],
}

macro_rules! photographs {
    ($folder:literal) => {
        Photographs {
            portrait: include_bytes!(concat!("../../assets/demo/", $folder, "/portrait.jpg")),
            selfie: include_bytes!(concat!("../../assets/demo/", $folder, "/selfie.jpg")),
            selfie_small: include_bytes!(concat!("../../assets/demo/", $folder, "/selfie_small.jpg")),
        }
    };
}

fn photographs(folder: &str) -> Option<Photographs> {
    Some(match folder {
        "arif" => photographs!("arif"),
        "bambang" => photographs!("bambang"),
        "citra" => photographs!("citra"),
        "dewi" => photographs!("dewi"),
        "eko" => photographs!("eko"),
        _ => return None,
    })
}

impl Member {
    /// What the card prints beside the registry's fields.
    pub fn print(&self) -> CardPrint<'_> {
        CardPrint { religion: &self.religion, blood_type: &self.blood_type, issued_on: self.issued_on }
    }
}

/// The five, in the order of the file.
pub fn members() -> Result<Vec<Member>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_reader(PEOPLE.as_bytes());
    let header = reader.headers()?.clone();
    reader.records().map(|row| member(&header, &row?)).collect()
}

fn member(header: &csv::StringRecord, row: &csv::StringRecord) -> Result<Member, Box<dyn Error>> {
    let column = |name: &str| {
        let at = header.iter().position(|column| column == name);
        at.and_then(|at| row.get(at)).ok_or_else(|| format!("people.csv has no column {name}"))
    };
    let mut demographics = Demographics::default();
    for field in Field::ALL {
        match field {
            Field::DateOfBirth => demographics.set_date_of_birth(column(field.key())?.parse()?),
            text => demographics.set_text(text, column(text.key())?),
        }
    }
    let name = column("folder")?;
    Ok(Member {
        record: Record { nik: Nik::parse(column("nik")?)?, demographics, state: RecordState::Active },
        name: name.to_owned(),
        religion: column("religion")?.to_owned(),
        blood_type: column("blood_type")?.to_owned(),
        issued_on: column("card_issued_on")?.parse()?,
        photographs: photographs(name).ok_or("people.csv names a folder without photographs")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_have_every_field_and_three_photographs() {
        let members = members().expect("the file is sound");
        assert_eq!(members.len(), 5);
        for member in members {
            assert_eq!(member.record.demographics.fields().count(), Field::COUNT, "{}", member.name);
            let Photographs { portrait, selfie, selfie_small } = member.photographs;
            assert!(
                !portrait.is_empty() && selfie.len() >= 100_000 && selfie_small.len() <= 51_200,
                "{}",
                member.name
            );
        }
    }
}
