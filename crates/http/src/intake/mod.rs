//! From bytes on the wire to named values: bounded in bytes, time, fields and depth; knows no dialect.

use bytes::Bytes;

use crate::intake::form::{Form, FormFault};
use crate::intake::media_type::MediaType;

pub(crate) mod base64;
pub(crate) mod body;
pub(crate) mod budget;
pub(crate) mod fingerprint;
pub(crate) mod form;
pub(crate) mod heavy;
pub(crate) mod json;
pub(crate) mod media_type;
pub(crate) mod multipart;
pub(crate) mod urlencoded;

/// Reads a received body as its media type says.
///
/// # Errors
/// [`FormFault`]: it does not follow its media type, or is out of bounds.
pub(crate) fn read(body: &Bytes, media_type: &MediaType) -> Result<Form, FormFault> {
    heavy::run(body.len(), || match media_type {
        MediaType::Json => json::parse(body),
        MediaType::Urlencoded => urlencoded::parse(body),
        MediaType::Multipart { boundary } => multipart::parse(body, boundary),
    })
}
