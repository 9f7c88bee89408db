//! An operator's own models beside the shipped ones: chosen, checked when they are loaded, and never mixed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is not as it has to be")]

mod graph;

use std::fs;
use std::path::Path;

use absah_core::face::{FaceTemplate, Profile};
use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::models::{FittedScale, Models, ModelsError, Places, Selection};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Workers, WorkersConfig};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The project's own places, where the shipped models and the library are.
fn project() -> Places {
    Places::around(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")))
}

/// A folder with a manifest that includes the shipped one, and one model more: `keys` of its entry, and its file.
fn folder(keys: &str, graph: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("own.onnx"), graph).expect("a model");
    let sha256: String = Sha256::digest(graph).iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = format!(
        "include = {:?}\n[active]\nface-recogniser = \"sface-2021dec\"\n\
         [[model]]\nname = \"own\"\nversion = \"1\"\nfile = \"own.onnx\"\nsha256 = \"{sha256}\"\nlicence = \"MIT\"\n{keys}\n",
        project().models().expect("the shipped models"),
    );
    fs::write(folder.path().join("manifest.toml"), manifest).expect("a manifest");
    folder
}

fn load(folder: &TempDir, asked: Selection) -> Result<Models, ModelsError> {
    let places = Places {
        models: Some(folder.path().into()),
        library: Some(project().library().expect("the runtime library: run scripts/fetch-runtime")),
        executable: None,
    };
    Models::load_selected(&places, asked)
}

fn own_recogniser() -> Selection {
    Selection { face_recogniser: Some("own-1".into()), ..Selection::default() }
}

fn workers(models: &Models) -> Result<Workers, String> {
    Workers::start(WorkersConfig { threads: 1, queue_length: 1 }, Some(models))
        .map_err(|error| error.to_string())
}

const RECOGNISER: &str = "role = \"face-recogniser\"\ntemplate_length = 3\ninput = { width = 112, height = 112, channels = \"rgb\" }";

#[test]
fn what_does_not_fit_its_entry_is_told_when_it_is_loaded() {
    let recogniser = own_recogniser;
    let attack = || Selection { presentation_attack: Some(vec!["own-1".into()]), ..Selection::default() };
    let detector = || Selection { face_detector: Some("own-1".into()), ..Selection::default() };
    let table: [(&str, Vec<u8>, Selection, &str); 8] = [
        (RECOGNISER, graph::means(&[1, 3, 112, 112]), recogniser(), ""),
        (RECOGNISER, graph::means(&[0, 3, 0, 0]), recogniser(), ""),
        (
            RECOGNISER,
            graph::means(&[1, 3, 96, 112]),
            recogniser(),
            "its input is [1, 3, 96, 112], and the manifest says",
        ),
        (RECOGNISER, graph::means(&[1, 112, 112, 3]), recogniser(), "channels last"),
        (
            "role = \"face-recogniser\"\ntemplate_length = 512\ninput = { width = 112, height = 112, channels = \"rgb\" }",
            graph::means(&[1, 3, 112, 112]),
            recogniser(),
            "its output is [1, 3], and the manifest says template_length = 512",
        ),
        (
            "role = \"presentation-attack\"\npresentation = { crop = 2.0, classes = 2, bona_fide = 0 }\ninput = { width = 80, height = 80, channels = \"bgr\" }",
            graph::means(&[1, 3, 80, 80]),
            attack(),
            "the manifest says classes = 2",
        ),
        (
            "role = \"face-detector\"\ninput = { width = 320, height = 320, multiple_of = 32, channels = \"bgr\" }",
            graph::means(&[1, 3, 0, 0]),
            detector(),
            "no output cls_8",
        ),
        (RECOGNISER, b"not a graph".to_vec(), recogniser(), "cannot load the model own-1"),
    ];
    for (keys, graph, asked, expected) in table {
        let models = load(&folder(keys, &graph), asked).expect(keys);
        match workers(&models) {
            Ok(_) => assert_eq!(expected, "", "{keys}"),
            Err(message) => {
                assert!(!expected.is_empty() && message.contains(expected), "{expected}: {message}")
            }
        }
    }
}

#[test]
fn a_scale_belongs_to_its_model() {
    let folder = folder(RECOGNISER, &graph::means(&[1, 3, 112, 112]));
    let own = load(&folder, own_recogniser()).expect("loaded");
    assert!(!own.is_calibrated(), "the manifest has no calibration for it");
    let fit = |model: &str| FittedScale {
        profile: Profile::SelfieCard,
        model: model.into(),
        anchors: vec![(-1.0, 0.0), (0.9, 75.0), (1.0, 100.0)],
    };
    let fitted = own.clone().with_fitted(&[fit("own-1")]).expect("its own scale");
    assert!(fitted.is_calibrated());
    for profile in Profile::ALL {
        let score = fitted.scales().of(profile).score(0.9);
        assert!((score - 75.0).abs() < 1e-3, "{profile}: the only scale serves all: {score}");
    }

    let refused = own.with_fitted(&[fit("sface-2021dec")]).expect_err("another model's scale");
    let sentence =
        "the calibration of selfie_card was fitted with the model sface-2021dec, and own-1 is the one in use";
    assert!(refused.to_string().contains(sentence), "{refused}");

    let shipped = load(&folder, Selection::default()).expect("loaded");
    let before = shipped.scales().of(Profile::SelfiePortrait).clone();
    let refitted = shipped.with_fitted(&[fit("sface-2021dec")]).expect("its own scale");
    assert_eq!(refitted.scales().of(Profile::SelfiePortrait), &before, "the others stay the manifest's");
    assert!((refitted.scales().of(Profile::SelfieCard).score(0.9) - 75.0).abs() < 1e-3);
}

fn photograph(name: &str) -> Picture {
    let path = format!("{}/tests/data/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    let bounds = PictureBounds { min_bytes: 0, max_bytes: 1 << 24, min_sides: None };
    admit(&fs::read(path).expect("a photograph"), &bounds, &PixelBudget::default()).expect("admitted")
}

/// The template of a photograph's face.
fn template(models: &Models, name: &'static str) -> FaceTemplate {
    let workers = workers(models).expect("workers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let run = workers.run(move |bench| {
        let picture = photograph(name);
        let face = *bench.detect(&picture).expect("detection").first().expect("a face");
        bench.embed(&picture, &face).expect("a template")
    });
    runtime.block_on(run).expect("the job ran")
}

#[test]
fn templates_of_two_models_are_never_compared() {
    let folder = folder(RECOGNISER, &graph::means(&[1, 3, 112, 112]));
    let [own, shipped] =
        [own_recogniser(), Selection::default()].map(|asked| load(&folder, asked).expect("loaded"));
    let (ours, theirs) = (template(&own, "president-1"), template(&shipped, "president-1"));
    assert_eq!((&**ours.model(), ours.features().len()), ("own-1", 3));
    assert_eq!(ours.cosine(&theirs), None);
    for models in [&own, &shipped] {
        for profile in Profile::ALL {
            assert_eq!(models.scales().compare(profile, &ours, &theirs), None);
        }
    }
    assert!(own.scales().compare(Profile::SelfiePortrait, &ours, &ours).is_some());
}

#[test]
fn an_alignment_of_its_own_moves_what_the_recogniser_sees() {
    let sized = |side: u32, landmarks: &str| {
        format!(
            "role = \"face-recogniser\"\ntemplate_length = 3\ninput = {{ width = {side}, height = {side}, channels = \"rgb\" }}\n{landmarks}"
        )
    };
    let arcface = "alignment = { landmarks = [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]] }";
    let half = "alignment = { landmarks = [[19.1473, 25.84815], [36.7659, 25.7507], [28.0126, 35.8683], [20.77465, 46.18275], [35.36495, 46.10205]] }";
    let far = "alignment = { landmarks = [[50, 50], [62, 50], [56, 56], [51, 62], [61, 62]] }";
    let seen = |side: u32, landmarks: &str| {
        let folder = folder(&sized(side, landmarks), &graph::means(&[1, 3, side.into(), side.into()]));
        template(&load(&folder, own_recogniser()).expect("loaded"), "president-1")
    };
    let standard = seen(112, "");
    let cosine = |other: &FaceTemplate| standard.cosine(other).expect("one model");
    assert!(cosine(&seen(112, arcface)) > 0.99999, "the same five points");
    assert!(cosine(&seen(56, half)) > 0.999, "the same face, half as large");
    assert!(cosine(&seen(112, far)) < 0.999, "much more around the face");
}

/// The log odds behind the score that an own presentation-attack model gives a photograph's face.
fn log_odds(looks: &'static str) -> f64 {
    let keys = format!(
        "role = \"presentation-attack\"\npresentation = {{ {looks}, classes = 3, bona_fide = 0 }}\n\
         input = {{ width = 80, height = 80, channels = \"rgb\", mean = 0.0, scale = 0.02 }}"
    );
    let asked = Selection { presentation_attack: Some(vec!["own-1".into()]), ..Selection::default() };
    let models = load(&folder(&keys, &graph::means(&[1, 3, 80, 80])), asked).expect("loaded");
    let workers = workers(&models).expect("workers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let run = workers.run(move |bench| {
        let picture = photograph("president-1");
        let face = *bench.detect(&picture).expect("detection").first().expect("a face");
        bench.presentation(&picture, &face).expect("a score")
    });
    let share = runtime.block_on(run).expect("the job ran") / 100.0;
    (share / (1.0 - share)).ln()
}

#[test]
fn the_looks_of_a_presentation_attack_model_count_alike() {
    let (wide, close) = (log_odds("crop = 3.0"), log_odds("crop = 1.0"));
    assert!((wide - close).abs() > 0.05, "the two see different colours: {wide} {close}");
    // The model knows no left and right, so a mirrored look says what the plain one says.
    let table = [
        ("crop = 3.0, also = []", wide),
        ("crop = 3.0, also = [{ crop = 1.0 }]", (wide + close) / 2.0),
        ("crop = 3.0, also = [{ crop = 3.0, mirrored = true }]", wide),
        ("crop = 1.0, also = [{ crop = 3.0 }, { crop = 1.0, mirrored = true }]", (wide + 2.0 * close) / 3.0),
    ];
    for (looks, expected) in table {
        let odds = log_odds(looks);
        assert!((odds - expected).abs() < 1e-3, "{looks}: {odds}, not {expected}");
    }
}
