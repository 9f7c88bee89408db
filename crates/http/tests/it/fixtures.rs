//! Every fixture, against the real router.

use std::path::{Path, PathBuf};

use absah_core::dialect::Dialect;
use absah_store::HistoryLine;
use axum::body::Body;
use futures_util::future::join_all;
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

async fn check(app: &TestApp, dialect: Dialect, file: &Path) -> Option<String> {
    let fixture = Fixture::parse(&std::fs::read_to_string(file).expect("a fixture"));
    let client = app.client(dialect, fixture.kind).await;
    let mut difference = None;
    for _ in 0..fixture.times {
        let request = fixture.request(&client.secrets).map(Body::from);
        let (head, body) = app.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let body = std::str::from_utf8(&body).expect("text");
        assert_eq!(head.headers.get("content-type").expect("a media type"), "application/json");
        difference = fixture.response.differs_from(head.status, &head.headers, body);
    }
    let history = app.history(&client.tenant).await;
    let recorded = history.last().map(told);
    let difference = difference.or_else(|| {
        (recorded != fixture.recorded)
            .then(|| format!("recorded {recorded:?} instead of {:?}", fixture.recorded))
    });
    difference.map(|difference| format!("{}: {difference}", file.display()))
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
