//! Where drawn cards are found, and that no picture is a fault.

use fast_image_resize::Resizer;
use proptest::prelude::*;

use super::*;
use crate::card::quad::{CARD_RATIO, Homography};
use crate::geometry::{Bounds, Point};

/// What a card lies on: the colour at a place.
type Ground = fn(f32, f32) -> [u8; 3];

/// Light blue ground, rows of print in words, a portrait: the colour at a share of the card's width and height.
fn card(x: f32, y: f32) -> [u8; 3] {
    let row = (y * 20.0).floor();
    let is_print = (2.0..18.0).contains(&row)
        && (y * 20.0).fract() > 0.45
        && (0.04..0.62).contains(&x)
        && (x * 60.0 + row * 7.0).sin() > -0.6
        && (x * 240.0).fract() > 0.4;
    let is_portrait = (0.715..0.958).contains(&x) && (0.281..0.784).contains(&y);
    match (is_print, is_portrait) {
        (true, _) => [40, 40, 45],
        (_, true) => [180, 60, 50],
        _ => [176, 205, 226],
    }
}

/// A photographed card: four samples a pixel, a little of everything beneath showing at the sides.
fn photograph(
    (width, height): (u32, u32),
    quad: &Quad,
    ground: Ground,
    over: impl Fn(f32, f32) -> Option<[u8; 3]>,
) -> Picture {
    let unit = Quad::of_bounds(Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 });
    let onto = Homography::between(quad, &unit).expect("a shape");
    let colour = |x: f32, y: f32| {
        let at = onto.apply(Point { x, y });
        let is_card = (0.0..1.0).contains(&at.x) && (0.0..1.0).contains(&at.y);
        over(x, y).unwrap_or_else(|| if is_card { card(at.x, at.y) } else { ground(x, y) })
    };
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let samples = [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)]
                .map(|(dx, dy)| colour(x as f32 + dx, y as f32 + dy));
            // Grain of two levels, always the same.
            let grain = ((x * 7919 + y * 104_729 + x * y * 31) % 5) as u16;
            rgb.extend((0..3).map(|channel| {
                let sum: u16 = samples.iter().map(|colour| u16::from(colour[channel])).sum();
                (sum / 4 + grain).min(255) as u8
            }));
        }
    }
    Picture::new(width, height, rgb).expect("a picture")
}

fn quad(corners: [(f32, f32); 4]) -> Quad {
    Quad { corners: corners.map(|(x, y)| Point { x, y }) }
}

/// A card `width` pixels wide about a place, turned by `degrees`.
fn lying(x: f32, y: f32, width: f32, degrees: f32) -> Quad {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (w, h) = (width / 2.0, width / CARD_RATIO / 2.0);
    quad([(-w, -h), (w, -h), (w, h), (-w, h)].map(|(a, b)| (x + a * cos - b * sin, y + a * sin + b * cos)))
}

fn found(picture: &Picture) -> Vec<Candidate> {
    candidates(picture, &mut Resizer::new()).expect("it can be searched")
}

/// How far the first candidate's corners are off, in card widths, whichever way up.
fn error(picture: &Picture, truth: &Quad) -> f32 {
    let Some(first) = found(picture).first().copied() else { return f32::INFINITY };
    let off = |turn| first.quad.turned(turn).corner_distance(truth);
    (0..4).map(off).fold(f32::INFINITY, f32::min) / truth.width()
}

#[test]
fn a_card_is_found_on_any_ground() {
    let dark: Ground = |_, _| [30, 28, 33];
    let white: Ground = |_, _| [238, 238, 236];
    let wood: Ground = |x, y| {
        let grain = ((x * 0.04 + (y * 0.011).sin() * 3.0).sin() * 18.0) as i16;
        [140, 100, 60].map(|level| (level + grain) as u8)
    };
    let tiles: Ground =
        |x, y| if x % 90.0 < 4.0 || y % 90.0 < 4.0 { [120, 110, 100] } else { [205, 200, 190] };
    let print: Ground = |x, y| {
        let is_ink = y % 28.0 < 11.0 && (x * 0.05 + (y / 28.0).floor() * 3.0).sin() > -0.5;
        if is_ink { [60; 3] } else { [235; 3] }
    };
    let slanted = quad([(170.0, 140.0), (620.0, 190.0), (600.0, 470.0), (130.0, 440.0)]);
    let rows: [(&str, Quad, Ground); 9] = [
        ("level, on a dark table", lying(400.0, 300.0, 500.0, 0.0), dark),
        ("tilted, on a dark table", lying(400.0, 300.0, 450.0, 17.0), dark),
        ("on its side", lying(400.0, 300.0, 420.0, 91.0), wood),
        ("upside down, tilted", lying(380.0, 310.0, 460.0, 205.0), wood),
        ("seen at a slant", slanted, wood),
        ("on white paper", lying(400.0, 300.0, 450.0, -8.0), white),
        ("on tiles", lying(420.0, 290.0, 400.0, 21.0), tiles),
        ("on a printed page", lying(400.0, 310.0, 480.0, 9.0), print),
        ("small", lying(250.0, 350.0, 240.0, 33.0), dark),
    ];
    for (case, truth, ground) in rows {
        let picture = photograph((800, 600), &truth, ground, |_, _| None);
        let off = error(&picture, &truth);
        assert!(off < 0.01, "{case}: {off}");
    }
}

#[test]
fn a_card_is_found_though_something_hides_a_part_of_it() {
    let dark: Ground = |_, _| [50, 46, 40];
    let truth = lying(400.0, 300.0, 480.0, 6.0);
    type Over = fn(f32, f32) -> Option<[u8; 3]>;
    let rows: [(&str, Over); 3] = [
        ("a thumb over a corner", |x, y| ((x - 150.0).hypot(y - 470.0) < 75.0).then_some([200, 150, 120])),
        ("a finger across a side", |x, y| (x > 560.0 && (y - 300.0).abs() < 40.0).then_some([200, 150, 120])),
        ("a strap across the card", |x, y| ((x - y - 60.0).abs() < 14.0).then_some([20, 20, 90])),
    ];
    for (case, over) in rows {
        let off = error(&photograph((800, 600), &truth, dark, over), &truth);
        assert!(off < 0.015, "{case}: {off}");
    }
    let beyond = lying(400.0, 270.0, 700.0, 4.0);
    let picture = photograph((760, 560), &beyond, dark, |_, _| None);
    let off = error(&picture, &beyond);
    assert!(off < 0.015, "a corner beyond the picture: {off}");
}

#[test]
fn a_scan_without_a_margin_is_a_card_as_a_whole() {
    for (width, height) in [(1011, 638), (638, 1011), (400, 252)] {
        let all = Bounds { left: -0.5, top: -0.5, width: width as f32, height: height as f32 };
        let mut truth = Quad::of_bounds(all);
        if width < height {
            truth = truth.turned(1);
        }
        let picture = photograph((width, height), &truth, |_, _| [0; 3], |_, _| None);
        let near = found(&picture).iter().any(|candidate| {
            (0..4).any(|turn| candidate.quad.turned(turn).corner_distance(&truth) < 0.02 * truth.width())
        });
        assert!(near, "{width} x {height}: {:?}", found(&picture));
    }
}

#[test]
fn a_part_of_a_card_is_put_behind_the_card() {
    let card = lying(400.0, 300.0, 400.0, 0.0);
    let at = |left, top, width: f32| Quad::of_bounds(Bounds { left, top, width, height: width / CARD_RATIO });
    let [corner, ..] = card.corners;
    let rows = [
        ("in a corner", at(corner.x + 2.0, corner.y - 3.0, 200.0), 0.6, true),
        ("hardly any reason for the whole", at(corner.x, corner.y, 200.0), 0.1, false),
        ("a card on a sheet", at(corner.x + 60.0, corner.y + 50.0, 200.0), 0.6, false),
        ("more than a part of it", at(corner.x, corner.y, 300.0), 0.6, false),
        ("beside it", at(corner.x - 200.0, corner.y, 200.0), 0.6, false),
    ];
    for (case, part, score, changes) in rows {
        let mut kept = [(0.9, part), (score, card)];
        prefer_wholes(&mut kept);
        assert_eq!((kept[0].1 == card, kept[0].0, kept[1].0), (changes, 0.9, score), "{case}");
    }
}

#[test]
fn sides_far_from_those_of_cards_are_no_fault() {
    for (width, height) in [(1, 1), (2, 2), (1, 3000), (3000, 1), (10_000, 3), (7, 5), (200, 126)] {
        for level in [0, 128, 255] {
            let picture =
                Picture::new(width, height, vec![level; (width * height * 3) as usize]).expect("a picture");
            assert!(found(&picture).len() <= MOST_CANDIDATES, "{width} x {height}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Noise, blocks and stripes: whatever is found is a shape about the picture's place, in order, and not too much.
    #[test]
    fn whatever_is_found_is_a_shape(
        width in 1_u32..260, height in 1_u32..260, block in 1_u32..60, seed in any::<u32>(), levels in 1_u32..256,
    ) {
        let pixel = |place: u32| {
            let (x, y) = (place % width / block, place / width / block);
            let mix = (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B) ^ seed).wrapping_mul(0xC2B2_AE35);
            [(mix >> 24) % levels, (mix >> 16) % levels, (mix >> 8) % levels].map(|level| level as u8)
        };
        let picture = Picture::new(width, height, (0..width * height).flat_map(pixel).collect()).expect("a picture");
        let found = found(&picture);
        prop_assert!(found.len() <= MOST_CANDIDATES);
        prop_assert!(found.is_sorted_by(|a, b| a.score >= b.score));
        for Candidate { quad, score } in found {
            prop_assert!(quad.is_finite() && quad.is_convex() && (0.0..=1.0).contains(&score));
            prop_assert!(quad.share_within(width, height) > 0.5);
            prop_assert!(quad.width() > 0.9 * quad.height());
        }
    }
}
