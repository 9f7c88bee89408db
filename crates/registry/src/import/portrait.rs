//! Reference portraits: found within their folder, read within bounds, encoded on several threads.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use absah_core::face::FaceTemplate;
use thiserror::Error;
use zeroize::Zeroizing;

use super::reject::Reason;

/// The most bytes of a portrait's file.
const MAX_BYTES: u64 = 32 << 20;

/// Makes templates of portraits.
pub trait PortraitEncoder: Send + Sync {
    /// The template of the one face a picture shows. Called from several threads at once.
    ///
    /// # Errors
    /// Why there is none.
    fn encode(&self, picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal>;
}

/// Why a portrait gave no template.
#[derive(Debug, Error)]
pub enum PortraitRefusal {
    /// It is no picture that can be read.
    #[error("not a readable picture")]
    Unreadable,
    /// It shows no face.
    #[error("no face")]
    NoFace,
    /// It shows several faces.
    #[error("several faces")]
    SeveralFaces,
    /// It cannot be used for another reason, a reason code.
    #[error("not usable ({0})")]
    Unusable(&'static str),
    /// The encoder itself failed; the portrait may be fine. Ends the import.
    #[error("the encoder failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a portrait came to.
pub(crate) enum Encoded {
    Template(FaceTemplate),
    Rejected(Reason),
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// The folder portraits are taken from, and from nowhere else.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        path.canonicalize().map(Self)
    }

    fn read(&self, relative: &str) -> Result<Zeroizing<Vec<u8>>, Reason> {
        let relative = Path::new(relative);
        if !relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(Reason::PortraitOutside);
        }
        // Links are followed first, so that none of them leads out.
        let path = self.0.join(relative).canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Reason::PortraitMissing,
            _ => Reason::PortraitUnreadable,
        })?;
        if !path.starts_with(&self.0) {
            return Err(Reason::PortraitOutside);
        }
        // Asked before opening: opening a pipe would wait for somebody to write.
        let about = path.metadata().map_err(|_| Reason::PortraitUnreadable)?;
        if !about.is_file() {
            return Err(Reason::PortraitUnreadable);
        }
        if about.len() > MAX_BYTES {
            return Err(Reason::PortraitTooLarge);
        }
        // Room for the whole file at once: a vector that grows would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0) + 1));
        let file = File::open(&path).map_err(|_| Reason::PortraitUnreadable)?;
        file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|_| Reason::PortraitUnreadable)?;
        Ok(bytes)
    }

    /// What a portrait came to, and the picture itself.
    pub(crate) fn encode(
        &self,
        relative: &str,
        encoder: &dyn PortraitEncoder,
    ) -> (Encoded, Zeroizing<Vec<u8>>) {
        match self.read(relative) {
            Err(reason) => (Encoded::Rejected(reason), Zeroizing::default()),
            Ok(picture) => (encode(&picture, encoder), picture),
        }
    }

    /// What each portrait came to, in the order of `paths`, with the picture where pictures are kept; up to `threads` are
    /// read and encoded at the same time.
    pub(crate) fn encode_all(
        &self,
        paths: &[&str],
        encoder: &dyn PortraitEncoder,
        threads: NonZeroUsize,
        keep: bool,
    ) -> Vec<(Encoded, Option<Zeroizing<Vec<u8>>>)> {
        each(paths, threads, |path| {
            let (encoded, picture) = self.encode(path, encoder);
            (encoded, Some(picture).filter(|_| keep))
        })
    }
}

/// What a picture came to.
pub(crate) fn encode(picture: &[u8], encoder: &dyn PortraitEncoder) -> Encoded {
    Encoded::Rejected(match encoder.encode(picture) {
        Ok(template) => return Encoded::Template(template),
        Err(PortraitRefusal::Failed(error)) => return Encoded::Failed(error),
        Err(PortraitRefusal::Unreadable) => Reason::PortraitUnreadable,
        Err(PortraitRefusal::NoFace) => Reason::NoFace,
        Err(PortraitRefusal::SeveralFaces) => Reason::SeveralFaces,
        Err(PortraitRefusal::Unusable(reason)) => Reason::PortraitUnusable(reason),
    })
}

/// What `work` makes of each item, in their order, up to `threads` at the same time.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    threads: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.get().min(items.len())).map(|_| scope.spawn(share)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().flat_map(join).collect()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, encoded)| encoded).collect()
}
