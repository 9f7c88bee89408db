//! Figures of a benchmark, as JSON and as a table for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use absah_vision::runtime::{Lap, ModelRun};
use serde::Serialize;

use super::round::Round;

/// All figures. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BenchmarkReport {
    /// The picture.
    pub picture: PictureSize,
    /// Decisions one after the other.
    pub one_thread: OneThread,
    /// Decisions on all threads at once.
    pub all_threads: Together,
    /// Memory.
    pub memory: Memory,
}

/// How large the picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PictureSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Bytes of the file.
    pub bytes: usize,
}

/// Decisions one after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneThread {
    /// How many.
    pub rounds: usize,
    /// The stages in their order.
    pub stages: Vec<StageTimes>,
    /// The models' own part of the stages.
    pub models: Vec<ModelTimes>,
    /// From the text of the picture to the score.
    pub whole: Times,
    /// Base64, decoding and the same runs of the models alone, measured after every decision.
    pub floor: Times,
    /// The median of each decision's time over that of the floor after it.
    pub over_floor: f64,
}

/// Median, 90th percentile and least of some times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// Half take no longer.
    pub p50_ms: f64,
    /// Nine in ten take no longer.
    pub p90_ms: f64,
    /// The shortest: what a busy machine disturbs least.
    pub least_ms: f64,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageTimes {
    /// Its name.
    pub stage: &'static str,
    /// Its times.
    #[serde(flatten)]
    pub times: Times,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelTimes {
    /// Name and version.
    pub model: String,
    /// How often it ran in a decision.
    pub runs: usize,
    /// Times of all its runs in a decision.
    #[serde(flatten)]
    pub times: Times,
}

/// Decisions on all threads at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// Threads.
    pub threads: usize,
    /// A decision among others.
    pub whole: Times,
    /// Decisions a second.
    pub per_second: f64,
    /// Over the threads' number times what one thread alone makes in a second.
    pub efficiency: f64,
}

/// Memory in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// What each worker added when it started: its sessions, with the memory of their largest input.
    pub worker_bytes: Option<u64>,
    /// The bound on decoded pixels, of all workers together.
    pub pixel_budget_bytes: usize,
    /// The whole process, at the end.
    pub resident_bytes: Option<u64>,
}

impl OneThread {
    /// Of at least one round, each with its floor.
    pub(super) fn of(rounds: &[Round]) -> Self {
        let mut stages: Vec<(&'static str, Vec<Duration>)> = Vec::new();
        let mut models: BTreeMap<&str, Vec<(usize, Duration)>> = BTreeMap::new();
        for round in rounds {
            for Lap { stage, took } in &round.recording.laps {
                match stages.iter_mut().find(|(name, _)| name == stage) {
                    Some((_, times)) => times.push(*took),
                    None => stages.push((stage, vec![*took])),
                }
            }
            for (model, runs) in by_model(&round.recording.runs) {
                models.entry(model).or_default().push(runs);
            }
        }
        let stages = stages.into_iter().map(|(stage, times)| StageTimes { stage, times: Times::of(&times) });
        let models = models.into_iter().map(|(model, runs)| ModelTimes {
            model: model.to_owned(),
            runs: runs.iter().map(|(count, _)| *count).max().unwrap_or_default(),
            times: Times::of(&runs.iter().map(|(_, took)| *took).collect::<Vec<_>>()),
        });
        let floors: Vec<Duration> = rounds.iter().filter_map(|round| round.floor).collect();
        let over = |round: &Round| Some(round.whole.as_secs_f64() / round.floor?.as_secs_f64());
        let mut ratios: Vec<f64> = rounds.iter().filter_map(over).collect();
        ratios.sort_by(f64::total_cmp);
        Self {
            rounds: rounds.len(),
            stages: stages.collect(),
            models: models.collect(),
            whole: Times::of(&rounds.iter().map(|round| round.whole).collect::<Vec<_>>()),
            floor: Times::of(&floors),
            over_floor: quantile(&ratios, 0.5),
        }
    }
}

impl Together {
    pub(super) fn of(threads: usize, wholes: &[Duration], per_second: f64, alone: &OneThread) -> Self {
        let expected = threads as f64 * 1e3 / alone.whole.p50_ms;
        Self { threads, whole: Times::of(wholes), per_second, efficiency: per_second / expected }
    }
}

impl Times {
    fn of(times: &[Duration]) -> Self {
        let mut milliseconds: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        milliseconds.sort_by(f64::total_cmp);
        let at = |share| quantile(&milliseconds, share);
        Self { p50_ms: at(0.5), p90_ms: at(0.9), least_ms: at(0.0) }
    }
}

/// The least value that at least this share of the sorted ones do not exceed; not a number where there are none.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// How often and how long each model ran.
fn by_model(runs: &[ModelRun]) -> BTreeMap<&str, (usize, Duration)> {
    let mut models = BTreeMap::new();
    for run in runs {
        let (count, took) = models.entry(run.model.as_str()).or_insert((0, Duration::ZERO));
        *count += 1;
        *took += run.took;
    }
    models
}

impl fmt::Display for BenchmarkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PictureSize { width, height, bytes } = self.picture;
        let OneThread { rounds, stages, models, whole, floor, over_floor } = &self.one_thread;
        writeln!(f, "{width} x {height} pixels, {bytes} bytes, {rounds} decisions, times in ms\n")?;
        writeln!(f, "| one thread | median | 90 % | least |\n|---|---|---|---|")?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, times: &Times| {
            let Times { p50_ms, p90_ms, least_ms } = times;
            writeln!(f, "| {name} | {p50_ms:.2} | {p90_ms:.2} | {least_ms:.2} |")
        };
        for StageTimes { stage, times } in stages {
            row(f, stage, times)?;
        }
        for ModelTimes { model, runs, times } in models {
            row(f, &format!("of it {model}, runs: {runs}"), times)?;
        }
        row(f, "the whole", whole)?;
        row(f, "floor: base64, decoding, the models alone", floor)?;
        writeln!(f, "\nthe whole over the floor, median of pairs: {over_floor:.2}")?;

        let Together { threads, whole, per_second, efficiency } = &self.all_threads;
        writeln!(f, "\n| {threads} threads at once | median | 90 % | least |\n|---|---|---|---|")?;
        row(f, "the whole", whole)?;
        writeln!(
            f,
            "\n{per_second:.1} decisions a second, {efficiency:.2} of {threads} times one thread alone"
        )?;

        let Memory { worker_bytes, pixel_budget_bytes, resident_bytes } = self.memory;
        let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
        let told = |bytes: Option<u64>| bytes.map_or_else(|| "not known on this system".to_owned(), mib);
        writeln!(f, "\nmemory of a worker: {}", told(worker_bytes))?;
        writeln!(f, "bound on decoded pixels, all workers together: {}", mib(pixel_budget_bytes as u64))?;
        write!(f, "memory of the whole process: {}", told(resident_bytes))
    }
}

#[cfg(test)]
mod tests {
    use absah_vision::runtime::Recording;

    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn round(whole: u64, floor: u64, embed: u64) -> Round {
        let laps = vec![Lap { stage: "detect", took: ms(3) }, Lap { stage: "embed", took: ms(embed) }];
        let run =
            |model: &str, took| ModelRun { model: model.to_owned(), width: 1, height: 1, took: ms(took) };
        let runs = vec![run("detector", 1), run("detector", 1), run("recogniser", embed - 1)];
        Round { whole: ms(whole), recording: Recording { laps, runs }, floor: Some(ms(floor)) }
    }

    #[test]
    fn quantiles_are_values_that_occurred() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        for (sorted, share, expected) in [
            (&ten[..], 0.0, 1.0),
            (&ten, 0.5, 5.0),
            (&ten, 0.9, 9.0),
            (&ten, 1.0, 10.0),
            (&ten[..1], 0.9, 1.0),
        ] {
            assert!((quantile(sorted, share) - expected).abs() < 1e-12, "{share}");
        }
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn stages_and_models_are_those_that_ran() {
        let report = OneThread::of(&[round(30, 20, 10), round(24, 20, 12), round(40, 25, 11)]);
        let names: Vec<_> = report.stages.iter().map(|stage| stage.stage).collect();
        assert_eq!(names, ["detect", "embed"]);
        let models: Vec<_> = report.models.iter().map(|model| (model.model.as_str(), model.runs)).collect();
        assert_eq!(models, [("detector", 2), ("recogniser", 1)]);
        let figures = [
            (report.stages[1].times.p50_ms, 11.0),
            (report.stages[1].times.least_ms, 10.0),
            (report.models[0].times.p50_ms, 2.0),
            (report.whole.p50_ms, 30.0),
            (report.floor.p90_ms, 25.0),
            // The pairs' own ratios are 1.5, 1.2 and 1.6.
            (report.over_floor, 1.5),
        ];
        for (found, expected) in figures {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
        let together = Together::of(2, &[ms(30), ms(32)], 60.0, &report);
        assert!((together.efficiency - 0.9).abs() < 1e-9, "{together:?}");
    }
}
