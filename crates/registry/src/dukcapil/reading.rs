//! What an attempt came to.

use absah_core::trouble::Trouble;
use http::StatusCode;

use super::transport::{Broken, Cause, Reply};

/// An attempt as it is recorded and as it is answered.
#[derive(Debug, PartialEq)]
pub(super) struct Reading<T> {
    /// The short key it is recorded under.
    pub(super) key: &'static str,
    /// Whether it may have been charged.
    pub(super) charged: bool,
    /// Calls left, where the service told.
    pub(super) quota_left: Option<u64>,
    pub(super) outcome: Outcome<T>,
}

/// What is answered.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome<T> {
    /// This.
    Settled(Result<T, Trouble>),
    /// Another attempt may be made; this, if it was the last one.
    Again(Trouble),
}

impl<T> Reading<T> {
    /// An answer about a person: charged.
    pub(super) fn answer(key: &'static str, answer: T) -> Self {
        Self { key, charged: true, quota_left: None, outcome: Outcome::Settled(Ok(answer)) }
    }

    /// A refusal that another attempt would meet too.
    pub(super) fn trouble(trouble: Trouble) -> Self {
        let (key, charged) = match trouble {
            Trouble::OutOfQuota => ("out_of_quota", false),
            Trouble::Setup { .. } => ("setup", false),
            Trouble::RateLimited => ("rate_limited", false),
            // Whether a rejected or misunderstood call is charged nobody says.
            Trouble::QueryFailed { .. } => ("query_failed", true),
            Trouble::BadAnswer => ("bad_answer", true),
            Trouble::Timeout => ("timeout", true),
            Trouble::Unavailable => ("unavailable", true),
        };
        Self { key, charged, quota_left: None, outcome: Outcome::Settled(Err(trouble)) }
    }

    /// The service is too busy: not charged, and to be tried again. The trouble is [`Trouble::RateLimited`], since
    /// the service is there and working, and the caller does well to come back later.
    pub(super) fn busy() -> Self {
        Self { key: "busy", charged: false, quota_left: None, outcome: Outcome::Again(Trouble::RateLimited) }
    }

    /// The same with the calls left.
    pub(super) fn with_quota(self, quota_left: Option<u64>) -> Self {
        Self { quota_left, ..self }
    }

    /// What an exchange came to; `read` reads the body of one that succeeded. `repeat_charged` says whether what may
    /// have been charged is tried again.
    pub(super) fn of(
        exchanged: Result<Reply, Broken>,
        read: impl FnOnce(&[u8]) -> Self,
        repeat_charged: bool,
    ) -> Self {
        match exchanged {
            Ok(Reply { status: StatusCode::OK, body }) => read(&body),
            Ok(Reply { status: StatusCode::TOO_MANY_REQUESTS, .. }) => Self::busy(),
            Ok(Reply { status, .. }) if status.is_server_error() => {
                Self::lost("http_error", true, Trouble::Unavailable, repeat_charged)
            }
            // No other status is part of the protocol: a wrong address, or something in between that answers.
            Ok(Reply { status, .. }) => {
                Self::trouble(Trouble::Setup { code: format!("http{}", status.as_u16()) })
            }
            Err(Broken { sent, cause }) => match cause {
                Cause::Timeout => Self::lost("timeout", sent, Trouble::Timeout, repeat_charged),
                Cause::Connection => Self::lost("unavailable", sent, Trouble::Unavailable, repeat_charged),
                Cause::Untrusted => Self::trouble(Trouble::Setup { code: "tls".to_owned() }),
                Cause::TooLarge => Self::trouble(Trouble::BadAnswer),
            },
        }
    }

    /// An attempt without an answer; free if nothing was sent, and then made again.
    fn lost(key: &'static str, sent: bool, trouble: Trouble, repeat_charged: bool) -> Self {
        let outcome =
            if !sent || repeat_charged { Outcome::Again(trouble) } else { Outcome::Settled(Err(trouble)) };
        Self { key, charged: sent, quota_left: None, outcome }
    }
}
