//! The language of the field: values, rules of comparison, verdicts, outcomes and charges.
//!
//! Nothing here does input or output, reads a clock or draws a random number; every function is a pure
//! translation of its arguments, so each rule can be shown by a table of cases.

pub mod assessment;
pub mod charge;
pub mod claims;
pub mod dialect;
pub mod face;
pub mod field;
pub mod nik;
pub mod policy;
pub mod private;
pub mod rule;
pub mod tenant;
pub mod trouble;
pub mod verdict;
