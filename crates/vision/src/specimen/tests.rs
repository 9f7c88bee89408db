//! What holds of every drawn card.

use super::*;

fn text() -> CardText {
    CardText::example()
}

/// The text with one change.
fn text_but(change: impl FnOnce(&mut CardText)) -> CardText {
    let mut text = text();
    change(&mut text);
    text
}

/// A portrait of one colour, which no face has and no ornament.
fn plain_portrait(width: u32, height: u32) -> Picture {
    let rgb = [0, 255, 0].repeat((width * height) as usize);
    Picture::new(width, height, rgb).expect("a picture")
}

fn pixel(picture: &Picture, x: f32, y: f32) -> [u8; 3] {
    let (x, y) = ((x * CARD_WIDTH as f32) as usize, (y * CARD_HEIGHT as f32) as usize);
    let at = (y * CARD_WIDTH as usize + x) * 3;
    picture.rgb()[at..at + 3].try_into().expect("three channels")
}

/// Dark pixels in a strip (fractions: left, top, right, bottom), which is what type leaves.
fn ink(picture: &Picture, [left, top, right, bottom]: [f32; 4]) -> usize {
    let steps = |from: f32, to: f32, side: u32| {
        let (from, to) = ((from * side as f32) as u32, (to * side as f32) as u32);
        (from..to).map(move |at| (at as f32 + 0.5) / side as f32)
    };
    steps(top, bottom, CARD_HEIGHT)
        .flat_map(|y| steps(left, right, CARD_WIDTH).map(move |x| (x, y)))
        .filter(|(x, y)| pixel(picture, *x, *y).iter().all(|channel| *channel < 90))
        .count()
}

#[test]
fn a_card_has_the_shape_of_id_1() {
    let picture = draw(&text(), &plain_portrait(300, 400)).expect("a card");
    assert_eq!((picture.width(), picture.height()), (CARD_WIDTH, CARD_HEIGHT));
    let ratio = f64::from(CARD_WIDTH) / f64::from(CARD_HEIGHT);
    assert!((ratio - 85.60 / 53.98).abs() < 0.001, "{ratio}");
}

#[test]
fn the_same_text_and_portrait_give_the_same_bytes() {
    let portrait = plain_portrait(300, 400);
    let (one, two) = (card(&text(), &portrait).expect("a card"), card(&text(), &portrait).expect("a card"));
    assert_eq!(one.picture, two.picture);
    assert_eq!((one.card, one.card_small), (two.card, two.card_small));
}

#[test]
fn every_line_is_printed_in_its_place() {
    let full = draw(&text(), &plain_portrait(300, 400)).expect("a card");
    let blank = CardText {
        province: String::new(),
        regency: String::new(),
        nik: String::new(),
        name: String::new(),
        birth_place: String::new(),
        birth_date: String::new(),
        gender: String::new(),
        blood_type: String::new(),
        address: String::new(),
        rt_rw: String::new(),
        village: String::new(),
        district: String::new(),
        religion: String::new(),
        marital_status: String::new(),
        job: String::new(),
        citizenship: String::new(),
        valid_until: String::new(),
        issued_at: String::new(),
        issued_on: String::new(),
    };
    let empty = draw(&blank, &plain_portrait(300, 400)).expect("a card");
    let value_rows: Vec<(&str, [f32; 4])> = [
        ("name", 0.335),
        ("birth", 0.384),
        ("gender", 0.434),
        ("address", 0.479),
        ("RT/RW", 0.527),
        ("village", 0.577),
        ("district", 0.624),
        ("religion", 0.670),
        ("marital status", 0.719),
        ("job", 0.769),
        ("citizenship", 0.819),
        ("validity", 0.864),
    ]
    .into_iter()
    .map(|(name, y)| (name, [0.264, y - 0.028, 0.48, y + 0.004]))
    .chain([
        ("province", [0.2, 0.10, 0.8, 0.142]),
        ("regency", [0.2, 0.155, 0.8, 0.196]),
        ("NIK", [0.25, 0.22, 0.70, 0.272]),
        ("blood type", [0.643, 0.405, 0.70, 0.436]),
        ("place of issue", [0.72, 0.80, 0.96, 0.829]),
        ("date of issue", [0.72, 0.845, 0.96, 0.872]),
    ])
    .collect();
    for (name, strip) in value_rows {
        let (printed, without) = (ink(&full, strip), ink(&empty, strip));
        assert!(printed > without + 60, "{name}: {printed} dark pixels, {without} without it");
    }
}

#[test]
fn portraits_of_any_shape_fill_their_box() {
    for (width, height) in [(300, 400), (480, 640), (400, 300), (50, 50), (1, 1)] {
        let picture = draw(&text(), &plain_portrait(width, height)).expect("a card");
        for (x, y) in [(0.722, 0.295), (0.95, 0.295), (0.838, 0.45), (0.722, 0.70)] {
            let [red, green, blue] = pixel(&picture, x, y);
            assert!(
                green > 180 && red < 80 && blue < 80,
                "{width}x{height} at {x} {y}: {red} {green} {blue}"
            );
        }
    }
}

#[test]
fn the_frame_tells_an_odd_birth_year_from_an_even_one() {
    for (date, odd) in [("06-07-1991", true), ("06-07-1990", false)] {
        let card = text_but(|text| text.birth_date = date.into());
        let [red, _, blue] = pixel(&draw(&card, &plain_portrait(3, 4)).expect("a card"), 0.715, 0.5);
        assert_eq!(red > blue, odd, "{date}");
    }
}

#[test]
fn both_sizes_keep_their_byte_bounds() {
    let drawn = card(&text(), &plain_portrait(300, 400)).expect("a card");
    for (name, jpeg, bytes, width) in
        [("card", &drawn.card, CARD_BYTES, 1280), ("card_small", &drawn.card_small, SMALL_CARD_BYTES, 640)]
    {
        assert!(bytes.contains(&jpeg.len()), "{name}: {} bytes", jpeg.len());
        let read = image::load_from_memory(jpeg).expect("a JPEG");
        assert_eq!(read.width(), width, "{name}");
        assert!(read.width() >= 480 && read.height() >= 360, "{name}");
    }
    assert!(CARD_BYTES.start() >= &100_000 && CARD_BYTES.end() <= &(2 * 1024 * 1024));
    assert!(SMALL_CARD_BYTES.end() <= &51_200);
}

#[test]
fn texts_that_no_card_has_room_for_are_refused() {
    let long = text_but(|text| text.name = "A".repeat(text::MAX_LENGTH + 1));
    let broken = text_but(|text| text.address = "JL\nRAYA".into());
    for (card, field) in [(long, "name"), (broken, "address")] {
        assert!(
            matches!(draw(&card, &plain_portrait(3, 4)), Err(SpecimenError::Text(name)) if name == field)
        );
    }
}

#[test]
fn markup_in_a_name_is_printed_not_obeyed() {
    let card = text_but(|text| text.name = "<image href=\"file:///x\"/> & </text>".into());
    assert!(draw(&card, &plain_portrait(3, 4)).is_ok());
    assert_eq!(format!("{card:?}"), "CardText(<private>)");
}

#[test]
fn every_field_of_the_list_is_drawn() {
    let portrait = plain_portrait(3, 4);
    let full = draw(&text(), &portrait).expect("a card");
    assert_eq!(CardText::FIELDS.len(), text().fields().len());
    type Emptied = (&'static str, fn(&mut CardText));
    let emptied: [Emptied; 20] = [
        ("nik", |text| text.nik.clear()),
        ("name", |text| text.name.clear()),
        ("place_of_birth", |text| text.birth_place.clear()),
        ("date_of_birth", |text| text.birth_date.clear()),
        ("gender", |text| text.gender.clear()),
        ("address", |text| text.address.clear()),
        ("rt", |text| text.rt_rw.replace_range(..3, "")),
        ("rw", |text| text.rt_rw.truncate(4)),
        ("subdistrict", |text| text.village.clear()),
        ("district", |text| text.district.clear()),
        ("city", |text| text.regency.clear()),
        ("province", |text| text.province.clear()),
        ("marital_status", |text| text.marital_status.clear()),
        ("job_type", |text| text.job.clear()),
        ("blood_type", |text| text.blood_type.clear()),
        ("religion", |text| text.religion.clear()),
        ("nationality", |text| text.citizenship.clear()),
        ("valid_until", |text| text.valid_until.clear()),
        ("issue_place", |text| text.issued_at.clear()),
        ("issue_date", |text| text.issued_on.clear()),
    ];
    for (place, (field, empty)) in emptied.into_iter().enumerate() {
        let without = text_but(empty);
        assert_eq!(CardText::FIELDS[place], field);
        for (other, (value, held)) in without.fields().into_iter().zip(text().fields()).enumerate() {
            assert_eq!(value, if other == place { "" } else { held }, "{field}: {}", CardText::FIELDS[other]);
        }
        assert!(draw(&without, &portrait).expect("a card") != full, "{field} is drawn");
    }
}

#[test]
fn long_names_and_addresses_are_folded_within_their_column() {
    let long = text_but(|text| {
        text.name = "RADEN MUHAMMAD ABDURRAHMAN ADIKUSUMANINGRAT".into();
        text.address = "PERUM GRIYA ASRI INDAH BLOK C12 NO 145 LINGK KEBON KELAPA".into();
    });
    let portrait = plain_portrait(3, 4);
    for style in [CardStyle::default(), CardStyle { bold: true, ..CardStyle::default() }] {
        let drawn = |text: &CardText| draw_as(text, &style, &portrait, CARD_WIDTH).expect("a card");
        let (short, long) = (drawn(&text()), drawn(&long));
        // Between the column and the portrait nothing is printed.
        assert_eq!(ink(&long, [0.703, 0.30, 0.712, 0.98]), 0);
        // The last row has moved down by two lines, as far as the card has room.
        let last = [0.264, 0.90, 0.48, 0.94];
        assert!(
            ink(&short, last) < 30 && ink(&long, last) > 200,
            "{} {}",
            ink(&short, last),
            ink(&long, last)
        );
    }
}

#[test]
fn cards_are_drawn_at_any_width_and_in_any_style() {
    let portrait = plain_portrait(300, 400);
    let mut styles = std::collections::HashSet::new();
    for (name, width) in [("a", 800), ("b", 1280), ("c", 2400)] {
        let style = CardStyle::choose(&mut crate::dice::Dice::new(1, name));
        let picture = draw_as(&text(), &style, &portrait, width).expect("a card");
        let ratio = f64::from(picture.width()) / f64::from(picture.height());
        assert!(picture.width() == width && (ratio - 85.60 / 53.98).abs() < 0.002, "{width}: {ratio}");
        styles.insert(format!("{style:?}"));
    }
    assert_eq!(styles.len(), 3);
}

#[test]
fn a_portrait_is_varied_within_its_own_bounds() {
    let portrait = plain_portrait(300, 400);
    let varied = |name| varied(&portrait, &mut crate::dice::Dice::new(1, name));
    assert_eq!(varied("a"), varied("a"));
    assert!(varied("a") != varied("b"));
    for name in ["a", "b", "c", "d"] {
        let picture = varied(name);
        assert!((250..=300).contains(&picture.width()) && (330..=400).contains(&picture.height()), "{name}");
        let [red, green, blue] = pixel_at(&picture);
        assert!(green > 200 && red == 0 && blue == 0, "{name}: {red} {green} {blue}");
    }
}

/// The first pixel.
fn pixel_at(picture: &Picture) -> [u8; 3] {
    picture.rgb()[..3].try_into().expect("three channels")
}
