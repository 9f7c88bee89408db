//! Titles and spelling families, written by the build script from `data/`.

include!(concat!(env!("OUT_DIR"), "/person_names.rs"));
