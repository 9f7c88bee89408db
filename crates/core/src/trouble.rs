//! Trouble of an outside source: never a verdict about a person.

use thiserror::Error;

/// Why the population registry gave no verdict.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// It could not be reached, or broke off.
    #[error("the registry is unavailable")]
    Unavailable,
    /// It did not answer in time.
    #[error("the registry did not answer in time")]
    Timeout,
    /// It refused for the frequency of calls.
    #[error("the registry refused for the frequency of calls")]
    RateLimited,
    /// Its own quota is used up.
    #[error("the registry's quota is used up")]
    OutOfQuota,
    /// Its credentials, addresses or permissions are set up wrongly.
    #[error("the registry is set up wrongly (code {code})")]
    Setup {
        /// The source's own code; never personal data.
        code: String,
    },
    /// It rejected the parameters of the query.
    #[error("the registry rejected the query (code {code})")]
    QueryFailed {
        /// The source's own code; never personal data.
        code: String,
    },
    /// Its answer was not understood.
    #[error("the registry's answer was not understood")]
    BadAnswer,
}
