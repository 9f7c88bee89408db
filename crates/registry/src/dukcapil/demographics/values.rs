//! Claims in the words of the service.

use absah_core::claims::{Claims, Demographics};
use absah_core::coded::{Gender, JobType, MaritalStatus};
use absah_core::compare::neighbourhood;
use absah_core::field::Field;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::element::element;
use crate::dukcapil::credentials::Credentials;

/// The body of a question: credentials, the threshold of similarity, the NIK, and the elements claimed.
pub(in crate::dukcapil) fn question(credentials: &Credentials, claims: &Claims, name_threshold: u8) -> Bytes {
    let mut body = Map::new();
    let mut put = |key: &str, value: String| body.insert(key.to_owned(), Value::String(value));
    put("USER_ID", credentials.user_id.expose().to_owned());
    put("PASSWORD", credentials.password.expose().to_owned());
    put("IP_USER", credentials.ip.clone());
    // The service's own spelling.
    put("TRESHOLD", name_threshold.to_string());
    put("NIK", claims.nik.expose().to_owned());
    for field in claims.demographics.fields() {
        if let Some(value) = value(field, &claims.demographics) {
            put(element(field), value);
        }
    }
    // A map of texts always becomes text.
    Bytes::from(Value::Object(body).to_string())
}

/// A claim as the service writes it. What cannot be read is sent as it was claimed: that it does not agree is the
/// service's to say.
fn value(field: Field, demographics: &Demographics) -> Option<String> {
    if field == Field::DateOfBirth {
        return demographics.date_of_birth().map(|date| date.strftime("%d-%m-%Y").to_string());
    }
    let text = demographics.text(field)?.trim();
    let known = match field {
        Field::Gender => Gender::parse(text).map(gender),
        Field::MaritalStatus => MaritalStatus::parse(text).map(|status| status.name().to_owned()),
        Field::JobType => JobType::parse(text).map(|job| job.name().to_owned()),
        Field::Rt | Field::Rw => neighbourhood(text).map(|number| number.to_string()),
        Field::NoKk => Some(text.replace([' ', '.', '-'], "")),
        _ => None,
    };
    // The registry is kept in capitals.
    Some(known.unwrap_or_else(|| text.to_uppercase()))
}

fn gender(gender: Gender) -> String {
    match gender {
        Gender::Male => "Laki-Laki".to_owned(),
        Gender::Female => "Perempuan".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use absah_core::nik::Nik;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::dukcapil::Secret;

    fn credentials() -> Credentials {
        Credentials { user_id: Secret::new("u"), password: Secret::new("p"), ip: "10.0.0.1".to_owned() }
    }

    fn asked(claims: &Claims) -> Value {
        serde_json::from_slice(&question(&credentials(), claims, 90)).expect("JSON")
    }

    #[test]
    fn claims_are_written_in_the_words_of_the_service() {
        let rows = [
            (Field::Name, "Siti Nurhaliza ", "NAMA_LGKP", "SITI NURHALIZA"),
            (Field::MotherMaidenName, "Aminah", "NAMA_LGKP_IBU", "AMINAH"),
            (Field::PlaceOfBirth, "Bandung", "TMPT_LHR", "BANDUNG"),
            (Field::NoKk, "3217-0610 1287.0009", "NO_KK", "3217061012870009"),
            (Field::Address, "Jl. Melati 5", "ALAMAT", "JL. MELATI 5"),
            (Field::Gender, "L", "JENIS_KLMIN", "Laki-Laki"),
            (Field::Gender, "female", "JENIS_KLMIN", "Perempuan"),
            (Field::Gender, "x", "JENIS_KLMIN", "X"),
            (Field::MaritalStatus, "menikah", "STATUS_KAWIN", "KAWIN"),
            (Field::JobType, "PNS", "JENIS_PKRJN", "PEGAWAI NEGERI SIPIL"),
            (Field::JobType, "astronot", "JENIS_PKRJN", "ASTRONOT"),
            (Field::Province, "Jawa Barat", "PROP_NAME", "JAWA BARAT"),
            (Field::City, "Kota Bandung", "KAB_NAME", "KOTA BANDUNG"),
            (Field::District, "Coblong", "KEC_NAME", "COBLONG"),
            (Field::Subdistrict, "Dago", "KEL_NAME", "DAGO"),
            (Field::Rt, "005", "NO_RT", "5"),
            (Field::Rw, "RW 04", "NO_RW", "4"),
            (Field::Rt, "-", "NO_RT", "0"),
            (Field::Rw, "mawar", "NO_RW", "MAWAR"),
        ];
        for (field, claimed, name, sent) in rows {
            let mut claims = Claims::of(Nik::parse("3217061012870001").expect("a NIK"));
            claims.demographics.set_text(field, claimed);
            let body = asked(&claims);
            assert_eq!(body[name], json!(sent), "{claimed}");
            assert_eq!(body.as_object().map(Map::len), Some(6), "nothing but what was claimed: {claimed}");
        }
    }

    #[test]
    fn without_a_claim_the_number_goes_alone() {
        let mut claims = Claims::of(Nik::parse("3217061012870001").expect("a NIK"));
        let alone = json!({
            "USER_ID": "u", "PASSWORD": "p", "IP_USER": "10.0.0.1", "TRESHOLD": "90", "NIK": "3217061012870001",
        });
        assert_eq!(asked(&claims), alone);
        claims.demographics.set_date_of_birth(date(987, 12, 1));
        assert_eq!(asked(&claims)["TGL_LHR"], json!("01-12-0987"));
    }
}
