//! What decoding at reduced scale would save: zune-jpeg, which decodes every pixel, beside jpeg-decoder, which can scale,
//! on the selfie as a phone sends it and enlarged to twelve megapixels. More pictures may be named behind `--`.
//!
//! The decoders take turns, so that a busy machine disturbs them alike.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a table for people; it ends where its ground is missing"
)]

use std::hint::black_box;
use std::time::Instant;

use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::benchmark::SELFIE;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};

/// Turns of every decoder.
const ROUNDS: usize = 25;

/// Sides of a picture of twelve megapixels, in the selfie's proportion.
const LARGE: (u32, u32) = (2828, 4242);

/// Deviation of the enlarged picture's noise, in grey levels: as the selfie's own.
const NOISE: f64 = 2.0;

fn main() {
    println!("| picture | decoder | result | median ms | times the whole picture's |\n|---|---|---|---|---|");
    table("selfie, 1.5 megapixels", SELFIE);
    table("enlarged, 12 megapixels", &enlarged());
    for path in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        table(&path, &std::fs::read(&path).expect("a picture"));
    }
}

/// A decoder's name, and how it decodes: the sides of what comes out.
type Form<'f> = (String, Box<dyn Fn(&[u8]) -> (u32, u32) + 'f>);

fn table(picture: &str, bytes: &[u8]) {
    let mut forms: Vec<Form> = vec![("admission (zune-jpeg, checked)".into(), Box::new(admitted))];
    for times in [1, 2, 4] {
        let decode = move |bytes: &[u8]| scaled(bytes, times);
        forms.push((format!("jpeg-decoder, one in {times} a side"), Box::new(decode)));
    }
    let mut taken: Vec<Vec<f64>> = vec![Vec::new(); forms.len()];
    let mut sides = vec![(0, 0); forms.len()];
    // The first turn is slower than those that follow.
    for round in 0..=ROUNDS {
        for (place, (_, decode)) in forms.iter().enumerate() {
            let begun = Instant::now();
            sides[place] = decode(bytes);
            let took = begun.elapsed().as_secs_f64() * 1e3;
            if round > 0 {
                taken[place].push(took);
            }
        }
    }
    for ((name, _), (times, (width, height))) in forms.iter().zip(taken.iter().zip(&sides)) {
        let ratios = times.iter().zip(&taken[0]).map(|(its, whole)| its / whole).collect();
        let (time, ratio) = (median(times.clone()), median(ratios));
        println!("| {picture} | {name} | {width} x {height} | {time:.1} | {ratio:.2} |");
    }
}

fn admitted(bytes: &[u8]) -> (u32, u32) {
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    let picture = admit(bytes, &any, &PixelBudget::default()).expect("a picture");
    (picture.width(), picture.height())
}

/// Decoded at one pixel for `times` a side, nothing checked beyond what the decoder does.
fn scaled(bytes: &[u8], times: u16) -> (u32, u32) {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.read_info().expect("a header");
    let stored = decoder.info().expect("a header");
    let (width, height) =
        decoder.scale(stored.width.div_ceil(times), stored.height.div_ceil(times)).expect("a scale");
    black_box(decoder.decode().expect("a picture"));
    (width.into(), height.into())
}

/// The selfie enlarged, with noise of its own: without it there would be hardly anything to decode.
fn enlarged() -> Vec<u8> {
    let selfie = image::load_from_memory(SELFIE).expect("a picture").into_rgb8();
    let mut large = resize(&selfie, LARGE.0, LARGE.1, FilterType::CatmullRom);
    let mut state = 1_u64;
    let mut uniform = || {
        // Knuth's linear congruential generator; its upper bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 24)
    };
    for value in large.iter_mut() {
        // The sum of three uniform numbers has a deviation of one half.
        let noise = (uniform() + uniform() + uniform() - 1.5) * 2.0 * NOISE;
        *value = (f64::from(*value) + noise).round().clamp(0.0, 255.0) as u8;
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode(&large, LARGE.0, LARGE.1, ExtendedColorType::Rgb8)
        .expect("memory");
    bytes
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
