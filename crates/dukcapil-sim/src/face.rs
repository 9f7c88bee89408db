//! CALL_FR.

use std::sync::Arc;

use absah_core::claims::RecordState;
use absah_core::nik::Nik;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::cut::Scissors;
use crate::faults::{Fault, ServiceName};
use crate::institution::InstitutionState;
use crate::loose::{Loose, typed};
use crate::matcher::MatchOutcome;
use crate::server::World;
use crate::trouble::{befallen, deliver};

const SERVICE: ServiceName = ServiceName::Face;

/// Pictures have fewer bytes than this.
const MAX_PICTURE_BYTES: usize = 195_000;

/// The code of a service that is too busy.
const BUSY: u64 = 5000;

/// What is said of a face.
struct Said {
    code: u64,
    score: Option<f64>,
}

impl From<u64> for Said {
    fn from(code: u64) -> Self {
        Self { code, score: None }
    }
}

/// Answers one question.
pub(crate) async fn answer(
    State(world): State<Arc<World>>,
    Extension(scissors): Extension<Scissors>,
    Path(customer): Path<String>,
    body: Bytes,
) -> Response {
    let fault = match befallen(&world, SERVICE, &scissors).await {
        Ok(fault) => fault,
        Err(instead) => return instead,
    };
    let question = Loose::read(&body);
    let said = match (&fault, &question) {
        (Some(Fault::Code { code }), _) => code.parse().unwrap_or(0).into(),
        (_, None) => 5004.into(),
        (_, Some(question)) => said(&world, &customer, question).await,
    };
    world.books.answered(SERVICE, &said.code.to_string());
    let transaction = question.and_then(|question| question.text("transactionId"));
    deliver(written(&world, &said, transaction), fault.as_ref(), &scissors).await
}

async fn said(world: &World, customer: &str, question: &Loose) -> Said {
    let nik = match permitted(world, customer, question) {
        Ok(nik) => nik,
        Err(code) => return code.into(),
    };
    let Some(threshold) = question.number("threshold") else { return 5005.into() };
    let Some(picture) = picture(question) else { return 6006.into() };
    if world.books.left(SERVICE) == Some(0) {
        return 5002.into();
    }
    let said = compared(world, &nik, threshold, &picture).await;
    // Busy costs nothing; and of two who ask for the last call one is late.
    if said.code != BUSY && !world.books.charge(SERVICE) {
        return 5002.into();
    }
    said
}

async fn compared(world: &World, nik: &str, threshold: f64, picture: &[u8]) -> Said {
    let resident = world.people.get(nik).filter(|known| known.record.state == RecordState::Active);
    let (Some(resident), Ok(nik)) = (resident, Nik::parse(nik)) else { return 6020.into() };
    let Some(portrait) = &resident.portrait else { return 6020.into() };
    let Some(reference) = portrait.read().await else { return 6020.into() };
    match world.matcher.score(&nik, &reference, picture).await {
        MatchOutcome::Unusable => 6015.into(),
        MatchOutcome::Busy => BUSY.into(),
        MatchOutcome::Score(score) => {
            Said { code: if score >= threshold { 6018 } else { 6019 }, score: Some(score) }
        }
    }
}

/// The number asked about, if the institution may ask; else the code that says why not.
fn permitted(world: &World, customer: &str, question: &Loose) -> Result<String, u64> {
    let institution = &world.institution;
    let named = question.text("customer_id");
    if customer != institution.customer_id || named.is_some_and(|named| named != customer) {
        return Err(5001);
    }
    let sealed = |key| question.text(key).ok_or(5004_u64);
    let opened = |key| world.keys.open(&sealed(key)?).ok_or(5006_u64);
    let (nik, user, password) = (opened("nik")?, opened("user_id")?, opened("password")?);
    if user != institution.user_id || institution.state != InstitutionState::Active {
        return Err(5001);
    }
    if password != institution.password {
        return Err(9002);
    }
    let ip = sealed("ip")?;
    if institution.ip.as_ref().is_some_and(|registered| *registered != ip) {
        return Err(5003);
    }
    Ok(nik)
}

/// A JPEG file within the bounds.
fn picture(question: &Loose) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(question.text("image")?).ok()?;
    (bytes.len() < MAX_PICTURE_BYTES && bytes.starts_with(&[0xff, 0xd8])).then_some(bytes)
}

fn written(world: &World, said: &Said, transaction: Option<String>) -> Value {
    let typed = |value| typed(value, world.numbers_as_text);
    let mut answer = json!({
        "error": { "errorCode": typed(json!(said.code)), "errorMessage": text(said.code) },
        "httpResponseCode": typed(json!(200)),
        "matchScore": said.score.map(score_text).unwrap_or_default(),
        "transactionId": transaction.unwrap_or_default(),
        "uid": "",
        "verificationResult": typed(json!(said.code == 6018)),
    });
    // A comparison forced by its code has a score as well, so that it is one.
    if said.score.is_none() && matches!(said.code, 6018 | 6019) {
        answer["matchScore"] = json!(if said.code == 6018 { "8.331" } else { "1.204" });
    }
    if let (Some(left), Some(answer)) = (world.books.left(SERVICE), answer.as_object_mut()) {
        answer.insert("quotaLimiter".to_owned(), typed(json!(left)));
    }
    answer
}

/// At most six places behind the point.
fn score_text(score: f64) -> String {
    let text = format!("{score:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn text(code: u64) -> &'static str {
    match code {
        5000 | 6012 | 6014 => "Sistem Sibuk.",
        5001 => "Akun Tidak Ditemukan.",
        5002 => "Kuota Hari Ini Habis, Silahkan Dicoba Esok Hari.",
        5003 => "IP Tidak Sesuai.",
        5004 => "Parameter tidak sesuai.",
        5005 => "Threshold tidak sesuai.",
        5006 => "Data gagal didecrypt.",
        6018 => "EKYC Sesuai",
        6019 => "Foto Tidak Sesuai.",
        6020 => "NIK Tidak ditemukan",
        _ => "",
    }
}
