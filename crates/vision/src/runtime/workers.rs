//! The fixed set of threads and its queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::library::LibraryError;
use super::{Bench, ModelError, resident_bytes};
use crate::models::Models;

/// How many threads, and how much may wait for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkersConfig {
    /// Number of threads, 1 to 256.
    pub threads: usize,
    /// Number of jobs that may wait, 1 to 65,536; one more is refused.
    pub queue_length: usize,
}

impl WorkersConfig {
    /// One thread for every processor this process may use, and sixteen waiting jobs a thread.
    ///
    /// The standard library's count is the smaller of the affinity mask and the cgroup's quota (`cpu.max`, or
    /// `cpu.cfs_quota_us` of version 1), which is what a container is held to.
    pub fn for_this_machine() -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(256);
        Self { threads, queue_length: threads * 16 }
    }
}

/// Why the workers did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is out of range.
    #[error("workers need 1 to 256 threads and a queue of 1 to 65,536 jobs")]
    Config,
    /// The operating system gave no thread.
    #[error("a worker thread could not be started")]
    Thread(#[source] std::io::Error),
    /// The runtime library or a model could not be loaded.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A model could not be run at all.
    #[error("a model could not be run at all")]
    WarmUp(#[source] ModelError),
    /// A worker ended while it was starting.
    #[error("a worker ended while it was starting")]
    Ended,
}

/// Why a job gave no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The queue is at its bound.
    #[error("the workers' queue is full")]
    QueueFull,
    /// The workers have been stopped.
    #[error("the workers have been stopped")]
    Stopped,
    /// The job panicked; the worker goes on with the next one.
    #[error("the job crashed")]
    Crashed,
}

type Job = Box<dyn FnOnce(&mut Bench) + Send>;

/// A fixed set of named threads behind a bounded queue.
pub struct Workers {
    queue: RwLock<Option<Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    config: WorkersConfig,
    bytes_per_worker: Option<u64>,
}

/// Sides of the largest canvas that detection draws by default: what a worker's memory is measured with.
const LARGEST_CANVAS: usize = 640;

impl Workers {
    /// Starts the threads and waits until each has its sessions and has run them once. Without models only jobs that
    /// call none succeed.
    pub fn start(config: WorkersConfig, models: Option<&Models>) -> Result<Self, StartError> {
        if !(1..=256).contains(&config.threads) || !(1..=65_536).contains(&config.queue_length) {
            return Err(StartError::Config);
        }
        let before = resident_bytes();
        let (queue, jobs) = bounded(config.queue_length);
        let (report, reports) = bounded(config.threads);
        let spawn = |index: usize| {
            let (jobs, report, models) = (jobs.clone(), report.clone(), models.cloned());
            let name = format!("vision-{index}");
            thread::Builder::new()
                .name(name)
                .spawn(move || work(&jobs, report, models))
                .map_err(StartError::Thread)
        };
        // On an error the queue is dropped with its only sender, and the threads already started end.
        let threads = (0..config.threads).map(spawn).collect::<Result<Vec<_>, _>>()?;
        drop(report);
        for _ in 0..config.threads {
            reports.recv().map_err(|_| StartError::Ended)??;
        }
        let added = resident_bytes().zip(before).map(|(after, before)| after.saturating_sub(before));
        Ok(Self {
            queue: RwLock::new(Some(queue)),
            threads: Mutex::new(threads),
            config,
            bytes_per_worker: added.map(|bytes| bytes / config.threads as u64),
        })
    }

    /// Runs `job` on one of the threads.
    ///
    /// A job whose caller has gone (this future was dropped) before its turn is dropped without running; one under way
    /// ends before it runs its next model.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Bench) -> T + Send + 'static,
    ) -> Result<T, RunError> {
        let (reply, result) = oneshot::channel();
        let here = Arc::new(());
        let caller = Arc::downgrade(&here);
        self.enqueue(Box::new(move |bench| {
            if reply.is_closed() {
                return;
            }
            bench.work_for(caller);
            let outcome = catch_unwind(AssertUnwindSafe(|| job(bench)));
            // The caller may have left while the job ran: nobody is there to be told.
            let _ = reply.send(outcome.map_err(|_| RunError::Crashed));
        }))?;
        let outcome = result.await.unwrap_or(Err(RunError::Stopped));
        drop(here);
        outcome
    }

    /// How many threads work.
    pub fn threads(&self) -> usize {
        self.config.threads
    }

    /// What each thread added to the process's memory when it started: its sessions, with what they take for their
    /// largest input. The runtime library itself is shared out among them where these were the first. In bytes; `None`
    /// where the system does not tell.
    ///
    /// Beside it a worker holds only its scratch, a canvas of the detector, and its part of the
    /// [`PixelBudget`](crate::admission::PixelBudget).
    pub fn bytes_per_worker(&self) -> Option<u64> {
        self.bytes_per_worker
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.queue.read().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, Sender::len)
    }

    /// Takes no more jobs, finishes those that wait, and ends the threads; returns when all have ended.
    pub fn stop(&self) {
        self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A worker catches every panic of a job; one of its own would have been reported by the panic hook.
            let _ = thread.join();
        }
    }

    fn enqueue(&self, job: Job) -> Result<(), RunError> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().ok_or(RunError::Stopped)?.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => RunError::QueueFull,
            TrySendError::Disconnected(_) => RunError::Stopped,
        })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workers({:?}, {} waiting)", self.config, self.waiting())
    }
}

/// A thread's life: make the bench, say so, then one job after the other.
fn work(jobs: &Receiver<Job>, report: Sender<Result<(), StartError>>, models: Option<Models>) {
    let (bench, answer) = match warm(models.as_ref()) {
        Ok(bench) => (Some(bench), Ok(())),
        Err(error) => (None, Err(error)),
    };
    // The weights now stand in the sessions; the last thread to get here frees the files' bytes.
    drop(models);
    let told = report.send(answer).is_ok();
    drop(report);
    let Some(mut bench) = bench.filter(|_| told) else { return };
    for job in jobs {
        job(&mut bench);
        bench.wipe();
    }
}

/// A bench whose sessions have run once: the first request does not pay for it, and a worker's memory is known.
fn warm(models: Option<&Models>) -> Result<Bench, StartError> {
    let mut bench = Bench::new(models)?;
    bench.run_models_alone(LARGEST_CANVAS, LARGEST_CANVAS).map_err(StartError::WarmUp)?;
    bench.wipe();
    Ok(bench)
}
