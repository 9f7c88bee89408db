//! A worker's bench: its own sessions and its own scratch memory.

use std::sync::Weak;

use fast_image_resize::Resizer;
use zeroize::Zeroize;

use super::Network;
use super::library::{LibraryError, environment};
use super::recording::{ModelRun, Recording, Stopwatch};
use crate::models::{ModelFile, Models, Role};

/// What a worker works with. The stages of the face pipeline are its methods (see [`crate::face`]).
pub struct Bench {
    networks: Option<Networks>,
    pub(crate) scratch: Scratch,
    stopwatch: Option<Stopwatch>,
    /// Alive as long as somebody waits for the job under way; `None` between jobs.
    caller: Option<Weak<()>>,
}

/// The sessions of one worker.
pub(crate) struct Networks {
    pub(crate) detector: Network,
    pub(crate) recogniser: Network,
    pub(crate) face_landmarks: Network,
    pub(crate) eye_state: Network,
    /// One or more.
    pub(crate) presentation_attack: Vec<Network>,
    pub(crate) text_detector: Network,
    pub(crate) text_recogniser: Network,
    pub(crate) text_recogniser_fine: Network,
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
    /// Whoever waited for the job has gone.
    #[error("nobody waits for the answer")]
    Abandoned,
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
        Ok(Self { networks, scratch: Scratch::default(), stopwatch: None, caller: None })
    }

    /// Sessions and scratch memory, to be borrowed apart.
    ///
    /// Every stage asks for them before it runs a model, so a job ends before its next one once its caller has gone.
    pub(crate) fn parts(&mut self) -> Result<(&mut Networks, &mut Scratch), ModelError> {
        if self.caller.as_ref().is_some_and(|caller| caller.strong_count() == 0) {
            return Err(ModelError::Abandoned);
        }
        let networks = self.networks.as_mut().ok_or(ModelError::NotLoaded)?;
        Ok((networks, &mut self.scratch))
    }

    /// Runs every model once on nothing, the detectors on a canvas of `width` x `height` (multiples of 32).
    ///
    /// A session's first run is slower than those that follow, and takes the memory they will use again.
    pub fn run_models_alone(&mut self, width: usize, height: usize) -> Result<(), ModelError> {
        let (Some(networks), scratch) = (&mut self.networks, &mut self.scratch) else { return Ok(()) };
        for network in networks.all() {
            let input = network.entry().input;
            let (width, height) = match network.entry().role {
                Role::FaceDetector | Role::TextDetector if input.multiple_of.is_some() => (width, height),
                _ => (input.width as usize, input.height as usize),
            };
            network.run_on_nothing(width, height, scratch)?;
        }
        Ok(())
    }

    /// Writes down from now on what is done, until [`Self::take_recording`].
    pub fn start_recording(&mut self) {
        if let Some(networks) = &mut self.networks {
            networks.all().for_each(Network::record);
        }
        self.stopwatch = Some(Stopwatch::start());
    }

    /// Ends a stage: it took the time since the one before it, or since the start. Nothing where nobody records.
    pub fn lap(&mut self, stage: &'static str) {
        if let Some(stopwatch) = &mut self.stopwatch {
            stopwatch.lap(stage);
        }
    }

    /// What was written down, and an end to it; empty where nobody recorded.
    pub fn take_recording(&mut self) -> Recording {
        let laps = self.stopwatch.take().map(Stopwatch::laps).unwrap_or_default();
        let runs = self.networks.iter_mut().flat_map(Networks::all).flat_map(Network::take_runs).collect();
        Recording { laps, runs }
    }

    /// Runs the same models as often as they ran, on nothing of the same sizes: what no code around them can save.
    pub fn run_again(&mut self, runs: &[ModelRun]) -> Result<(), ModelError> {
        let (networks, scratch) = self.parts()?;
        for ModelRun { model, width, height, .. } in runs {
            let same = networks.all().find(|network| network.entry().id().to_string() == *model);
            same.ok_or(ModelError::NotLoaded)?.run_on_nothing(*width, *height, scratch)?;
        }
        Ok(())
    }

    /// Works for a caller from now on, until [`Self::wipe`].
    pub(super) fn work_for(&mut self, caller: Weak<()>) {
        self.caller = Some(caller);
    }

    /// Forgets the caller and wipes what the last picture left behind.
    pub(super) fn wipe(&mut self) {
        self.caller = None;
        self.scratch.pixels.zeroize();
        self.scratch.planes.zeroize();
    }
}

impl Networks {
    /// Every session.
    fn all(&mut self) -> impl Iterator<Item = &mut Network> {
        let Self {
            detector,
            recogniser,
            face_landmarks,
            eye_state,
            presentation_attack,
            text_detector,
            text_recogniser,
            text_recogniser_fine,
        } = self;
        let single = [
            detector,
            recogniser,
            face_landmarks,
            eye_state,
            text_detector,
            text_recogniser,
            text_recogniser_fine,
        ];
        single.into_iter().chain(presentation_attack)
    }

    fn new(models: &Models) -> Result<Self, LibraryError> {
        let environment = environment(models.library())?;
        let open = |file: &ModelFile| Network::new(&environment, &file.entry, &file.graph);
        Ok(Self {
            detector: open(models.detector())?,
            recogniser: open(models.recogniser())?,
            face_landmarks: open(models.face_landmarks())?,
            eye_state: open(models.eye_state())?,
            presentation_attack: models.presentation_attack().map(open).collect::<Result<_, _>>()?,
            text_detector: open(models.text_detector())?,
            text_recogniser: open(models.text_recogniser())?,
            text_recogniser_fine: open(models.text_recogniser_fine())?,
        })
    }
}

impl Network {
    fn run_on_nothing(
        &mut self,
        width: usize,
        height: usize,
        scratch: &mut Scratch,
    ) -> Result<(), ModelError> {
        scratch.planes.clear();
        scratch.planes.resize(3 * width * height, 0.0);
        self.run(&scratch.planes, width, height, |_| Ok(()))
    }
}
