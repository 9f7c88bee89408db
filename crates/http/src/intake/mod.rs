//! From bytes on the wire to named values: bounded in bytes, time, fields and depth; knows no dialect.

pub(crate) mod base64;
pub(crate) mod body;
pub(crate) mod budget;
pub(crate) mod fingerprint;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod media_type;
pub(crate) mod multipart;
pub(crate) mod urlencoded;
