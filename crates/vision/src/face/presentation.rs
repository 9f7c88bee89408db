//! Passive presentation-attack detection on one picture.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use super::frame;
use super::geometry::{Bounds, Face};
use crate::models::{ClassOutput, Input, Look, Presentation, Sampling};
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError, Network, Scratch};

/// No look is believed further than odds of about 22,000 to 1: each model is sure of itself where it errs. Bounded more
/// tightly, presentations that only one of them doubts would no longer be told from those that neither does.
const FURTHEST: f64 = 10.0;

/// From which share on a frame around the face speaks against a bona fide presentation (see [`frame::framing`]). Bona fide
/// webcam pictures stay far below; of press photographs, with their banners and doors, one in twenty lies above.
const FRAMED: f64 = 0.95;

/// The log odds a whole frame takes away: enough to decide where the models are unsure, not against both of them.
const FRAME_WEIGHT: f64 = 2.0;

impl Bench {
    /// The bona fide score of a face, 0 to 100, from what all presentation-attack models of the manifest say.
    ///
    /// Each model's log odds of a bona fide presentation, bounded and averaged over its looks, count with the model's
    /// weight and offset, and a frame around the face takes some away; the score is the logistic function of their sum.
    ///
    /// # Errors
    /// A model failed, or [`ModelError::Output`] where the face lies outside the picture.
    pub fn presentation(&mut self, picture: &Picture, face: &Face) -> Result<f64, ModelError> {
        let (networks, scratch) = self.parts()?;
        let mut evidence = 0.0;
        for network in &mut networks.presentation_attack {
            let model = network.entry().presentation.clone().ok_or(ModelError::Output)?;
            let (mut sum, mut looks) = (0.0, 0.0);
            for look in model.looks() {
                let odds = log_odds(network, &model, look, scratch, picture, face)?;
                sum += odds.clamp(-FURTHEST, FURTHEST);
                looks += 1.0;
            }
            evidence += model.weight * sum / looks + model.offset;
        }
        let framed = frame::framing(picture, face.bounds, scratch)?;
        evidence -= FRAME_WEIGHT * ((framed - FRAMED) / (1.0 - FRAMED)).max(0.0);
        Ok(100.0 / (1.0 + (-evidence).exp()))
    }
}

/// The logarithm of a model's odds, at one look, that a living person was presented.
fn log_odds(
    network: &mut Network,
    model: &Presentation,
    look: Look,
    scratch: &mut Scratch,
    picture: &Picture,
    face: &Face,
) -> Result<f64, ModelError> {
    let input = network.entry().input;
    draw(picture, face, look, model.sampling, &input, scratch)?;
    let (width, height) = (input.width as usize, input.height as usize);
    let numbers = network.run_to_vector(&scratch.planes, width, height, model.classes)?;
    let probability = match model.output {
        ClassOutput::Logits => probability(&numbers, model.bona_fide),
        ClassOutput::Probabilities => numbers.get(model.bona_fide).copied().map_or(0.0, f64::from),
    };
    // At the ends of the range the logarithm has no bound; the model's own is applied to what is left.
    let probability = probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    Ok((probability / (1.0 - probability)).ln())
}

/// Draws what a model sees of a face at one look into `scratch.planes`.
fn draw(
    picture: &Picture,
    face: &Face,
    look: Look,
    sampling: Sampling,
    input: &Input,
    scratch: &mut Scratch,
) -> Result<(), ModelError> {
    let seen = surroundings(picture, face.bounds, look.crop).ok_or(ModelError::Output)?;
    let Scratch { resizer, pixels, planes } = scratch;
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.rgb())?;
    pixels.resize((input.width * input.height * 3) as usize, 0);
    let mut target = TypedImage::<U8x3>::from_buffer(input.width, input.height, pixels)?;
    let options = ResizeOptions::new().resize_alg(algorithm(sampling)).crop(
        seen.left.into(),
        seen.top.into(),
        seen.width.into(),
        seen.height.into(),
    );
    resizer.resize_typed(&source, &mut target, &options)?;
    if look.mirrored {
        mirror(pixels, input.width as usize);
    }
    input.fill_planes(pixels, planes);
    Ok(())
}

/// Turns every row of RGB pixels round.
fn mirror(pixels: &mut [u8], width: usize) {
    for row in pixels.chunks_exact_mut(width * 3) {
        row.as_chunks_mut::<3>().0.reverse();
    }
}

fn algorithm(sampling: Sampling) -> ResizeAlg {
    match sampling {
        Sampling::Point => ResizeAlg::Interpolation(FilterType::Bilinear),
        Sampling::Area => ResizeAlg::Convolution(FilterType::Bilinear),
    }
}

/// The face's bounds enlarged about their centre, made smaller where the picture is smaller, and shifted to stay inside.
fn surroundings(picture: &Picture, face: Bounds, times: f32) -> Option<Bounds> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = times.min(width / face.width).min(height / face.height);
    let (seen_width, seen_height, centre) = (face.width * scale, face.height * scale, face.centre());
    let left = (centre.x - seen_width / 2.0).clamp(0.0, (width - seen_width).max(0.0));
    let top = (centre.y - seen_height / 2.0).clamp(0.0, (height - seen_height).max(0.0));
    let seen =
        Bounds { left, top, width: seen_width.min(width - left), height: seen_height.min(height - top) };
    (seen.width > 0.0 && seen.height > 0.0).then_some(seen)
}

/// Softmax.
fn probability(logits: &[f32], class: usize) -> f64 {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let share = |logit: f32| f64::from(logit - highest).exp();
    let total: f64 = logits.iter().copied().map(share).sum();
    logits.get(class).copied().map_or(0.0, share) / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surroundings_stay_inside_the_picture() {
        let picture = Picture::new(100, 80, vec![0; 100 * 80 * 3]).expect("a picture");
        let at = |left, top, width, height| Bounds { left, top, width, height };
        let table = [
            ("in the middle", at(45.0, 35.0, 10.0, 10.0), at(36.5, 26.5, 27.0, 27.0)),
            ("at the left border", at(-2.0, 35.0, 10.0, 10.0), at(0.0, 26.5, 27.0, 27.0)),
            ("at the lower right corner", at(95.0, 75.0, 10.0, 10.0), at(73.0, 53.0, 27.0, 27.0)),
            ("nearly as large as the picture", at(10.0, 0.0, 40.0, 80.0), at(10.0, 0.0, 40.0, 80.0)),
        ];
        for (case, face, expected) in table {
            let seen = surroundings(&picture, face, 2.7).expect("something is seen");
            let close = [
                (seen.left, expected.left),
                (seen.top, expected.top),
                (seen.width, expected.width),
                (seen.height, expected.height),
            ];
            assert!(close.iter().all(|(a, b)| (a - b).abs() < 1e-3), "{case}: {seen:?}");
        }
    }

    #[test]
    fn a_mirrored_row_keeps_its_pixels_whole() {
        let mut pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        mirror(&mut pixels, 2);
        assert_eq!(pixels, [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
    }

    #[test]
    fn probabilities_sum_to_one_and_do_not_overflow() {
        for logits in [[0.0, 0.0, 0.0], [1000.0, -1000.0, 3.0], [-5.0, 2.0, 1.0]] {
            let sum: f64 = (0..3).map(|class| probability(&logits, class)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{logits:?}");
        }
        assert!((probability(&[0.0, 0.0, 0.0], 1) - 1.0 / 3.0).abs() < 1e-12);
    }
}
