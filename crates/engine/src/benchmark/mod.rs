//! How long a decision takes, from a picture's text to the comparison with a stored template.
//!
//! The checks are the engine's own, so a stage or a model that is added to them appears here by itself.

mod report;
mod round;

use std::sync::Arc;
use std::time::Instant;

use absah_core::face::Scales;
use absah_core::policy::{Action, Policy};
use absah_vision::admission::PixelBudget;
use absah_vision::benchmark::FloorError;
use absah_vision::runtime::{ModelError, RunError, Workers, resident_bytes};

pub use self::report::{
    BenchmarkReport, Memory, ModelTimes, OneThread, PictureSize, StageTimes, Times, Together,
};
use self::round::{Round, Subject};

/// What is measured, and by what.
pub struct Benchmark {
    workers: Arc<Workers>,
    budget: Arc<PixelBudget>,
    scales: Scales,
    policy: Policy,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchmarkError {
    /// The picture is not admitted, or shows no face that can be compared.
    #[error("the picture is not admitted, or shows no face that can be compared")]
    Picture,
    /// The number of rounds is zero.
    #[error("at least one round has to be measured")]
    Rounds,
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The floor could not be measured.
    #[error(transparent)]
    Floor(#[from] FloorError),
    /// A worker failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Benchmark {
    /// A benchmark of decisions by `policy`; its gates are set to flag, so that every picture goes all the way.
    pub fn new(workers: Arc<Workers>, budget: Arc<PixelBudget>, scales: Scales, mut policy: Policy) -> Self {
        for action in [&mut policy.quality.action, &mut policy.liveness.action] {
            if *action == Action::Reject {
                *action = Action::Flag;
            }
        }
        Self { workers, budget, scales, policy }
    }

    /// Measures `rounds` decisions about a picture, one after the other, and then as many again on each of all threads
    /// at once.
    ///
    /// # Errors
    /// The picture cannot be used, or something failed.
    pub async fn measure(&self, picture: &[u8], rounds: usize) -> Result<BenchmarkReport, BenchmarkError> {
        if rounds == 0 {
            return Err(BenchmarkError::Rounds);
        }
        let subject = self.subject(picture).await?;
        let mut alone = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            alone.push(self.round(&subject, true).await?);
        }
        let one_thread = OneThread::of(&alone);
        let all_threads = self.together(&subject, rounds, &one_thread).await?;
        Ok(BenchmarkReport {
            picture: PictureSize { width: subject.width, height: subject.height, bytes: picture.len() },
            one_thread,
            all_threads,
            memory: Memory {
                worker_bytes: self.workers.bytes_per_worker(),
                pixel_budget_bytes: self.budget.total(),
                resident_bytes: resident_bytes(),
            },
        })
    }

    /// The picture with its own template as the stored one. It is looked at twice: a model's first run is slower.
    async fn subject(&self, picture: &[u8]) -> Result<Arc<Subject>, BenchmarkError> {
        let (budget, policy, bytes) = (Arc::clone(&self.budget), self.policy.clone(), picture.to_vec());
        let subject = self.workers.run(move |bench| Subject::of(bench, &bytes, &budget, &policy)).await??;
        let subject = Arc::new(subject);
        self.round(&subject, true).await?;
        Ok(subject)
    }

    async fn round(&self, subject: &Arc<Subject>, with_floor: bool) -> Result<Round, BenchmarkError> {
        let (subject, budget) = (Arc::clone(subject), Arc::clone(&self.budget));
        let (policy, scales) = (self.policy.clone(), self.scales.clone());
        self.workers
            .run(move |bench| Round::run(bench, &subject, &budget, &policy, &scales, with_floor))
            .await?
    }

    /// As many callers as there are threads, each with one decision after the other.
    async fn together(
        &self,
        subject: &Arc<Subject>,
        rounds: usize,
        alone: &OneThread,
    ) -> Result<Together, BenchmarkError> {
        let threads = self.workers.threads();
        let begun = Instant::now();
        let callers = (0..threads).map(|_| async {
            let mut wholes = Vec::with_capacity(rounds);
            for _ in 0..rounds {
                wholes.push(self.round(subject, false).await?.whole);
            }
            Ok::<_, BenchmarkError>(wholes)
        });
        let wholes = futures_util::future::try_join_all(callers).await?.concat();
        let per_second = wholes.len() as f64 / begun.elapsed().as_secs_f64();
        Ok(Together::of(threads, &wholes, per_second, alone))
    }
}
