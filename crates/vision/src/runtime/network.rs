//! One model's session, fed from planes of floats.

use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionOutputs};
use ort::value::TensorRef;

use super::ModelError;
use crate::models::{Channels, Input, ModelEntry};

/// A model ready to run on the thread that owns it.
pub(crate) struct Network {
    session: Session,
    entry: ModelEntry,
}

impl Network {
    /// A session of its own, computing on the calling thread only.
    pub(crate) fn new(environment: &Environment, entry: &ModelEntry, graph: &[u8]) -> ort::Result<Self> {
        let session = Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            // Sizes vary from picture to picture: a remembered pattern would be made anew each time.
            .with_memory_pattern(false)?
            .commit_from_memory(graph)?;
        Ok(Self { session, entry: entry.clone() })
    }

    /// Its entry in the manifest.
    pub(crate) fn entry(&self) -> &ModelEntry {
        &self.entry
    }

    /// Runs it on `planes` (1 x 3 x `height` x `width`) and hands its outputs to `read`.
    pub(crate) fn run<T>(
        &mut self,
        planes: &[f32],
        width: usize,
        height: usize,
        read: impl FnOnce(&SessionOutputs) -> Result<T, ModelError>,
    ) -> Result<T, ModelError> {
        let tensor = TensorRef::from_array_view(([1, 3, height, width], planes))?;
        let outputs = self.session.run(ort::inputs![tensor])?;
        read(&outputs)
    }

    /// Runs it and copies its only output, which has to hold `length` finite numbers.
    pub(crate) fn run_to_vector(
        &mut self,
        planes: &[f32],
        width: usize,
        height: usize,
        length: usize,
    ) -> Result<Vec<f32>, ModelError> {
        self.run(planes, width, height, |outputs| {
            let (_, value) = outputs.iter().next().ok_or(ModelError::Output)?;
            let (_, numbers) = value.try_extract_tensor::<f32>()?;
            let sound = numbers.len() == length && numbers.iter().all(|number| number.is_finite());
            if sound { Ok(numbers.to_vec()) } else { Err(ModelError::Output) }
        })
    }
}

impl Input {
    /// What the model is fed for a pixel value.
    pub(crate) fn value(&self, pixel: u8) -> f32 {
        (f32::from(pixel) - self.mean) * self.scale
    }

    /// For each of the model's planes the channel of an RGB pixel it holds.
    pub(crate) fn plane_channels(&self) -> [usize; 3] {
        match self.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        }
    }

    /// Writes packed RGB pixels as the model's planes.
    pub(crate) fn fill_planes(&self, rgb: &[u8], planes: &mut Vec<f32>) {
        planes.clear();
        for channel in self.plane_channels() {
            planes.extend(rgb.iter().skip(channel).step_by(3).map(|&pixel| self.value(pixel)));
        }
    }
}
