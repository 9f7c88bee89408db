//! The request of this dialect, and what its form has to be.

use absah_core::birth_date;
use absah_core::claims::Claims;
use absah_core::dialect::Product;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_engine::Request;
use absah_store::Secrets;
use http::{HeaderMap, header};

use crate::dialect::glair::error::{self, Fault};
use crate::intake::base64::{self, Spaces};
use crate::intake::fingerprint;
use crate::intake::form::{Form, Value};

const API_KEY: &str = "x-api-key";
const REQUEST_ID: &str = "x-request-id";
const MAX_REQUEST_ID: usize = 64;

const NIK: &str = "nik";
const WRONG_NIK: &str = "Invalid NIK number format";

/// Longest text of a field, in characters.
const MAX_TEXT: usize = 255;

/// What the documented sample call sends as its number, and the number a sandbox takes it for.
const SAMPLE_NIK: &str = "NIK";
const SAMPLE_STANDS_FOR: &str = "1234567890123456";

/// Reads the credential from the headers: user, password and key.
///
/// # Errors
/// Which of the two answers a caller gets who does not send all three.
pub(super) fn secrets(headers: &HeaderMap) -> Result<Secrets, Fault> {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        value.to_str().ok()
    };
    if !headers.contains_key(header::AUTHORIZATION) {
        return Err(error::NO_AUTHORIZATION);
    }
    let basic = only(header::AUTHORIZATION.as_str()).and_then(basic);
    match (basic, only(API_KEY)) {
        (Some((username, password)), Some(api_key)) => {
            Ok(Secrets::Glair { username, password, api_key: api_key.to_owned() })
        }
        _ => Err(error::DISALLOWED),
    }
}

/// User and password (RFC 7617), divided by the first colon: a password may hold one.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = base64::decode(encoded.trim().as_bytes(), Spaces::Ignored).ok()?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (user.to_owned(), password.to_owned()))
}

/// The id the caller would like its answer to carry: 1 to 64 of `A-Za-z0-9._-`.
pub(super) fn wished_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sound = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (sound && (1..=MAX_REQUEST_ID).contains(&text.len())).then(|| text.to_owned())
}

/// Reads a form; a sandbox also takes the documented sample call.
///
/// # Errors
/// The number is missing; or else the first field that came more than once; or else the first whose form is at fault,
/// in the documented order.
pub(super) fn read(form: &Form, is_sandbox: bool, wire_id: Option<String>) -> Result<Request, Fault> {
    let names: Vec<&str> = [NIK].into_iter().chain(Field::ALL.map(Field::key)).collect();
    let nik = text(form, NIK, WRONG_NIK).transpose();
    let nik = nik.ok_or_else(|| Fault::invalid("'nik' field is required"))?;
    if let Some(name) = form.first_repeated(&names) {
        return Err(Fault::invalid(format!("'{name}' field is repeated")));
    }
    let nik = match nik? {
        SAMPLE_NIK if is_sandbox => SAMPLE_STANDS_FOR,
        nik => nik,
    };
    let nik = Nik::parse(nik).map_err(|_| Fault::invalid(WRONG_NIK))?;
    let mut claims = Claims::of(nik);
    for field in Field::ALL {
        let name = field.key();
        let wrong = format!("Invalid {name} format");
        let Some(text) = text(form, name, &wrong)? else { continue };
        match field {
            Field::DateOfBirth => {
                let date = birth_date::parse_day_first(text).map_err(|_| Fault::invalid(wrong))?;
                claims.demographics.set_date_of_birth(date);
            }
            _ if text.chars().count() > MAX_TEXT => return Err(Fault::invalid(wrong)),
            _ => claims.demographics.set_text(field, text),
        }
    }
    Ok(Request {
        product: Product::BasicVerification,
        claims,
        selfie: None,
        card: None,
        card_sent: false,
        contacts: None,
        face_threshold: None,
        wire_id,
        fingerprint: fingerprint::of(Product::BasicVerification, form, &names),
    })
}

/// The text of a field; a null and an empty text are the same as nothing.
fn text<'a>(form: &'a Form, name: &str, wrong: &str) -> Result<Option<&'a str>, Fault> {
    let text = match form.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Text(text)) => Some(text.as_str()),
        // Some clients give every part a file name.
        Some(Value::File(content)) => std::str::from_utf8(content).ok(),
        Some(Value::Bool | Value::Number(_) | Value::Other) => None,
    };
    match text {
        Some("") => Ok(None),
        Some(text) if !text.contains('\0') => Ok(Some(text)),
        _ => Err(Fault::invalid(wrong)),
    }
}
