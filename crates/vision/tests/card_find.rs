//! Where the card lies in simulated photographs, and which way up it is.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is not as it has to be")]

use std::path::Path;

use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::card::{Quad, Rectified, candidates};
use absah_vision::geometry::Point;
use absah_vision::models::{Models, Places};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Bench, Workers, WorkersConfig};
use absah_vision::specimen::{self, CardText};
use absah_vision::tabletop::Shot;
use fast_image_resize::Resizer;

/// Runs `job` on a worker with the models.
fn with_bench<T: Send + 'static>(job: impl FnOnce(&mut Bench) -> T + Send + 'static) -> T {
    let places = Places::around(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")));
    let models = Models::load(&places).expect("models and runtime library: run scripts/fetch-runtime");
    let workers =
        Workers::start(WorkersConfig { threads: 1, queue_length: 1 }, Some(&models)).expect("workers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(workers.run(job)).expect("the job ran")
}

fn picture_of(bytes: &[u8]) -> Picture {
    let bounds = PictureBounds { min_bytes: 0, max_bytes: 1 << 24, min_sides: None };
    admit(bytes, &bounds, &PixelBudget::default()).expect("admitted")
}

fn drawn() -> Picture {
    let path = format!("{}/tests/data/astronaut.jpg", env!("CARGO_MANIFEST_DIR"));
    let text = CardText {
        province: "JAWA BARAT".into(),
        regency: "KOTA BANDUNG".into(),
        nik: "3273014607900001".into(),
        name: "SITI RAHMAWATI".into(),
        birth_place: "BANDUNG".into(),
        birth_date: "06-07-1990".into(),
        gender: "PEREMPUAN".into(),
        blood_type: "O".into(),
        address: "JL SESAMA NO 123".into(),
        rt_rw: "002/016".into(),
        village: "SUKAJADI".into(),
        district: "SUKAJADI".into(),
        religion: "ISLAM".into(),
        marital_status: "KAWIN".into(),
        job: "KARYAWAN SWASTA".into(),
        citizenship: "WNI".into(),
        valid_until: "SEUMUR HIDUP".into(),
        issued_at: "BANDUNG".into(),
        issued_on: "12-05-2018".into(),
    };
    specimen::draw(&text, &picture_of(&std::fs::read(path).expect("a photograph"))).expect("a card")
}

#[test]
fn photographed_cards_are_found_and_set_upright() {
    let card = drawn();
    with_bench(move |bench| {
        let mut resizer = Resizer::new();
        for name in ["a", "b", "d"] {
            let taken = Shot::choose(3, name).take(&card).expect("a photograph");
            let case = format!("{name}: {} {:?} {:.0}", taken.ground, taken.conditions, taken.turn);
            let photograph = picture_of(&taken.jpeg);
            let truth = Quad { corners: taken.corners.map(|(x, y)| Point { x, y }) };
            let found = candidates(&photograph, &mut resizer).expect("searched");
            let off = |quad: &Quad| quad.corner_distance(&truth) / truth.width();
            let near = |quad: &Quad| (0..4).any(|turn| off(&quad.turned(turn)) < 0.015);
            let quad = found.iter().map(|candidate| candidate.quad).find(near).expect(&case);
            let rectified = Rectified::of(&photograph, &quad).expect("a shape");
            let upright = bench.upright_by_portrait(&rectified).expect("the detector ran");
            assert!(upright.confidence > 0.3, "{case}: {upright:?}");
            assert!(off(&quad.turned(upright.quarters)) < 0.015, "{case}: {upright:?}");
        }
    });
}

#[test]
fn a_card_without_a_portrait_is_left_as_it_lies() {
    with_bench(|bench| {
        let plain = Picture::new(400, 252, vec![200; 400 * 252 * 3]).expect("a picture");
        let rectified = Rectified::of(&plain, &Quad::of_canvas(400, 252)).expect("a shape");
        let upright = bench.upright_by_portrait(&rectified).expect("the detector ran");
        assert_eq!((upright.quarters, upright.confidence), (0, 0.0));
    });
}
