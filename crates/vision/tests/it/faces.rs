//! The face pipeline with the real models on free photographs.

use absah_core::face::{Calibration, Profile};
use absah_vision::face::{Face, Quality, nearest_centre};
use absah_vision::picture::Picture;
use absah_vision::rephotograph::{self, Condition, Species};
use absah_vision::runtime::{Bench, ModelError, Workers, WorkersConfig};

use crate::harness::{models, photograph, picture_of, with_bench};

/// `width` x `height` pixels of `picture`, read from `scale` times the place plus an offset; beyond it mid grey.
fn resampled(picture: &Picture, width: u32, height: u32, scale: f32, offset: (f32, f32)) -> Picture {
    let place = |row: u32, column: u32| {
        let (x, y) = (column as f32 * scale + offset.0, row as f32 * scale + offset.1);
        let inside = x >= 0.0 && y >= 0.0 && x < picture.width() as f32 && y < picture.height() as f32;
        let start = (y as usize * picture.width() as usize + x as usize) * 3;
        if inside {
            [picture.rgb()[start], picture.rgb()[start + 1], picture.rgb()[start + 2]]
        } else {
            [127; 3]
        }
    };
    let rgb = (0..height).flat_map(|row| (0..width).flat_map(move |column| place(row, column))).collect();
    Picture::new(width, height, rgb).expect("a picture")
}

fn score(bench: &mut Bench, calibration: &Calibration, left: &Picture, right: &Picture) -> f64 {
    let [left, right] = [left, right].map(|picture| {
        let face = *bench.detect(picture).expect("detection").first().expect("a face");
        bench.embed(picture, &face).expect("a template")
    });
    calibration.compare(&left, &right).expect("one model")
}

#[test]
fn one_person_matches_and_others_do_not() {
    let calibration = models().scales().of(Profile::SelfiePortrait).clone();
    with_bench(move |bench| {
        let table = [
            ("president-1", "president-2", true),
            ("president-1", "selfie-1.5mp", true),
            ("president-2", "selfie-1.5mp", true),
            ("president-1", "vice-president", false),
            ("president-2", "vice-president", false),
            ("president-1", "astronaut", false),
            ("vice-president", "astronaut", false),
        ];
        for (left, right, same) in table {
            let score = score(bench, &calibration, &photograph(left), &photograph(right));
            assert_eq!(score >= 75.0, same, "{left} and {right}: {score:.1}");
            assert!(same || score < 55.0, "{left} and {right} are far apart: {score:.1}");
        }
    });
}

#[test]
fn a_picture_without_a_face_has_none() {
    with_bench(|bench| {
        let flat = |width: u32, height: u32| {
            Picture::new(width, height, vec![90; (width * height * 3) as usize]).expect("a picture")
        };
        let noise =
            (0..300 * 300 * 3_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let table = [
            ("flat", flat(400, 300)),
            ("one pixel", flat(1, 1)),
            ("a line", flat(2000, 1)),
            ("a column", flat(1, 3000)),
            ("noise", Picture::new(300, 300, noise).expect("a picture")),
        ];
        for (case, picture) in table {
            assert_eq!(bench.detect(&picture).expect("no error"), [], "{case}");
        }
    });
}

#[test]
fn a_face_is_found_where_it_is_at_any_size() {
    with_bench(|bench| {
        let photograph = photograph("president-1");
        let found = bench.detect(&photograph).expect("detection");
        let expected = *found.first().expect("a face");
        // (case, canvas, scale: photograph's pixels per pixel, photograph's place of the first pixel)
        let table = [
            ("half as large", (280, 350), 2.0, (0.0, 0.0)),
            ("a quarter", (140, 175), 4.0, (0.0, 0.0)),
            ("three times as large", (1680, 2100), 1.0 / 3.0, (0.0, 0.0)),
            ("small in a large picture", (3000, 2000), 1.0, (-1800.0, -900.0)),
            ("cut tightly", crop_size(&expected), 1.0, (expected.bounds.left, expected.bounds.top)),
        ];
        for (case, (width, height), scale, offset) in table {
            let picture = resampled(&photograph, width, height, scale, offset);
            let faces = bench.detect(&picture).expect("detection");
            let face =
                nearest_of(&faces, &expected, scale, offset).unwrap_or_else(|| panic!("{case}: no face"));
            let tolerance = expected.eye_distance() * 0.12;
            for (found, landmark) in face.landmarks.iter().zip(expected.landmarks) {
                let (x, y) = (found.x * scale + offset.0, found.y * scale + offset.1);
                let off = (x - landmark.x).hypot(y - landmark.y);
                assert!(off < tolerance, "{case}: a landmark is off by {off:.1} of {tolerance:.1} pixels");
            }
        }
    });
}

fn crop_size(face: &Face) -> (u32, u32) {
    (face.bounds.width as u32, face.bounds.height as u32)
}

/// The detected face whose centre is nearest where the expected one has gone.
fn nearest_of(faces: &[Face], expected: &Face, scale: f32, offset: (f32, f32)) -> Option<Face> {
    let centre = expected.bounds.centre();
    let distance = |face: &Face| {
        let found = face.bounds.centre();
        (found.x * scale + offset.0 - centre.x).hypot(found.y * scale + offset.1 - centre.y)
    };
    faces.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[test]
fn of_two_faces_the_larger_is_first_and_the_central_can_be_named() {
    with_bench(|bench| {
        let (large, small) = (photograph("president-1"), photograph("astronaut"));
        let (width, height) = (large.width() + 512, large.height());
        let mut rgb = Vec::new();
        for row in 0..height as usize {
            let line = row * large.width() as usize * 3;
            rgb.extend_from_slice(&large.rgb()[line..line + large.width() as usize * 3]);
            match small.rgb().get(row * 512 * 3..(row + 1) * 512 * 3) {
                Some(line) => rgb.extend_from_slice(line),
                None => rgb.resize(rgb.len() + 512 * 3, 127),
            }
        }
        let picture = Picture::new(width, height, rgb).expect("a picture");
        let faces = bench.detect(&picture).expect("detection");
        assert_eq!(faces.len(), 2, "{faces:?}");
        assert!(faces[0].bounds.area() > faces[1].bounds.area());
        assert!(faces[0].bounds.centre().x < large.width() as f32);
        let share = Quality::measure(&picture, &faces).expect("a face").second_face_share;
        assert!((0.05..0.9).contains(&share), "{share}");
        assert!(nearest_centre(&faces, &picture).is_some());
    });
}

#[test]
fn the_face_in_the_middle_is_looked_at_as_closely_as_the_largest() {
    with_bench(|bench| {
        let (middle, larger) = (photograph("president-1"), photograph("vice-president"));
        // A face in the middle of a wide picture, a larger one in its corner; both small on the canvas.
        let (width, height) = (2_400, 1_600);
        let scale = middle.width() as f32 / 600.0;
        let corner = resampled(&larger, 900, 1_080, larger.width() as f32 / 900.0, (0.0, 0.0));
        let left = width as f32 / 2.0 * scale - middle.width() as f32 / 2.0;
        let top = height as f32 / 2.0 * scale - middle.height() as f32 / 2.0;
        let mut rgb = resampled(&middle, width, height, scale, (-left, -top)).rgb().to_vec();
        for row in 0..1_080 {
            let line = &corner.rgb()[row * 2_700..(row + 1) * 2_700];
            rgb[row * width as usize * 3..][..2_700].copy_from_slice(line);
        }
        let both = Picture::new(width, height, rgb).expect("a picture");

        let faces = bench.detect(&both).expect("detection");
        let coarse = *nearest_centre(&faces, &both).expect("a face");
        let close = bench.detect_nearest_centre(&both).expect("detection").expect("a face");
        assert!(faces.len() == 2 && faces[0].bounds.centre().x < 900.0, "{faces:?}");
        assert!(close.bounds.overlap(coarse.bounds) > 0.3, "{close:?} {coarse:?}");
        // Alone it is the most prominent one, so this is what the closer look finds.
        let alone = resampled(&middle, width, height, scale, (-left, -top));
        let expected = *bench.detect(&alone).expect("detection").first().expect("a face");
        let away = |face: &Face| -> f32 {
            face.landmarks.iter().zip(expected.landmarks).map(|(at, place)| at.distance(place)).sum()
        };
        assert!(away(&close) < away(&coarse) / 2.0, "{} {}", away(&close), away(&coarse));
    });
}

#[test]
fn quality_tells_a_portrait_from_a_blurred_and_a_tiny_one() {
    with_bench(|bench| {
        let photograph = photograph("president-1");
        let mut measure = |picture: &Picture| {
            let faces = bench.detect(picture).expect("detection");
            Quality::measure(picture, &faces).expect("a face")
        };
        let good = measure(&photograph);
        // Read at a tenth of the resolution and enlarged again: nothing finer than ten pixels is left.
        let tiny =
            resampled(&photograph, photograph.width() / 10, photograph.height() / 10, 10.0, (5.0, 5.0));
        let coarse = measure(&tiny);
        assert!(good.sharpness > 5.0 && good.eye_distance > 60.0, "{good:?}");
        assert!(coarse.eye_distance < 20.0 && coarse.crop_side < 56.0, "{coarse:?}");
    });
}

#[test]
fn a_picture_shown_to_a_camera_is_less_of_a_bona_fide_presentation_than_itself() {
    with_bench(|bench| {
        let mut score = |picture: &Picture| {
            let face = *bench.detect(picture).expect("detection").first()?;
            let score = bench.presentation(picture, &face).expect("a score");
            assert_eq!(bench.presentation(picture, &face).expect("a score"), score, "the same again");
            assert!((0.0..=100.0).contains(&score), "{score}");
            Some((face, score))
        };
        let (mut themselves, mut shown) = (Vec::new(), Vec::new());
        let backdrop = photograph("astronaut");
        for name in ["president-1", "vice-president", "selfie-1.5mp"] {
            let picture = photograph(name);
            let (face, own) = score(&picture).expect("a face");
            themselves.push(own);
            for species in Species::ALL {
                let taken =
                    rephotograph::photograph(&picture, &face, &backdrop, species, Condition::Far, 1, name)
                        .expect("encoded");
                let taken = picture_of(&taken.jpeg);
                shown.push(score(&taken).map_or(0.0, |(_, score)| score));
            }
        }
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        assert!(mean(&themselves) > mean(&shown) + 30.0, "{themselves:?} {shown:?}");
    });
}

#[test]
fn without_models_every_model_call_says_so() {
    let workers = Workers::start(WorkersConfig { threads: 1, queue_length: 1 }, None).expect("workers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let picture = photograph("astronaut");
    let error = runtime
        .block_on(workers.run(move |bench| bench.detect(&picture)))
        .expect("ran")
        .expect_err("no models");
    assert!(matches!(error, ModelError::NotLoaded));
}
