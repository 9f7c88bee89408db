//! Pictures that are not one whole card, the right way round: an answer within bounds for each.

use absah_vision::card::{CardField, CardReading};
use absah_vision::picture::{Picture, Turn};
use absah_vision::runtime::{Bench, ModelRun};

use crate::harness::{NIK, card, photograph, with_bench};

/// A picture of some size; the colour at every place.
fn picture(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Picture {
    let pixels = (0..width * height).flat_map(|place| colour(place % width, place / width));
    Picture::new(width, height, pixels.collect()).expect("a picture")
}

/// The pixel of a picture at a place, its border beyond.
fn pixel(of: &Picture, x: u32, y: u32) -> [u8; 3] {
    let (x, y) = (x.min(of.width() - 1), y.min(of.height() - 1));
    of.rgb().as_chunks::<3>().0[(y * of.width() + x) as usize]
}

/// A picture made smaller by averaging blocks.
fn reduced(of: &Picture, times: u32) -> Picture {
    picture(of.width() / times, of.height() / times, |x, y| {
        let mut sums = [0_u32; 3];
        for (dx, dy) in (0..times).flat_map(|dx| (0..times).map(move |dy| (dx, dy))) {
            let colour = pixel(of, x * times + dx, y * times + dy);
            sums = std::array::from_fn(|channel| sums[channel] + u32::from(colour[channel]));
        }
        sums.map(|sum| (sum / (times * times)) as u8)
    })
}

fn noise(x: u32, y: u32) -> [u8; 3] {
    let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
    [(mixed >> 8) as u8, (mixed >> 16) as u8, (mixed >> 24) as u8]
}

/// The most pixels of lines that the recognisers are run on for a picture, whatever it shows: five places, 700 line heights
/// of 48 pixels each, every line read at most three times, and as much again for values.
const MOST_LINE_PIXELS: usize = 2 * 5 * 3 * 700 * 48;

fn read(bench: &mut Bench, picture: &Picture) -> (CardReading, Vec<ModelRun>) {
    bench.start_recording();
    let reading = bench.read_card(picture).expect("no model failed");
    (reading, bench.take_recording().runs)
}

/// What is expected of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Expected {
    /// No card.
    Nothing,
    /// A card with its number.
    Number,
    /// A card, and no number that is not its own.
    NoOtherNumber,
}

#[test]
fn every_picture_gets_an_answer_within_bounds() {
    use Expected::{NoOtherNumber, Nothing, Number};
    let whole = card(|_| ());
    let (width, height) = (whole.width(), whole.height());
    let words = "WIRA ".repeat(60).trim_end().to_owned();
    let rows: Vec<(&str, Picture, Expected)> = vec![
        ("as drawn", card(|_| ()), Number),
        ("upside down", whole.turned(Turn::Half), Number),
        ("on its side", whole.turned(Turn::Right), Number),
        ("400 pixels wide", reduced(&whole, 3), Number),
        ("200 pixels wide", reduced(&whole, 6), NoOtherNumber),
        ("mirrored", picture(width, height, |x, y| pixel(&whole, width - 1 - x, y)), Nothing),
        ("its right half", picture(width / 2, height, |x, y| pixel(&whole, x + width / 2, y)), Nothing),
        ("its left half", picture(width / 2, height, |x, y| pixel(&whole, x, y)), NoOtherNumber),
        (
            "its lower half",
            picture(width, height / 2, |x, y| pixel(&whole, x, y + height / 2)),
            NoOtherNumber,
        ),
        ("two of them", picture(2 * width, height, |x, y| pixel(&whole, x % width, y)), Number),
        ("a person", photograph("astronaut"), Nothing),
        ("noise", picture(900, 600, noise), Nothing),
        ("black", picture(900, 600, |_, _| [0; 3]), Nothing),
        ("white", picture(900, 600, |_, _| [255; 3]), Nothing),
        (
            "a chequerboard",
            picture(900, 600, |x, y| [if (x / 8 + y / 8) % 2 == 0 { 0 } else { 255 }; 3]),
            Nothing,
        ),
        ("a pixel", picture(1, 1, |_, _| [9; 3]), Nothing),
        ("a line of pixels", picture(10_000, 1, noise), Nothing),
        ("10,000 pixels wide", picture(10_000, 1_500, |x, y| pixel(&whole, x / 2, y / 2)), NoOtherNumber),
        ("a field of 300 characters", card(|text| text.address = words.clone()), Number),
        ("a word of 300 characters", card(|text| text.name = "W".repeat(300)), NoOtherNumber),
        (
            "values that are labels",
            card(|text| {
                text.name = "NAMA ALAMAT NIK".into();
                text.address = "TEMPAT/TGL LAHIR AGAMA PEKERJAAN".into();
                text.district = "KECAMATAN".into();
            }),
            NoOtherNumber,
        ),
        (
            "without a name, a number and a date",
            card(|text| {
                [&mut text.nik, &mut text.name, &mut text.birth_date].into_iter().for_each(String::clear)
            }),
            NoOtherNumber,
        ),
    ];
    with_bench(move |bench| {
        for (case, picture, expected) in rows {
            let (reading, runs) = read(bench, &picture);
            let number = reading.fields.get(&CardField::Nik);
            let as_expected = match expected {
                Nothing => reading.quad.is_none() && reading.fields.is_empty(),
                Number => number.is_some_and(|read| read.value == NIK && read.confidence > 0.9),
                NoOtherNumber => number.is_none_or(|read| read.value == NIK || read.confidence < 0.9),
            };
            assert!(as_expected, "{case}: found {:?} {}", reading.quad, reading.fields.len());
            let read: usize = runs.iter().filter(|run| run.height == 48).map(|run| run.width).sum();
            assert!(read <= MOST_LINE_PIXELS, "{case}: {read}");
            assert!((0.0..=1.0).contains(&reading.likeness), "{case}");
            for (field, read) in &reading.fields {
                assert!(read.quad.is_finite() && (0.0..=1.0).contains(&read.confidence), "{case} {field}");
                assert!(!read.value.trim().is_empty() && read.value.len() < 4_000, "{case} {field}");
            }
        }
    });
}
