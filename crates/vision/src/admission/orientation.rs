//! Turning a picture upright as its EXIF orientation asks.

use image::metadata::Orientation;
use zeroize::Zeroizing;

/// Pixels of an RGB picture not yet upright: rows from the top, three bytes a pixel.
pub(super) struct Raster {
    pub width: usize,
    pub height: usize,
    pub rgb: Zeroizing<Vec<u8>>,
}

/// Edge of the square tiles a transposition works in: 32 x 32 x 3 bytes of source and target fit a first-level cache.
const TILE: usize = 32;

/// Whether the orientation swaps width and height, which takes a second buffer.
pub(super) fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Applies the orientation; mirrors and the half turn work in place.
pub(super) fn upright(mut raster: Raster, orientation: Orientation) -> Raster {
    match orientation {
        Orientation::NoTransforms => raster,
        Orientation::FlipHorizontal => {
            mirror_rows(&mut raster);
            raster
        }
        Orientation::FlipVertical => {
            flip(&mut raster);
            raster
        }
        Orientation::Rotate180 => {
            mirror_rows(&mut raster);
            flip(&mut raster);
            raster
        }
        Orientation::Rotate90FlipH => transpose(&raster),
        Orientation::Rotate90 => {
            let mut turned = transpose(&raster);
            mirror_rows(&mut turned);
            turned
        }
        Orientation::Rotate270 => {
            let mut turned = transpose(&raster);
            flip(&mut turned);
            turned
        }
        Orientation::Rotate270FlipH => {
            let mut turned = transpose(&raster);
            mirror_rows(&mut turned);
            flip(&mut turned);
            turned
        }
    }
}

/// Left becomes right.
fn mirror_rows(raster: &mut Raster) {
    for row in raster.rgb.chunks_exact_mut(raster.width * 3) {
        row.as_chunks_mut::<3>().0.reverse();
    }
}

/// Top becomes bottom.
fn flip(raster: &mut Raster) {
    let stride = raster.width * 3;
    let (top, bottom) = raster.rgb.split_at_mut(raster.height / 2 * stride);
    for (above, below) in top.chunks_exact_mut(stride).zip(bottom.rchunks_exact_mut(stride)) {
        above.swap_with_slice(below);
    }
}

/// Rows become columns, about the main diagonal.
fn transpose(raster: &Raster) -> Raster {
    let (width, height) = (raster.width, raster.height);
    let source = raster.rgb.as_chunks::<3>().0;
    let mut rgb = Zeroizing::new(vec![0; raster.rgb.len()]);
    let target = rgb.as_chunks_mut::<3>().0;
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for x in left..width.min(left + TILE) {
                for y in top..height.min(top + TILE) {
                    target[x * height + y] = source[y * width + x];
                }
            }
        }
    }
    Raster { width: height, height: width, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose pixels are letters: `abc` over `def`.
    fn letters(rows: &[&str]) -> Raster {
        let rgb = rows.iter().flat_map(|row| row.bytes().flat_map(|letter| [letter; 3])).collect();
        Raster { width: rows[0].len(), height: rows.len(), rgb: Zeroizing::new(rgb) }
    }

    fn rows(raster: &Raster) -> Vec<String> {
        let letters: Vec<char> = raster.rgb.chunks_exact(3).map(|pixel| char::from(pixel[0])).collect();
        letters.chunks(raster.width).map(|row| row.iter().collect()).collect()
    }

    /// The eight values of the EXIF tag, each with what the stored rows `abc`/`def` show when upright.
    #[test]
    fn every_orientation_stands_upright() {
        for (value, expected) in [
            (1, &["abc", "def"][..]),
            (2, &["cba", "fed"]),
            (3, &["fed", "cba"]),
            (4, &["def", "abc"]),
            (5, &["ad", "be", "cf"]),
            (6, &["da", "eb", "fc"]),
            (7, &["fc", "eb", "da"]),
            (8, &["cf", "be", "ad"]),
        ] {
            let orientation = Orientation::from_exif(value).unwrap();
            let turned = upright(letters(&["abc", "def"]), orientation);
            assert_eq!(rows(&turned), expected, "orientation {value}");
            assert_eq!(turned.width != 3, swaps_sides(orientation), "orientation {value}");
        }
    }

    #[test]
    fn transposing_twice_is_the_identity_beyond_one_tile() {
        let rgb: Vec<u8> = (0..67 * 41 * 3_u32).map(|value| (value % 251) as u8).collect();
        let raster = Raster { width: 67, height: 41, rgb: Zeroizing::new(rgb.clone()) };
        assert_eq!(*transpose(&transpose(&raster)).rgb, rgb);
    }
}
