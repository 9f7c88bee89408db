//! What the provider's own clients put on the wire, byte for byte.

use absah_core::dialect::Dialect;
use absah_http::HttpSettings;
use absah_store::Secrets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::{Client, Kind};
use crate::connection::Server;

/// A GLAIR request as bytes.
pub fn glair(client: &Client, media_type: &str, body: &[u8], more: &str) -> Vec<u8> {
    let Secrets::Glair { username, password, api_key } = &client.secrets else {
        panic!("a GLAIR credential")
    };
    let basic = STANDARD.encode(format!("{username}:{password}"));
    let head = format!(
        "POST /identity/v1/verification HTTP/1.1\r\nHost: absah\r\nAuthorization: Basic {basic}\r\n\
         x-api-key: {api_key}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

const NIK: (&str, &str) = ("nik", "1234567890111112");
const NAME: (&str, &str) = ("name", "ASEP SUPRIYADI");
const DATE: (&str, &str) = ("date_of_birth", "06-07-1990");

/// Go's `mime/multipart`: a boundary of sixty hexadecimal digits, quoted names, no other header.
fn go(parts: &[(&str, &str)]) -> (String, String) {
    let boundary = "5a3f0e9c1b7d4826af90c3e4d5b6a7f8091a2b3c4d5e6f708192a3b4c5d6";
    let part = |(name, value): &(&str, &str)| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = parts.iter().map(part).collect();
    (format!("multipart/form-data; boundary={boundary}"), format!("{body}--{boundary}--\r\n"))
}

/// Java's HTTP library: a boundary in the form of a UUID, and a length in every part.
fn java(parts: &[(&str, &str)]) -> (String, String) {
    let boundary = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let part = |(name, value): &(&str, &str)| {
        let length = value.len();
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Length: {length}\r\n\r\n{value}\r\n"
        )
    };
    let body: String = parts.iter().map(part).collect();
    (format!("multipart/form-data; boundary={boundary}"), format!("{body}--{boundary}--\r\n"))
}

/// Node's `form-data`: a boundary that starts with many dashes.
fn node(parts: &[(&str, &str)]) -> (String, String) {
    let boundary = "--------------------------735323031399963166993862";
    let part = |(name, value): &(&str, &str)| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = parts.iter().map(part).collect();
    (format!("multipart/form-data; boundary={boundary}"), format!("{body}--{boundary}--\r\n"))
}

#[tokio::test]
async fn multipart_bodies_of_the_official_clients_are_understood() {
    let server = Server::start(HttpSettings::default()).await;
    let all = r#""result":{"nik":true,"name":false,"date_of_birth":true}}"#;
    let alone = r#"{"verification_status":true,"reason":"Verification Success","result":{"nik":true}}"#;
    let undefined = r#"{"verification_status":false,"reason":"Invalid date_of_birth format"}"#;
    let rows = [
        ("Go, in order", go(&[NIK, NAME, DATE]), all),
        ("Go, in another order", go(&[DATE, NIK, NAME]), all),
        ("Go, in yet another order", go(&[NAME, DATE, NIK]), all),
        ("Go, the number alone", go(&[NIK]), alone),
        ("Java, with lengths", java(&[NIK, NAME, DATE]), all),
        ("Java, the number alone", java(&[NIK]), alone),
        ("Node", node(&[NIK, NAME, DATE]), all),
        ("Node, a date left out", node(&[NIK, NAME, ("date_of_birth", "undefined")]), undefined),
    ];
    for (name, (media_type, body), expected) in rows {
        let client = server.app.client(Dialect::Glair, Kind::Sandbox).await;
        let answer = server.exchange(&glair(&client, &media_type, body.as_bytes(), "")).await;
        assert!(answer.contains("\r\nrequest-id: "), "{name}: {answer}");
        assert!(answer.ends_with(expected), "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_callers_request_id_is_taken_over() {
    let server = Server::start(HttpSettings::default()).await;
    let client = server.app.client(Dialect::Glair, Kind::Sandbox).await;
    let (media_type, body) = go(&[NIK]);
    let request = glair(&client, &media_type, body.as_bytes(), "X-Request-Id: 4f1c2a\r\n");
    assert!(server.exchange(&request).await.contains("\r\nrequest-id: 4f1c2a\r\n"));
    assert!(!server.exchange(&request).await.contains("\r\nrequest-id: 4f1c2a\r\n"));
}
