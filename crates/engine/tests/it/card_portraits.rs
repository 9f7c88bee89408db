//! Whose face is the card's portrait, with the real models.

use std::path::Path;
use std::sync::Arc;

use absah_core::face::FaceTemplate;
use absah_core::policy::Policy;
use absah_engine::{Biometrics, CardFinding, VisionBiometrics};
use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::models::{Models, Places};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Workers, WorkersConfig};
use absah_vision::specimen::{self, CardText};

fn photograph(name: &str) -> Picture {
    let path = format!("{}/../vision/tests/data/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    let bounds = PictureBounds { min_bytes: 0, max_bytes: 1 << 24, min_sides: None };
    admit(&std::fs::read(path).expect("a photograph"), &bounds, &PixelBudget::default()).expect("admitted")
}

/// Two pictures beside each other, on grey.
fn beside(left: &Picture, right: &Picture) -> Picture {
    let (width, height) = (left.width() + right.width(), left.height().max(right.height()));
    let pixel = |picture: &Picture, x: u32, y: u32| {
        let inside = x < picture.width() && y < picture.height();
        let pixel = picture.rgb().as_chunks::<3>().0.get((y * picture.width() + x) as usize);
        if inside { pixel.copied().unwrap_or_default() } else { [90; 3] }
    };
    let both = |place: u32| {
        let (x, y) = (place % width, place / width);
        if x < left.width() { pixel(left, x, y) } else { pixel(right, x - left.width(), y) }
    };
    Picture::new(width, height, (0..width * height).flat_map(both).collect()).expect("a picture")
}

#[tokio::test]
async fn whoever_holds_the_card_up_is_not_its_portrait() {
    let places = Places::around(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")));
    let models = Models::load(&places).expect("models and runtime library: run scripts/fetch-runtime");
    let config = WorkersConfig { threads: 1, queue_length: 4 };
    let workers = Arc::new(Workers::start(config, Some(&models)).expect("workers"));
    let biometrics =
        VisionBiometrics::new(workers, Arc::new(PixelBudget::default()), Some(models.scales().clone()));
    let policy = Policy::default();
    let portrait = |picture: Picture, place| {
        let (biometrics, policy) = (&biometrics, &policy);
        async move {
            let found = biometrics.examine_card(Arc::new(picture), place, policy).await.expect("examined");
            let (CardFinding::Portrait(template) | CardFinding::Doubtful(template, _)) = found else {
                panic!("no portrait: {found:?}");
            };
            template
        }
    };
    let (holder, owner) = (photograph("president-1"), photograph("astronaut"));
    let picture = beside(&holder, &specimen::draw(&CardText::example(), &owner).expect("a card"));
    let of_owner = portrait(owner, None).await;
    let of_holder = portrait(holder, None).await;
    let read = biometrics.read_card(Arc::new(picture.clone()), &policy).await.expect("read");
    assert!(read.is_card && read.place.is_some());
    let of_card = portrait(picture, read.place).await;
    let alike = |a: &FaceTemplate, b: &FaceTemplate| a.cosine(b).expect("one model");
    let (own, others) = (alike(&of_card, &of_owner), alike(&of_card, &of_holder));
    assert!(own > 0.5 && others < 0.3, "{own} {others}");
}
