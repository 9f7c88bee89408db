//! The use case: a request is gated, checked in order of cost, concluded, charged and recorded.
//!
//! Knows no wire format and no status code: a dialect hands in a [`Request`] and its [`WireRules`], and gets an
//! [`Answer`] that is already on disk.

mod benchmark;
mod biometrics;
mod caller;
mod card_text;
mod conclude;
mod engine;
mod enrolment;
pub mod evidence;
mod gates;
mod order_number;
mod ports;
pub mod quality;
mod registry_calls;
mod request;
mod room;
mod sandbox;
mod source_picture;
mod verify;
mod wire;

pub use benchmark::{
    Benchmark, BenchmarkError, BenchmarkReport, Memory, ModelTimes, OneThread, PictureSize, StageTimes,
    Times, Together,
};
pub use biometrics::{
    AdmittedPictures, Biometrics, BiometricsError, CardFinding, SelfieFinding, VisionBiometrics,
};
pub use caller::{AuthenticationError, Caller, Pass};
pub use card_text::CardText;
pub use conclude::REVERSE_DATA;
pub use engine::{Answer, Engine, EngineParts, NotReady, Settings};
pub use enrolment::{EnrolmentError, PortraitEnrolment, WaitingEnrolment};
pub use gates::GateSettings;
pub use ports::{Clock, IdSource, RandomIds, SystemClock};
pub use registry_calls::StoredCalls;
pub use request::{Contacts, PictureInput, Request};
pub use room::Room;
pub use source_picture::SourcePictures;
pub use verify::Assessor;
pub use wire::{WireIds, WireRules};
