//! Coded values of the registry: sex, marital status, occupation.

mod gender;
mod job;
mod marital_status;

pub use gender::Gender;
pub use job::JobType;
pub use marital_status::MaritalStatus;

/// The keys of every alias, written by the build script from `data/`.
mod tables {
    include!(concat!(env!("OUT_DIR"), "/coded.rs"));
}

/// The canonical value a text stands for: capitals and digits alone decide.
fn canonical(table: &[(&'static str, &'static str)], text: &str) -> Option<&'static str> {
    // No alias is longer than this many bytes; nothing longer needs folding.
    const LONGEST: usize = 256;
    (text.len() <= LONGEST).then(|| crate::table::find(table, &crate::text::key(text))).flatten()
}
