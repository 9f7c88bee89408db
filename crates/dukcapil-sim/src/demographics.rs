//! CALL_VERIFY_BY_ELEMEN.

use std::sync::Arc;

use absah_core::claims::RecordState;
use absah_core::nik::Nik;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::cut::Scissors;
use crate::element;
use crate::faults::{Fault, ServiceName};
use crate::institution::InstitutionState;
use crate::loose::{Loose, typed};
use crate::server::World;
use crate::trouble::{befallen, deliver};

const SERVICE: ServiceName = ServiceName::Demographics;

/// Codes with the texts seen beside them.
const TEXTS: [(&str, &str); 15] = [
    ("01", "Data Ditemukan"),
    ("03", "Login Gagal"),
    ("04", "IP Address Tidak Sesuai"),
    ("05", "Kuota Akses Hari ini telah Habis"),
    ("06", "Di luar jam akses"),
    ("07", "Parameter Tidak Lengkap / Tidak Valid"),
    ("09", "User, password dan IP tidak boleh kosong"),
    ("10", "IP Client  Tidak terdaftar"),
    ("11", "Data Ditemukan, Meninggal Dunia"),
    ("12", "Data Ditemukan, Data Ganda"),
    ("13", "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan"),
    ("14", "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil"),
    ("15", "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil"),
    ("16", "Instansi Tidak Aktif"),
    ("17", "User ID Tidak Aktif"),
];

/// What is said of a question: a code, and elements where there are any.
struct Said {
    code: &'static str,
    elements: Map<String, Value>,
}

impl From<&'static str> for Said {
    fn from(code: &'static str) -> Self {
        Self { code, elements: Map::new() }
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
    let content = match &fault {
        Some(Fault::Code { code }) => {
            world.books.answered(SERVICE, code);
            stated(code, Map::new())
        }
        Some(Fault::Text { text }) => {
            world.books.answered(SERVICE, "text");
            Map::from_iter([("RESPON".to_owned(), json!(text))])
        }
        _ => {
            let Said { code, elements } = said(&world, &customer, &body);
            world.books.answered(SERVICE, code);
            // A comparison comes without a code.
            if code == "01" { elements } else { stated(code, elements) }
        }
    };
    deliver(page(&world, &content), fault.as_ref(), &scissors).await
}

fn said(world: &World, customer: &str, body: &[u8]) -> Said {
    let Some(question) = Loose::read(body) else { return "07".into() };
    if let Err(code) = permitted(world, customer, &question) {
        return code.into();
    }
    let (Some(nik), Some(threshold)) = (question.text("NIK"), threshold(&question)) else {
        return "07".into();
    };
    if !world.books.charge(SERVICE) {
        return "05".into();
    }
    if Nik::parse(&nik).is_err() {
        return "15".into();
    }
    let Some(resident) = world.people.get(&nik) else { return "13".into() };
    let compared = || element::compare(&question, &resident.record.demographics, threshold);
    match resident.record.state {
        RecordState::Active => Said { code: "01", elements: compared() },
        RecordState::Duplicate => Said { code: "12", elements: compared() },
        RecordState::Deceased => "11".into(),
        RecordState::Inactive => "14".into(),
    }
}

/// Whether the institution may ask, or the code that says why not.
fn permitted(world: &World, customer: &str, question: &Loose) -> Result<(), &'static str> {
    let institution = &world.institution;
    let told = ["USER_ID", "PASSWORD", "IP_USER"].map(|key| question.text(key));
    let [Some(user), Some(password), Some(ip)] = told else { return Err("09") };
    if customer != institution.customer_id || institution.state == InstitutionState::Inactive {
        return Err("16");
    }
    if user != institution.user_id || password != institution.password {
        return Err("03");
    }
    if institution.ip.as_ref().is_some_and(|registered| *registered != ip) {
        return Err("04");
    }
    match institution.state {
        InstitutionState::UserInactive => Err("17"),
        InstitutionState::OutsideHours => Err("06"),
        InstitutionState::Active | InstitutionState::Inactive => Ok(()),
    }
}

/// The threshold of similarity, 0 to 100.
fn threshold(question: &Loose) -> Option<u8> {
    let number = question.number("TRESHOLD")?;
    // Within 0 to 100 the cut-off number fits.
    (0.0..=100.0).contains(&number).then_some(number as u8)
}

/// A state, as it stands in the content.
fn stated(code: &str, mut elements: Map<String, Value>) -> Map<String, Value> {
    let text = TEXTS.into_iter().find(|(known, _)| *known == code).map_or("", |(_, text)| text);
    elements.insert("RESPONSE_CODE".to_owned(), json!(code));
    elements.insert("RESPON".to_owned(), json!(text));
    elements
}

fn page(world: &World, content: &Map<String, Value>) -> Value {
    let mut page = json!({
        "content": [content], "lastPage": true, "numberOfElements": 1, "sort": null, "totalElements": 1,
        "firstPage": true, "number": 0, "size": 1,
    });
    if let (Some(left), Some(page)) = (world.books.left(SERVICE), page.as_object_mut()) {
        page.insert("quotaLimiter".to_owned(), typed(json!(left), world.numbers_as_text));
    }
    page
}
