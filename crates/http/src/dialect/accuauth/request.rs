//! The request of this dialect, and what its form has to be.

use absah_core::birth_date;
use absah_core::claims::Claims;
use absah_core::contact::{EmailAddress, PhoneNumber};
use absah_core::dialect::Product;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_engine::{PictureInput, Request};
use absah_store::Secrets;
use absah_vision::admission::PictureBounds;
use bytes::Bytes;
use http::HeaderMap;

use crate::dialect::accuauth::error::Error;
use crate::intake::base64::{self, Spaces};
use crate::intake::fingerprint;
use crate::intake::form::{Encoding, Form, Value};

/// The arguments in the documented order; faults are told in this order.
const ARGUMENTS: [&str; 8] =
    ["id_number", "face_image", "ktp_image", "email", "phone_number", "birth_date", "name", "face_threshold"];

const API_ID: &str = "x-df-api-id";
const API_SECRET: &str = "x-df-api-secret";

/// Longest name, in characters.
const MAX_NAME: usize = 255;

/// 50 KB, read as 51,200 decoded bytes.
const PICTURE_BOUNDS: PictureBounds = PictureBounds { min_bytes: 0, max_bytes: 50 * 1_024, min_sides: None };

const ABSENT: &str = "not found";
const WRONG_FORM: &str = "invalid format";
const REPEATED: &str = "repeated";
const NO_BASE64: &str = "invalid base64";

/// Reads the credential from the headers.
pub(super) fn secrets(headers: &HeaderMap) -> Option<Secrets> {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        value.to_str().ok().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Some(Secrets::Accuauth { api_id: only(API_ID)?, api_secret: only(API_SECRET)? })
}

/// Reads a form.
///
/// # Errors
/// The first argument that is missing; or else the first that came more than once, or whose form is at fault.
pub(super) fn read(form: &Form, looks_at_pictures: bool) -> Result<Request, Error> {
    for name in ["id_number", "face_image"] {
        if !is_sent(form, name) {
            return Err(Error::argument(name, ABSENT));
        }
    }
    if let Some(name) = form.first_repeated(&ARGUMENTS) {
        return Err(Error::argument(name, REPEATED));
    }
    let nik = formed(form, "id_number", |text| Nik::parse(text).ok())?;
    let nik = nik.ok_or_else(|| Error::argument("id_number", ABSENT))?;
    let selfie = picture(form, "face_image", looks_at_pictures)?;
    let card = picture(form, "ktp_image", looks_at_pictures)?;
    formed(form, "email", |text| EmailAddress::parse(text).ok())?;
    formed(form, "phone_number", |text| {
        Some(PhoneNumber::normalise(text)).filter(PhoneNumber::is_indonesian)
    })?;
    let birth_date = formed(form, "birth_date", |text| birth_date::parse_year_first(text).ok())?;
    let name = formed(form, "name", |text| (text.chars().count() <= MAX_NAME).then_some(text))?;
    let face_threshold = face_threshold(form)?;

    let mut claims = Claims::of(nik);
    if let Some(name) = name {
        claims.demographics.set_text(Field::Name, name);
    }
    if let Some(date) = birth_date {
        claims.demographics.set_date_of_birth(date);
    }
    Ok(Request {
        product: Product::IdSelfie,
        claims,
        selfie,
        card,
        card_sent: is_sent(form, "ktp_image"),
        contacts: None,
        face_threshold,
        wire_id: None,
        fingerprint: fingerprint::of(Product::IdSelfie, form, &ARGUMENTS),
    })
}

/// A null and an empty text are the same as nothing.
fn is_sent(form: &Form, name: &str) -> bool {
    match form.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Text(text)) => !text.bytes().is_empty(),
        Some(Value::File(content)) => !content.is_empty(),
        Some(Value::Bool | Value::Number(_) | Value::Other) => true,
    }
}

/// A text in its form; `None` where it was not sent.
fn formed<'a, T>(
    form: &'a Form,
    name: &str,
    read: impl FnOnce(&'a str) -> Option<T>,
) -> Result<Option<T>, Error> {
    if !is_sent(form, name) {
        return Ok(None);
    }
    let text = match form.get(name) {
        Some(Value::Text(text)) => Some(text.as_str()),
        // Some clients give every part a file name.
        Some(Value::File(content)) => std::str::from_utf8(content).ok(),
        _ => None,
    };
    match text.filter(|text| !text.contains('\0')).and_then(read) {
        Some(value) => Ok(Some(value)),
        None => Err(Error::argument(name, WRONG_FORM)),
    }
}

/// A picture; `None` where it was not sent, or is not looked at.
fn picture(form: &Form, name: &str, looks_at_it: bool) -> Result<Option<PictureInput>, Error> {
    if !is_sent(form, name) {
        return Ok(None);
    }
    let bytes = match form.get(name) {
        Some(Value::Text(_) | Value::File(_)) if !looks_at_it => return Ok(None),
        Some(Value::Text(text)) => {
            let spaces = match form.encoding() {
                Encoding::Urlencoded => Spaces::Pluses,
                Encoding::Json | Encoding::Multipart => Spaces::Ignored,
            };
            base64::decode(text.bytes(), spaces).map_err(|_| Error::argument(name, NO_BASE64))?
        }
        Some(Value::File(content)) => of_file(content),
        _ => return Err(Error::argument(name, WRONG_FORM)),
    };
    Ok(Some(PictureInput { bytes, bounds: PICTURE_BOUNDS }))
}

/// The content of a file is the picture itself, or its base64: no picture of a known format is both.
fn of_file(content: &Bytes) -> Bytes {
    base64::decode(content, Spaces::Ignored).unwrap_or_else(|_| content.clone())
}

/// A number, or a text that holds one; up to 1.0 it is a fraction.
fn face_threshold(form: &Form) -> Result<Option<f64>, Error> {
    const NAME: &str = "face_threshold";
    let number = match form.get(NAME) {
        Some(Value::Number(number)) => Some(*number),
        _ => formed(form, NAME, decimal)?,
    };
    let Some(number) = number else { return Ok(None) };
    let scaled = if number <= 1.0 { number * 100.0 } else { number };
    if (0.0..=100.0).contains(&scaled) { Ok(Some(scaled)) } else { Err(Error::argument(NAME, WRONG_FORM)) }
}

/// A finite decimal number; the words a float may be written with are none.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_decimal =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
}
