//! Blur, by how little another blur changes.

/// Half the length of the blur that is added, in pixels: 9 in all, as Crete and others have it.
const REACH: usize = 4;

/// The blur effect of a picture's luma, row by row, 0 to 1 (Crete, Dolmiere, Ladret and Nicolas 2007): the larger one of
/// both directions.
pub(super) fn of(luma: &[f32], width: usize) -> f32 {
    let height = luma.len() / width.max(1);
    along(luma, width, height, 1, width).max(along(luma, height, width, width, 1))
}

/// The blur effect along lines of `length` pixels that lie `step` apart; the lines begin `stride` apart.
fn along(luma: &[f32], length: usize, lines: usize, step: usize, stride: usize) -> f32 {
    if length <= 2 * REACH + 1 {
        return 0.0;
    }
    let (mut changes, mut lost) = (0.0_f64, 0.0_f64);
    for line in 0..lines {
        let at = |place: usize| luma.get(line * stride + place * step).copied().unwrap_or_default();
        let mut blurred: f32 = (0..=2 * REACH).map(at).sum();
        for place in REACH + 1..length - REACH {
            let next = blurred + at(place + REACH) - at(place - REACH - 1);
            let sharp = (at(place) - at(place - 1)).abs();
            let soft = (next - blurred).abs() / (2 * REACH + 1) as f32;
            changes += f64::from(sharp);
            lost += f64::from((sharp - soft).max(0.0));
            blurred = next;
        }
    }
    if changes > 0.0 { (1.0 - lost / changes) as f32 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stripes `period` pixels wide in a picture of 120 x 90, blurred `times` by 1 2 1 along the rows, grey levels apart.
    fn stripes(period: usize, times: usize, levels: f32) -> Vec<f32> {
        let row = |place: usize| if (place / period).is_multiple_of(2) { 0.0 } else { levels };
        let mut line: Vec<f32> = (0..120).map(row).collect();
        for _ in 0..times {
            let copy = line.clone();
            for place in 1..119 {
                line[place] = (copy[place - 1] + 2.0 * copy[place] + copy[place + 1]) / 4.0;
            }
        }
        line.repeat(90)
    }

    #[test]
    fn blur_grows_with_every_blur_and_not_with_contrast() {
        let of = |times, levels| along(&stripes(20, times, levels), 120, 90, 1, 120);
        let blurs = [0, 1, 2, 4, 8, 16].map(|times| of(times, 100.0));
        assert!(blurs.is_sorted() && blurs[5] > blurs[0] + 0.3, "{blurs:?}");
        for times in [0, 2, 8] {
            assert!((of(times, 20.0) - of(times, 200.0)).abs() < 1e-3, "{times}");
        }
    }

    #[test]
    fn what_has_no_detail_is_all_blur() {
        assert_eq!(super::of(&[128.0; 400], 20), 1.0);
        // The other direction decides.
        assert_eq!(super::of(&stripes(8, 0, 100.0), 120), 1.0);
        assert_eq!(super::of(&[1.0, 2.0], 2), 0.0);
    }
}
