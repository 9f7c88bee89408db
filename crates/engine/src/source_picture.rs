//! Pictures as an outside source takes them.

use std::sync::Arc;

use absah_registry::dukcapil::{JpegMaker, JpegRefusal};
use absah_vision::admission::{self, AdmissionError, PictureBounds, PixelBudget};
use absah_vision::small_jpeg;

/// The most bytes of a picture; what is asked with was admitted under a smaller bound before.
const MAX_BYTES: usize = 32 << 20;

/// Makes the files of pictures as they were received: decoded within the budget, upright, small, without what a camera
/// wrote beside the pixels.
pub struct SourcePictures {
    budget: Arc<PixelBudget>,
}

impl SourcePictures {
    /// Decodes within this budget.
    pub fn new(budget: Arc<PixelBudget>) -> Self {
        Self { budget }
    }
}

impl JpegMaker for SourcePictures {
    fn jpeg(&self, picture: &[u8], max_bytes: usize) -> Result<Vec<u8>, JpegRefusal> {
        let bounds = PictureBounds { min_bytes: 1, max_bytes: MAX_BYTES, min_sides: None };
        let picture = admission::admit(picture, &bounds, &self.budget).map_err(|error| match error {
            AdmissionError::Fault(_) => JpegRefusal::Unusable,
            busy @ AdmissionError::Busy => JpegRefusal::Failed(busy.into()),
        })?;
        small_jpeg(&picture, max_bytes).ok_or(JpegRefusal::Unusable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_any_format_become_small_files_and_others_are_unusable() {
        let pictures =
            SourcePictures::new(Arc::new(PixelBudget::new(64 << 20, PixelBudget::DEFAULT_PATIENCE)));
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48" width="64" height="48"><rect width="64" height="48" fill="gray"/></svg>"#;
        let jpeg = pictures.jpeg(svg, 10_000).expect("a file");
        assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.len() <= 10_000);
        assert!(pictures.jpeg(&jpeg, 10_000).is_ok());
        for unusable in [&b""[..], b"no picture", jpeg.get(..100).expect("longer")] {
            assert!(matches!(pictures.jpeg(unusable, 10_000), Err(JpegRefusal::Unusable)));
        }
        assert!(matches!(pictures.jpeg(svg, 10), Err(JpegRefusal::Unusable)));
    }
}
