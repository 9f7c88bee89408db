//! Files made to exhaust memory, time or patience, and files broken at random.

mod hostile;

use std::time::{Duration, Instant};

use absah_core::assessment::PictureFault;
use absah_vision::admission::{Header, PixelBudget, admit, inspect};
use hostile::{
    ANY, Png, admit_watched, chunk, data, data_uri, exif_segment, find_segment, segment, svg, with_segments,
};
use proptest::prelude::*;

/// A JPEG that claims other sides than its data has.
fn claiming(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let frame = if jpeg == data!("progressive_420.jpg") { 0xC2 } else { 0xC0 };
    let at = find_segment(jpeg, frame);
    let mut bytes = jpeg.to_vec();
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn claiming_png(width: u32, height: u32) -> Vec<u8> {
    Png { width, height, ..Png::scene() }.bytes()
}

#[test]
fn claimed_sides_are_refused_before_anything_is_allocated() {
    for (name, bytes, sides) in [
        ("PNG, 64,000 a side", claiming_png(64_000, 64_000), (64_000, 64_000)),
        ("PNG, the largest sides", claiming_png(u32::MAX, u32::MAX), (u32::MAX, u32::MAX)),
        ("PNG, one long side", claiming_png(10_001, 1), (10_001, 1)),
        ("PNG, over 40 megapixels", claiming_png(8_000, 5_001), (8_000, 5_001)),
        ("JPEG, 64,000 a side", claiming(data!("baseline_420.jpg"), 64_000, 64_000), (64_000, 64_000)),
        ("progressive JPEG", claiming(data!("progressive_420.jpg"), 64_000, 64_000), (64_000, 64_000)),
        ("SVG", svg(64_000, 64_000, ""), (64_000, 64_000)),
    ] {
        // A budget without room: had the sides been read later, this would be busy.
        let budget = PixelBudget::new(0, Duration::ZERO);
        assert_eq!(admit(&bytes, &ANY, &budget), Err(PictureFault::Dimensions.into()), "{name}");
        assert!(
            matches!(inspect(&bytes), Ok(Header { width, height, .. }) if (width, height) == sides),
            "{name}"
        );
    }
}

#[test]
fn sides_at_the_bounds_are_within_them() {
    for (width, height) in [(10_000, 1), (1, 10_000), (8_000, 5_000)] {
        let rows = vec![0; (width as usize + 1) * height as usize];
        let bytes = Png { width, height, color: 0, rows, ..Png::scene() }.bytes();
        let picture = admit_watched(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (width, height));
    }
}

#[test]
fn sides_beyond_the_data_are_unreadable() {
    for bytes in [
        claiming_png(48, 65),
        claiming_png(5_000, 5_000),
        claiming(data!("baseline_420.jpg"), 48, 640),
        claiming(data!("baseline_420.jpg"), 8_000, 5_000),
        claiming(data!("progressive_420.jpg"), 8_000, 5_000),
        claiming(data!("grey.jpg"), 8_000, 5_000),
    ] {
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()));
    }
}

/// Compressed data far beyond the last row: 400 MB of it in 400 KB.
#[test]
fn pixels_beyond_the_last_row_are_not_inflated() {
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 20_000, 20_000);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header().unwrap().write_image_data(&vec![0; 400_000_000]).unwrap();
    let header = Png { width: 1, height: 1, depth: 8, color: 0, ..Png::scene() }.until_data();
    let bytes = [header.as_slice(), &bomb[header.len()..]].concat();
    let started = Instant::now();
    let picture = admit_watched(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (1, 1));
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
}

#[test]
fn compressed_metadata_is_not_inflated() {
    let text = [b"Comment\0\0".as_slice(), &hostile::stored(&vec![0; 3_000_000])].concat();
    let profile = [b"icc\0\0".as_slice(), &hostile::stored(&vec![0; 3_000_000])].concat();
    let before_data = [chunk(b"zTXt", &text), chunk(b"iCCP", &profile)].concat();
    assert!(admit_watched(&Png { before_data, ..Png::scene() }.bytes()).is_ok());
}

#[test]
fn many_scans_over_many_pixels_are_unreadable() {
    let jpeg = claiming(data!("progressive_420.jpg"), 8_000, 5_000);
    let scan = find_segment(&jpeg, 0xDA);
    let header = jpeg[scan..scan + 2 + 12].to_vec();
    for scans in [17, 60, 5_000, 300_000] {
        let bytes = [&jpeg[..scan], &header.repeat(scans), &[0xFF, 0xD9]].concat();
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()), "{scans} scans");
    }
    // As many as there may be, each bringing what T.81 lets it bring: three coefficients of one component.
    let finely_split: Vec<u8> = (0..63_u8)
        .flat_map(|scan| {
            let (id, first) = (1 + scan / 21, 1 + scan % 21 * 3);
            segment(0xDA, &[1, id, 0x11, first, first + 2, 0])
        })
        .collect();
    let constant = segment(0xDA, &[3, 1, 0x00, 2, 0x10, 3, 0x10, 0, 0, 0]);
    let bytes = [&jpeg[..scan], &constant, &finely_split, &[0xFF, 0xD9]].concat();
    assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()), "64 scans");
}

#[test]
fn many_small_segments_take_no_time() {
    let table = {
        let jpeg = data!("baseline_420.jpg");
        let at = find_segment(jpeg, 0xC4);
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        jpeg[at..at + 2 + length].to_vec()
    };
    for segments in [vec![table; 50_000], vec![segment(0xDD, &[0, 0]); 500_000]] {
        let bytes = with_segments(data!("baseline_420.jpg"), &segments);
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()));
    }
    assert!(
        admit_watched(&with_segments(data!("baseline_420.jpg"), &vec![segment(0xFE, &[]); 500_000])).is_ok()
    );
    let chunks = Png { before_data: chunk(b"tIME", &[]).repeat(300_000), ..Png::scene() };
    assert_eq!(admit_watched(&chunks.bytes()), Err(PictureFault::Unreadable.into()));
}

#[test]
fn documents_beyond_the_bounds_of_drawing_are_unreadable() {
    let path = |commands: usize| format!("<path d='M0 0{}'/>", "h9v9".repeat(commands));
    let claimed = data_uri("image/png", &claiming_png(9_000, 4_000));
    let attributes: String = (0..300_000).map(|n| format!(" a{n}=''")).collect();
    let namespaces: String = (0..4_000).map(|n| format!(" xmlns:a{n}='urn:{n}'")).collect();
    for (name, bytes) in [
        ("deep", svg(48, 64, &format!("{}{}", "<g>".repeat(65), "</g>".repeat(65)))),
        ("very deep", svg(48, 64, &format!("{}{}", "<g>".repeat(400_000), "</g>".repeat(400_000)))),
        ("wide", svg(48, 64, &"<rect/>".repeat(1_000))),
        ("very wide", svg(48, 64, &"<rect/>".repeat(500_000))),
        ("many texts", svg(48, 64, &format!("<title>{}</title>", "<!---->x".repeat(100_000)))),
        ("a long path", svg(48, 64, &path(20_000))),
        ("many attributes", svg(48, 64, &format!("<rect{attributes}/>"))),
        ("namespaces on every element", svg(48, 64, &format!("<g{namespaces}>{}</g>", "<g/>".repeat(4_000)))),
        ("a long attribute", svg(48, 64, &format!("<g id='{}'/>", "x".repeat(300_000)))),
        (
            "a large canvas painted often",
            svg(8_000, 5_000, &"<rect width='8000' height='5000'/>".repeat(200)),
        ),
        ("a tall canvas crossed often", svg(100, 10_000, &path(16_000))),
    ] {
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()), "{name}");
    }
    let two = format!("<image href='{claimed}'/>").repeat(2);
    assert_eq!(
        admit_watched(&svg(48, 64, &two)),
        Err(PictureFault::Dimensions.into()),
        "claimed sides together"
    );
}

/// The most that is still drawn stays within the time.
#[test]
fn documents_at_the_bounds_of_drawing_are_drawn_in_time() {
    let zigzag = "M0 0".to_owned() + &"L900 1000L0 0".repeat(4_000);
    let stroke = format!("<path stroke='#000' stroke-width='30' stroke-linejoin='round' d='{zigzag}'/>");
    let photo = data_uri(
        "image/png",
        &Png { width: 3_000, height: 3_000, color: 0, rows: vec![0; 3_001 * 3_000], ..Png::scene() }.bytes(),
    );
    for (name, bytes) in [
        ("shapes", svg(1_000, 1_000, &"<circle cx='500' cy='500' r='499' fill-opacity='.5'/>".repeat(80))),
        ("segments", svg(1_000, 1_000, &stroke)),
        ("deep", svg(48, 64, &format!("{}<rect/>{}", "<g>".repeat(60), "</g>".repeat(60)))),
        (
            "a turned photograph",
            svg(
                3_000,
                3_000,
                &format!("<image transform='rotate(1)' width='3000' height='3000' href='{photo}'/>"),
            ),
        ),
        ("a photograph drawn tiny", svg(480, 640, &format!("<image width='1' height='1' href='{photo}'/>"))),
        (
            "huge coordinates",
            svg(
                480,
                640,
                "<rect x='-1e38' y='-1e38' width='3e38' height='3e38' stroke='red' stroke-width='1e38'/>",
            ),
        ),
        (
            "nonsense numbers",
            svg(
                480,
                640,
                "<path transform='scale(1e38 1e-38)' d='M nan 1e999 L 1e38 -1e38 A 1e30 1e-30 0 1 1 5 5'/>",
            ),
        ),
    ] {
        assert!(admit_watched(&bytes).is_ok(), "{name}");
    }
}

/// Valid files of every kind, to be broken.
fn seeds() -> Vec<Vec<u8>> {
    let photo = data_uri("image/jpeg", data!("baseline_420.jpg"));
    vec![
        data!("baseline_420.jpg").to_vec(),
        data!("baseline_422.jpg").to_vec(),
        data!("progressive_420.jpg").to_vec(),
        data!("restart_every_row.jpg").to_vec(),
        data!("restart_every_block_progressive.jpg").to_vec(),
        data!("grey_progressive.jpg").to_vec(),
        data!("cmyk_adobe.jpg").to_vec(),
        data!("two_pictures.mpo").to_vec(),
        with_segments(data!("baseline_444.jpg"), &[exif_segment(6)]),
        data!("palette.png").to_vec(),
        Png::interlaced_scene().bytes(),
        svg(
            48,
            64,
            &format!(
                "<g transform='rotate(3)'><path d='M1 1L9 9Q1 2 3 4A5 5 0 0 1 9 9z'/><image width='48' height='64' href='{photo}'/></g>"
            ),
        ),
    ]
}

/// Repairs the checksums of a PNG, so that what was changed reaches the decoder.
fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let length = u32::from_be_bytes(*length) as usize;
        let Some(covered) = bytes.get(at + 4..at.saturating_add(length).saturating_add(8)) else { break };
        let checksum = crc32fast::hash(covered).to_be_bytes();
        let end = at + 8 + length;
        if let Some(stored) = bytes.get_mut(end..end + 4) {
            stored.copy_from_slice(&checksum);
        }
        at = end + 4;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn files_broken_at_random_neither_panic_nor_take_long(
        seed in 0..12_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let mut bytes = seeds().swap_remove(seed);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some((from, to)) = cut {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            bytes.drain(from.min(to)..from.max(to));
        }
        if bytes.starts_with(b"\x89PNG") {
            bytes = with_checksums(bytes);
        }
        // A changed header may claim large sides; what counts is that the answer comes.
        let _ = admit_watched(&bytes);
        let _ = inspect(&bytes);
    }

    #[test]
    fn random_bytes_after_any_magic_are_unreadable(
        magic in prop::sample::select(vec![&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"<svg ", b"<?xml", b""]),
        rest in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let bytes = [magic, &rest].concat();
        prop_assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()));
    }
}
