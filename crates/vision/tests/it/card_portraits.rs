//! Portraits as on a photographed card, drawn from ordinary pictures.

use absah_core::face::FaceTemplate;
use absah_vision::degrade::{Dice, FACE_SIDES, card_portrait};
use absah_vision::face::{AlignedFace, Face, Quality};
use absah_vision::picture::Picture;
use absah_vision::runtime::Bench;

use crate::harness::{photograph, with_bench};

fn face(bench: &mut Bench, picture: &Picture) -> Face {
    bench.detect_nearest_centre(picture).expect("detection").expect("a face")
}

fn template(bench: &mut Bench, picture: &Picture) -> FaceTemplate {
    let face = face(bench, picture);
    bench.embed(picture, &face).expect("a template")
}

fn card(bench: &mut Bench, picture: &Picture, seed: u64) -> Picture {
    let face = face(bench, picture);
    card_portrait(picture, &face, &mut Dice::new(seed, "a")).expect("a card")
}

#[test]
fn a_seed_draws_one_card() {
    with_bench(|bench| {
        let picture = photograph("president-1");
        let first = card(bench, &picture, 1);
        assert!(first == card(bench, &picture, 1), "the same seed");
        assert!(first != card(bench, &picture, 2), "another seed");
    });
}

#[test]
fn a_card_is_small_and_soft_and_still_shows_its_person() {
    with_bench(|bench| {
        let people = ["president-1", "vice-president", "astronaut"];
        let plain: Vec<FaceTemplate> = people.iter().map(|name| template(bench, &photograph(name))).collect();
        let (mut genuine, mut impostor) = (Vec::new(), Vec::new());
        for (person, name) in people.iter().enumerate() {
            let picture = photograph(name);
            for seed in 0..8 {
                let card = card(bench, &picture, seed);
                let found = face(bench, &card);
                let aligned = AlignedFace::cut(&card, &found).expect("aligned");
                let (low, high) = FACE_SIDES;
                // Foreshortening and the landmarks' own error move it a little.
                let side = f64::from(aligned.crop_side());
                assert!((low * 0.8..high * 1.2).contains(&side), "{name} {seed}: {side}");
                let original = face(bench, &picture);
                let sharp = |picture: &Picture, face: Face| {
                    Quality::measure(picture, &[face]).expect("aligned").sharpness
                };
                assert!(sharp(&card, found) < sharp(&picture, original), "{name} {seed}");
                let card = template(bench, &card);
                for (other, plain) in plain.iter().enumerate() {
                    let cosine = card.cosine(plain).expect("one model");
                    if other == person { genuine.push(cosine) } else { impostor.push(cosine) }
                }
            }
        }
        let mean = |cosines: &[f32]| cosines.iter().sum::<f32>() / cosines.len() as f32;
        assert!(genuine.iter().all(|cosine| *cosine > 0.36), "{genuine:?}");
        assert!(mean(&genuine) < 0.98 && mean(&genuine) > mean(&impostor) + 0.3, "{genuine:?}");
    });
}
