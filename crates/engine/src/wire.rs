//! What the engine has to know of a dialect in order to record a transaction before it is answered.

use absah_core::assessment::Assessment;
use absah_core::charge::ChargeItem;
use uuid::Uuid;

/// Ids made for one transaction, from which a dialect picks what its caller is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireIds {
    /// The history id.
    pub history: Uuid,
    /// A second random id.
    pub reference: Uuid,
    /// A time-ordered number of 19 digits, unique across nodes.
    pub order_number: u64,
}

/// A dialect's charge table, statuses and ids. Pure.
pub trait WireRules: Send + Sync {
    /// The status of the answer.
    fn status(&self, assessment: &Assessment) -> u16;

    /// What the answer costs, production only: an empty list is free.
    fn charges(&self, assessment: &Assessment) -> Vec<ChargeItem>;

    /// The id the caller is given.
    fn wire_id(&self, assessment: &Assessment, ids: &WireIds) -> String;
}
