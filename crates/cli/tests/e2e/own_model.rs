//! An operator's own recogniser in place of the shipped one: people are enrolled anew, and no template of one model is
//! ever compared with one of another.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::harness::command::{Finished, absah, project};
use crate::harness::demo_file::{DemoFile, Person};
use crate::harness::server::demo_home;

/// The shipped recogniser's file under another name: another model, as far as anybody can tell from a template.
fn configuration(home: &Path, anchors: &str) -> PathBuf {
    let models = home.join("models");
    fs::create_dir(&models).expect("a folder");
    let shipped = project().join("models");
    let graph = fs::read(shipped.join("sface-2021dec.onnx")).expect("the shipped recogniser");
    let sha256: String = Sha256::digest(&graph).iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = format!(
        "include = {shipped:?}\n[active]\nface-recogniser = \"own-2\"\n[[model]]\nname = \"own\"\nversion = \"2\"\n\
         role = \"face-recogniser\"\nfile = {:?}\nsha256 = \"{sha256}\"\nlicence = \"Apache-2.0\"\ntemplate_length = 128\n\
         input = {{ width = 112, height = 112, channels = \"rgb\" }}\n",
        shipped.join("sface-2021dec.onnx"),
    );
    fs::write(models.join("manifest.toml"), manifest).expect("a manifest");
    let config = home.join("own.toml");
    fs::write(&config, format!("[vision]\nmodels = {models:?}\n{anchors}")).expect("a file");
    config
}

const SCALE: &str = "[vision.calibration.selfie_portrait]\nmodel = \"own-2\"\nanchors = [[-1.0, 0.0], [0.46, 75.0], [1.0, 100.0]]\n";

struct Place {
    home: tempfile::TempDir,
    person: Person,
}

impl Place {
    fn new() -> Self {
        let home = demo_home();
        let person = DemoFile::read(&home.path().join("data")).people[0].clone();
        Self { home, person }
    }

    fn run(&self, arguments: &[&str], config: Option<&Path>) -> Finished {
        let mut command = absah();
        command.args(arguments).arg("--data-dir").arg(self.home.path().join("data"));
        // The binary finds the runtime beside itself; the models are the configuration's.
        config.map(|file| command.env_remove("ABSAH_VISION__MODELS").arg("--config").arg(file));
        Finished::of(&mut command)
    }

    /// The check of the face.
    fn face(&self, config: Option<&Path>) -> (Option<i32>, Value) {
        let Person { nik, name, date_of_birth: birth, selfie, .. } = &self.person;
        let selfie = selfie.as_ref().expect("a selfie").to_str().expect("a path");
        let verify =
            ["verify", "--json", "--nik", nik, "--name", name, "--birth-date", birth, "--selfie", selfie];
        let finished = self.run(&verify, config);
        let evidence = finished.last_json();
        let checks = evidence["checks"].as_array().expect("checks").iter();
        let face = checks.into_iter().find(|check| check["name"] == "face").expect("a check of the face");
        (finished.code, face.clone())
    }

    fn templates(&self, config: Option<&Path>) -> Value {
        self.run(&["registry", "stats"], config).last_json()["templates"].clone()
    }

    fn enrol(&self, config: &Path) {
        let portraits = self.home.path().join("portraits");
        fs::create_dir(&portraits).expect("a folder");
        fs::copy(self.person.portrait.as_ref().expect("a portrait"), portraits.join("a.jpg"))
            .expect("a copy");
        let csv = self.home.path().join("people.csv");
        let Person { nik, name, date_of_birth, .. } = &self.person;
        fs::write(&csv, format!("nik,name,date_of_birth,portrait\n{nik},{name},{date_of_birth},a.jpg\n"))
            .expect("a file");
        let [csv, portraits] = [&csv, &portraits].map(|path| path.to_str().expect("a path"));
        let summary =
            self.run(&["registry", "import", csv, "--portraits", portraits], Some(config)).last_json();
        assert_eq!(summary["updated"], 1, "{summary}");
    }
}

#[test]
fn people_of_one_model_have_no_reference_for_another_until_they_are_enrolled_anew() {
    let place = Place::new();
    let config = configuration(place.home.path(), SCALE);
    let own = Some(config.as_path());

    let (code, face) = place.face(None);
    assert_eq!((code, &face["verdict"]), (Some(0), &"pass".into()), "the shipped model: {face}");

    let (code, face) = place.face(own);
    assert_eq!(
        (code, &face["verdict"], &face["reason"]),
        (Some(1), &"unknown".into(), &"no_reference".into()),
        "{face}"
    );
    assert!(face["score"].is_null(), "never a score across models: {face}");

    place.enrol(&config);
    let (code, face) = place.face(own);
    assert_eq!((code, &face["verdict"]), (Some(0), &"pass".into()), "enrolled anew: {face}");
    let templates = place.templates(own);
    assert_eq!((&templates["own-2"], &templates["sface-2021dec"]), (&1.into(), &5.into()), "{templates}");

    let (code, face) = place.face(None);
    assert_eq!((code, &face["verdict"]), (Some(0), &"pass".into()), "the shipped model's stay: {face}");
}

#[test]
fn a_model_without_a_scale_verifies_nobody() {
    let place = Place::new();
    let config = configuration(place.home.path(), "");
    let finished = place.run(&["serve", "--listen", "127.0.0.1:0"], Some(&config));
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(
        finished.stderr.contains("own-2 has no calibration") && finished.stderr.contains("absah calibrate"),
        "{finished:?}"
    );
}
