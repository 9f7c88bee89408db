//! Quality by the mesh, and righting, with the real models on free photographs.

use absah_vision::face::{MESH_POINTS, Mesh, MeshQuality, Point};
use absah_vision::picture::{Picture, Turn};
use absah_vision::runtime::Bench;

use crate::harness::{photograph, with_bench};

const PHOTOGRAPHS: [&str; 4] = ["astronaut", "president-1", "president-2", "vice-president"];

fn mesh(bench: &mut Bench, picture: &Picture) -> Mesh {
    let face = *bench.detect(picture).expect("detection").first().expect("a face");
    bench.mesh(picture, &face).expect("a mesh")
}

fn measured(bench: &mut Bench, picture: &Picture) -> MeshQuality {
    let mesh = mesh(bench, picture);
    bench.mesh_quality(&mesh).expect("measures")
}

/// Every pixel by what is there and where it is.
fn changed(picture: &Picture, change: impl Fn([u8; 3], Point) -> [u8; 3]) -> Picture {
    let width = picture.width() as usize;
    let pixels = picture.rgb().as_chunks::<3>().0.iter().enumerate();
    let rgb = pixels.flat_map(|(place, pixel)| {
        change(*pixel, Point { x: (place % width) as f32, y: (place / width) as f32 })
    });
    Picture::new(picture.width(), picture.height(), rgb.collect()).expect("a picture")
}

/// `colour` over everything within the circle about `centre`.
fn covered(picture: &Picture, centre: Point, radius: f32, colour: [u8; 3]) -> Picture {
    changed(picture, |pixel, place| if place.distance(centre) < radius { colour } else { pixel })
}

fn mirrored(picture: &Picture) -> Picture {
    let rows = picture.rgb().chunks(picture.width() as usize * 3);
    let rgb = rows.flat_map(|row| row.as_chunks::<3>().0.iter().rev().flatten().copied()).collect();
    Picture::new(picture.width(), picture.height(), rgb).expect("a picture")
}

#[test]
fn a_picture_is_righted_however_it_lies() {
    let rows = [
        (Turn::Upright, Turn::Upright),
        (Turn::Right, Turn::Left),
        (Turn::Half, Turn::Half),
        (Turn::Left, Turn::Right),
    ];
    with_bench(move |bench| {
        for name in PHOTOGRAPHS {
            let picture = photograph(name);
            let expected = *bench.detect(&picture).expect("detection").first().expect("a face");
            for (lying, back) in rows {
                let lying_picture = picture.turned(lying);
                let upright = bench.detect_upright(&lying_picture).expect("detection");
                assert_eq!(upright.turn(), back, "{name} {lying:?}");
                assert_eq!(upright.picture(), &picture, "{name} {lying:?}");
                assert_eq!(upright.faces().first(), Some(&expected), "{name} {lying:?}");
                let nearest = bench.detect_upright_nearest_centre(&lying_picture).expect("detection");
                assert_eq!((nearest.turn(), nearest.faces().len()), (back, 1), "{name} {lying:?}");
            }
        }
    });
}

#[test]
fn what_shows_no_face_stays_as_it_is() {
    with_bench(|bench| {
        let grey = Picture::new(300, 200, vec![127; 300 * 200 * 3]).expect("a picture");
        let upright = bench.detect_upright(&grey).expect("no error");
        assert_eq!((upright.turn(), upright.faces().len()), (Turn::Upright, 0));
        assert_eq!(upright.picture(), &grey);
    });
}

/// The mesh's numbers of what the detector finds as well: corners of the eyes, tip of the nose, corners of the mouth.
#[test]
fn the_mesh_lies_where_the_detector_sees_the_face() {
    with_bench(|bench| {
        for name in PHOTOGRAPHS {
            let picture = photograph(name);
            let face = *bench.detect(&picture).expect("detection").first().expect("a face");
            let mesh = bench.mesh(&picture, &face).expect("a mesh");
            assert!(mesh.presence() > 0.99, "{name}: {}", mesh.presence());
            let [left_eye, right_eye, nose, left_mouth, right_mouth] = face.landmarks;
            let middle = |one: usize, other: usize| {
                let (one, other) = (mesh.landmark(one), mesh.landmark(other));
                Point { x: f32::midpoint(one.x, other.x), y: f32::midpoint(one.y, other.y) }
            };
            let rows = [
                ("left eye", left_eye, middle(33, 133)),
                ("right eye", right_eye, middle(362, 263)),
                ("nose", nose, mesh.landmark(1)),
                ("left corner of the mouth", left_mouth, mesh.landmark(61)),
                ("right corner of the mouth", right_mouth, mesh.landmark(291)),
            ];
            for (landmark, seen, found) in rows {
                let apart = seen.distance(found) / face.eye_distance();
                assert!(apart < 0.25, "{name}, {landmark}: {apart} of the eyes' distance");
            }
            assert_eq!(mesh.point(MESH_POINTS), mesh.point(usize::MAX), "no such point");
        }
    });
}

#[test]
fn ordinary_photographs_have_no_fault() {
    with_bench(|bench| {
        for name in PHOTOGRAPHS {
            let found = measured(bench, &photograph(name));
            let MeshQuality { presence: _, pose, mouth_covered, eyes_covered, eyes_open } = found;
            assert!(pose.yaw.abs() < 30.0 && pose.pitch.abs() < 25.0, "{name}: {found:?}");
            assert!(mouth_covered < 0.5 && eyes_covered < 0.5 && eyes_open > 0.5, "{name}: {found:?}");
        }
    });
}

#[test]
fn a_mirrored_head_is_turned_the_other_way() {
    with_bench(|bench| {
        for name in PHOTOGRAPHS {
            let picture = photograph(name);
            let (one, other) = (measured(bench, &picture).pose, measured(bench, &mirrored(&picture)).pose);
            assert!((one.yaw + other.yaw).abs() < 6.0, "{name}: {one:?} {other:?}");
            assert!((one.pitch - other.pitch).abs() < 6.0, "{name}: {one:?} {other:?}");
        }
    });
}

#[test]
fn what_is_covered_is_told() {
    let colours = [("surgical blue", [120, 180, 215]), ("white", [235; 3]), ("black", [25; 3])];
    with_bench(move |bench| {
        for name in PHOTOGRAPHS {
            let picture = photograph(name);
            let face = mesh(bench, &picture);
            let eyes = [(33, 133), (362, 263)].map(|(outer, inner)| {
                let (outer, inner) = (face.landmark(outer), face.landmark(inner));
                let centre = Point { x: f32::midpoint(outer.x, inner.x), y: f32::midpoint(outer.y, inner.y) };
                (centre, 0.9 * outer.distance(inner))
            });
            let mouth = face.landmark(13);
            let radius = mouth.distance(face.landmark(197));
            for (colour, pixel) in colours {
                let found = measured(bench, &covered(&picture, mouth, radius, pixel));
                assert!(found.mouth_covered > 0.7, "{name}, mask of {colour}: {found:?}");
            }
            let one = covered(&picture, eyes[0].0, eyes[0].1, [15; 3]);
            let found = measured(bench, &covered(&one, eyes[1].0, eyes[1].1, [15; 3]));
            assert!(found.eyes_covered > 0.9, "{name}, sunglasses: {found:?}");
        }
    });
}
