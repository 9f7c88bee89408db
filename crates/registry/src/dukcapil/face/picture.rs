//! Pictures as the service takes them.

use std::sync::Arc;

use absah_core::trouble::Trouble;

/// The service takes JPEG files of fewer bytes than this.
const MAX_BYTES: usize = 195_000;

/// Makes the JPEG files the service takes, of pictures in any format that is received.
pub trait JpegMaker: Send + Sync {
    /// A JPEG file of at most `max_bytes` that shows what the picture shows, upright. Runs on a thread that may wait.
    ///
    /// # Errors
    /// Why there is none.
    fn jpeg(&self, picture: &[u8], max_bytes: usize) -> Result<Vec<u8>, JpegRefusal>;
}

/// Why there is no JPEG file of a picture.
#[derive(Debug, thiserror::Error)]
pub enum JpegRefusal {
    /// The picture cannot be read, or not be made small enough.
    #[error("the picture cannot be used")]
    Unusable,
    /// The maker failed; the picture may be fine.
    #[error("the picture could not be converted")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The JPEG file of a picture; `None` where the picture cannot be used, for which nothing need be paid.
pub(in crate::dukcapil) async fn make(
    maker: &Arc<dyn JpegMaker>,
    picture: &[u8],
) -> Result<Option<Vec<u8>>, Trouble> {
    let (maker, picture) = (Arc::clone(maker), picture.to_vec());
    let made = tokio::task::spawn_blocking(move || maker.jpeg(&picture, MAX_BYTES - 1)).await;
    match made {
        Ok(Ok(jpeg)) if jpeg.len() < MAX_BYTES && jpeg.starts_with(&[0xff, 0xd8]) => Ok(Some(jpeg)),
        Ok(Err(JpegRefusal::Unusable)) => Ok(None),
        Ok(Ok(jpeg)) => {
            tracing::error!(
                bytes = jpeg.len(),
                "the maker of pictures made no JPEG file of the size asked for"
            );
            Err(Trouble::Unavailable)
        }
        Ok(Err(JpegRefusal::Failed(error))) => {
            tracing::error!(error = &*error as &dyn std::error::Error, "the maker of pictures failed");
            Err(Trouble::Unavailable)
        }
        Err(_) => {
            tracing::error!("the maker of pictures did not come to an end");
            Err(Trouble::Unavailable)
        }
    }
}
