//! Every fixture, against the real router.

use std::path::{Path, PathBuf};

use absah_core::dialect::Dialect;
use absah_store::HistoryLine;
use axum::body::Body;
use futures_util::future::join_all;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::app::TestApp;
use crate::fixture::Fixture;

#[tokio::test]
async fn kredibel_answers_as_its_fixtures_say() {
    run(Dialect::Kredibel).await;
}

#[tokio::test]
async fn accuauth_answers_as_its_fixtures_say() {
    run(Dialect::Accuauth).await;
}

#[tokio::test]
async fn glair_answers_as_its_fixtures_say() {
    run(Dialect::Glair).await;
}

/// Runs a dialect's fixtures side by side and reports all that differ.
async fn run(dialect: Dialect) {
    let app = TestApp::start().await;
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(dialect.key()));
    assert!(files.len() > 30, "the fixtures of {} are all there", dialect.key());
    let checked = join_all(files.iter().map(|file| check(&app, dialect, file))).await;
    let failures: Vec<String> = checked.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What differs between a fixture and what was answered and recorded.
async fn check(app: &TestApp, dialect: Dialect, file: &Path) -> Option<String> {
    let fixture = Fixture::parse(&std::fs::read_to_string(file).expect("a fixture"));
    let client = app.client(dialect, fixture.kind).await;
    let mut answers = Vec::new();
    for _ in &fixture.recorded {
        answers.push(Answer::to(app, fixture.request(&client.secrets)).await);
    }
    let difference = difference(dialect, &fixture, &answers, &app.history(&client.tenant).await);
    difference.map(|difference| format!("{}: {difference}", file.display()))
}

fn difference(
    dialect: Dialect,
    fixture: &Fixture,
    answers: &[Answer],
    history: &[HistoryLine],
) -> Option<String> {
    let last = answers.last().expect("an answer");
    if let Some(difference) = fixture.response.differs_from(last.status, &last.headers, &last.body) {
        return Some(difference);
    }
    let recorded: Vec<String> = history.iter().map(told).collect();
    let expected: Vec<String> = fixture.recorded.iter().flatten().cloned().collect();
    if recorded != expected {
        return Some(format!("recorded {recorded:?} instead of {expected:?}"));
    }
    let of_record = answers.iter().zip(&fixture.recorded).filter(|(_, expected)| expected.is_some());
    of_record.map(|(answer, _)| answer).zip(history).find_map(|(answer, line)| {
        let id = answer.id(dialect).unwrap_or_else(|| line.id.clone());
        let told = (answer.status.as_u16(), id);
        let written = (line.status, line.wire_id.clone());
        (told != written).then(|| format!("told {told:?}, and recorded {written:?}"))
    })
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    async fn to(app: &TestApp, request: Request<Vec<u8>>) -> Self {
        let answer = app.router.clone().oneshot(request.map(Body::from)).await.expect("an answer");
        let (head, body) = answer.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("text");
        assert_eq!(head.headers.get("content-type").expect("a media type"), "application/json");
        Self { status: head.status, headers: head.headers, body }
    }

    /// The id the caller was given; not every error of Kredibel's has one.
    fn id(&self, dialect: Dialect) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).expect("JSON");
        let text = |place: &str| body.pointer(place).and_then(|id| id.as_str()).map(str::to_owned);
        match dialect {
            Dialect::Kredibel => text("/data/id").or_else(|| text("/errors/errorId")),
            Dialect::Accuauth => {
                let id = text("/result/order_no").or_else(|| text("/request_id"));
                Some(id.expect("every answer has an id"))
            }
            Dialect::Glair => {
                let id = self.headers.get("request-id").expect("every answer has an id");
                Some(id.to_str().expect("text").to_owned())
            }
        }
    }
}

/// A line of history as fixtures tell it.
fn told(line: &HistoryLine) -> String {
    let words = [line.outcome.clone(), line.status.to_string()];
    words.into_iter().chain(line.charged.iter().cloned()).collect::<Vec<_>>().join(" ")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
