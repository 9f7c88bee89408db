//! Comparisons: a list of pairs, or all of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::distribution::Distribution;
use super::gallery::{Gallery, Sample};
use super::pairs::Pair;
use super::slices::{Bands, Sliced};

/// The cosines of what could be compared, and what was counted at the operating threshold.
pub(super) struct Compared {
    pub(super) genuine: Distribution,
    pub(super) impostor: Distribution,
    pub(super) sliced: Sliced,
}

impl Compared {
    fn new() -> Self {
        Self { genuine: Distribution::new(), impostor: Distribution::new(), sliced: Sliced::default() }
    }

    fn add(&mut self, (left, right): (Bands, Bands), same: bool, cosine: f32, threshold: f32) {
        if same {
            self.genuine.add(cosine)
        } else {
            self.impostor.add(cosine)
        }
        self.sliced.add(left, right, same, cosine >= threshold);
    }

    fn merge(&mut self, other: &Self) {
        self.genuine.merge(&other.genuine);
        self.impostor.merge(&other.impostor);
        self.sliced.merge(&other.sliced);
    }
}

/// What a listed pair came to: whether it is one person, and whether it matched; `None` where it was not compared.
pub(super) type Finding = Option<(bool, bool)>;

/// Compares listed pairs; those with a capture without a sample are left out.
pub(super) fn listed(gallery: &Gallery, pairs: &[Pair], threshold: f32) -> (Compared, Vec<Finding>) {
    let sample = |index: usize| gallery.samples.get(index).and_then(Option::as_ref);
    let mut compared = Compared::new();
    let mut compare = |pair: &Pair| {
        let (left, right) = sample(pair.left).zip(sample(pair.right))?;
        let cosine = left.template.cosine(&right.template)?;
        compared.add((left.bands, right.bands), pair.same, cosine, threshold);
        Some((pair.same, cosine >= threshold))
    };
    let findings = pairs.iter().map(&mut compare).collect();
    (compared, findings)
}

/// Rows a thread takes at a time: their features stay in its first-level cache.
const BLOCK: usize = 32;

/// A sample on its way through all comparisons.
#[derive(Clone, Copy)]
struct Row<'g> {
    /// The picture's place in the set.
    picture: usize,
    person: usize,
    features: &'g [f32],
    bands: Bands,
}

fn rows<'g>(samples: &'g [Option<Sample>], person_of: &[usize]) -> Vec<Row<'g>> {
    let places = person_of.iter().zip(samples).enumerate();
    let row = |(picture, (person, sample)): (usize, (&usize, &'g Option<Sample>))| {
        let Sample { template, bands } = sample.as_ref()?;
        Some(Row { picture, person: *person, features: template.features(), bands: *bands })
    };
    places.filter_map(row).collect()
}

/// Compares every picture with every later one, on `jobs` threads. Memory grows with the pictures, not with the pairs.
pub(super) fn all(gallery: &Gallery, person_of: &[usize], threshold: f32, jobs: usize) -> Compared {
    let rows = rows(&gallery.samples, person_of);
    shared(rows.len(), jobs, |start, compared| {
        let Some(below) = rows.get(start..) else { return };
        let block = below.get(..BLOCK).unwrap_or(below);
        for (later, row) in below.iter().enumerate() {
            // Within the block only the pairs above the diagonal.
            for other in block.iter().take(later) {
                compare(other, row, threshold, compared);
            }
        }
    })
}

/// Compares every probe with the reference of every other picture; the gallery holds the probes of all pictures, then
/// the references of all pictures.
pub(super) fn crossed(gallery: &Gallery, person_of: &[usize], threshold: f32, jobs: usize) -> Compared {
    let (probes, references) = gallery.samples.split_at(person_of.len().min(gallery.samples.len()));
    let (probes, references) = (rows(probes, person_of), rows(references, person_of));
    shared(probes.len(), jobs, |start, compared| {
        let below = probes.get(start..).unwrap_or_default();
        let block = below.get(..BLOCK).unwrap_or(below);
        for reference in &references {
            for probe in block.iter().filter(|probe| probe.picture != reference.picture) {
                compare(probe, reference, threshold, compared);
            }
        }
    })
}

fn compare(left: &Row, right: &Row, threshold: f32, compared: &mut Compared) {
    let cosine = dot(left.features, right.features).clamp(-1.0, 1.0);
    compared.add((left.bands, right.bands), left.person == right.person, cosine, threshold);
}

/// Runs `work` for every block of `count` rows, by its start, on `jobs` threads, and sums up what each found.
fn shared(count: usize, jobs: usize, work: impl Fn(usize, &mut Compared) + Sync) -> Compared {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut compared = Compared::new();
        loop {
            let start = next.fetch_add(BLOCK, Ordering::Relaxed);
            if start >= count {
                return compared;
            }
            work(start, &mut compared);
        }
    };
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(share)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut total = Compared::new();
    for share in shares {
        total.merge(&share.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    }
    total
}

/// Dot product in sixteen sums side by side, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_parts, a_rest) = a.as_chunks::<16>();
    let (b_parts, b_rest) = b.as_chunks::<16>();
    let mut sums = [0.0_f32; 16];
    for (a, b) in a_parts.iter().zip(b_parts) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use absah_core::face::FaceTemplate;

    use super::*;
    use crate::face::{AlignedFace, Bounds, Face, Point};
    use crate::picture::Picture;

    fn gallery(count: usize) -> Gallery {
        let picture = Picture::new(1, 1, vec![0; 3]).expect("a picture");
        let sample = |index: usize| {
            let features = (0..20).map(|k| ((index * 31 + k * 17) % 23) as f32 - 11.0).collect();
            let at = |x: f32, y: f32| Point { x, y };
            let bounds = Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
            let wide = 10.0 + 15.0 * (index % 5) as f32;
            let landmarks = [at(0.0, 0.0), at(wide, 0.0), at(wide / 2.0, 9.0), at(1.0, 20.0), at(9.0, 20.0)];
            let face = Face { bounds, landmarks, score: 1.0 };
            let bands = Bands::measure(&AlignedFace::cut(&picture, &face)?, &picture, &face);
            Some(Sample { template: FaceTemplate::new("test".into(), features)?, bands })
        };
        let samples = (0..count).map(|index| if index % 7 == 3 { None } else { sample(index) }).collect();
        Gallery { samples, busy: Duration::ZERO }
    }

    fn assert_same(found: &Compared, expected: &Compared, case: &str) {
        assert_eq!(found.genuine.count(), expected.genuine.count(), "{case}");
        assert_eq!(found.impostor.count(), expected.impostor.count(), "{case}");
        assert_eq!(found.sliced.all.impostor.compared, expected.impostor.count(), "{case}");
        let median = |compared: &Compared| compared.impostor.highest_beyond(compared.impostor.count() / 2);
        assert!((median(found) - median(expected)).abs() < 1e-4, "{case}");
        assert_eq!(found.sliced.report().len(), expected.sliced.report().len(), "{case}");
    }

    #[test]
    fn all_pairs_are_the_listed_ones() {
        for count in [0, 1, 2, 31, 32, 33, 64, 65, 150] {
            let gallery = gallery(count);
            let person_of: Vec<usize> = (0..count).map(|index| index / 3).collect();
            let pairs: Vec<Pair> = (0..count)
                .flat_map(|left| {
                    (left + 1..count).map(move |right| Pair { left, right, same: left / 3 == right / 3 })
                })
                .collect();
            let (listed, findings) = listed(&gallery, &pairs, 0.213);
            assert_eq!(
                findings.iter().flatten().count() as u64,
                listed.genuine.count() + listed.impostor.count()
            );
            assert_same(&all(&gallery, &person_of, 0.213, 3), &listed, &count.to_string());
        }
    }

    #[test]
    fn crossed_pairs_are_the_listed_ones_both_ways() {
        for count in [0, 1, 2, 33, 70] {
            let gallery = gallery(2 * count);
            let person_of: Vec<usize> = (0..count).map(|index| index / 3).collect();
            let pairs: Vec<Pair> = (0..count)
                .flat_map(|left| {
                    let others = (0..count).filter(move |right| *right != left);
                    others.map(move |right| Pair { left, right: count + right, same: left / 3 == right / 3 })
                })
                .collect();
            let (listed, _) = listed(&gallery, &pairs, 0.213);
            assert_same(&crossed(&gallery, &person_of, 0.213, 3), &listed, &count.to_string());
        }
    }
}
