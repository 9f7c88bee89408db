//! The engine over scripted pictures and a scripted registry: one row a case.

#![allow(clippy::expect_used, reason = "a test ends where its set-up fails")]

mod assessments;
mod card_portraits;
mod scripted;
