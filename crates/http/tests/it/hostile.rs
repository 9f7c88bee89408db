//! Bodies nobody would send by mistake: answered in shape, without a word about their content, and without harm to
//! the next request.

use std::time::Duration;

use absah_core::dialect::Dialect;
use absah_http::HttpSettings;
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

/// Values by name; `None` leaves the field out.
fn values() -> Vec<(&'static str, Option<String>)> {
    let json = |text: &str| Some(text.to_owned());
    vec![
        ("missing", None),
        ("null", json("null")),
        ("empty", json("\"\"")),
        ("blank", json("\" \"")),
        ("true", json("true")),
        ("zero", json("0")),
        ("huge number", json("-1e308")),
        ("list", json("[]")),
        ("object", json("{\"MARKER\":[1]}")),
        ("long", Some(format!("{:?}", "MARKER".repeat(5_000)))),
        ("NUL", json("\"MARKER\\u0000\"")),
        ("emoji", json("\"😀MARKER\"")),
        ("half a surrogate pair", json("\"\\ud83d\"")),
        ("surrogates the wrong way round", json("\"\\ude00\\ud83d\"")),
    ]
}

#[tokio::test]
async fn any_value_of_any_field_is_answered_in_shape() {
    let app = TestApp::start().await;
    let optional = ["missing", "null", "empty"];
    // What each field takes, as 200; every other value is a 400. A sandbox does not look at what a picture's text says.
    let rows: [(Dialect, &str, Vec<&str>); 18] = [
        (Dialect::Kredibel, "identityId", vec![]),
        (Dialect::Kredibel, "fullName", vec!["emoji"]),
        (Dialect::Kredibel, "birthDate", vec![]),
        (Dialect::Kredibel, "emailAddress", vec![]),
        (Dialect::Kredibel, "phoneNumber", vec![]),
        (Dialect::Kredibel, "faceImage", vec!["long", "emoji"]),
        (Dialect::Kredibel, "identityImage", vec!["long", "emoji"]),
        (Dialect::Accuauth, "id_number", vec![]),
        (Dialect::Accuauth, "face_image", vec!["blank", "long", "NUL", "emoji"]),
        (Dialect::Accuauth, "ktp_image", [&optional[..], &["blank", "long", "NUL", "emoji"]].concat()),
        (Dialect::Accuauth, "email", optional.to_vec()),
        (Dialect::Accuauth, "phone_number", optional.to_vec()),
        (Dialect::Accuauth, "birth_date", optional.to_vec()),
        (Dialect::Accuauth, "name", [&optional[..], &["blank", "emoji"]].concat()),
        (Dialect::Accuauth, "face_threshold", [&optional[..], &["zero"]].concat()),
        (Dialect::Glair, "nik", vec![]),
        (Dialect::Glair, "name", [&optional[..], &["blank", "emoji"]].concat()),
        (Dialect::Glair, "date_of_birth", optional.to_vec()),
    ];
    for dialect in Dialect::ALL {
        let client = app.client(dialect, Kind::Sandbox).await;
        let of_dialect: Vec<_> = rows.iter().filter(|(of, _, _)| *of == dialect).collect();
        assert_eq!(of_dialect.len(), fields(dialect).len(), "every field has its row");
        for (_, field, taken) in of_dialect {
            for (value, json) in values() {
                let body = with(dialect, field, json.as_deref());
                let (status, answer) = send(&app, &client, "application/json", body).await;
                let what = format!("{} {field} {value}: {answer}", dialect.key());
                let expected = if taken.contains(&value) { StatusCode::OK } else { StatusCode::BAD_REQUEST };
                assert_eq!(status, expected, "{what}");
                assert!(
                    serde_json::from_str::<serde_json::Value>(&answer).is_ok_and(|body| body.is_object()),
                    "{what}"
                );
                assert!(!answer.contains("MARKER"), "{what}");
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
    let again = vec!["\"nik\":1"; 50];
    let many: Vec<String> = (0..10_000).map(|number| format!("\"{number}\":0")).collect();
    // What Kredibel answers stands in the row; it reads JSON alone. The others read all three, and refuse each.
    let rows = [
        ("nested lists", "application/json", deep("[", "]"), 400),
        ("nested objects", "application/json", deep("{\"a\":", "}"), 400),
        ("open lists", "application/json", "[".repeat(900_000), 400),
        ("many fields", "application/json", format!("{{{}}}", many.join(",")), 400),
        ("one name again and again", "application/json", format!("{{{}}}", again.join(",")), 400),
        ("many parts", "multipart/form-data; boundary=b", format!("{parts}--b--\r\n"), 415),
        ("a part that never ends", "multipart/form-data; boundary=b", part(0) + &"x".repeat(500_000), 415),
        ("many pairs", "application/x-www-form-urlencoded", "a=1&".repeat(100_000), 415),
        ("bytes that are no text", "application/x-www-form-urlencoded", "nik=%FF".to_owned(), 415),
    ];
    for dialect in Dialect::ALL {
        let client = app.client(dialect, Kind::Sandbox).await;
        for (name, media_type, body, of_kredibel) in &rows {
            let started = std::time::Instant::now();
            let (status, answer) = send(&app, &client, media_type, body.clone().into_bytes()).await;
            let expected = if dialect == Dialect::Kredibel { *of_kredibel } else { 400 };
            assert_eq!(status.as_u16(), expected, "{} {name}: {answer}", dialect.key());
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
async fn a_body_holds_its_place_until_its_answer_is_made() {
    // Authenticated callers share three quarters of the budget: room for one of these bodies, and not for two.
    let app = TestApp::with(HttpSettings { body_budget: 4_000, ..HttpSettings::default() }).await;
    // The registry hangs over this number until its time is up.
    let nik = "3217061012870018";
    let part = |name, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    // Nothing that is kept of these is a slice of the body.
    let rows = [
        ("application/json", format!(r#"{{"nik":"\u0033{}","x":"{}"}}"#, &nik[1..], "\\/".repeat(900))),
        ("application/x-www-form-urlencoded", format!("nik=%33{}&x={}", &nik[1..], "%2F".repeat(600))),
        (
            "multipart/form-data; boundary=b",
            format!("{}{}--b--\r\n", part("nik", nik), part("x", &"/".repeat(1_800))),
        ),
    ];
    for (media_type, body) in rows {
        assert!((1_501..=3_000).contains(&body.len()), "{media_type}: {} bytes", body.len());
        let client = app.client(Dialect::Glair, Kind::Production).await;
        let sent = || send(&app, &client, media_type, body.clone().into_bytes());
        let beside = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            sent().await
        };
        let ((first, _), (second, _)) = tokio::join!(sent(), beside);
        assert_eq!((first.as_u16(), second.as_u16()), (503, 429), "{media_type}");
        let (third, _) = sent().await;
        assert_eq!(third.as_u16(), 503, "{media_type}: the place is free again");
    }
}

#[tokio::test]
async fn a_head_request_is_refused_with_a_body_that_is_only_announced() {
    let app = TestApp::start().await;
    let rows = [
        ("/identity/v1/verification", 405, true),
        ("/identity/v2", 404, true),
        ("/v1/certificate/issuance", 405, false),
        ("/verify/id_selfie", 404, false),
        ("/elsewhere", 404, false),
    ];
    for (path, status, has_id) in rows {
        let request = Request::head(path).body(Body::empty()).expect("a request");
        let response = app.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers().get("content-type").expect("a media type"), "application/json");
        assert_eq!(response.headers().contains_key("request-id"), has_id, "{path}");
    }
}

#[tokio::test]
async fn health_is_told_to_get_and_head_alone() {
    let app = TestApp::start().await;
    let refused = r#"{"status":"method not allowed"}"#;
    let rows = [
        ("GET", "/livez", 200, r#"{"status":"ok"}"#),
        ("GET", "/readyz", 200, r#"{"status":"ready"}"#),
        ("HEAD", "/livez", 200, ""),
        ("HEAD", "/readyz", 200, ""),
        ("POST", "/livez", 405, refused),
        ("OPTIONS", "/livez", 405, refused),
        ("PUT", "/readyz", 405, refused),
        ("DELETE", "/readyz", 405, refused),
        ("BREW", "/readyz", 405, refused),
    ];
    for (method, path, status, expected) in rows {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let (head, body) = app.router.clone().oneshot(request).await.expect("an answer").into_parts();
        assert_eq!(head.status.as_u16(), status, "{method} {path}");
        assert_eq!(head.headers.get("content-type").expect("a media type"), "application/json");
        let allowed = head.headers.get("allow").map(|methods| methods.to_str().expect("text"));
        assert_eq!(allowed, (status == 405).then_some("GET, HEAD"), "{method} {path}");
        assert_eq!(body.collect().await.expect("a body").to_bytes(), expected, "{method} {path}");
    }
}
