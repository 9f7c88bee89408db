//! Receiving a request's body: bounded in bytes and in time, wiped when the last reader lets go.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::intake::budget::{BodyBudget, Reservation, Sender};

/// What is set aside for a body before any of it has arrived: what is announced costs the caller nothing, and all that
/// is set aside has to be wiped.
const FIRST_BYTES: usize = 64 * 1024;
/// How much of an unwanted body is read and thrown away, so that a caller who writes first and reads afterwards still
/// gets its answer.
const DRAINED_BYTES: usize = 32 * 1024 * 1024;
/// How long that may take.
const DRAINED_WITHIN: Duration = Duration::from_secs(5);

/// Why there is no body to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BodyFault {
    /// More bytes than the dialect allows.
    #[error("the body is too large")]
    TooLarge,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    Slow,
    /// The body broke off, or its framing is wrong.
    #[error("the body broke off")]
    Broken,
    /// The server holds as many request bytes as it may.
    #[error("too many request bytes are in memory")]
    Busy,
}

/// The bounds of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyBounds {
    /// Most bytes.
    pub(crate) bytes: usize,
    /// Longest time from here to the last byte.
    pub(crate) within: Duration,
}

/// A body that has not been asked for yet.
///
/// A dialect refuses most requests without reading them. [`Inbound::drain`] then takes what the caller is still
/// sending off the connection: closing it under a caller that is writing would reset it, and lose the answer.
pub(crate) struct Inbound {
    body: Body,
    /// Whether more can be expected to come without being asked for: not from a caller that waits for `100 Continue`,
    /// nor from one that has stopped sending.
    is_sending: bool,
}

impl Inbound {
    pub(crate) fn new(body: Body, headers: &HeaderMap) -> Self {
        Self { body, is_sending: !headers.contains_key(header::EXPECT) }
    }

    /// Reads the body.
    ///
    /// # Errors
    /// [`BodyFault`]; what arrived until then is wiped.
    pub(crate) async fn receive(
        &mut self,
        bounds: BodyBounds,
        sender: Sender,
        budget: &BodyBudget,
    ) -> Result<Bytes, BodyFault> {
        let announced = HttpBody::size_hint(&self.body);
        if announced.lower() > bounds.bytes as u64 {
            return Err(BodyFault::TooLarge);
        }
        let mut received = Received::announced(usize::try_from(announced.lower()).unwrap_or(0));
        let reading = async {
            while let Some(frame) = self.body.frame().await {
                let Ok(chunk) = frame.map_err(|_| BodyFault::Broken)?.into_data() else { continue };
                if received.bytes.len() + chunk.len() > bounds.bytes {
                    return Err(BodyFault::TooLarge);
                }
                budget.extend(&mut received.reservation, sender, chunk.len()).map_err(|_| BodyFault::Busy)?;
                received.append(&chunk);
            }
            Ok(())
        };
        let read = tokio::time::timeout(bounds.within, reading).await.unwrap_or(Err(BodyFault::Slow));
        self.is_sending = !matches!(read, Err(BodyFault::Slow | BodyFault::Broken));
        read.map(|()| Bytes::from_owner(received))
    }

    /// Reads what is left and throws it away, within bounds.
    pub(crate) async fn drain(mut self) {
        if !self.is_sending {
            return;
        }
        let draining = async {
            let mut left = DRAINED_BYTES;
            while let Some(Ok(frame)) = self.body.frame().await {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                let Some(rest) = left.checked_sub(bytes) else { return };
                left = rest;
            }
        };
        // Whether all of it came in time makes no difference to the answer.
        let _ = tokio::time::timeout(DRAINED_WITHIN, draining).await;
    }
}

/// The bytes with their place in the budget; both last as long as any slice of them.
struct Received {
    bytes: Zeroizing<Vec<u8>>,
    announced: usize,
    reservation: Reservation,
}

impl Received {
    /// Room for the start of a body that is announced to have so many bytes, or more.
    fn announced(bytes: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(bytes.min(FIRST_BYTES))),
            announced: bytes,
            reservation: Reservation::default(),
        }
    }

    /// Grows by hand, since a vector that grows by itself leaves its old place unwiped: twice as large each time, but
    /// not beyond what is announced.
    fn append(&mut self, chunk: &[u8]) {
        let needed = self.bytes.len() + chunk.len();
        if needed > self.bytes.capacity() {
            let doubled = self.bytes.capacity() * 2;
            let wanted = if needed <= self.announced { doubled.min(self.announced) } else { doubled };
            let mut grown = Zeroizing::new(Vec::with_capacity(wanted.max(needed)));
            grown.extend_from_slice(&self.bytes);
            self.bytes = grown;
        }
        self.bytes.extend_from_slice(chunk);
    }
}

impl AsRef<[u8]> for Received {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    const BOUNDS: BodyBounds = BodyBounds { bytes: 10, within: Duration::from_millis(50) };

    /// A body that comes in chunks, as over the wire.
    fn chunked(chunks: Vec<Result<&'static str, std::io::Error>>) -> Body {
        Body::from_stream(stream::iter(chunks))
    }

    async fn receive(body: Body, budget: usize) -> Result<Bytes, BodyFault> {
        let mut inbound = Inbound::new(body, &HeaderMap::new());
        inbound.receive(BOUNDS, Sender::Authenticated, &BodyBudget::new(budget)).await
    }

    #[tokio::test]
    async fn a_body_is_received_within_its_bounds() {
        let broken = || Err(std::io::Error::other("reset"));
        let rows = [
            ("empty", Body::empty(), Ok("")),
            ("whole", Body::from("0123456789"), Ok("0123456789")),
            ("in chunks", chunked(vec![Ok("01234"), Ok("56789")]), Ok("0123456789")),
            ("announced as too large", Body::from("0123456789a"), Err(BodyFault::TooLarge)),
            ("too large in chunks", chunked(vec![Ok("01234"), Ok("56789a")]), Err(BodyFault::TooLarge)),
            ("broken off", chunked(vec![Ok("01234"), broken()]), Err(BodyFault::Broken)),
            (
                "never ending",
                Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()),
                Err(BodyFault::Slow),
            ),
        ];
        for (name, body, expected) in rows {
            let received = receive(body, 1_000).await;
            assert_eq!(received.as_deref(), expected.map(str::as_bytes).as_ref().copied(), "{name}");
        }
    }

    #[test]
    fn room_grows_with_what_arrives_and_not_with_what_is_announced() {
        const KIB: usize = 1024;
        let rows = [
            // announced, arrived, room
            (0, 0, 0),
            (300, 300, 300),
            (16_384 * KIB, 0, 64 * KIB),
            (16_384 * KIB, 64 * KIB, 64 * KIB),
            (16_384 * KIB, 65 * KIB, 128 * KIB),
            (100 * KIB, 100 * KIB, 100 * KIB),
            (0, 64 * KIB, 64 * KIB),
        ];
        for (announced, arrived, room) in rows {
            let mut received = Received::announced(announced);
            for chunk in vec![1; arrived].chunks(KIB) {
                received.append(chunk);
            }
            assert_eq!(received.bytes.len(), arrived);
            assert_eq!(received.bytes.capacity(), room, "{arrived} of {announced} bytes");
        }
    }

    #[tokio::test]
    async fn a_body_over_the_budget_is_refused_at_once() {
        assert_eq!(receive(Body::from("0123456789"), 12).await, Err(BodyFault::Busy));
    }

    #[tokio::test]
    async fn the_budget_is_held_as_long_as_any_slice() {
        let budget = BodyBudget::new(14);
        let receive = async |text: &'static str| {
            let mut inbound = Inbound::new(Body::from(text), &HeaderMap::new());
            inbound.receive(BOUNDS, Sender::Authenticated, &budget).await
        };
        let slice = receive("0123456789").await.expect("the first fits").slice(3..4);
        assert_eq!(receive("0123456789").await, Err(BodyFault::Busy));
        drop(slice);
        assert!(receive("0123456789").await.is_ok());
    }
}
