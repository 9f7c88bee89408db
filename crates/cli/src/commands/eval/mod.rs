//! `absah eval`: error rates on an operator's own pictures and names.

mod card;
pub mod comparison;
mod faces;
mod liveness;
mod names;
mod quality;

use clap::Subcommand;

use super::Ending;
use super::progress::{Bar, jobs};

/// Measure error rates on your own pictures and names.
#[derive(Subcommand)]
pub enum Eval {
    /// Read cards: exact and character error rates of every field.
    Card(card::Card),
    /// Compare faces: false match and false non-match rates by ISO/IEC 19795-1.
    Faces(faces::Faces),
    /// Detect presentation attacks: APCER by species and BPCER by ISO/IEC 30107-3.
    Liveness(liveness::Liveness),
    /// Compare names: the confusion matrix, and the pairs the rules get wrong.
    Names(names::Names),
    /// Judge quality: what the gate refuses, by the components of ISO/IEC 29794-5.
    Quality(quality::Quality),
}

impl Eval {
    pub fn run(self) -> Ending {
        match self {
            Self::Card(command) => command.run(),
            Self::Faces(command) => command.run(),
            Self::Liveness(command) => command.run(),
            Self::Names(command) => command.run(),
            Self::Quality(command) => command.run(),
        }
    }
}
