//! What holds of every photograph of a card and of a folder of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::*;
use crate::specimen::{CARD_HEIGHT, CARD_WIDTH, CardText, draw};

fn text(name: &str) -> CardText {
    let mut text = CardText::example();
    (text.name, text.blood_type, text.district) = (name.into(), String::new(), "CICENDO".into());
    text
}

fn portrait() -> Picture {
    Picture::new(30, 40, [180, 140, 120].repeat(30 * 40)).expect("a picture")
}

fn grey(pixel: &[u8]) -> f32 {
    pixel.iter().map(|channel| f32::from(*channel)).sum()
}

/// How alike a photograph and the drawn card are, −1 to 1, where the card is looked up by the corners that are told.
fn correlation(photograph: &image::RgbImage, corners: &[(f32, f32); 4], card: &Picture) -> f32 {
    let map = homography(corners);
    let mut pairs = Vec::new();
    for row in (20..CARD_HEIGHT - 20).step_by(5) {
        for column in (20..CARD_WIDTH - 20).step_by(5) {
            let (x, y) = map(column as f32 / CARD_WIDTH as f32, row as f32 / CARD_HEIGHT as f32);
            let (x, y) = (
                x.clamp(0.0, photograph.width() as f32 - 1.0),
                y.clamp(0.0, photograph.height() as f32 - 1.0),
            );
            let place = (row * CARD_WIDTH + column) as usize * 3;
            pairs.push((
                grey(&photograph.get_pixel(x as u32, y as u32).0),
                grey(&card.rgb()[place..place + 3]),
            ));
        }
    }
    let count = pairs.len() as f32;
    let mean = |of: fn(&(f32, f32)) -> f32| pairs.iter().map(of).sum::<f32>() / count;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let both: f32 = pairs.iter().map(|pair| (pair.0 - a) * (pair.1 - b)).sum();
    let (one, other): (f32, f32) = pairs
        .iter()
        .fold((0.0, 0.0), |sums, pair| (sums.0 + (pair.0 - a).powi(2), sums.1 + (pair.1 - b).powi(2)));
    both / (one * other).sqrt()
}

/// From the unit square to a quadrilateral (Heckbert's closed form).
fn homography(&[a, b, c, d]: &[(f32, f32); 4]) -> impl Fn(f32, f32) -> (f32, f32) {
    let (dx1, dx2, dx3) = (b.0 - c.0, d.0 - c.0, a.0 - b.0 + c.0 - d.0);
    let (dy1, dy2, dy3) = (b.1 - c.1, d.1 - c.1, a.1 - b.1 + c.1 - d.1);
    let area = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((dx3 * dy2 - dx2 * dy3) / area, (dx1 * dy3 - dx3 * dy1) / area);
    move |u, v| {
        let depth = g * u + h * v + 1.0;
        let along = |a: f32, b: f32, d: f32| (b - a + g * b) * u + (d - a + h * d) * v + a;
        (along(a.0, b.0, d.0) / depth, along(a.1, b.1, d.1) / depth)
    }
}

#[test]
fn the_card_is_where_the_corners_say() {
    let card = draw(&text("ASEP SUPRIYADI"), &portrait()).expect("a card");
    for name in 0..6 {
        let taken = Shot::choose(5, &name.to_string()).take(&card).expect("a photograph");
        let photograph = image::load_from_memory(&taken.jpeg).expect("a JPEG").into_rgb8();
        let told = correlation(&photograph, &taken.corners, &card);
        let [a, b, c, d] = taken.corners;
        let turned = correlation(&photograph, &[c, d, a, b], &card);
        assert!(told > 0.45 && told > turned + 0.2, "{name} {:?}: {told} {turned}", taken.conditions);
    }
}

#[test]
fn the_same_seed_and_name_give_the_same_photograph() {
    let card = draw(&text("ASEP SUPRIYADI"), &portrait()).expect("a card");
    let jpeg = |seed, name| Shot::choose(seed, name).take(&card).expect("a photograph").jpeg;
    assert!(jpeg(1, "a") == jpeg(1, "a"));
    assert!(jpeg(1, "a") != jpeg(1, "b") && jpeg(1, "a") != jpeg(2, "a"));
}

/// The files of a folder of the first `count` cards.
fn files(count: usize, flat: bool, jobs: usize) -> BTreeMap<String, Vec<u8>> {
    let names = ["ASEP SUPRIYADI", "SITI, S.PD", "BUDI"];
    let cards = names.into_iter().take(count).map(|name| (text(name), 0)).collect();
    let portraits = vec![Portrait { name: "nobody".into(), picture: portrait() }];
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("below/out");
    collect(&Collection { cards, portraits, seed: 9, flat }, &out, jobs, &|_, _| ()).expect("a collection");
    read(&out)
}

fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("readable"))
        })
        .collect()
}

#[test]
fn a_picture_does_not_depend_on_how_many_there_are_or_who_makes_them() {
    let (few, many) = (files(1, false, 1), files(2, false, 2));
    assert_eq!(many.len(), 3);
    assert!(few["card-00001.jpg"] == many["card-00001.jpg"]);
    assert!(many["card-00001.jpg"] != many["card-00002.jpg"]);
    let manifest =
        |files: &BTreeMap<String, Vec<u8>>| String::from_utf8(files["manifest.csv"].clone()).expect("UTF-8");
    assert!(manifest(&many).starts_with(&manifest(&few)));
}

#[test]
fn the_manifest_says_what_is_printed() {
    let files = files(2, true, 2);
    let mut reader = csv::Reader::from_reader(files["manifest.csv"].as_slice());
    let header: Vec<String> = reader.headers().expect("a heading").iter().map(str::to_owned).collect();
    let mut columns = vec!["path"];
    columns.extend(CardText::FIELDS);
    columns.extend(["condition", "ground", "turn", "corners", "portrait"]);
    assert_eq!(header, columns);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 2);
    let of = |row: &csv::StringRecord, column: &str| {
        row[columns.iter().position(|name| *name == column).expect("a column")].to_owned()
    };
    let expected = [
        ("path", "card-00002.png"),
        ("name", "SITI, S.PD"),
        ("date_of_birth", "06-07-1990"),
        ("blood_type", ""),
        ("rt", "002"),
        ("rw", "016"),
        ("city", "KOTA BANDUNG"),
        ("subdistrict", "SUKAJADI"),
        ("nationality", "WNI"),
        ("issue_date", "12-05-2018"),
        ("condition", "flat"),
        ("corners", "0.0,0.0 1280.0,0.0 1280.0,807.0 0.0,807.0"),
        ("portrait", "nobody"),
    ];
    for (column, value) in expected {
        assert_eq!(of(&rows[1], column), value, "{column}");
    }
}

#[test]
fn flat_cards_are_opaque_and_fill_their_picture() {
    let files = files(1, true, 1);
    let picture = image::load_from_memory(&files["card-00001.png"]).expect("a PNG");
    assert_eq!(picture.color(), image::ColorType::Rgb8);
    assert_eq!((picture.width(), picture.height()), (CARD_WIDTH, CARD_HEIGHT));
    assert!(picture.width() >= 1_000);
}

#[test]
fn a_card_without_a_portrait_or_a_folder_that_cannot_be_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let collection =
        Collection { cards: vec![(text("BUDI"), 1)], portraits: Vec::new(), seed: 1, flat: true };
    let ending = collect(&collection, folder.path(), 1, &|_, _| ());
    assert!(matches!(ending, Err(CollectionError::NoPortrait)), "{ending:?}");
    let file = folder.path().join("file");
    fs::write(&file, b"").expect("a file");
    let ending = collect(&collection, &file.join("below"), 1, &|_, _| ());
    assert!(matches!(ending, Err(CollectionError::File { .. })), "{ending:?}");
}
