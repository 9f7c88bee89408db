//! The three wire protocols. Each is a translation: request in, outcome out, errors out, charge table.

pub(crate) mod accuauth;
pub(crate) mod glair;
pub(crate) mod kredibel;
pub(crate) mod unrouted;
