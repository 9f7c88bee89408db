//! Whole cards of lines that were read: which text becomes which field.

use std::sync::Arc;

use super::super::alphabet::Alphabet;
use super::super::emissions::Emissions;
use super::*;
use crate::geometry::Point;

const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/.,:'()&+|? ";
const WIDTH: u32 = 1024;
const HEIGHT: u32 = 646;

/// How a card lies: pixels that a line falls for one to the right.
type Slant = f32;

/// A line that was read without doubt: every character is two steps and 12 pixels wide.
fn line(text: &str, x: f32, y: f32, slant: Slant) -> ReadLine {
    let alphabet = Alphabet::new(CHARACTERS).expect("an alphabet");
    let classes = alphabet.classes();
    let mut shares = Vec::new();
    for character in text.chars() {
        for class in [alphabet.class(character).expect("known"), 0] {
            let mut row = vec![0.0; classes];
            row[class] = 1.0;
            shares.extend(row);
        }
    }
    let width = 12.0 * text.chars().count() as f32;
    let at = |dx: f32, dy: f32| Point { x: x + dx, y: y + dy + slant * (x + dx - 300.0) };
    let quad = Quad { corners: [at(0.0, -12.0), at(width, -12.0), at(width, 12.0), at(0.0, 12.0)] };
    ReadLine::new(quad, Emissions::new(Arc::new(alphabet), &shares).expect("they fit"))
}

/// The rows of a card: label, value, and where on the card they stand.
const ROWS: [(&str, &str, f32); 13] = [
    ("NIK", "3273014607900001", 0.27),
    ("Nama", "SITI RAHMAWATI", 0.335),
    ("Tempat/Tgl Lahir", "OGAN KOMERING, 06-07-1990", 0.384),
    ("Jenis kelamin", "PEREMPUAN", 0.434),
    ("Alamat", "JL SESAMA NO 123", 0.479),
    ("RT/RW", "002/016", 0.527),
    ("Kel/Desa", "SUKAJADI I", 0.577),
    ("Kecamatan", "SUKARAJA", 0.624),
    ("Agama", "ISLAM", 0.67),
    ("Status Perkawinan", "BELUM KAWIN", 0.719),
    ("Pekerjaan", "KARYAWAN SWASTA", 0.769),
    ("Kewarganegaraan", "WNI", 0.819),
    ("Berlaku Hingga", "SEUMUR HIDUP", 0.864),
];

/// The lines of that card, every row changed as `change` says: its label and its value.
fn card(slant: Slant, change: impl Fn(&str, &str) -> (String, String)) -> Vec<ReadLine> {
    let mut lines = vec![
        line("PROVINSI JAWA BARAT", 400.0, 80.0, slant),
        line("KOTA BANDUNG", 440.0, 112.0, slant),
        line("BANDUNG", 820.0, 530.0, slant),
        line("12-05-2018", 810.0, 560.0, slant),
    ];
    for (label, value, y) in ROWS {
        let (label, value) = change(label, value);
        let y = y * HEIGHT as f32 - 8.0;
        if !label.is_empty() {
            lines.push(line(&label, 26.0, y, slant));
        }
        if !value.is_empty() {
            lines.push(line(&value, 270.0, y, slant));
        }
    }
    lines
}

fn read(lines: Vec<ReadLine>) -> BTreeMap<CardField, String> {
    let page = Page::of(lines, WIDTH, HEIGHT);
    assert!(page.is_card());
    // Nothing can be read better than it was.
    let fields = page.fields(&mut |_, _| Ok(None)).expect("no model, no fault");
    fields.into_iter().map(|(field, read)| (field, read.value)).collect()
}

fn plain(label: &str, value: &str) -> (String, String) {
    (label.to_owned(), value.to_owned())
}

#[test]
fn every_row_is_its_labels_also_on_a_card_that_is_not_quite_level() {
    use CardField::*;
    let expected = [
        (Nik, "3273014607900001"),
        (Name, "SITI RAHMAWATI"),
        (PlaceOfBirth, "OGAN KOMERING"),
        (DateOfBirth, "06-07-1990"),
        (Gender, "PEREMPUAN"),
        (Address, "JL SESAMA NO 123"),
        (Rt, "002"),
        (Rw, "016"),
        (Subdistrict, "SUKAJADI I"),
        (District, "SUKARAJA"),
        (City, "KOTA BANDUNG"),
        (Province, "JAWA BARAT"),
        (MaritalStatus, "BELUM KAWIN"),
        (JobType, "KARYAWAN SWASTA"),
        (Religion, "ISLAM"),
        (Nationality, "WNI"),
        (ValidUntil, "SEUMUR HIDUP"),
        (IssuePlace, "BANDUNG"),
        (IssueDate, "12-05-2018"),
    ];
    for slant in [0.0, 0.07, -0.07] {
        let found = read(card(slant, plain));
        for (field, value) in expected {
            assert_eq!(found.get(&field).map(String::as_str), Some(value), "{slant} {field}");
        }
        assert_eq!(found.get(&BloodType), None, "{slant}");
    }
}

#[test]
fn labels_and_values_may_be_set_and_seen_in_other_ways() {
    use CardField::*;
    // The row that is changed, what it is changed to, and what is read then.
    type Row<'r> = (&'r str, &'r str, &'r str, CardField, Option<&'r str>);
    let rows: [Row; 14] = [
        ("Tempat/Tgl Lahir", "T TGI LAH", "OGAN KOMERING, 06-07-1990", Name, Some("SITI RAHMAWATI")),
        ("Tempat/Tgl Lahir", "T TGI LAH", "OGAN KOMERING, 06-07-1990", PlaceOfBirth, Some("OGAN KOMERING")),
        ("Nama", "ma", "SITI RAHMAWATI", Name, Some("SITI RAHMAWATI")),
        ("Kel/Desa", "Desa/Kelurahan", "SUKAJADI", Subdistrict, Some("SUKAJADI")),
        ("Status Perkawinan", "Status", "KAWIN", MaritalStatus, Some("KAWIN")),
        ("Kewarganegaraan", "Kewarganeg", "WNI", Nationality, Some("WNI")),
        ("Berlaku Hingga", "Berlaku s/d", "05-07-2017", ValidUntil, Some("05-07-2017")),
        ("Kel/Desa", "Kel/Desa", "Batu Mulya Barat", Subdistrict, Some("BATU MULYA BARAT")),
        ("Kecamatan", "Kecamatan", "SUKAHARJ0", District, Some("SUKAHARJO")),
        ("Alamat", "Alamat", "JI. MAWAR NO 5", Address, Some("JL. MAWAR NO 5")),
        ("RT/RW", "RT/RW", "OO2/O16", Rw, Some("016")),
        ("RT/RW", "RT/RW", "002/01616", Rw, None),
        ("NIK", "NIK", "32730146079", Nik, None),
        ("Jenis kelamin", "Jenis kelamin", "LAK1-LAKl", Gender, Some("LAKI-LAKI")),
    ];
    for (row, label, value, field, expected) in rows {
        let found =
            read(card(0.0, |own, other| if own == row { plain(label, value) } else { plain(own, other) }));
        assert_eq!(found.get(&field).map(String::as_str), expected, "{row}: {label} {value}");
    }
}

#[test]
fn a_few_labels_are_no_card() {
    // Forms have names and addresses too.
    let form = |label: &str, value: &str| {
        let has = ["Nama", "Alamat", "Agama", "Pekerjaan", "Kecamatan"].contains(&label);
        if has { plain(label, value) } else { (String::new(), String::new()) }
    };
    assert!(!Page::of(card(0.0, form), WIDTH, HEIGHT).is_card());
    assert!(!Page::of(Vec::new(), WIDTH, HEIGHT).is_card());
}

#[test]
fn number_date_and_sex_are_held_against_each_other() {
    let confidence = |sex: &str, date: &str| {
        let lines = card(0.0, |label, value| match label {
            "Jenis kelamin" => plain(label, sex),
            "Tempat/Tgl Lahir" => plain(label, &format!("BANDUNG, {date}")),
            _ => plain(label, value),
        });
        let fields = Page::of(lines, WIDTH, HEIGHT).fields(&mut |_, _| Ok(None)).expect("no fault");
        (fields[&CardField::Nik].confidence, fields[&CardField::Gender].confidence)
    };
    let (agreed, _) = confidence("PEREMPUAN", "06-07-1990");
    for (sex, date) in [("LAKI-LAKI", "06-07-1990"), ("PEREMPUAN", "06-07-1991")] {
        let (number, of_sex) = confidence(sex, date);
        assert!(number < agreed && number < 0.9 && of_sex < 0.9, "{sex} {date}: {number} {of_sex}");
    }
}
