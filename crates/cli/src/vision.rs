//! Models and workers, as the configuration has them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use absah_core::face::{ModelId, Scales};
use absah_vision::admission::PixelBudget;
use absah_vision::models::{FittedScale, Models, ModelsError, Places, Selection};
use absah_vision::runtime::{StartError, Workers, WorkersConfig};

use crate::config;

const MIB: usize = 1 << 20;

/// Worker threads, and what scores are read by.
pub struct Vision {
    workers: Arc<Workers>,
    budget: Arc<PixelBudget>,
    scales: Option<Scales>,
}

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    #[error("the models cannot be used")]
    Models(#[from] ModelsError),
    #[error(
        "the model {0} has no calibration, so its scores mean nothing: fit one with `absah calibrate`, and give the file it writes with --config"
    )]
    Uncalibrated(ModelId),
    #[error("the workers did not start")]
    Start(#[from] StartError),
}

impl Vision {
    /// Workers with the models of the manifest.
    pub fn start(config: &config::Vision) -> Result<Self, VisionError> {
        let models = models(config)?;
        if !models.is_calibrated() {
            return Err(VisionError::Uncalibrated(models.scales().model().clone()));
        }
        Self::with(config, Some(&models))
    }

    /// Workers that decode pictures and nothing more.
    pub fn without_models(config: &config::Vision) -> Result<Self, VisionError> {
        Self::with(config, None)
    }

    fn with(config: &config::Vision, models: Option<&Models>) -> Result<Self, VisionError> {
        let scales = models.map(|models| models.scales().clone());
        let mut workers = WorkersConfig::for_this_machine();
        if config.threads > 0 {
            workers.threads = config.threads;
        }
        workers.queue_length = config.queue;
        Ok(Self {
            workers: Arc::new(Workers::start(workers, models)?),
            budget: Arc::new(PixelBudget::new(config.pixel_budget_mib * MIB, PixelBudget::DEFAULT_PATIENCE)),
            scales,
        })
    }

    /// The worker threads.
    pub fn workers(&self) -> Arc<Workers> {
        Arc::clone(&self.workers)
    }

    /// The bound on decoded pixels.
    pub fn budget(&self) -> Arc<PixelBudget> {
        Arc::clone(&self.budget)
    }

    /// The scales scores are told on; `None` without models.
    pub fn scales(&self) -> Option<Scales> {
        self.scales.clone()
    }
}

/// The models of the manifest, where the configuration has them or beside the program, with the scales it was given.
pub fn models(config: &config::Vision) -> Result<Models, ModelsError> {
    let named = |path: &Path| (!path.as_os_str().is_empty()).then(|| PathBuf::from(path));
    let places =
        Places { models: named(&config.models), library: named(&config.runtime), ..Places::around_program() };
    let fitted = config.calibration.iter().map(|(profile, fit)| FittedScale {
        profile: *profile,
        model: fit.model.as_str().into(),
        anchors: fit.anchors.clone(),
    });
    Models::load_selected(&places, selection(config))?.with_fitted(&fitted.collect::<Vec<_>>())
}

/// The models the configuration names.
fn selection(config: &config::Vision) -> Selection {
    let named = |text: &str| Some(text.trim().to_owned()).filter(|id| !id.is_empty());
    let several: Vec<String> = config.presentation_attack.split(',').filter_map(named).collect();
    Selection {
        face_detector: named(&config.detector),
        face_recogniser: named(&config.recogniser),
        presentation_attack: Some(several).filter(|ids| !ids.is_empty()),
    }
}
