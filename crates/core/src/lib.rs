//! The language of the field: values, rules of comparison, verdicts, outcomes and charges.
//!
//! Nothing here does input or output, reads a clock or draws a random number; every function is a pure
//! translation of its arguments, so each rule can be shown by a table of cases.

pub mod address;
pub mod assessment;
pub mod birth_date;
pub mod charge;
pub mod claims;
pub mod coded;
pub mod compare;
pub mod contact;
pub mod dialect;
pub mod face;
pub mod field;
pub mod nik;
pub mod person_name;
pub mod places;
pub mod policy;
pub mod private;
pub mod rule;
mod table;
pub mod tenant;
mod text;
pub mod trouble;
pub mod verdict;
