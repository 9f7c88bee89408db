//! Verdicts of single checks.

use crate::field::FieldMap;
use crate::rule::Rule;

/// What comparing one claimed field came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldVerdict {
    /// The claim agrees with the record.
    Match,
    /// The claim contradicts the record.
    Mismatch,
    /// The record says nothing about the field.
    NotHeld,
}

/// A field's verdict with what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldFinding {
    /// The verdict.
    pub verdict: FieldVerdict,
    /// Similarity, 0 to 100, where the field is scored.
    pub similarity: Option<u8>,
    /// The similarity the field has to reach, where it is scored.
    pub threshold: Option<u8>,
    /// The rule that decided; `None` where the record does not hold the field.
    pub rule: Option<Rule>,
}

/// The findings of all fields that were claimed.
pub type FieldFindings = FieldMap<FieldFinding>;
