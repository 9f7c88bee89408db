//! A server that asks the national registry, here its simulator, over TLS: verdicts through all three dialects, trouble
//! that is none, what it costs, and what is told afterwards.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::callers::{accuauth, glair, id_selfie, issuance, kredibel};
use crate::harness::command::{Finished, absah, history};
use crate::harness::demo_file::DemoFile;
use crate::harness::server::{Server, Setup, demo_home};
use crate::harness::simulator::Simulator;

/// A demo whose people the simulator knows too, portraits included.
struct Country {
    home: tempfile::TempDir,
    portraits: String,
    simulator: Simulator,
}

impl Country {
    fn new() -> Self {
        let home = demo_home();
        let data = home.path().join("data");
        let people = home.path().join("people.csv");
        let export = |command: &mut std::process::Command| Finished::well(command).stdout;
        let csv = export(absah().args(["registry", "export", "--data-dir"]).arg(&data));
        // A column of portraits, for those who have one.
        let demo = DemoFile::read(&data);
        let mut lines = csv.lines();
        let mut with = format!("{},portrait\n", lines.next().expect("a header"));
        for line in lines {
            let nik = line.split(',').next().unwrap_or_default();
            let portrait = demo.people.iter().find(|person| person.nik == nik);
            let portrait = portrait.and_then(|person| person.portrait.as_ref()?.file_name()?.to_str());
            with += &format!("{line},{}\n", portrait.unwrap_or_default());
        }
        std::fs::write(people, with).expect("written");
        let portraits = demo.people[0].portrait.as_ref().and_then(|path| path.parent()).expect("a folder");
        let portraits = portraits.to_str().expect("UTF-8").to_owned();
        let simulator = Simulator::start(home.path(), &["--portraits", &portraits]);
        Self { home, portraits, simulator }
    }

    /// Another simulator of the same people at a given address.
    fn simulator_at(&self, address: &str) -> Simulator {
        Simulator::start(self.home.path(), &["--portraits", &self.portraits, "--listen", address])
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The configuration that asks in this order.
    fn config(&self, order: &str) -> PathBuf {
        let told = |key| self.simulator.text(key);
        let url = told("url");
        let key = self.home.path().join(told("rsa_public_key"));
        let text = format!(
            "policy.repetition.limit = 0\n[registry]\norder = \"{order}\"\nreverse_data = true\n\
             [registry.sources.nation]\nkind = \"dukcapil\"\nurl_demographics = \"{url}\"\nurl_face = \"{url}\"\n\
             customer_id = \"bank\"\nuser_id = \"user\"\npassword = \"password\"\nip = \"10.0.0.1\"\n\
             rsa_public_key_file = \"{}\"\nbackoff_milliseconds = 10\n\
             tls = {{ pin_sha256 = [\"{}\"] }}\nbreaker = {{ failures = 3, open_seconds = 0.2 }}\n\
             timeouts = {{ connect_seconds = 2.0, demographics_seconds = 2.0, face_seconds = 20.0, queue_seconds = 2.0 }}\n",
            key.display(),
            told("pin_sha256"),
        );
        let path = self.home.path().join(format!("{}.toml", order.replace(", ", "-")));
        std::fs::write(&path, text).expect("written");
        path
    }

    fn server(&self, order: &str) -> Server {
        let config = self.config(order);
        Setup::new(&self.data(), Some("--demo")).config(&config).start()
    }
}

fn outcomes(data: &Path) -> Vec<String> {
    history(data).iter().map(|line| line["outcome"].as_str().unwrap_or_default().to_owned()).collect()
}

fn glair_reason(server: &Server, demo: &DemoFile, name: Option<&str>) -> Value {
    let person = &demo.people[0];
    let date: Vec<_> = person.date_of_birth.split('-').rev().collect();
    let fields = [
        ("nik", person.nik.as_str()),
        ("name", name.unwrap_or(&person.name)),
        ("date_of_birth", &date.join("-")),
    ];
    glair(server, &demo.credentials.glair.production, &fields).body["reason"].clone()
}

#[test]
fn the_national_registry_answers_through_all_three_dialects_and_every_call_is_charged_for() {
    let country = Country::new();
    let server = country.server("nation");
    let demo = server.demo_file();
    let person = &demo.people[0];

    assert_eq!(glair_reason(&server, &demo, None), "Verification Success");
    assert_eq!(glair_reason(&server, &demo, Some("AGUS PRIHANTORO")), "Name does not match");
    let reply = accuauth(&server, &demo.credentials.accuauth.production, &id_selfie(person));
    assert_eq!(reply.body["result"]["result"], "01", "{reply:?}");
    let reply = kredibel(&server, &demo.credentials.kredibel.production, &issuance(person));
    assert_eq!(outcomes(&server.data_dir), ["verified", "not_verified", "verified", "verified"], "{reply:?}");
    let other = &demo.people[1];
    let mut body = id_selfie(person);
    body["face_image"] = id_selfie(other)["face_image"].clone();
    let reply = accuauth(&server, &demo.credentials.accuauth.production, &body);
    assert_eq!(reply.body["result"]["face_percent"], false, "somebody else's face: {reply:?}");

    let calls = country.simulator.calls();
    let charged = |service: &str| calls[service]["charged"].as_u64().expect("a count");
    assert!(charged("demographics") >= 5 && charged("face") >= 3, "{calls}");
    let now = history(&server.data_dir)[0]["time"].as_str().expect("a time").to_owned();
    let half = format!("{}H{}", &now[..4], if &now[5..7] < "07" { 1 } else { 2 });
    let command = |args: &[&str]| {
        Finished::well(absah().args(args).arg("--data-dir").arg(&server.data_dir)).last_json()
    };
    let usage = command(&["report", "usage", "--half", &half]);
    let expected = 1000 * charged("demographics") + 3000 * charged("face");
    assert_eq!(usage["rupiah"], expected, "{usage} {calls}");

    // What is told back is told once, under the ids the callers were given.
    let out = country.home.path().join("reverse.csv");
    let reverse = ["report", "reverse", "--out", out.to_str().expect("UTF-8")];
    assert_eq!(command(&reverse), json!({ "numbers": 3, "forgotten": true }));
    let told = std::fs::read_to_string(&out).expect("written");
    assert_eq!(told.lines().filter(|line| line.starts_with(&person.nik)).count(), 3, "{told}");
    let first = history(&server.data_dir)[0]["wire_id"].as_str().expect("an id").to_owned();
    assert!(told.contains(&first), "{told}");
    std::fs::remove_file(&out).expect("removed");
    assert_eq!(command(&reverse), json!({ "numbers": 0, "forgotten": true }));
    assert!(!server.log().contains(&person.nik) && !server.log().contains(&person.name));
}

#[test]
fn trouble_of_the_national_registry_is_never_a_mismatch_and_falls_to_the_own_copy() {
    let country = Country::new();
    let server = country.server("nation");
    let demo = server.demo_file();
    let rows = [
        (json!([{ "kind": "code", "code": "05" }]), "registry_out_of_quota"),
        (json!([{ "kind": "code", "code": "03" }]), "registry_setup"),
        (json!([{ "kind": "code", "code": "99" }]), "registry_setup"),
        (json!([{ "kind": "truncated_json" }]), "registry_bad_answer"),
        (json!([{ "kind": "hang" }]), "registry_timeout"),
        (json!([{ "kind": "reset" }]), "registry_unavailable"),
        (json!([{ "kind": "code", "code": "11" }]), "record_deceased"),
    ];
    for (faults, expected) in rows {
        country.simulator.faults(&faults);
        let reason = glair_reason(&server, &demo, None);
        assert_eq!(
            outcomes(&server.data_dir).last().map(String::as_str),
            Some(expected),
            "{faults} {reason}"
        );
        assert!(!reason.to_string().contains("does not match"), "{faults} {reason}");
        // Long enough for the breaker to let a call through again.
        std::thread::sleep(Duration::from_millis(300));
    }
    drop(server);

    country.simulator.faults(&json!([{ "kind": "code", "code": "05" }]));
    let server = country.server("nation, local");
    assert_eq!(glair_reason(&server, &demo, None), "Verification Success", "the own copy answered");
    country.simulator.faults(&json!([{ "kind": "code", "code": "13" }]));
    let unknown = glair_reason(&server, &demo, None);
    assert_eq!(unknown, "NIK not found on Dukcapil database", "a verdict never falls on");
}

#[test]
fn the_national_registry_is_killed_and_started_again_under_load() {
    let mut country = Country::new();
    let server = country.server("nation");
    let demo = server.demo_file();
    let address = country.simulator.address();
    let until = Instant::now() + Duration::from_secs(6);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while Instant::now() < until {
                glair_reason(&server, &demo, None);
            }
        });
        for _ in 0..2 {
            std::thread::sleep(Duration::from_millis(300));
            country.simulator.kill();
            std::thread::sleep(Duration::from_millis(300));
            country.simulator = country.simulator_at(&address);
        }
    });
    assert_eq!(glair_reason(&server, &demo, None), "Verification Success", "it answers again");
    let outcomes = outcomes(&server.data_dir);
    let allowed = ["verified", "registry_unavailable", "registry_timeout"];
    assert!(outcomes.iter().all(|outcome| allowed.contains(&outcome.as_str())), "{outcomes:?}");
    for wanted in ["verified", "registry_unavailable"] {
        assert!(outcomes.iter().any(|outcome| outcome == wanted), "{wanted}: {outcomes:?}");
    }
}

#[test]
fn a_source_that_cannot_be_used_ends_the_start_in_a_sentence() {
    let home = demo_home();
    let data = home.path().join("data");
    let rows = [
        ("[registry]\norder = \"nation\"\n", "there is no [registry.sources.nation]"),
        ("[registry]\norder = \"\"\n", "names no source"),
        ("[registry.local]\ndatabase = \"postgres://127.0.0.1/absah\"\n", "leaves yours alone"),
        ("[registry.sources.nation]\nkind = \"other\"\n", "kind has to be"),
        ("[registry.sources.nation]\nkind = \"dukcapil\"\ntreshold = 90\n", "treshold"),
        (
            "[registry]\norder = \"nation\"\n[registry.sources.nation]\nkind = \"dukcapil\"\n",
            "[registry.sources.nation]: ",
        ),
    ];
    for (text, told) in rows {
        let config = home.path().join("wrong.toml");
        std::fs::write(&config, text).expect("written");
        let mut serve = absah();
        serve.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--config"]).arg(&config);
        let ended = Finished::of(serve.arg("--data-dir").arg(&data));
        assert!(ended.code == Some(1) && ended.stderr.contains(told), "{text}: {ended:?}");
    }
}
