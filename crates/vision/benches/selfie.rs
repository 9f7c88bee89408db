//! One selfie of 1.5 megapixels on one thread, from base64 to score and liveness, by stage.
//!
//! `cargo bench -p absah-vision --bench selfie`
//!
//! The floor is what nothing can save: base64, JPEG decoding by the same library, and the models alone. The whole has
//! to stay within 1.5 times of it.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::face::{AlignedFace, Quality};
use absah_vision::models::{Models, Places};
use absah_vision::runtime::{Bench, Workers, WorkersConfig};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const SELFIE: &[u8] = include_bytes!("../tests/data/selfie-1.5mp.jpg");
const BOUNDS: PictureBounds = PictureBounds { min_bytes: 0, max_bytes: 10 << 20, min_sides: None };
const ROUNDS: usize = 60;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let models =
        Models::load(&Places::around(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))))?;
    let calibration = models.scales().of(absah_core::face::Profile::SelfiePortrait).clone();
    let workers = Workers::start(WorkersConfig { threads: 1, queue_length: 1 }, Some(&models))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let table = runtime.block_on(workers.run(move |bench| measure(bench, &calibration)))??;
    std::io::stdout().write_all(table.as_bytes())?;
    Ok(())
}

/// The stages in order, their medians, and the comparison with the floor.
fn measure(bench: &mut Bench, calibration: &absah_core::face::Calibration) -> Result<String, Failure> {
    let text = STANDARD.encode(SELFIE);
    let budget = PixelBudget::default();
    let picture = admit(SELFIE, &BOUNDS, &budget)?;
    let face = *bench.detect(&picture)?.first().ok_or("no face")?;
    let reference = bench.embed(&picture, &face)?;
    let mut samples: [Vec<Duration>; 10] = Default::default();

    for _ in 0..ROUNDS {
        let mut stages = samples.iter_mut();
        let mut timed = |begun: Instant| {
            if let Some(stage) = stages.next() {
                stage.push(begun.elapsed());
            }
        };
        let whole = Instant::now();
        let begun = Instant::now();
        let bytes = STANDARD.decode(&text)?;
        timed(begun);
        let begun = Instant::now();
        let picture = admit(&bytes, &BOUNDS, &budget)?;
        timed(begun);
        let begun = Instant::now();
        let faces = bench.detect(&picture)?;
        timed(begun);
        let face = faces.first().ok_or("no face")?;
        let begun = Instant::now();
        let aligned = AlignedFace::cut(&picture, face).ok_or("no extent")?;
        timed(begun);
        let begun = Instant::now();
        black_box(Quality::of_aligned(&aligned, &picture, face, &[]));
        timed(begun);
        let begun = Instant::now();
        let template = bench.embed_aligned(&picture, face, &aligned)?;
        timed(begun);
        let begun = Instant::now();
        black_box(calibration.compare(&template, &reference));
        timed(begun);
        let begun = Instant::now();
        black_box(bench.presentation(&picture, face)?);
        timed(begun);
        timed(whole);

        let floor = Instant::now();
        let bytes = STANDARD.decode(&text)?;
        black_box(image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg)?.into_rgb8());
        // 1000 x 1500 drawn with its longer side 320 pixels long.
        bench.run_models_alone(224, 320)?;
        timed(floor);
    }

    let names = [
        "base64",
        "decode",
        "detect",
        "align",
        "quality",
        "embed",
        "compare",
        "liveness",
        "the whole",
        "floor",
    ];
    let medians = samples.map(median);
    let mut table = String::from("| stage | median, ms |\n|---|---|\n");
    for (name, median) in names.iter().zip(medians) {
        writeln!(table, "| {name} | {median:.3} |")?;
    }
    let [.., whole, floor] = medians;
    writeln!(table, "| the whole over the floor | {:.2} |", whole / floor)?;
    Ok(table)
}

fn median(mut samples: Vec<Duration>) -> f64 {
    samples.sort_unstable();
    samples.get(samples.len() / 2).map_or(f64::NAN, |median| median.as_secs_f64() * 1e3)
}
