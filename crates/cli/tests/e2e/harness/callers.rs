//! One caller a dialect: the calls of the README, with `curl`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::curl::{Reply, curl};
use super::demo_file::{Accuauth, Glair, Kredibel, Person};
use super::server::Server;

/// Text of a picture.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A certificate issuance.
pub fn kredibel(server: &Server, Kredibel { api_key }: &Kredibel, body: &Value) -> Reply {
    let url = server.url("/v1/certificate/issuance");
    let key = format!("Authorization: Bearer {api_key}");
    let args = ["-H", &key, "-H", "Content-Type: application/json", "--data-binary", "@-", &url];
    curl(args, &body.to_string())
}

/// An id and selfie verification.
pub fn accuauth(server: &Server, Accuauth { api_id, api_secret }: &Accuauth, body: &Value) -> Reply {
    let url = server.url("/verify/id_selfie");
    let id = format!("X-DF-API-ID: {api_id}");
    let secret = format!("X-DF-API-SECRET: {api_secret}");
    let args =
        ["-H", &id, "-H", &secret, "-H", "Content-Type: application/json", "--data-binary", "@-", &url];
    curl(args, &body.to_string())
}

/// A basic verification, as multipart form.
pub fn glair(
    server: &Server,
    Glair { username, password, api_key }: &Glair,
    fields: &[(&str, &str)],
) -> Reply {
    let mut args = vec![
        "-u".to_owned(),
        format!("{username}:{password}"),
        "-H".to_owned(),
        format!("x-api-key: {api_key}"),
    ];
    for (name, value) in fields {
        args.extend(["--form-string".to_owned(), format!("{name}={value}")]);
    }
    args.push(server.url("/identity/v1/verification"));
    curl(args, "")
}

/// What Kredibel asks of a person, truthfully.
pub fn issuance(person: &Person) -> Value {
    json!({
        "identityId": person.nik,
        "fullName": person.name,
        "birthDate": person.date_of_birth,
        "emailAddress": person.email(),
        "phoneNumber": person.phone(),
        "faceImage": base64(&Person::picture(person.selfie.as_ref())),
        "identityImage": base64(&Person::picture(person.card.as_ref())),
    })
}

/// What AccuAuth asks of a person, truthfully and in full.
pub fn id_selfie(person: &Person) -> Value {
    json!({
        "id_number": person.nik,
        "name": person.name,
        "birth_date": person.date_of_birth,
        "email": person.email(),
        "phone_number": person.phone(),
        "face_image": base64(&Person::picture(person.selfie_small.as_ref())),
        "ktp_image": base64(&Person::picture(person.card_small.as_ref())),
    })
}
