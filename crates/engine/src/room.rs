//! Room for decoded pictures: how many bytes of them are held at once, from before decoding until the last look.

use std::sync::Arc;
use std::time::Duration;

use absah_vision::admission::{self, Format, Header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::PictureInput;

/// Room is counted in KiB, since a semaphore counts to 2^29 on every machine.
const UNIT: usize = 1 << 10;
/// Bytes of a pixel.
const PIXEL: usize = 3;
/// What a drawing takes at least: it may be drawn larger than it says, to keep the detail of a picture within it.
const DRAWING: usize = 32 << 20;

/// A bound on the bytes of decoded pictures that wait or are worked on.
///
/// Waiting is asynchronous and comes before a worker is asked, so that workers never wait for what queued jobs hold.
#[derive(Debug, Clone)]
pub(crate) struct PictureRoom {
    units: Arc<Semaphore>,
    total: usize,
    patience: Duration,
}

/// Room that was taken, given back on drop.
#[derive(Debug)]
pub struct Room {
    _taken: OwnedSemaphorePermit,
}

impl PictureRoom {
    /// Room for `bytes`, for which a request waits at most `patience`.
    pub(crate) fn new(bytes: usize, patience: Duration) -> Self {
        let total = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Self { units: Arc::new(Semaphore::new(total)), total, patience }
    }

    /// Takes room for all pictures of a request at once, so that two requests never wait for each other's half;
    /// `None` when patience ran out. Pictures that need more than there is take all of it, and so run alone.
    pub(crate) async fn take(&self, pictures: [Option<&PictureInput>; 2]) -> Option<Room> {
        let bytes: usize = pictures.into_iter().flatten().map(decoded_bytes).sum();
        let units = u32::try_from(bytes.div_ceil(UNIT).min(self.total)).ok()?;
        let waiting = Arc::clone(&self.units).acquire_many_owned(units);
        let taken = tokio::time::timeout(self.patience, waiting).await.ok()?.ok()?;
        Some(Room { _taken: taken })
    }
}

/// What a picture will take once it is decoded, twice: one that lies on its side is turned into a copy. Nothing, where it
/// will not be decoded.
fn decoded_bytes(picture: &PictureInput) -> usize {
    match admission::inspect(&picture.bytes) {
        Ok(Header { format, width, height }) => {
            let pixels = 2 * width as usize * height as usize * PIXEL;
            if format == Format::Svg { pixels.max(DRAWING) } else { pixels }
        }
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use absah_vision::admission::PictureBounds;
    use bytes::Bytes;

    use super::*;

    /// A drawing of 16 megapixels, that is twice 48 MB.
    fn drawing() -> PictureInput {
        let bytes =
            Bytes::from_static(br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4000 4000"/>"#);
        PictureInput { bytes, bounds: PictureBounds { min_bytes: 0, max_bytes: 1 << 20, min_sides: None } }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_room_and_is_refused_when_patience_runs_out() {
        let room = PictureRoom::new(120_000_000, Duration::from_secs(5));
        let picture = drawing();
        let first = room.take([Some(&picture), None]).await.expect("there is room");
        assert!(room.take([Some(&picture), None]).await.is_none(), "the first holds it");
        drop(first);
        assert!(
            room.take([Some(&picture), Some(&picture)]).await.is_some(),
            "more than all of it runs alone"
        );
    }

    #[tokio::test]
    async fn what_is_no_picture_takes_no_room() {
        let room = PictureRoom::new(1, Duration::ZERO);
        let text = PictureInput { bytes: Bytes::from_static(b"text"), ..drawing() };
        assert!(room.take([Some(&text), None]).await.is_some());
    }
}
