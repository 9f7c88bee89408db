//! Reading a line of text.

use std::sync::Arc;

use super::Quad;
use super::emissions::Emissions;
use super::ink::Ink;
use super::warp::drawn_upright;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// The recognisers of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recogniser {
    /// The one every line is read with.
    Quick,
    /// The slower and surer one.
    Fine,
}

/// The widest line that is read, as a multiple of its height: about 80 characters.
const WIDEST: f32 = 40.0;

impl Bench {
    /// Reads a line; `None` where its rectangle has no extent.
    ///
    /// # Errors
    /// The model failed.
    pub fn read_line(
        &mut self,
        picture: &Picture,
        line: &Quad,
        recogniser: Recogniser,
    ) -> Result<Option<Emissions>, ModelError> {
        let (networks, scratch) = self.parts()?;
        let network = match recogniser {
            Recogniser::Quick => &mut networks.text_recogniser,
            Recogniser::Fine => &mut networks.text_recogniser_fine,
        };
        let input = network.entry().input;
        let alphabet = Arc::clone(network.alphabet().ok_or(ModelError::Output)?);
        let step = input.multiple_of.unwrap_or(input.width);
        let ratio = (line.width() / line.height()).min(WIDEST);
        let width = ((ratio * input.height as f32).round() as u32).max(1).next_multiple_of(step);
        let Some(strip) = drawn_upright(picture, line, width, input.height) else { return Ok(None) };
        let ink = Ink::of(&strip);
        input.fill_planes(strip.rgb(), &mut scratch.planes);
        let size = (width as usize, input.height as usize);
        network.run(&scratch.planes, size.0, size.1, |outputs| {
            let (_, value) = outputs.iter().next().ok_or(ModelError::Output)?;
            let (_, probabilities) = value.try_extract_tensor::<f32>()?;
            Emissions::new(alphabet, probabilities).map(|e| Some(e.with_ink(ink))).ok_or(ModelError::Output)
        })
    }
}
