//! Which pictures are admitted, as what, and why others are not.

mod hostile;

use std::time::Duration;

use absah_core::assessment::PictureFault;
use absah_vision::admission::{
    AdmissionError, Format, Header, MinSides, PictureBounds, PixelBudget, admit, inspect,
};
use hostile::{
    ANY, Png, SCENE, admit_watched, chunk, data, difference, exif, exif_segment, find_segment, scan_data,
    scans, scene, segment, with_segments,
};

/// Compression changes colours a little; a grey or shifted part changes them a lot.
const LOSSY: u8 = 24;

#[test]
fn every_jpeg_variant_shows_the_scene() {
    for (name, bytes) in [
        ("4:2:0", data!("baseline_420.jpg")),
        ("4:2:2", data!("baseline_422.jpg")),
        ("4:4:4", data!("baseline_444.jpg")),
        ("progressive", data!("progressive_420.jpg")),
        ("restart markers", data!("restart_every_row.jpg")),
        ("restart markers, progressive", data!("restart_every_block_progressive.jpg")),
        ("colour profile", data!("icc.jpg")),
        ("two pictures, the first counts", data!("two_pictures.mpo")),
        ("four colours, Adobe", data!("cmyk_adobe.jpg")),
    ] {
        let picture = admit_watched(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((picture.width(), picture.height()), SCENE, "{name}");
        let difference = difference(&picture, scene);
        assert!(difference <= LOSSY, "{name}: off by {difference}");
        assert_eq!(
            inspect(bytes),
            Ok(Header { format: Format::Jpeg, width: SCENE.0, height: SCENE.1 }),
            "{name}"
        );
    }
}

/// The scene's four-colour file marked as YCCK: other colours come out, and the picture is admitted.
#[test]
fn the_adobe_transform_is_read() {
    let mut ycck = data!("cmyk_adobe.jpg").to_vec();
    let transform = find_segment(&ycck, 0xEE) + 15;
    assert_eq!(ycck[transform], 0);
    ycck[transform] = 2;
    let picture = admit_watched(&ycck).unwrap();
    assert_eq!((picture.width(), picture.height()), SCENE);
    assert!(difference(&picture, scene) > LOSSY);
}

#[test]
fn grey_jpegs_become_grey_rgb() {
    let luma = |x, y| {
        let [red, green, blue] = scene(x, y).map(f64::from);
        [(0.299 * red + 0.587 * green + 0.114 * blue) as u8; 3]
    };
    for bytes in [data!("grey.jpg"), data!("grey_progressive.jpg")] {
        let difference = difference(&admit_watched(bytes).unwrap(), luma);
        assert!(difference <= LOSSY, "off by {difference}");
    }
}

#[test]
fn every_png_variant_shows_the_scene() {
    let half = |x: u32, y: u32| scene(x, y).map(|value| (u32::from(value) / 2 + 127) as u8);
    let grey = |x: u32, y: u32| [scene(x, y)[0]; 3];
    let wide = |x: u32, y: u32| scene(x, y).iter().flat_map(|value| [*value, 0x80]).collect();
    let with_alpha = |x: u32, y: u32, alpha: u8| [scene(x, y).as_slice(), &[alpha]].concat();
    type Expected<'a> = &'a dyn Fn(u32, u32) -> [u8; 3];
    for (name, bytes, expected) in [
        ("RGB", Png::scene().bytes(), &scene as Expected<'_>),
        ("interlaced", Png::interlaced_scene().bytes(), &scene),
        ("16 bits", Png::new(2, 16, 48, wide).bytes(), &scene),
        ("grey", Png::new(0, 8, 8, |x, y| vec![scene(x, y)[0]]).bytes(), &grey),
        ("grey with alpha", Png::new(4, 8, 16, |x, y| vec![scene(x, y)[0], 255]).bytes(), &grey),
        ("opaque alpha", Png::new(6, 8, 32, |x, y| with_alpha(x, y, 255)).bytes(), &scene),
        ("half alpha lies over white", Png::new(6, 8, 32, |x, y| with_alpha(x, y, 128)).bytes(), &half),
        ("full transparency is white", Png::new(6, 8, 32, |x, y| with_alpha(x, y, 0)).bytes(), &|_, _| {
            [255; 3]
        }),
    ] {
        let picture = admit_watched(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((picture.width(), picture.height()), SCENE, "{name}");
        assert!(difference(&picture, expected) <= 1, "{name}");
    }
    for bytes in [data!("palette.png"), data!("one_bit.png")] {
        let picture = admit_watched(bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), SCENE);
    }
    assert!(difference(&admit_watched(data!("palette.png")).unwrap(), scene) <= 40, "palette of 64 colours");
}

#[test]
fn interlaced_pictures_of_every_small_size_are_whole() {
    for (width, height) in (1..=9).flat_map(|width| (1..=9).map(move |height| (width, height))) {
        let passes = [
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ];
        let mut rows = Vec::new();
        for (left, top, dx, dy) in passes {
            for y in (top..height).step_by(dy) {
                let row: Vec<u8> = (left..width).step_by(dx).flat_map(|x| scene(x, y)).collect();
                if !row.is_empty() {
                    rows.push(0);
                    rows.extend(row);
                }
            }
        }
        let picture = admit_watched(&Png { width, height, rows, ..Png::interlaced_scene() }.bytes()).unwrap();
        assert_eq!(difference(&picture, scene), 0, "{width} x {height}");
    }
}

#[test]
fn exif_orientation_is_applied() {
    let (right, bottom) = (SCENE.0 - 1, SCENE.1 - 1);
    type Stored = fn(u32, u32, u32, u32) -> (u32, u32);
    for (orientation, stored) in [
        (1, (|x, y, _, _| (x, y)) as Stored),
        (2, |x, y, right, _| (right - x, y)),
        (3, |x, y, right, bottom| (right - x, bottom - y)),
        (4, |x, y, _, bottom| (x, bottom - y)),
        (5, |x, y, _, _| (y, x)),
        (6, |x, y, _, bottom| (y, bottom - x)),
        (7, |x, y, right, bottom| (right - y, bottom - x)),
        (8, |x, y, right, _| (right - y, x)),
    ] {
        let jpeg = with_segments(data!("baseline_444.jpg"), &[exif_segment(orientation)]);
        let little = [b"Exif\0\0".as_slice(), &exif(orientation, false)].concat();
        let jpeg_little = with_segments(data!("progressive_420.jpg"), &[segment(0xE1, &little)]);
        let png = Png { before_data: chunk(b"eXIf", &exif(orientation, true)), ..Png::scene() }.bytes();
        for bytes in [jpeg, jpeg_little, png] {
            let picture = admit_watched(&bytes).unwrap();
            let sides = if orientation < 5 { SCENE } else { (SCENE.1, SCENE.0) };
            assert_eq!((picture.width(), picture.height()), sides, "orientation {orientation}");
            let expected = |x, y| {
                let (x, y) = stored(x, y, right, bottom);
                scene(x, y)
            };
            assert!(difference(&picture, expected) <= LOSSY, "orientation {orientation}");
        }
    }
}

#[test]
fn broken_or_unknown_metadata_is_passed_over() {
    let scene_jpeg = data!("baseline_420.jpg");
    let xmp = |part: u32| {
        let head = b"http://ns.adobe.com/xmp/extension/\0".as_slice();
        segment(0xE1, &[head, &[b'0'; 32], &[0xFF; 4], &part.to_be_bytes()].concat())
    };
    for (name, segments) in [
        ("orientation 0", vec![exif_segment(0)]),
        ("orientation 9", vec![exif_segment(9)]),
        ("orientation 65535", vec![exif_segment(u16::MAX)]),
        ("EXIF of nonsense", vec![segment(0xE1, b"Exif\0\0MM\0*\xFF\xFF\xFF\xFF")]),
        ("EXIF of a single byte", vec![segment(0xE1, b"E")]),
        ("the largest segments, many of them", vec![segment(0xE1, &[0xFF; 65_533]); 60]),
        ("an extended XMP of many parts", (0..20_000).map(xmp).collect()),
        ("a broken colour profile", vec![segment(0xE2, b"ICC_PROFILE\0\0\0broken")]),
        ("a comment", vec![segment(0xFE, b"\xFF\xD9 not the end")]),
    ] {
        let picture = admit_watched(&with_segments(scene_jpeg, &segments));
        assert!(difference(&picture.expect(name), scene) <= LOSSY, "{name}");
    }
}

#[test]
fn what_follows_the_picture_does_not_matter() {
    for trailing in [vec![0; 100_000], b"<script>".to_vec(), data!("baseline_444.jpg").to_vec()] {
        for picture in
            [data!("baseline_420.jpg").to_vec(), data!("progressive_420.jpg").to_vec(), Png::scene().bytes()]
        {
            let picture = admit_watched(&[picture, trailing.clone()].concat()).unwrap();
            assert!(difference(&picture, scene) <= LOSSY);
        }
    }
}

#[test]
fn truncated_files_are_unreadable_wherever_they_end() {
    for bytes in [
        data!("baseline_420.jpg"),
        data!("progressive_420.jpg"),
        data!("restart_every_row.jpg"),
        data!("grey.jpg"),
        data!("cmyk_adobe.jpg"),
        &Png::scene().bytes(),
        &Png::interlaced_scene().bytes(),
    ] {
        for length in 0..bytes.len() {
            assert_eq!(
                admit_watched(&bytes[..length]),
                Err(PictureFault::Unreadable.into()),
                "{length} bytes"
            );
        }
    }
}

/// An uploader that closes a cut file with an end marker does not make it whole.
#[test]
fn a_cut_jpeg_closed_by_an_end_marker_is_unreadable() {
    for (name, bytes) in [
        ("4:2:0", data!("baseline_420.jpg")),
        ("4:2:2", data!("baseline_422.jpg")),
        ("4:4:4", data!("baseline_444.jpg")),
        ("grey", data!("grey.jpg")),
        ("grey, progressive", data!("grey_progressive.jpg")),
        ("progressive", data!("progressive_420.jpg")),
        ("restart markers", data!("restart_every_row.jpg")),
    ] {
        let scan = find_segment(bytes, 0xDA);
        // The first of a progressive picture's scans; the others only refine it.
        let next = bytes[scan + 2..]
            .windows(2)
            .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7));
        let length = next.unwrap();
        for kept in [length / 4, length / 2, length * 3 / 4] {
            let table = |code| {
                let start = find_segment(bytes, code);
                let length = u16::from_be_bytes([bytes[start + 2], bytes[start + 3]]);
                bytes[start..start + 2 + usize::from(length)].to_vec()
            };
            for (behind, segments) in [
                ("nothing", vec![]),
                ("a restart interval", segment(0xDD, &[0, 0])),
                ("Huffman tables", table(0xC4)),
                ("quantisation tables", table(0xDB)),
                ("a comment and tables", [segment(0xFE, b"cut"), table(0xC4), table(0xDB)].concat()),
            ] {
                let cut = [&bytes[..scan + 2 + kept], &segments, &[0xFF, 0xD9]].concat();
                assert_eq!(
                    admit_watched(&cut),
                    Err(PictureFault::Unreadable.into()),
                    "{name}: {kept} of {length}, then {behind}"
                );
            }
        }
    }
}

/// A progressive picture needs all of every scan: what one lacks, a decoder fills with zeros and goes on.
#[test]
fn a_progressive_jpeg_with_a_scan_cut_or_missing_is_unreadable() {
    for (name, bytes) in [
        ("colour", data!("rough_progressive.jpg")),
        ("grey", data!("rough_grey_progressive.jpg")),
        ("restart markers", data!("restart_every_block_progressive.jpg")),
    ] {
        assert!(admit_watched(bytes).is_ok(), "{name}");
        let scans = scans(bytes);
        assert!(scans.len() > 5, "{name}");
        for (number, scan) in scans.iter().enumerate() {
            let without = [&bytes[..scan.start], &bytes[scan.end..]].concat();
            let twice = [&bytes[..scan.end], &bytes[scan.start..]].concat();
            let closed = [&bytes[..scan.start], &[0xFF, 0xD9]].concat();
            for (what, broken) in [("missing", without), ("twice", twice), ("first that is missing", closed)]
            {
                assert_eq!(
                    admit_watched(&broken),
                    Err(PictureFault::Unreadable.into()),
                    "{name}, scan {number}: {what}"
                );
            }
            if name == "restart markers" {
                continue;
            }
            let data = scan_data(bytes, scan);
            for kept in [0, data.len() / 4, data.len() / 2, data.len() * 3 / 4] {
                // A code must not end in the first half of a stuffed byte.
                let kept = kept - usize::from(kept > 0 && bytes[data.start + kept - 1] == 0xFF);
                let cut = [&bytes[..data.start + kept], &bytes[scan.end..]].concat();
                assert_eq!(
                    admit_watched(&cut),
                    Err(PictureFault::Unreadable.into()),
                    "{name}, scan {number}: {kept} of {} bytes",
                    data.len()
                );
            }
        }
    }
}

/// The decoder fills what such a file lacks with grey, so all of them are refused, also those that are whole.
#[test]
fn a_sequential_jpeg_in_several_scans_is_unreadable() {
    let grey = data!("grey.jpg");
    let (frame, scan) = (find_segment(grey, 0xC0), scans(grey).remove(0));
    let data = scan_data(grey, &scan);
    let mut colour = grey[frame + 4..frame + 9].to_vec();
    colour.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    let after_frame = frame + 2 + usize::from(grey[frame + 3]);
    let head = [&grey[..frame], &segment(0xC0, &colour), &grey[after_frame..scan.start]].concat();
    let one = |id| [&segment(0xDA, &[1, id, 0, 0, 63, 0]), &grey[data.clone()]].concat();
    for (name, body) in [
        ("luma alone", one(1)),
        ("each component once", [one(1), one(2), one(3)].concat()),
        ("one component three times", [one(1), one(1), one(1)].concat()),
        ("the last one cut", [one(1), one(2), one(3)[..data.len() / 2].to_vec()].concat()),
    ] {
        let bytes = [&head, &body, [0xFF, 0xD9].as_slice()].concat();
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()), "{name}");
    }
}

#[test]
fn broken_files_are_unreadable() {
    let scene_png = Png::scene();
    let mut bad_data_checksum = scene_png.bytes();
    let last_of_data = bad_data_checksum.len() - 12 - 1;
    bad_data_checksum[last_of_data] ^= 1;
    let without_end = scene_png.bytes().len() - 12;
    let animation = chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let short_rows = Png { rows: scene_png.rows[..1_000].to_vec(), ..Png::scene() };
    let jpeg = data!("baseline_420.jpg");
    let frame = find_segment(jpeg, 0xC0);
    let patched = |at: usize, value: u8| {
        let mut bytes = jpeg.to_vec();
        bytes[at] = value;
        bytes
    };
    let scan = find_segment(jpeg, 0xDA);
    for (name, bytes) in [
        ("nothing", vec![]),
        ("random bytes", (0..5_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("WebP", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec()),
        ("BMP", b"BM\x3A\0\0\0\0\0\0\0\x36\0\0\0".to_vec()),
        ("TIFF", b"II*\0\x08\0\0\0\0\0".to_vec()),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec()),
        ("PDF", b"%PDF-1.7\n".to_vec()),
        ("HTML", b"<!DOCTYPE html><html><body></body></html>".to_vec()),
        ("XHTML", b"<html xmlns='http://www.w3.org/1999/xhtml'/>".to_vec()),
        ("gzip of an SVG", b"\x1F\x8B\x08\0\0\0\0\0".to_vec()),
        ("only magic bytes, JPEG", vec![0xFF, 0xD8, 0xFF]),
        ("only magic bytes, PNG", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("PNG, bad checksum of the data", bad_data_checksum),
        ("PNG without its end", scene_png.bytes()[..without_end].to_vec()),
        ("PNG without data", [scene_png.until_data(), chunk(b"IEND", &[])].concat()),
        ("PNG with too few rows", short_rows.bytes()),
        ("PNG whose zlib stream is nonsense", {
            [scene_png.until_data(), chunk(b"IDAT", &[7; 64]), chunk(b"IEND", &[])].concat()
        }),
        ("PNG of an impossible depth", Png { depth: 3, ..Png::scene() }.bytes()),
        ("PNG palette without a palette", Png { color: 3, ..Png::scene() }.bytes()),
        ("animated PNG", Png { before_data: animation, ..Png::scene() }.bytes()),
        ("JPEG of twelve bits", patched(frame + 4, 12)),
        ("JPEG of no height", { [&jpeg[..frame + 5], &[0, 0], &jpeg[frame + 7..]].concat() }),
        ("JPEG of two components", patched(frame + 9, 2)),
        ("JPEG sampled 0 x 0", patched(frame + 11, 0)),
        ("lossless JPEG", patched(frame + 1, 0xC3)),
        ("arithmetic-coded JPEG", patched(frame + 1, 0xC9)),
        ("two frames", [&jpeg[..frame], &jpeg[frame..scan], &jpeg[frame..]].concat()),
        ("JPEG without quantisation tables", with_segments(&[&jpeg[..2], &jpeg[frame..]].concat(), &[])),
        ("a second scan of everything", { [&jpeg[..jpeg.len() - 2], &jpeg[scan..]].concat() }),
    ] {
        assert_eq!(admit_watched(&bytes), Err(PictureFault::Unreadable.into()), "{name}");
    }
}

#[test]
fn byte_bounds_are_inclusive_and_come_first() {
    let bytes = data!("baseline_420.jpg");
    let size = bytes.len();
    let bounds = |min_bytes, max_bytes| PictureBounds { min_bytes, max_bytes, min_sides: None };
    let budget = PixelBudget::default();
    for (name, bytes, bounds, expected) in [
        ("exactly", bytes, bounds(size, size), None),
        (
            "one too many",
            bytes,
            bounds(0, size - 1),
            Some(PictureFault::TooLarge { bytes: size, bound: size - 1 }),
        ),
        ("one too few", bytes, bounds(size + 1, size + 1), Some(PictureFault::TooSmall)),
        ("empty", &[], bounds(1, 10), Some(PictureFault::TooSmall)),
        (
            "too large to be asked what it is",
            &[0; 11],
            bounds(0, 10),
            Some(PictureFault::TooLarge { bytes: 11, bound: 10 }),
        ),
    ] {
        let result = admit(bytes, &bounds, &budget).map(drop);
        assert_eq!(result, expected.map_or(Ok(()), |fault| Err(fault.into())), "{name}");
    }
}

#[test]
fn least_sides_hold_upright_and_lying() {
    let budget = PixelBudget::default();
    for (width, height, admitted) in [
        (48, 64, true),
        (64, 48, true),
        (1, 1, true),
        (49, 64, false),
        (48, 65, false),
        (64, 49, false),
        (50, 50, false),
    ] {
        let bounds = PictureBounds { min_sides: Some(MinSides { width, height }), ..ANY };
        let result = admit(data!("baseline_420.jpg"), &bounds, &budget).map(drop);
        let expected = if admitted { Ok(()) } else { Err(PictureFault::Dimensions.into()) };
        assert_eq!(result, expected, "at least {width} x {height}");
    }
}

#[test]
fn a_full_budget_is_busy_and_not_a_fault() {
    let budget = PixelBudget::new(64 * 1024 * 1024, Duration::ZERO);
    let large = Png { width: 3_000, height: 2_500, rows: vec![0; 2_500 * 9_001], ..Png::scene() }.bytes();
    std::thread::scope(|scope| {
        let results: Vec<_> =
            (0..8).map(|_| scope.spawn(|| admit(&large, &ANY, &budget).map(drop))).collect();
        for result in results.into_iter().map(|thread| thread.join().unwrap()) {
            assert!(matches!(result, Ok(()) | Err(AdmissionError::Busy)));
        }
    });
    assert_eq!(budget.left(), 64 * 1024 * 1024);
    assert!(admit(&large, &ANY, &budget).is_ok());
}
