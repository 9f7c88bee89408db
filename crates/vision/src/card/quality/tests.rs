//! One fault a picture.

use std::f32::consts::PI;

use super::*;
use crate::geometry::{Bounds, Point};

const WIDTH: u32 = 860;
const HEIGHT: u32 = 542;

/// A sharp scan: light blue ground, words in rows, a portrait of several colours; what `change` makes of every pixel.
fn scan(change: impl Fn(f32, f32, [f32; 3]) -> [f32; 3]) -> Picture {
    let pixel = |place: u32| {
        let (column, row) = (place % WIDTH, place / WIDTH);
        let (x, y) = (column as f32 / WIDTH as f32, row as f32 / HEIGHT as f32);
        let is_print = (60..480).contains(&row)
            && row % 26 < 12
            && (20..520).contains(&column)
            && (column / 47 + row / 26) % 4 != 0
            && strokes(column / 3, row / 26);
        let is_portrait = (0.715..0.958).contains(&x) && (0.281..0.784).contains(&y);
        let colour = match (is_print, is_portrait) {
            (true, _) => [35.0, 35.0, 40.0],
            (_, true) if y > 0.5 => [170.0, 125.0, 105.0],
            (_, true) => [175.0, 45.0, 40.0],
            _ => [180.0, 205.0, 226.0],
        };
        change(column as f32, row as f32, colour).map(|level| level.clamp(0.0, 255.0) as u8)
    };
    Picture::new(WIDTH, HEIGHT, (0..WIDTH * HEIGHT).flat_map(pixel).collect()).expect("a picture")
}

/// Whether there is a stroke in a column of a row of print: as irregular as letters.
fn strokes(column: u32, row: u32) -> bool {
    let mix = (column.wrapping_mul(0x9E37_79B9) ^ row.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35);
    (mix ^ (mix >> 15)).wrapping_mul(0x2C1B_3C6D) >> 31 == 0
}

/// Each pixel the mean of a square around it.
fn blurred(picture: &Picture, reach: i64) -> Picture {
    let (width, height) = (i64::from(WIDTH), i64::from(HEIGHT));
    let pixels = picture.rgb().as_chunks::<3>().0;
    let mean = |place: i64| -> [u8; 3] {
        let mut sum = [0_i64; 3];
        for (down, across) in
            (-reach..=reach).flat_map(|down| (-reach..=reach).map(move |across| (down, across)))
        {
            let row = (place / width + down).clamp(0, height - 1);
            let column = (place % width + across).clamp(0, width - 1);
            let pixel = pixels[(row * width + column) as usize];
            sum = std::array::from_fn(|channel| sum[channel] + i64::from(pixel[channel]));
        }
        sum.map(|sum| (sum / (2 * reach + 1).pow(2)) as u8)
    };
    Picture::new(WIDTH, HEIGHT, (0..width * height).flat_map(mean).collect()).expect("a picture")
}

fn measured(picture: &Picture, quad: &Quad) -> CardQuality {
    CardQuality::of(picture, quad).expect("a shape")
}

fn whole(left: f32, top: f32) -> Quad {
    Quad::of_bounds(Bounds { left, top, width: WIDTH as f32 - 1.0, height: HEIGHT as f32 - 1.0 })
}

#[test]
fn every_fault_is_told_and_no_other() {
    let plain = scan(|_, _, colour| colour);
    let grey = scan(|_, _, [red, green, blue]| [0.3 * red + 0.6 * green + 0.1 * blue + 10.0; 3]);
    // Warm light on a photocopy tints it all alike.
    let tinted = scan(|_, _, [red, green, blue]| {
        let level = 0.3 * red + 0.6 * green + 0.1 * blue;
        [1.1 * level, level, 0.8 * level]
    });
    let dark = scan(|_, _, colour| colour.map(|level| 0.35 * level));
    let burnt = scan(|x, y, colour| if (x - 400.0).hypot(y - 250.0) < 60.0 { [255.0; 3] } else { colour });
    let screen = scan(|x, y, colour| {
        let wave = (2.0 * PI * (0.31 * x + 0.12 * y)).sin() + (2.0 * PI * (0.29 * y - 0.11 * x)).sin();
        colour.map(|level| level * (1.0 + 0.06 * wave))
    });
    let at = whole(0.0, 0.0);
    let rows: [(&str, &Picture, Quad, &[CardFault]); 9] = [
        ("none", &plain, at, &[]),
        ("without colour", &grey, at, &[CardFault::Photocopy]),
        ("without colour in warm light", &tinted, at, &[CardFault::Photocopy]),
        ("dark", &dark, at, &[CardFault::Dark]),
        ("burnt out in the middle", &burnt, at, &[CardFault::Glare]),
        ("a screen's raster", &screen, at, &[CardFault::Screen]),
        ("out of focus", &blurred(&plain, 5), at, &[CardFault::Blurred]),
        ("a side beyond the picture", &plain, whole(-40.0, 0.0), &[CardFault::Cropped]),
        ("upside down", &plain, at.turned(2), &[CardFault::Rotated]),
    ];
    for (case, picture, quad, faults) in rows {
        let quality = measured(picture, &quad);
        let found: Vec<CardFault> =
            CardFault::ALL.into_iter().filter(|fault| fault.is_in(&quality)).collect();
        assert_eq!(found, faults, "{case}: {quality:?}");
    }
}

#[test]
fn white_paper_is_no_glare() {
    let copy = scan(|_, _, [red, ..]| if red > 170.0 { [254.0; 3] } else { [red; 3] });
    assert_eq!(measured(&copy, &whole(0.0, 0.0)).glare, 0.0);
}

#[test]
fn the_turn_is_in_degrees_clockwise() {
    let plain = scan(|_, _, colour| colour);
    for (degrees, expected) in
        [(0.0, 0.0), (10.0, 10.0), (-30.0, -30.0), (90.0, 90.0), (180.0, 180.0), (250.0, -110.0)]
    {
        let (sin, cos) = f32::to_radians(degrees).sin_cos();
        let corners = [(-80.0, -50.0), (80.0, -50.0), (80.0, 50.0), (-80.0, 50.0)]
            .map(|(x, y)| Point { x: 400.0 + x * cos - y * sin, y: 250.0 + x * sin + y * cos });
        let found = measured(&plain, &Quad { corners });
        // 180 and -180 are one turn.
        let off = (found.degrees - expected).rem_euclid(360.0);
        assert!(off.min(360.0 - off) < 1e-3, "{degrees}: {}", found.degrees);
        assert!((found.width - 160.0).abs() < 1e-2 && found.cut_off < 1e-5, "{found:?}");
    }
}

#[test]
fn a_card_of_few_pixels_or_of_one_colour_has_measures() {
    for level in [0, 128, 255] {
        let picture = Picture::new(40, 30, vec![level; 40 * 30 * 3]).expect("a picture");
        let tiny = Quad::of_bounds(Bounds { left: 3.0, top: 3.0, width: 8.0, height: 5.0 });
        for quad in [tiny, Quad::of_canvas(40, 30)] {
            let CardQuality { width, degrees, cut_off, blur, brightness, glare, colour, periodicity } =
                measured(&picture, &quad);
            let shares = [cut_off, blur, glare, colour, periodicity];
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{level} {shares:?}");
            assert!(width > 0.0 && degrees.abs() <= 180.0 && (0.0..=255.5).contains(&brightness), "{level}");
        }
    }
}
