//! A bound on the request bytes that are in memory at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Callers that are not authenticated yet share this part of the budget, so that they cannot use up the whole.
const ANONYMOUS_SHARE: usize = 4;

/// Bytes of request bodies that may be in memory at once.
///
/// Bytes are reserved as they arrive, not as they are announced: a caller who announces much and sends little holds
/// little. What is decoded out of a body is smaller than the body, and lives no longer than the form that keeps the
/// body: memory is at most a small multiple of the budget.
#[derive(Debug)]
pub(crate) struct BodyBudget {
    authenticated: Arc<Semaphore>,
    anonymous: Arc<Semaphore>,
}

/// Whose body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A credential that has been admitted.
    Authenticated,
    /// Nobody yet: the secret may stand in the body.
    Anonymous,
}

/// The budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many request bytes are in memory")]
pub(crate) struct Exhausted;

/// Bytes of the budget, given back on drop.
#[derive(Debug, Default)]
pub(crate) struct Reservation(Option<OwnedSemaphorePermit>);

impl BodyBudget {
    /// A budget of so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        let bytes = bytes.min(Semaphore::MAX_PERMITS);
        let anonymous = bytes / ANONYMOUS_SHARE;
        Self {
            authenticated: Arc::new(Semaphore::new(bytes - anonymous)),
            anonymous: Arc::new(Semaphore::new(anonymous)),
        }
    }

    /// Adds bytes to a reservation at once or not at all: waiting would let half-received bodies block each other.
    ///
    /// # Errors
    /// Fewer bytes are left.
    pub(crate) fn extend(
        &self,
        held: &mut Reservation,
        sender: Sender,
        bytes: usize,
    ) -> Result<(), Exhausted> {
        let share = match sender {
            Sender::Authenticated => &self.authenticated,
            Sender::Anonymous => &self.anonymous,
        };
        let bytes = u32::try_from(bytes).map_err(|_| Exhausted)?;
        let permit = Arc::clone(share).try_acquire_many_owned(bytes).map_err(|_| Exhausted)?;
        match &mut held.0 {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_reserved_until_the_reservation_is_dropped() {
        let budget = BodyBudget::new(400);
        let mut held = Reservation::default();
        for (bytes, fits) in [(200, true), (100, true), (1, false), (0, true)] {
            let extended = budget.extend(&mut held, Sender::Authenticated, bytes);
            assert_eq!(extended.is_ok(), fits, "{bytes} more bytes");
        }
        drop(held);
        assert_eq!(budget.extend(&mut Reservation::default(), Sender::Authenticated, 300), Ok(()));
    }

    #[test]
    fn anonymous_senders_cannot_use_up_the_share_of_authenticated_ones() {
        let budget = BodyBudget::new(400);
        let mut anonymous = Reservation::default();
        assert_eq!(budget.extend(&mut anonymous, Sender::Anonymous, 100), Ok(()));
        assert_eq!(budget.extend(&mut anonymous, Sender::Anonymous, 1), Err(Exhausted));
        assert_eq!(budget.extend(&mut Reservation::default(), Sender::Authenticated, 300), Ok(()));
    }
}
