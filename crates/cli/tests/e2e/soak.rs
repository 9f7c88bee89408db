//! A server that verifies for a long time holds no more memory than after its first pictures.

mod pictures;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use self::pictures::varied;
use crate::harness::callers::{base64, id_selfie, issuance};
use crate::harness::demo_file::{DemoFile, Person};
use crate::harness::server::{Server, Setup, demo_home};
use crate::harness::wire::{Connection, glair_headers};

/// How many verifications, unless ABSAH_TEST_VERIFICATIONS says otherwise (`make soak` does).
const VERIFICATIONS: usize = 800;
/// Callers at once.
const CALLERS: usize = 4;
/// The share of all verifications after which a server counts as warm.
const WARM_AFTER: f64 = 0.4;
/// The most by which memory may grow then: allocators keep what one large picture took for some thousand requests, and
/// the largest of these takes 26 MB on each of two threads. A picture lost with every request would take gigabytes.
const MOST_GROWTH: u64 = 128 << 20;

/// A request, ready to be sent.
struct Call {
    path: &'static str,
    headers: String,
    body: Vec<u8>,
}

#[test]
fn memory_is_steady_over_many_verifications_of_all_kinds_of_pictures() {
    let home = demo_home();
    let data = home.path().join("data");
    let demo = DemoFile::read(&data);
    let wanted = std::env::var_os("ABSAH_TEST_VERIFICATIONS").map_or(VERIFICATIONS, |text| {
        text.to_str().and_then(|text| text.parse().ok()).expect("ABSAH_TEST_VERIFICATIONS is a number")
    });
    let calls = calls(&demo);
    let server = Setup::new(&data, None).settings(&[("ABSAH_POLICY__REPETITION__LIMIT", "0")]).start();

    let done = AtomicUsize::new(0);
    let (statuses, memory) = std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..CALLERS).map(|_| scope.spawn(|| call(&server, &calls, &done, wanted))).collect();
        let memory = watch(&server, &done, wanted);
        let mut statuses = BTreeMap::<u16, usize>::new();
        for caller in callers {
            for (status, count) in caller.join().expect("a caller ends") {
                *statuses.entry(status).or_default() += count;
            }
        }
        (statuses, memory)
    });

    let mib = |bytes: u64| bytes >> 20;
    let (warm, last) = (median(&memory, WARM_AFTER - 0.2..=WARM_AFTER), median(&memory, 0.8..=1.0));
    println!(
        "{wanted} verifications, answers by status {statuses:?}: {} MiB when warm, {} MiB at the end",
        mib(warm),
        mib(last)
    );
    assert!(last <= warm + MOST_GROWTH, "memory grew from {} to {} MiB", mib(warm), mib(last));
    assert_eq!(statuses.values().sum::<usize>(), wanted, "an answer for each: {statuses:?}");
    // A picture that cannot be read is the caller's fault, never the server's.
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}\n{}", server.log());
    assert!(statuses.get(&200).is_some_and(|answered| *answered > wanted / 3), "{statuses:?}");
}

/// The median of what was held while a share of all verifications was done: single large pictures come and go.
fn median(memory: &[(f64, u64)], shares: RangeInclusive<f64>) -> u64 {
    let mut held: Vec<u64> =
        memory.iter().filter(|(share, _)| shares.contains(share)).map(|(_, bytes)| *bytes).collect();
    held.sort_unstable();
    *held.get(held.len() / 2).expect("memory was looked at")
}

/// Sends one request after the other until all callers together have sent so many; gives the number of answers by status.
fn call(server: &Server, calls: &[Call], done: &AtomicUsize, wanted: usize) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    let mut connection = Connection::open(&server.base_url).expect("a connection");
    loop {
        let number = done.fetch_add(1, Ordering::Relaxed);
        if number >= wanted {
            return statuses;
        }
        let Call { path, headers, body } = &calls[number % calls.len()];
        // A server may close a connection after it refused what came on it; the request is then sent on a new one.
        let answer = connection.post(path, headers, body).or_else(|_| {
            connection = Connection::open(&server.base_url)?;
            connection.post(path, headers, body)
        });
        *statuses.entry(answer.expect("an answer").status).or_default() += 1;
    }
}

/// The server's memory over time: the share that is done, and bytes.
fn watch(server: &Server, done: &AtomicUsize, wanted: usize) -> Vec<(f64, u64)> {
    let mut seen = Vec::new();
    loop {
        let share = done.load(Ordering::Relaxed) as f64 / wanted as f64;
        seen.push((share.min(1.0), server.resident_bytes()));
        if share >= 1.0 {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Requests of the three dialects: every kind of picture for one person after the other, truthful ones in between.
fn calls(demo: &DemoFile) -> Vec<Call> {
    let credentials = &demo.credentials;
    let json = "Content-Type: application/json\r\n";
    let kredibel = format!("Authorization: Bearer {}\r\n{json}", credentials.kredibel.production.api_key);
    let accuauth = &credentials.accuauth.production;
    let accuauth =
        format!("X-DF-API-ID: {}\r\nX-DF-API-SECRET: {}\r\n{json}", accuauth.api_id, accuauth.api_secret);
    let glair = glair_headers(&credentials.glair.production);
    let issue = |body: &Value| Call {
        path: "/v1/certificate/issuance",
        headers: kredibel.clone(),
        body: body.to_string().into_bytes(),
    };
    let mut calls = Vec::new();
    for person in demo.pictured() {
        calls.push(issue(&issuance(person)));
        let body = id_selfie(person).to_string().into_bytes();
        calls.push(Call { path: "/verify/id_selfie", headers: accuauth.clone(), body });
        let body = format!("nik={}", person.nik).into_bytes();
        calls.push(Call { path: "/identity/v1/verification", headers: glair.clone(), body });
        for picture in varied(&Person::picture(person.selfie.as_ref())) {
            let mut body = issuance(person);
            body["faceImage"] = Value::String(base64(&picture));
            calls.push(issue(&body));
        }
    }
    calls
}
