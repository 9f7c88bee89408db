//! Bodies nobody would send by mistake: answered in shape, without a word about their content, and without harm to
//! the next request.

use absah_core::dialect::Dialect;
use absah_store::Secrets;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::app::{Client, Kind, TestApp};

/// Sends a body to the dialect's path.
async fn send(app: &TestApp, client: &Client, media_type: &str, body: Vec<u8>) -> (StatusCode, String) {
    let request = Request::post(match client.secrets.dialect() {
        Dialect::Kredibel => "/v1/certificate/issuance",
        Dialect::Accuauth => "/verify/id_selfie",
        Dialect::Glair => "/identity/v1/verification",
    });
    let request = match &client.secrets {
        Secrets::Kredibel { api_key } => request.header("authorization", format!("Bearer {api_key}")),
        Secrets::Accuauth { api_id, api_secret } => {
            request.header("x-df-api-id", api_id).header("x-df-api-secret", api_secret)
        }
        Secrets::Glair { username, password, api_key } => {
            let basic = STANDARD.encode(format!("{username}:{password}"));
            request.header("authorization", format!("Basic {basic}")).header("x-api-key", api_key)
        }
    };
    let request = request.header("content-type", media_type).body(Body::from(body)).expect("a request");
    let response = app.router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

/// The dialect's fields, with the values of a request that is answered 200 in the sandbox.
fn fields(dialect: Dialect) -> Vec<(&'static str, &'static str)> {
    match dialect {
        Dialect::Kredibel => vec![
            ("identityId", "1234567890123456"),
            ("fullName", "ASEP SUPRIYADI"),
            ("birthDate", "1990-07-06"),
            ("emailAddress", "test@email.com"),
            ("phoneNumber", "621234567890"),
            ("faceImage", "<base64>"),
            ("identityImage", "<base64>"),
        ],
        Dialect::Accuauth => vec![
            ("id_number", "1234567890123456"),
            ("face_image", "<base64>"),
            ("ktp_image", "<base64>"),
            ("email", "test@email.com"),
            ("phone_number", "621234567890"),
            ("birth_date", "1990-07-06"),
            ("name", "ASEP SUPRIYADI"),
            ("face_threshold", "75"),
        ],
        Dialect::Glair => {
            vec![("nik", "1234567890123456"), ("name", "ASEP SUPRIYADI"), ("date_of_birth", "06-07-1990")]
        }
    }
}

/// The request with one field's value replaced by raw JSON, or left out.
fn with(dialect: Dialect, field: &str, json: Option<&str>) -> Vec<u8> {
    let pair = |(name, value): (&str, &str)| {
        let value = if name == field { json.map(str::to_owned) } else { Some(format!("{value:?}")) };
        value.map(|value| format!("{name:?}:{value}"))
    };
    let pairs: Vec<String> = fields(dialect).into_iter().filter_map(pair).collect();
    format!("{{{}}}", pairs.join(",")).into_bytes()
}

#[tokio::test]
async fn any_value_of_any_field_is_answered_in_shape() {
    let app = TestApp::start().await;
    let long = format!("{:?}", "MARKER".repeat(5_000));
    let values = [
        None,
        Some("null"),
        Some("\"\""),
        Some("\" \""),
        Some("true"),
        Some("0"),
        Some("-1e308"),
        Some("[]"),
        Some("{\"MARKER\":[1]}"),
        Some(long.as_str()),
        Some("\"MARKER\\u0000\""),
        Some("\"😀MARKER\""),
        Some("\"\\ud83d\""),
        Some("\"\\ude00\\ud83d\""),
    ];
    for dialect in Dialect::ALL {
        let client = app.client(dialect, Kind::Sandbox).await;
        for (field, _) in fields(dialect) {
            for value in values {
                let (status, body) =
                    send(&app, &client, "application/json", with(dialect, field, value)).await;
                let what = format!(
                    "{} {field} {:?}",
                    dialect.key(),
                    value.map(|value| &value[..value.len().min(20)])
                );
                assert!(
                    status == StatusCode::OK || status == StatusCode::BAD_REQUEST,
                    "{what}: {status} {body}"
                );
                assert!(
                    serde_json::from_str::<serde_json::Value>(&body).is_ok_and(|body| body.is_object()),
                    "{what}"
                );
                assert!(!body.contains("MARKER"), "{what}: {body}");
            }
        }
        let (status, _) = send(&app, &client, "application/json", with(dialect, "", None)).await;
        assert_eq!(status, StatusCode::OK, "{}", dialect.key());
    }
}

#[tokio::test]
async fn bodies_that_are_built_to_hurt_are_refused_quickly() {
    let app = TestApp::start().await;
    let deep =
        |open: &str, close: &str| format!("{{\"a\":{}{}}}", open.repeat(100_000), close.repeat(100_000));
    let part = |number| format!("--b\r\nContent-Disposition: form-data; name=\"{number}\"\r\n\r\n\r\n");
    let parts: String = (0..5_000).map(part).collect();
    let many: Vec<String> = (0..10_000).map(|number| format!("\"{number}\":0")).collect();
    let rows = [
        ("nested lists", "application/json", deep("[", "]")),
        ("nested objects", "application/json", deep("{\"a\":", "}")),
        ("open lists", "application/json", "[".repeat(900_000)),
        ("many fields", "application/json", format!("{{{}}}", many.join(","))),
        ("one name again and again", "application/json", format!("{{{}}}", vec!["\"nik\":1"; 50].join(","))),
        ("many parts", "multipart/form-data; boundary=b", format!("{parts}--b--\r\n")),
        ("a part that never ends", "multipart/form-data; boundary=b", part(0) + &"x".repeat(500_000)),
        ("many pairs", "application/x-www-form-urlencoded", "a=1&".repeat(100_000)),
        ("bytes that are no text", "application/x-www-form-urlencoded", "nik=%FF".to_owned()),
    ];
    for dialect in Dialect::ALL {
        let client = app.client(dialect, Kind::Sandbox).await;
        for (name, media_type, body) in &rows {
            let started = std::time::Instant::now();
            let (status, answer) = send(&app, &client, media_type, body.clone().into_bytes()).await;
            let is_read = dialect != Dialect::Kredibel || *media_type == "application/json";
            let expected = if is_read { StatusCode::BAD_REQUEST } else { StatusCode::UNSUPPORTED_MEDIA_TYPE };
            assert_eq!(status, expected, "{} {name}: {answer}", dialect.key());
            assert!(started.elapsed().as_secs() < 1, "{} {name} is quick", dialect.key());
        }
        let history = app.history(&client.tenant).await;
        assert_eq!(history.len(), rows.len(), "each is recorded once");
        assert!(history.iter().all(|line| line.outcome == "invalid_request"));
    }
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused_in_shape() {
    let app = TestApp::start().await;
    let rows = [
        (Dialect::Kredibel, 16, StatusCode::PAYLOAD_TOO_LARGE, r#"{"message":"#),
        (Dialect::Accuauth, 4, StatusCode::BAD_REQUEST, r#"{"status":"INVALID_ARGUMENT","#),
        (Dialect::Glair, 1, StatusCode::PAYLOAD_TOO_LARGE, r#"{"error":"#),
    ];
    for (dialect, mebibytes, expected, shape) in rows {
        let client = app.client(dialect, Kind::Sandbox).await;
        let body = vec![b' '; mebibytes * 1024 * 1024 + 1];
        let (status, answer) = send(&app, &client, "application/json", body).await;
        assert_eq!(status, expected, "{}", dialect.key());
        assert!(answer.starts_with(shape), "{answer}");
        assert_eq!(app.history(&client.tenant).await.len(), 1);
    }
}

#[tokio::test]
async fn a_head_request_is_refused_with_a_body_that_is_only_announced() {
    let app = TestApp::start().await;
    for path in ["/identity/v1/verification", "/v1/certificate/issuance", "/verify/id_selfie", "/elsewhere"] {
        let request = Request::head(path).body(Body::empty()).expect("a request");
        let response = app.router.clone().oneshot(request).await.expect("an answer");
        assert!(matches!(response.status().as_u16(), 404 | 405), "{path}");
        assert_eq!(response.headers().get("content-type").expect("a media type"), "application/json");
        assert_eq!(response.headers().contains_key("request-id"), path.starts_with("/identity"), "{path}");
    }
}
