//! What an operator does beside a running server is seen at its next request.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::callers::{accuauth, glair, id_selfie, kredibel};
use crate::harness::command::{Finished, absah, create_credential};
use crate::harness::demo_file::{Accuauth, Glair, Kredibel};
use crate::harness::server::Server;

fn command(data_dir: &Path, args: &[&str]) -> Finished {
    Finished::of(absah().args(args).arg("--data-dir").arg(data_dir))
}

#[test]
fn an_import_is_seen_at_the_next_request() {
    let (home, server) = Server::demo();
    let demo = server.demo_file();
    let credentials = &demo.credentials.glair.production;
    let newcomer = "3174055208950099";
    let ask = || {
        glair(
            &server,
            credentials,
            &[("nik", newcomer), ("name", "SITI NURHALIZA"), ("date_of_birth", "12-08-1995")],
        )
    };
    assert_eq!(ask().body["reason"], "NIK not found on Dukcapil database");

    // The newcomer gets the portrait of a demo person, a second row a broken NIK.
    let portraits = home.path().join("portraits");
    std::fs::create_dir(&portraits).expect("a folder");
    std::fs::copy(demo.people[0].portrait.as_ref().expect("a portrait"), portraits.join("siti.jpg"))
        .expect("a copy");
    let csv = home.path().join("people.csv");
    let rows = format!(
        "nik,name,date_of_birth,portrait\n{newcomer},SITI NURHALIZA,1995-08-12,siti.jpg\n12,X,1990-01-01,\n"
    );
    std::fs::write(&csv, rows).expect("a file");
    let import = |csv: &Path| {
        let mut command = absah();
        command.args(["registry", "import"]).arg(csv).arg("--portraits").arg(&portraits);
        Finished::of(command.arg("--data-dir").arg(&server.data_dir))
    };
    let summary = import(&csv).last_json();
    assert_eq!(summary["read"], 2, "{summary}");
    assert_eq!(
        (&summary["inserted"], &summary["updated"], &summary["rejected"]),
        (&json!(1), &json!(0), &json!(1))
    );
    assert!(summary["seconds"].is_number(), "{summary}");

    assert_eq!(ask().body["reason"], "Verification Success");
    let mut body = id_selfie(&demo.people[0]);
    body["id_number"] = json!(newcomer);
    body["name"] = json!("SITI NURHALIZA");
    body["birth_date"] = json!("1995-08-12");
    let reply = accuauth(&server, &demo.credentials.accuauth.production, &body);
    assert_eq!(reply.body["result"]["result"], "01", "{reply:?}");

    let corrected = format!("nik,name,date_of_birth\n{newcomer},SITI NURHALIZA,1996-08-12\n");
    std::fs::write(&csv, corrected).expect("a file");
    let summary = import(&csv).last_json();
    assert_eq!((&summary["inserted"], &summary["updated"]), (&json!(0), &json!(1)));
    assert_eq!(ask().body["reason"], "Date of birth does not match");
}

#[test]
fn a_credential_lives_from_its_creation_until_it_is_disabled() {
    let (_home, server) = Server::demo();
    let data = &server.data_dir;
    let person = &server.demo_file().people[0];
    let sandbox_body = json!({ "id_number": "1234567890123456", "face_image": "<base64>" });

    let new = create_credential(data, &["--dialect", "glair", "--environment", "production"]);
    let secrets: Glair = serde_json::from_value(new.clone()).expect("the keys of demo.json");
    assert_eq!(glair(&server, &secrets, &[("nik", &person.nik)]).status, 200);
    let id = new["id"].as_str().expect("an id");
    assert_eq!(command(data, &["credential", "disable", id]).code, Some(0));
    assert_eq!(glair(&server, &secrets, &[("nik", &person.nik)]).status, 401);

    let new = create_credential(data, &["--dialect", "accuauth", "--environment", "sandbox"]);
    let secrets: Accuauth = serde_json::from_value(new).expect("the keys of demo.json");
    assert_eq!(accuauth(&server, &secrets, &sandbox_body).body["result"]["result"], "01");
    let wrong = Accuauth { api_secret: "wrong".to_owned(), ..secrets };
    assert_eq!(accuauth(&server, &wrong, &sandbox_body).status, 401);

    let listed = command(data, &["credential", "list", "--json"]).json_lines();
    let disabled: Vec<_> =
        listed.iter().filter(|line| line["state"] == "disabled").map(|line| &line["id"]).collect();
    assert_eq!(disabled, [&json!(id)]);
}

#[test]
fn a_credential_is_held_to_its_terms() {
    let (_home, server) = Server::demo();
    let data = &server.data_dir;
    let nik = server.demo_file().people[0].nik.clone();
    let ask = |new: Value| {
        let secrets: Glair = serde_json::from_value(new).expect("the keys of demo.json");
        [(); 3].map(|()| glair(&server, &secrets, &[("nik", &nik)]).status)
    };
    let base = ["--dialect", "glair", "--environment", "production"];
    let rows: [(&[&str], [u16; 3]); 4] = [
        (&[], [200, 200, 200]),
        (&["--quota", "2"], [200, 200, 403]),
        (&["--expires", "2020-01-01T00:00:00Z"], [401, 401, 401]),
        (&["--products", "none"], [403, 403, 403]),
    ];
    for (terms, statuses) in rows {
        assert_eq!(ask(create_credential(data, &[base.as_slice(), terms].concat())), statuses, "{terms:?}");
    }
}

#[test]
fn a_kredibel_credential_may_look_at_pictures_in_the_sandbox() {
    let (_home, server) = Server::demo();
    let data = &server.data_dir;
    let body = json!({
        "identityId": "1234567890123456", "fullName": "ASEP SUPRIYADI", "birthDate": "1990-07-06",
        "emailAddress": "test@email.com", "phoneNumber": "621234567890",
        "faceImage": "<base64>", "identityImage": "<base64>",
    });
    for (terms, status) in [(&[][..], 200), (&["--strict-images"][..], 400)] {
        let base = ["--dialect", "kredibel", "--environment", "sandbox"];
        let secrets: Kredibel =
            serde_json::from_value(create_credential(data, &[base.as_slice(), terms].concat()))
                .expect("the keys of demo.json");
        let reply = kredibel(&server, &secrets, &body);
        assert_eq!(reply.status, status, "{terms:?}: {reply:?}");
    }
}
