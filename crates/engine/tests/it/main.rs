//! The engine over scripted pictures and a scripted registry: one row a case.

mod assessments;
mod scripted;
