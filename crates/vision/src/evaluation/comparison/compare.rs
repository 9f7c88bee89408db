//! Comparisons: a list of pairs, or all of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::distribution::Distribution;
use super::gallery::Gallery;
use super::pairs::Pair;

/// The cosines of what could be compared.
pub(super) struct Compared {
    pub(super) genuine: Distribution,
    pub(super) impostor: Distribution,
}

impl Compared {
    fn new() -> Self {
        Self { genuine: Distribution::new(), impostor: Distribution::new() }
    }

    fn add(&mut self, same: bool, cosine: f32) {
        if same { self.genuine.add(cosine) } else { self.impostor.add(cosine) }
    }
}

/// Compares listed pairs; those with a picture without a template are left out.
pub(super) fn listed(gallery: &Gallery, pairs: &[Pair]) -> Compared {
    let template = |index: usize| gallery.templates.get(index).and_then(Option::as_ref);
    let mut compared = Compared::new();
    for pair in pairs {
        let cosine =
            template(pair.left).zip(template(pair.right)).and_then(|(left, right)| left.cosine(right));
        if let Some(cosine) = cosine {
            compared.add(pair.same, cosine);
        }
    }
    compared
}

/// Rows of the upper triangle a thread takes at a time: their features stay in its first-level cache.
const BLOCK: usize = 32;

/// Compares every picture with every later one, on `jobs` threads. Memory grows with the pictures, not with the pairs.
pub(super) fn all(gallery: &Gallery, person_of: &[usize], jobs: usize) -> Compared {
    let people = person_of.iter().copied();
    let rows: Vec<(usize, &[f32])> = people
        .zip(&gallery.templates)
        .filter_map(|(person, template)| template.as_ref().map(|template| (person, template.features())))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut compared = Compared::new();
        loop {
            let start = next.fetch_add(BLOCK, Ordering::Relaxed);
            let Some(below) = rows.get(start..) else { break };
            let block = below.get(..BLOCK).unwrap_or(below);
            for (later, (person, features)) in below.iter().enumerate() {
                // Within the block only the pairs above the diagonal.
                for (other_person, other) in block.iter().take(later) {
                    compared.add(person == other_person, dot(features, other).clamp(-1.0, 1.0));
                }
            }
            if below.len() <= BLOCK {
                break;
            }
        }
        compared
    };
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut total = Compared::new();
    for share in shares {
        let share = share.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        total.genuine.merge(&share.genuine);
        total.impostor.merge(&share.impostor);
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

    fn gallery(count: usize) -> Gallery {
        let template = |index: usize| {
            let features = (0..20).map(|k| ((index * 31 + k * 17) % 23) as f32 - 11.0).collect();
            FaceTemplate::new("test".into(), features)
        };
        let templates = (0..count).map(|index| if index % 7 == 3 { None } else { template(index) }).collect();
        Gallery { templates, busy: Duration::ZERO }
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
            let (listed, all) = (listed(&gallery, &pairs), all(&gallery, &person_of, 3));
            assert_eq!(listed.genuine.count(), all.genuine.count(), "{count}");
            assert_eq!(listed.impostor.count(), all.impostor.count(), "{count}");
            let median =
                |compared: &Compared| compared.impostor.highest_beyond(compared.impostor.count() / 2);
            assert!((median(&listed) - median(&all)).abs() < 1e-4, "{count}");
        }
    }
}
