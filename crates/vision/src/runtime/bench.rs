//! A worker's bench: its own sessions and its own scratch memory.

use fast_image_resize::Resizer;
use zeroize::Zeroize;

use super::Network;
use super::library::{LibraryError, environment};
use crate::models::{ModelFile, Models};

/// What a worker works with. The stages of the face pipeline are its methods (see [`crate::face`]).
pub struct Bench {
    networks: Option<Networks>,
    pub(crate) scratch: Scratch,
}

/// The sessions of one worker.
pub(crate) struct Networks {
    pub(crate) detector: Network,
    pub(crate) recogniser: Network,
    pub(crate) face_landmarks: Network,
    pub(crate) eye_state: Network,
    /// One or more.
    pub(crate) presentation_attack: Vec<Network>,
}

/// Memory that is used again from picture to picture, and wiped in between.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) resizer: Resizer,
    pub(crate) pixels: Vec<u8>,
    pub(crate) planes: Vec<f32>,
}

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The server was started without models.
    #[error("no models are loaded")]
    NotLoaded,
    /// ONNX Runtime failed.
    #[error("a model could not be run")]
    Run(#[from] ort::Error),
    /// The picture could not be brought to the model's size.
    #[error("a picture could not be resized")]
    Resize(#[from] fast_image_resize::ResizeError),
    /// A picture's bytes do not fit its sides.
    #[error("a picture could not be read")]
    Buffer(#[from] fast_image_resize::ImageBufferError),
    /// The model's output has not the form it must have.
    #[error("a model gave an output of another form")]
    Output,
}

impl Bench {
    /// A bench with the models' sessions, or without models: then every call of a model answers [`ModelError::NotLoaded`].
    pub(crate) fn new(models: Option<&Models>) -> Result<Self, LibraryError> {
        let networks = models.map(Networks::new).transpose()?;
        Ok(Self { networks, scratch: Scratch::default() })
    }

    /// Sessions and scratch memory, to be borrowed apart.
    pub(crate) fn parts(&mut self) -> Result<(&mut Networks, &mut Scratch), ModelError> {
        let networks = self.networks.as_mut().ok_or(ModelError::NotLoaded)?;
        Ok((networks, &mut self.scratch))
    }

    /// Runs every model once on nothing, the detector on a canvas of `width` x `height` (multiples of 32).
    ///
    /// A session's first run is slower than those that follow; this is also the floor the benchmark compares with.
    pub fn run_models_alone(&mut self, width: usize, height: usize) -> Result<(), ModelError> {
        let (networks, scratch) = self.parts()?;
        let mut run = |network: &mut Network, width: usize, height: usize| {
            scratch.planes.clear();
            scratch.planes.resize(3 * width * height, 0.0);
            network.run(&scratch.planes, width, height, |_| Ok(()))
        };
        run(&mut networks.detector, width, height)?;
        for network in std::iter::once(&mut networks.recogniser).chain(&mut networks.presentation_attack) {
            let input = network.entry().input;
            run(network, input.width as usize, input.height as usize)?;
        }
        Ok(())
    }

    /// Wipes what the last picture left behind.
    pub(super) fn wipe(&mut self) {
        self.scratch.pixels.zeroize();
        self.scratch.planes.zeroize();
    }
}

impl Networks {
    fn new(models: &Models) -> Result<Self, LibraryError> {
        let environment = environment(models.library())?;
        let open = |file: &ModelFile| Network::new(&environment, &file.entry, &file.graph);
        Ok(Self {
            detector: open(models.detector())?,
            recogniser: open(models.recogniser())?,
            face_landmarks: open(models.face_landmarks())?,
            eye_state: open(models.eye_state())?,
            presentation_attack: models.presentation_attack().map(open).collect::<Result<_, _>>()?,
        })
    }
}
