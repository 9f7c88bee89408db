//! One picture by several pipelines, each step that they share done once and its time counted for each.

use std::time::{Duration, Instant};

use absah_core::face::FaceTemplate;

use super::gallery::Sample;
use super::pipeline::{Pipeline, aligned_by_mesh, mirrored, sum};
use super::slices::Bands;
use crate::face::{AlignedFace, Face, Pass, Upright};
use crate::picture::{Picture, Turn};
use crate::runtime::{Bench, ModelError};

/// A value and the time it took, whoever asked for it first.
#[derive(Debug, Clone, Default)]
pub(super) struct Timed<T> {
    pub(super) value: T,
    pub(super) took: Duration,
}

/// A picture, and what the pipelines have made of it so far.
pub(super) struct Trial<'p> {
    picture: &'p Picture,
    /// Whether it is known to stand upright.
    is_upright: bool,
    searches: Known<&'static [Pass], Upright<'p>>,
    meshes: Known<(Turn, Face), Face>,
    /// By the orientation, the face and whether it is mirrored.
    templates: Known<(Turn, Face, bool), Option<FaceTemplate>>,
}

impl<'p> Trial<'p> {
    pub(super) fn of(picture: &'p Picture, is_upright: bool) -> Self {
        Self {
            picture,
            is_upright,
            searches: Known::default(),
            meshes: Known::default(),
            templates: Known::default(),
        }
    }

    /// A sample a pipeline, of the face nearest the centre; `None` where it finds none, or nothing to align it by.
    pub(super) fn samples(
        mut self,
        bench: &mut Bench,
        pipelines: &[Pipeline],
    ) -> Result<Vec<Timed<Option<Sample>>>, ModelError> {
        pipelines.iter().map(|pipeline| self.sample(bench, *pipeline)).collect()
    }

    fn sample(&mut self, bench: &mut Bench, pipeline: Pipeline) -> Result<Timed<Option<Sample>>, ModelError> {
        let (picture, is_upright) = (self.picture, self.is_upright);
        let detector = pipeline.detector();
        let search = || {
            if is_upright {
                let face = bench.detect_nearest_centre_with(picture, &detector)?;
                return Ok(Upright::as_given(picture, face.into_iter().collect()));
            }
            bench.detect_upright_nearest_centre_with(picture, &detector)
        };
        let Timed { value: upright, mut took } = self.searches.get(detector.passes, search)?;
        let Some(mut face) = upright.faces().first().copied() else { return Ok(Timed { value: None, took }) };
        let (turn, upright) = (upright.turn(), upright.picture());
        if pipeline.by_mesh() {
            let mesh = self.meshes.get((turn, face), || aligned_by_mesh(bench, upright, &face))?;
            took += mesh.took;
            face = *mesh.value;
        }
        // Landmarks without extent: nothing to align by.
        let Some(aligned) = AlignedFace::cut(upright, &face) else { return Ok(Timed { value: None, took }) };
        let template = self.templates.get((turn, face, false), || embed(bench, upright, &face))?;
        took += template.took;
        let mut template = template.value.clone();
        if pipeline.flips() {
            let mirror = self.templates.get((turn, face, true), || match mirrored(upright, &face) {
                Some((picture, face)) => embed(bench, &picture, &face),
                None => Ok(None),
            })?;
            took += mirror.took;
            template =
                template.zip(mirror.value.as_ref()).and_then(|(template, mirror)| sum(&template, mirror));
        }
        let sample = |template| Sample { template, bands: Bands::measure(&aligned, upright, &face) };
        Ok(Timed { value: template.map(sample), took })
    }
}

/// The template of a face; `None` for features without a length, and for landmarks too near each other.
fn embed(bench: &mut Bench, picture: &Picture, face: &Face) -> Result<Option<FaceTemplate>, ModelError> {
    match bench.embed(picture, face) {
        Ok(template) => Ok(Some(template)),
        Err(ModelError::Output) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Values by what they were made of; there are few of them.
struct Known<K, V>(Vec<(K, Timed<V>)>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Known<K, V> {
    /// The value of `key`, made where it is not known yet.
    fn get<E>(&mut self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Timed<&V>, E> {
        let place = match self.0.iter().position(|(known, _)| *known == key) {
            Some(place) => place,
            None => {
                let begun = Instant::now();
                let value = make()?;
                self.0.push((key, Timed { value, took: begun.elapsed() }));
                self.0.len() - 1
            }
        };
        let (_, Timed { value, took }) = &self.0[place];
        Ok(Timed { value, took: *took })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_and_its_time_told_every_time() {
        let mut known = Known::default();
        let mut made = 0;
        for (key, expected, made_so_far) in [("a", 1, 1), ("b", 2, 2), ("a", 1, 2), ("b", 2, 2)] {
            let value = known.get(key, || {
                made += 1;
                std::thread::sleep(Duration::from_millis(2));
                Ok::<_, ()>(made)
            });
            let Timed { value, took } = value.expect("no error");
            assert_eq!(*value, expected, "{key}");
            assert!(took >= Duration::from_millis(2), "{key}");
            assert_eq!(made, made_so_far, "{key}");
        }
        assert_eq!(known.get("c", || Err::<usize, _>("failed")).expect_err("an error"), "failed");
        assert_eq!(known.0.len(), 2, "an error is not remembered");
    }
}
