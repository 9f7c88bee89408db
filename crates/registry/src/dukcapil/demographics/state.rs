//! What the service says instead of comparing: states of the record, of the institution and of the question.

use absah_core::claims::RecordState;
use absah_core::trouble::Trouble;
use serde_json::Value;

use crate::dukcapil::tolerant::{self, Ambiguous, Object};

/// What an answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// The elements are to be read.
    Found,
    /// No record of that number.
    NotFound,
    /// A record with a state.
    Record(RecordState),
    /// No verdict.
    Trouble(Trouble),
}

/// The texts of states, in lower case with single spaces, and the codes they stand for. The wording on the wire
/// varies, so each is the part that does not; the first that is found decides, so a longer text stands before the one
/// it contains.
const TEXTS: [(&str, &str); 14] = [
    ("meninggal", "11"),
    ("data ganda", "12"),
    ("nik tidak sesuai format", "15"),
    ("data tidak ditemukan", "13"),
    ("status non aktif", "14"),
    ("kuota", "05"),
    ("instansi tidak aktif", "16"),
    ("user id tidak aktif", "17"),
    ("login gagal", "03"),
    ("ip address tidak sesuai", "04"),
    ("tidak terdaftar", "10"),
    ("tidak boleh kosong", "09"),
    ("parameter tidak", "07"),
    ("data ditemukan", "01"),
];

/// The state an object tells: by its code, else by its text; `None` where it tells neither.
pub(super) fn state(object: Object<'_>) -> Result<Option<State>, Ambiguous> {
    if let Some(code) = object.get("RESPONSE_CODE")? {
        return Ok(Some(of_code(&two_digits(tolerant::code(code)))));
    }
    for key in ["RESPON", "RESPONSE"] {
        match object.get(key)? {
            Some(Value::String(text)) => return Ok(Some(of_text(text))),
            Some(_) => return Ok(Some(of_code("unknown"))),
            None => {}
        }
    }
    Ok(None)
}

fn of_text(text: &str) -> State {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let code = TEXTS.into_iter().find(|(part, _)| text.contains(part)).map_or("unknown", |(_, code)| code);
    of_code(code)
}

/// What a code means. One nobody knows is taken for trouble with the set-up, and never for a verdict.
fn of_code(code: &str) -> State {
    match code {
        "00" | "01" => State::Found,
        "05" => State::Trouble(Trouble::OutOfQuota),
        "07" => State::Trouble(Trouble::QueryFailed { code: code.to_owned() }),
        "11" => State::Record(RecordState::Deceased),
        "12" => State::Record(RecordState::Duplicate),
        "08" | "14" => State::Record(RecordState::Inactive),
        "13" | "15" => State::NotFound,
        other => State::Trouble(Trouble::Setup { code: other.to_owned() }),
    }
}

/// A code that lost its leading zero as a number.
fn two_digits(code: String) -> String {
    match code.as_bytes() {
        [digit] if digit.is_ascii_digit() => format!("0{code}"),
        _ => code,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn setup(code: &str) -> Option<State> {
        Some(State::Trouble(Trouble::Setup { code: code.to_owned() }))
    }

    #[test]
    fn a_code_decides_before_a_text() {
        use RecordState::{Deceased, Duplicate, Inactive};
        let query = || Some(State::Trouble(Trouble::QueryFailed { code: "07".to_owned() }));
        let quota = || Some(State::Trouble(Trouble::OutOfQuota));
        let rows = [
            (json!({ "RESPONSE_CODE": "11", "RESPON": "Data Ditemukan" }), Some(State::Record(Deceased))),
            (json!({ "response_code": 5 }), quota()),
            (json!({ "RESPONSE_CODE": " 13 " }), Some(State::NotFound)),
            (json!({ "RESPONSE_CODE": 1 }), Some(State::Found)),
            (json!({ "RESPONSE_CODE": "99" }), setup("99")),
            (json!({ "RESPONSE_CODE": "3217061012870001" }), setup("unknown")),
            (json!({ "RESPONSE_CODE": [], "RESPON": "Data Ditemukan" }), setup("unknown")),
            (json!({ "RESPON": "User Tidak Ditemukan" }), setup("unknown")),
            (json!({ "RESPON": "Instansi Non Aktif" }), setup("unknown")),
            (json!({ "RESPON": "Parameter tidak sesuai format" }), query()),
            (json!({ "RESPON": "Data Ditemukan, MENINGGAL Dunia" }), Some(State::Record(Deceased))),
            (json!({ "RESPONSE": "Data Ditemukan, Data Ganda" }), Some(State::Record(Duplicate))),
            (
                json!({ "RESPON": "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan" }),
                Some(State::NotFound),
            ),
            (
                json!({ "RESPON": "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil" }),
                Some(State::NotFound),
            ),
            (
                json!({ "RESPON": "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil" }),
                Some(State::Record(Inactive)),
            ),
            (json!({ "RESPON": "Kuota Akses Hari ini telah Habis" }), quota()),
            (json!({ "RESPON": "Login Gagal" }), setup("03")),
            (json!({ "RESPON": "IP Address  Tidak Sesuai" }), setup("04")),
            (json!({ "RESPON": "IP Client  Tidak terdaftar" }), setup("10")),
            (json!({ "RESPON": "User, password dan IP tidak boleh kosong" }), setup("09")),
            (json!({ "RESPON": "Instansi Tidak Aktif" }), setup("16")),
            (json!({ "RESPON": "User ID Tidak Aktif" }), setup("17")),
            (json!({ "RESPON": "Parameter Tidak Lengkap / Tidak Valid" }), query()),
            (json!({ "RESPON": "Data Ditemukan" }), Some(State::Found)),
            (json!({ "RESPON": "Selamat pagi" }), setup("unknown")),
            (json!({ "RESPON": 7 }), setup("unknown")),
            (json!({ "NIK": "Sesuai" }), None),
            (json!({ "RESPON": null }), None),
        ];
        for (object, expected) in rows {
            let told = state(Object(object.as_object().expect("an object")));
            assert_eq!(told, Ok(expected), "{object}");
        }
    }
}
