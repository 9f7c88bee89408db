//! A worker with the models, and the photographs at hand.

use std::path::Path;

use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::models::{Models, Places};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Bench, Workers, WorkersConfig};
use absah_vision::specimen::{self, CardText};

pub fn models() -> Models {
    let places = Places::around(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")));
    Models::load(&places).expect("models and runtime library: run scripts/fetch-runtime")
}

/// Runs `job` on a worker with the models.
pub fn with_bench<T: Send + 'static>(job: impl FnOnce(&mut Bench) -> T + Send + 'static) -> T {
    let workers =
        Workers::start(WorkersConfig { threads: 1, queue_length: 1 }, Some(&models())).expect("workers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(workers.run(job)).expect("the job ran")
}

/// A photograph of `tests/data`.
pub fn photograph(name: &str) -> Picture {
    let path = format!("{}/tests/data/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    picture_of(&std::fs::read(path).expect("a photograph"))
}

pub fn picture_of(bytes: &[u8]) -> Picture {
    let bounds = PictureBounds { min_bytes: 0, max_bytes: 1 << 24, min_sides: None };
    admit(bytes, &bounds, &PixelBudget::default()).expect("admitted")
}

/// The number of [`card`].
pub const NIK: &str = "3273010607900001";

/// A drawn card, its text changed.
pub fn card(change: impl FnOnce(&mut CardText)) -> Picture {
    let mut text = CardText::example();
    change(&mut text);
    specimen::draw(&text, &photograph("astronaut")).expect("a card")
}
