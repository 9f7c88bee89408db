//! The history: one line for every authenticated request, with what its caller was told.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::callers::{accuauth, base64, glair, id_selfie, issuance, kredibel};
use crate::harness::command::history;
use crate::harness::curl::Reply;
use crate::harness::demo_file::{Glair, Kredibel};
use crate::harness::server::Server;

/// A line as `absah history` has to tell it; the wire id as the caller saw it, where the answer has one.
struct Expected {
    wire_id: Option<String>,
    dialect: &'static str,
    environment: &'static str,
    outcome: &'static str,
    status: u16,
    charged: Value,
}

/// `row` holds dialect, environment, outcome and charged items.
fn expect(reply: &Reply, row: (&'static str, &'static str, &'static str, Value)) -> Expected {
    let (dialect, environment, outcome, charged) = row;
    let body = &reply.body;
    let told = match dialect {
        "kredibel" => body["data"]["id"].as_str().or(body["errors"]["errorId"].as_str()),
        "accuauth" => body["result"]["order_no"].as_str().or(body["request_id"].as_str()),
        _ => Some(reply.request_id.as_str()),
    };
    Expected {
        wire_id: told.map(str::to_owned),
        dialect,
        environment,
        outcome,
        status: reply.status,
        charged,
    }
}

#[test]
fn every_authenticated_request_has_its_line() {
    let (_home, server) = Server::demo();
    let demo = server.demo_file();
    let person = &demo.people[0];
    let faceless = demo.faceless();
    let credentials = &demo.credentials;
    let with = |field: &str, value: Value| {
        let mut body = issuance(person);
        body[field] = value;
        body
    };
    let sandbox = |nik: &str| {
        let mut body = with("identityId", json!(nik));
        body["faceImage"] = json!("<base64>");
        body["identityImage"] = json!("<base64>");
        body
    };
    let mut expected = Vec::new();

    let rows = [
        (with("fullName", json!(person.name)), 200, "verified", json!(["certificate"])),
        (with("birthDate", json!("1955-05-05")), 200, "not_verified", json!(["certificate"])),
        (with("birthDate", json!("yesterday")), 400, "invalid_request", json!([])),
        (with("faceImage", json!("not base64!")), 400, "invalid_request", json!([])),
        (with("faceImage", json!(base64(&[b'x'; 150_000]))), 400, "picture_refused", json!([])),
        (with("unknownField", json!(1)), 400, "invalid_request", json!([])),
    ];
    for (body, status, outcome, charged) in rows {
        let reply = kredibel(&server, &credentials.kredibel.production, &body);
        assert_eq!(reply.status, status, "{outcome}: {reply:?}");
        expected.push(expect(&reply, ("kredibel", "production", outcome, charged)));
    }
    let rows = [
        ("1234567890123456", 200, "verified"),
        ("1234567890111119", 200, "liveness_failed"),
        ("1234567890111122", 503, "registry_unavailable"),
        ("1234567890111131", 429, "rate_limited"),
    ];
    for (nik, status, outcome) in rows {
        let reply = kredibel(&server, &credentials.kredibel.sandbox, &sandbox(nik));
        assert_eq!(reply.status, status, "{outcome}: {reply:?}");
        expected.push(expect(&reply, ("kredibel", "sandbox", outcome, json!([]))));
    }
    let mut no_portrait = id_selfie(person);
    no_portrait["id_number"] = json!(faceless.nik);
    no_portrait["name"] = json!(faceless.name);
    no_portrait["birth_date"] = json!(faceless.date_of_birth);
    let rows = [
        (id_selfie(person), 200, "verified", json!(["id_selfie"])),
        (no_portrait, 200, "not_verified", json!([])),
        (json!({ "face_image": "AAAA" }), 400, "invalid_request", json!([])),
    ];
    for (body, status, outcome, charged) in rows {
        let reply = accuauth(&server, &credentials.accuauth.production, &body);
        assert_eq!(reply.status, status, "{outcome}: {reply:?}");
        expected.push(expect(&reply, ("accuauth", "production", outcome, charged)));
    }
    let rows = [
        (person.nik.as_str(), 200, "verified", json!(["basic_verification"])),
        ("9999999999999999", 200, "nik_not_found", json!(["basic_verification"])),
        ("123", 400, "invalid_request", json!([])),
    ];
    for (nik, status, outcome, charged) in rows {
        let reply = glair(&server, &credentials.glair.production, &[("nik", nik)]);
        assert_eq!(reply.status, status, "{outcome}: {reply:?}");
        expected.push(expect(&reply, ("glair", "production", outcome, charged)));
    }

    let lines = history(&server.data_dir);
    assert_eq!(lines.len(), expected.len());
    for (line, Expected { wire_id, dialect, environment, outcome, status, charged }) in
        lines.iter().zip(expected)
    {
        let told =
            json!([line["dialect"], line["environment"], line["outcome"], line["status"], line["charged"]]);
        assert_eq!(told, json!([dialect, environment, outcome, status, charged]), "{line}");
        assert!(wire_id.is_none_or(|id| line["wire_id"] == json!(id)), "{line}");
    }
    let times: Vec<Timestamp> = lines.iter().map(|line| utc(&line["time"])).collect();
    assert!(times.is_sorted(), "{times:?}");
}

/// RFC 3339 in UTC.
fn utc(time: &Value) -> Timestamp {
    let text = time.as_str().unwrap_or_default();
    assert!(text.ends_with('Z'), "not in UTC: {time}");
    assert!(text.as_bytes().get(10) == Some(&b'T'), "not RFC 3339: {time}");
    text.parse().unwrap_or_else(|error| panic!("{time}: {error}"))
}

#[test]
fn a_request_of_nobody_has_none() {
    let (_home, server) = Server::demo();
    let stranger = Kredibel { api_key: "nobody".to_owned() };
    assert_eq!(kredibel(&server, &stranger, &json!({})).status, 401);
    let stranger = Glair { username: "u".to_owned(), password: "p".to_owned(), api_key: "k".to_owned() };
    assert_eq!(glair(&server, &stranger, &[("nik", "1234567890123456")]).status, 401);
    assert_eq!(history(&server.data_dir).len(), 0);
}
