//! The request of this dialect, and what its form has to be.

use absah_core::birth_date;
use absah_core::claims::Claims;
use absah_core::contact::{EmailAddress, PhoneNumber};
use absah_core::dialect::Product;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_engine::{Contacts, PictureInput, Request};
use absah_store::Secrets;
use absah_vision::admission::{MinSides, PictureBounds};
use http::{HeaderMap, StatusCode, header};
use jiff::civil::Date;

use crate::dialect::kredibel::error::{Fault, FieldErrors, TypedFault};
use crate::intake::base64::{self, Spaces};
use crate::intake::fingerprint;
use crate::intake::form::{Form, Text, Value};

/// The fields that say who is verified, in the documented order.
const FIELDS: [&str; 7] =
    ["identityId", "fullName", "birthDate", "emailAddress", "phoneNumber", "faceImage", "identityImage"];
/// The API key may stand beside them.
const KEY: &str = "key";

/// Longest name, in characters.
const MAX_NAME: usize = 255;

/// The lower bound of a picture, 100 KB, reads a kilobyte as 1,000 bytes and the upper one as 1,024: the lenient
/// reading of both.
const MIN_PICTURE_BYTES: usize = 100 * 1_000;
const SELFIE_BOUNDS: PictureBounds = PictureBounds {
    min_bytes: MIN_PICTURE_BYTES,
    max_bytes: 4 * 1_024 * 1_024,
    min_sides: Some(MinSides { width: 480, height: 640 }),
};
const CARD_BOUNDS: PictureBounds = PictureBounds {
    min_bytes: MIN_PICTURE_BYTES,
    max_bytes: 2 * 1_024 * 1_024,
    min_sides: Some(MinSides { width: 480, height: 360 }),
};

const MISSING: &str = "Missing data for required field.";
const IS_NULL: &str = "Field may not be null.";
const NO_STRING: &str = "Not a valid string.";
const WRONG_LENGTH: &str = "Length must be 16.";
const TOO_LONG: &str = "Longer than maximum length 255.";
const NO_DATE: &str = "Not a valid date.";
const NO_EMAIL: &str = "Not a valid email address.";
const NO_PHONE: &str = "Not a valid phone number.";
const UNKNOWN: &str = "Unknown field.";
const DUPLICATE: &str = "Duplicate field.";

/// What the headers say of the key.
pub(super) enum Bearer {
    /// There is no `Authorization`: the key may stand in the body.
    Absent,
    /// There is one, but no key in it.
    Unusable,
    /// The key.
    Key(Secrets),
}

/// Reads the key from the headers.
pub(super) fn bearer(headers: &HeaderMap) -> Bearer {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Bearer::Absent,
        (Some(value), None) => value.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => return Bearer::Unusable,
    };
    match value.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => {
            Bearer::Key(Secrets::Kredibel { api_key: key.trim().to_owned() })
        }
        _ => Bearer::Unusable,
    }
}

/// Reads the key from the body.
pub(super) fn key_in(form: &Form) -> Option<Secrets> {
    match form.get(KEY) {
        Some(Value::Text(key)) => Some(Secrets::Kredibel { api_key: key.as_str().to_owned() }),
        _ => None,
    }
}

/// A request of good form.
pub(super) enum Reading {
    /// To be verified.
    Request(Box<Request>),
    /// Of a number no NIK can have: told like an unknown one.
    ImpossibleNik,
}

/// Reads a form.
///
/// # Errors
/// Every field whose form is at fault; or else the first picture that is not base64.
pub(super) fn read(form: &Form, looks_at_pictures: bool) -> Result<Reading, Fault> {
    let (fields, [face, card]) = Fields::read(form).map_err(Fault::Fields)?;
    let pictures = if looks_at_pictures {
        [decoded("faceImage", face, SELFIE_BOUNDS)?, decoded("identityImage", card, CARD_BOUNDS)?].map(Some)
    } else {
        [None, None]
    };
    let Ok(nik) = Nik::parse(fields.identity_id) else { return Ok(Reading::ImpossibleNik) };
    let [selfie, card] = pictures;
    let mut claims = Claims::of(nik);
    claims.demographics.set_text(Field::Name, fields.full_name);
    claims.demographics.set_date_of_birth(fields.birth_date);
    Ok(Reading::Request(Box::new(Request {
        product: Product::CertificateIssuance,
        claims,
        selfie,
        card,
        card_sent: true,
        contacts: Some(Contacts { phone: fields.phone, email: fields.email }),
        face_threshold: None,
        wire_id: None,
        fingerprint: fingerprint::of(Product::CertificateIssuance, form, &FIELDS),
    })))
}

fn decoded(field: &'static str, text: &Text, bounds: PictureBounds) -> Result<PictureInput, Fault> {
    match base64::decode(text.bytes(), Spaces::Ignored) {
        Ok(bytes) => Ok(PictureInput { bytes, bounds }),
        Err(base64::NotBase64) => Err(Fault::Typed(TypedFault {
            status: StatusCode::BAD_REQUEST,
            error_type: "invalid_base64_encoding",
            message: format!("{field} is not valid base64."),
        })),
    }
}

/// The fields in their form.
struct Fields<'a> {
    identity_id: &'a str,
    full_name: &'a str,
    birth_date: Date,
    email: EmailAddress,
    phone: PhoneNumber,
}

impl<'a> Fields<'a> {
    /// The fields, with the texts of the two pictures.
    fn read(form: &'a Form) -> Result<(Self, [&'a Text; 2]), FieldErrors> {
        let mut reader = Reader { form, errors: FieldErrors::default() };
        let identity_id = reader.field("identityId", |text| match text.as_str() {
            nik if nik.chars().count() != Nik::LENGTH => Err(WRONG_LENGTH),
            nik if !nik.bytes().all(|byte| byte.is_ascii_digit()) => Err(NO_STRING),
            nik => Ok(nik),
        });
        let full_name = reader.field("fullName", |text| match text.as_str() {
            name if name.trim().is_empty() => Err(MISSING),
            name if name.chars().count() > MAX_NAME => Err(TOO_LONG),
            name => Ok(name),
        });
        let birth_date = reader
            .field("birthDate", |text| birth_date::parse_year_first(text.as_str()).map_err(|_| NO_DATE));
        let email =
            reader.field("emailAddress", |text| EmailAddress::parse(text.as_str()).map_err(|_| NO_EMAIL));
        let phone = reader.field("phoneNumber", |text| match text.as_str() {
            number if PhoneNumber::is_international_digits(number) => Ok(PhoneNumber::normalise(number)),
            _ => Err(NO_PHONE),
        });
        let face = reader.field("faceImage", some_text);
        let card = reader.field("identityImage", some_text);
        let errors = reader.finish();
        match (identity_id, full_name, birth_date, email, phone, face, card) {
            (
                Some(identity_id),
                Some(full_name),
                Some(birth_date),
                Some(email),
                Some(phone),
                Some(face),
                Some(card),
            ) if errors.is_empty() => {
                Ok((Self { identity_id, full_name, birth_date, email, phone }, [face, card]))
            }
            _ => Err(errors),
        }
    }
}

fn some_text(text: &Text) -> Result<&Text, &'static str> {
    if text.bytes().trim_ascii().is_empty() { Err(MISSING) } else { Ok(text) }
}

/// Reads field by field and notes what is at fault.
struct Reader<'a> {
    form: &'a Form,
    errors: FieldErrors,
}

impl<'a> Reader<'a> {
    fn field<T>(&mut self, name: &str, form: impl FnOnce(&'a Text) -> Result<T, &'static str>) -> Option<T> {
        let read = match self.form.get(name) {
            None => Err(MISSING),
            Some(Value::Null) => Err(IS_NULL),
            Some(Value::Text(text)) if !text.bytes().contains(&0) => form(text),
            Some(_) => Err(NO_STRING),
        };
        read.map_err(|text| self.errors.add(name, text)).ok()
    }

    /// Notes unknown and repeated fields, and gives all that was noted.
    fn finish(mut self) -> FieldErrors {
        for name in self.form.names().filter(|name| !FIELDS.contains(name) && *name != KEY) {
            self.errors.add(name, UNKNOWN);
        }
        for name in self.form.duplicates() {
            self.errors.add(name, DUPLICATE);
        }
        self.errors
    }
}
