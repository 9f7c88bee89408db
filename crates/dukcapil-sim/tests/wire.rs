//! What the simulator says on the wire, byte by byte as the services are known to, and what a tester can ask of it.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

use std::net::SocketAddr;
use std::sync::Arc;

use absah_dukcapil_sim::{
    Institution, InstitutionState, NoFaces, Population, RsaKeys, Simulator, SimulatorError, SimulatorSettings,
};
use absah_registry::import::{Format, People};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PEOPLE: &str = "\
nik,name,date_of_birth,gender,rt,state
3217061012870001,SITI NURHALIZA,1987-12-10,PEREMPUAN,002,active
3217061012870003,ASEP SUPRIYADI,1987-12-10,LAKI-LAKI,001,deceased
3217061012870004,DEWI LESTARI,1987-12-10,PEREMPUAN,001,duplicate
3217061012870005,AGUS WIBOWO,1987-12-10,LAKI-LAKI,001,inactive
";

const CALL: &str = "/dukcapil/get_json/bank/CALL_VERIFY_BY_ELEMEN";

fn settings() -> SimulatorSettings {
    let people = People::text(Format::Csv, std::io::Cursor::new(PEOPLE), None).expect("a header");
    let (people, rejected) = Population::read(people, None).expect("people");
    assert_eq!(rejected, 0);
    let loopback: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    SimulatorSettings {
        people: Arc::new(people),
        institution: Institution {
            customer_id: "bank".to_owned(),
            user_id: "u".to_owned(),
            password: "p".to_owned(),
            ip: Some("10.0.0.1".to_owned()),
            state: InstitutionState::Active,
        },
        keys: RsaKeys::make([1; 32]).expect("a key pair"),
        matcher: Arc::new(NoFaces),
        identity: None,
        listen: loopback,
        admin: loopback,
        quota: Some(10),
        numbers_as_text: false,
        faults: Vec::new(),
    }
}

/// Status and body of an answer.
async fn send(address: SocketAddr, method: &str, path: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// A question with these keys beside sound credentials.
fn question(keys: &Value) -> String {
    let mut question = json!({ "USER_ID": "u", "PASSWORD": "p", "IP_USER": "10.0.0.1", "TRESHOLD": "90" });
    for (key, value) in keys.as_object().expect("an object") {
        question[key] = value.clone();
    }
    question.to_string()
}

#[tokio::test]
async fn elements_are_answered_with_the_two_words() {
    let sim = Simulator::start(settings()).await.expect("started");
    let body = r#"{"user_id":"u","Password":"p","ip_user":"10.0.0.1","treshold":90,"nik":3217061012870001,
        "Nama_Lgkp":"SITI NURHALISA","TGL_LHR":"10-12-1987","JENIS_KLMIN":"Laki-Laki","NO_RT":2,"KAB_NAME":"BANDUNG"}"#;
    let (status, page) = send(sim.address(), "POST", CALL, body).await;
    let expected = json!({
        "content": [{
            "NIK": "Sesuai", "NAMA_LGKP": "Sesuai (92)", "TGL_LHR": "Sesuai", "JENIS_KLMIN": "Tidak Sesuai",
            "NO_RT": "Sesuai", "NO_KK": "Tidak Sesuai", "NAMA_LGKP_IBU": "Tidak Sesuai", "TMPT_LHR": "Tidak Sesuai",
            "ALAMAT": "Tidak Sesuai", "STATUS_KAWIN": "Tidak Sesuai", "JENIS_PKRJN": "Tidak Sesuai",
            "PROP_NAME": "Tidak Sesuai", "KEC_NAME": "Tidak Sesuai", "KEL_NAME": "Tidak Sesuai",
            "NO_RW": "Tidak Sesuai",
        }],
        "lastPage": true, "numberOfElements": 1, "sort": null, "totalElements": 1, "firstPage": true, "number": 0,
        "size": 1, "quotaLimiter": 9,
    });
    // How alike the two names are is core's to say.
    let mut page_without_score = page.clone();
    page_without_score["content"][0]["NAMA_LGKP"] = expected["content"][0]["NAMA_LGKP"].clone();
    assert_eq!((status, page_without_score), (200, expected));
    let name = page["content"][0]["NAMA_LGKP"].as_str().expect("a text");
    assert!(name.starts_with("Sesuai (") && name.ends_with(')'), "{name}");
}

#[tokio::test]
async fn states_are_answered_by_code_and_text() {
    let sim = Simulator::start(settings()).await.expect("started");
    let nik = |number: &str| question(&json!({ "NIK": number }));
    let rows = [
        ("deceased", CALL, nik("3217061012870003"), "11"),
        ("duplicate", CALL, nik("3217061012870004"), "12"),
        ("inactive", CALL, nik("3217061012870005"), "14"),
        ("unknown", CALL, nik("3217061012870099"), "13"),
        ("no number", CALL, nik("321706"), "15"),
        ("without a number", CALL, question(&json!({})), "07"),
        (
            "a threshold that is none",
            CALL,
            question(&json!({ "NIK": "3217061012870001", "TRESHOLD": "x" })),
            "07",
        ),
        ("no JSON", CALL, "NIK".to_owned(), "07"),
        ("no user", CALL, question(&json!({ "USER_ID": "" })), "09"),
        ("another user", CALL, question(&json!({ "USER_ID": "v" })), "03"),
        ("another password", CALL, question(&json!({ "PASSWORD": "v" })), "03"),
        ("another address", CALL, question(&json!({ "IP_USER": "10.0.0.2" })), "04"),
        (
            "another institution",
            "/dukcapil/get_json/shop/CALL_VERIFY_BY_ELEMEN",
            nik("3217061012870001"),
            "16",
        ),
    ];
    for (case, path, body, code) in rows {
        let (status, page) = send(sim.address(), "POST", path, &body).await;
        let content = &page["content"][0];
        assert_eq!((status, &content["RESPONSE_CODE"]), (200, &json!(code)), "{case}");
        assert!(content["RESPON"].as_str().is_some_and(|text| !text.is_empty()), "{case}: {content}");
    }
}

#[tokio::test]
async fn the_state_of_the_institution_is_answered() {
    let rows = [
        (InstitutionState::OutsideHours, "06"),
        (InstitutionState::Inactive, "16"),
        (InstitutionState::UserInactive, "17"),
    ];
    for (state, code) in rows {
        let mut settings = settings();
        settings.institution.state = state;
        let sim = Simulator::start(settings).await.expect("started");
        let body = question(&json!({ "NIK": "3217061012870001" }));
        let (_, page) = send(sim.address(), "POST", CALL, &body).await;
        assert_eq!(page["content"][0]["RESPONSE_CODE"], json!(code), "{state:?}");
    }
}

#[tokio::test]
async fn a_tester_sets_faults_and_quota_and_reads_counts() {
    let sim = Simulator::start(settings()).await.expect("started");
    let admin = sim.admin_address();
    let body = question(&json!({ "NIK": "3217061012870001" }));
    let rules = json!([{ "kind": "status", "status": 503, "rate": { "first": 1 } }, { "kind": "code", "code": "17", "rate": { "first": 1 } }]);
    assert_eq!(send(admin, "PUT", "/sim/faults", &rules.to_string()).await.0, 204);
    assert_eq!(send(admin, "GET", "/sim/faults", "").await, (200, rules));
    assert_eq!(send(admin, "PUT", "/sim/quota", r#"{"left":1}"#).await.0, 204);

    let mut answers = Vec::new();
    for _ in 0..4 {
        let (status, page) = send(sim.address(), "POST", CALL, &body).await;
        answers.push((status, page["content"][0]["RESPONSE_CODE"].clone()));
    }
    let expected = [(503, json!(null)), (200, json!("17")), (200, json!(null)), (200, json!("05"))];
    assert_eq!(answers, expected);
    let counts = json!({
        "demographics": {
            "received": 4, "charged": 1, "answers": { "fault": 1, "17": 1, "01": 1, "05": 1 },
        },
        "face": { "received": 0, "charged": 0, "answers": {} },
    });
    assert_eq!(send(admin, "GET", "/sim/calls", "").await, (200, counts));

    assert_eq!(
        send(admin, "PUT", "/sim/faults", r#"[{"kind":"flood"}]"#).await.0,
        422,
        "and nothing is changed"
    );
    assert_eq!(send(admin, "PUT", "/sim/faults", "[]").await.0, 204);
    assert_eq!(
        send(sim.address(), "GET", "/sim/calls", "").await.0,
        404,
        "the services' listener has none of it"
    );
}

#[tokio::test]
async fn a_tester_is_on_this_machine() {
    let mut settings = settings();
    settings.admin = "0.0.0.0:0".parse().expect("an address");
    assert!(matches!(Simulator::start(settings).await, Err(SimulatorError::AdminOutside(_))));
}
