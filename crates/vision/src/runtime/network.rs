//! One model's session, fed from planes of floats.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionOutputs};
use ort::value::TensorRef;

use super::library::LibraryError;
use super::recording::ModelRun;
use super::{ModelError, form};
use crate::card::Alphabet;
use crate::models::ModelEntry;

/// A model ready to run on the thread that owns it.
pub(crate) struct Network {
    session: Session,
    entry: ModelEntry,
    /// What a text recogniser tells apart; `None` of all others.
    alphabet: Option<Arc<Alphabet>>,
    /// Width, height and time of every run, while somebody wants to know.
    runs: Option<Vec<(usize, usize, Duration)>>,
}

impl Network {
    /// A session of its own, computing on the calling thread only.
    ///
    /// # Errors
    /// ONNX Runtime cannot load the graph, or its inputs and outputs are not what the entry says.
    pub(crate) fn new(
        environment: &Environment,
        entry: &ModelEntry,
        graph: &[u8],
    ) -> Result<Self, LibraryError> {
        let session = Self::session(environment, graph)
            .map_err(|source| LibraryError::Graph { model: entry.id().to_string(), source })?;
        form::check(&session, entry)
            .map_err(|what| LibraryError::Form { model: entry.id().to_string(), what })?;
        let alphabet = entry.alphabet.as_deref().and_then(Alphabet::new).map(Arc::new);
        Ok(Self { session, entry: entry.clone(), alphabet, runs: None })
    }

    fn session(environment: &Environment, graph: &[u8]) -> ort::Result<Session> {
        Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            // Threads that wait take no time from those that work: there are as many of ours as processors.
            .with_intra_op_spinning(false)?
            .with_inter_op_spinning(false)?
            // Sizes vary from picture to picture: a remembered pattern would be made anew each time.
            .with_memory_pattern(false)?
            .commit_from_memory(graph)
    }

    /// The characters a text recogniser tells apart.
    pub(crate) fn alphabet(&self) -> Option<&Arc<Alphabet>> {
        self.alphabet.as_ref()
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
        let begun = Instant::now();
        let outputs = self.session.run(ort::inputs![tensor])?;
        if let Some(runs) = &mut self.runs {
            runs.push((width, height, begun.elapsed()));
        }
        read(&outputs)
    }

    /// Writes its runs down from now on.
    pub(super) fn record(&mut self) {
        self.runs = Some(Vec::new());
    }

    /// The runs written down; none are from now on.
    pub(super) fn take_runs(&mut self) -> impl Iterator<Item = ModelRun> {
        let model = self.entry.id().to_string();
        let runs = self.runs.take().unwrap_or_default().into_iter();
        runs.map(move |(width, height, took)| ModelRun { model: model.clone(), width, height, took })
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
