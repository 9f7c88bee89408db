//! Where everything stands on the card.
//!
//! All numbers are fractions of the card's width (x) or height (y, sizes), measured on two public templates that agree
//! to about one percent.

use super::{CardStyle, CardText};

/// Start of the labels.
pub(super) const LABEL_X: f32 = 0.025;
/// Start of the labels that are set in.
pub(super) const INDENTED_LABEL_X: f32 = 0.08;
/// The colons.
pub(super) const COLON_X: f32 = 0.25;
/// Start of the values.
pub(super) const VALUE_X: f32 = 0.264;
/// Where a value has to end: before the portrait.
pub(super) const VALUE_END: f32 = 0.70;
/// Start of the NIK's digits and of its colon; the label is larger than the others.
pub(super) const NIK_X: f32 = 0.25;
/// Start of the blood type's label and value, on the line of the sex.
pub(super) const BLOOD_LABEL_X: f32 = 0.50;
pub(super) const BLOOD_VALUE_X: f32 = 0.643;
/// The axis of place and date of issue and of the signature.
pub(super) const ISSUE_X: f32 = 0.838;

/// Baselines of the two heading lines, centred on the card.
pub(super) const PROVINCE_Y: f32 = 0.140;
pub(super) const REGENCY_Y: f32 = 0.194;
/// Baseline of the NIK.
pub(super) const NIK_Y: f32 = 0.270;
/// Baseline of the name.
pub(super) const NAME_Y: f32 = 0.335;
/// Baseline of sex and blood type.
pub(super) const GENDER_Y: f32 = 0.434;
/// Baselines of place and date of issue.
pub(super) const ISSUED_AT_Y: f32 = 0.827;
pub(super) const ISSUED_ON_Y: f32 = 0.870;

/// Sizes of type.
pub(super) const HEADING_SIZE: f32 = 0.048;
pub(super) const NIK_SIZE: f32 = 0.069;
pub(super) const NIK_LABEL_SIZE: f32 = 0.050;
pub(super) const VALUE_SIZE: f32 = 0.035;
pub(super) const ISSUE_SIZE: f32 = 0.030;

/// Distance of the baselines of a value that runs over several lines.
pub(super) const LEADING: f32 = 0.045;
/// Lowest baseline; lines are set closer where folded values would go below it.
pub(super) const LAST_Y: f32 = 0.935;

/// Narrowest setting of a line before it is folded.
const LEAST_SQUEEZE: f32 = 0.92;
/// Most lines of a value.
const MOST_LINES: usize = 3;

/// The portrait: left, top, right, bottom.
pub(super) const PORTRAIT: [f32; 4] = [0.715, 0.281, 0.958, 0.784];

/// A line with a label and a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// As printed.
    pub(super) label: &'static str,
    /// Whether the label is set in.
    pub(super) indented: bool,
    /// Baseline.
    pub(super) y: f32,
    /// As printed.
    pub(super) value: &'a str,
    /// Where the value has to end.
    pub(super) end: f32,
}

/// A place and date of birth as one value.
pub(super) fn born(text: &CardText) -> String {
    format!("{}, {}", text.birth_place, text.birth_date)
}

/// The lines below the NIK, from the top, where no value is folded.
pub(super) fn rows<'a>(text: &'a CardText, born: &'a str, style: &CardStyle) -> [Row<'a>; 12] {
    let row = |label, y, value| Row { label, indented: false, y, value, end: VALUE_END };
    let inner = |label, y, value| Row { indented: true, ..row(label, y, value) };
    [
        row("Nama", NAME_Y, text.name.as_str()),
        row("Tempat/Tgl Lahir", 0.384, born),
        Row { end: BLOOD_LABEL_X - 0.01, ..row(style.gender_label, GENDER_Y, text.gender.as_str()) },
        row("Alamat", 0.479, text.address.as_str()),
        inner("RT/RW", 0.527, text.rt_rw.as_str()),
        inner(style.village_label, 0.577, text.village.as_str()),
        inner("Kecamatan", 0.624, text.district.as_str()),
        row("Agama", 0.670, text.religion.as_str()),
        row("Status Perkawinan", 0.719, text.marital_status.as_str()),
        row("Pekerjaan", 0.769, text.job.as_str()),
        row("Kewarganegaraan", 0.819, text.citizenship.as_str()),
        row("Berlaku Hingga", 0.864, text.valid_until.as_str()),
    ]
}

/// A line of a value and its horizontal scale.
pub(super) type SetLine<'a> = (&'a str, f32);

/// Sets a value into a column of `room`: as it is, squeezed a little, or folded at spaces as a printer fills lines,
/// `width` telling how wide a text is in the unit of `room`.
///
/// # Errors
/// Those of `width`.
pub(super) fn set<'a, E>(
    value: &'a str,
    room: f32,
    width: impl Fn(&str) -> Result<f32, E>,
) -> Result<Vec<SetLine<'a>>, E> {
    let scale = |line: &str| Ok((room / width(line)?.max(f32::MIN_POSITIVE)).min(1.0));
    let (mut lines, mut rest) = (Vec::new(), value);
    while lines.len() + 1 < MOST_LINES && scale(rest)? < LEAST_SQUEEZE {
        let mut fold = None;
        for (at, _) in rest.match_indices(' ') {
            let head = rest.get(..at).unwrap_or_default();
            if fold.is_some() && width(head)? > room {
                break;
            }
            fold = Some(at);
        }
        let Some((head, tail)) = fold.and_then(|at| rest.split_at_checked(at)) else { break };
        lines.push((head, scale(head)?));
        rest = tail.trim_start();
    }
    lines.push((rest, scale(rest)?));
    Ok(lines)
}

/// Baselines of rows of so many lines each: what follows a folded value moves down, and all come closer where the last
/// would leave the card.
pub(super) fn baselines(rows: &[(f32, usize)]) -> Vec<Vec<f32>> {
    let mut pushed = 0.0;
    let mut placed: Vec<Vec<f32>> = Vec::with_capacity(rows.len());
    for (y, lines) in rows {
        placed.push((0..*lines).map(|line| y + pushed + line as f32 * LEADING).collect());
        pushed += lines.saturating_sub(1) as f32 * LEADING;
    }
    let last = placed.iter().flatten().copied().fold(NAME_Y, f32::max);
    if last > LAST_Y {
        let closer = (LAST_Y - NAME_Y) / (last - NAME_Y);
        for y in placed.iter_mut().flatten() {
            *y = NAME_Y + (*y - NAME_Y) * closer;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten to a letter.
    fn width(text: &str) -> Result<f32, ()> {
        Ok(text.len() as f32 * 10.0)
    }

    #[test]
    fn values_are_set_as_they_are_squeezed_or_folded() {
        let rows: [(&str, f32, &[SetLine]); 6] = [
            ("BUDI", 100.0, &[("BUDI", 1.0)]),
            ("BUDI SANTOSO", 115.0, &[("BUDI SANTOSO", 115.0 / 120.0)]),
            ("BUDISANTOSO", 55.0, &[("BUDISANTOSO", 0.5)]),
            ("BUDI SANTOSO", 100.0, &[("BUDI", 1.0), ("SANTOSO", 1.0)]),
            ("SITI NUR BUDI", 90.0, &[("SITI NUR", 1.0), ("BUDI", 1.0)]),
            (
                "A BUDISANTOSO ADI SITI",
                60.0,
                &[("A", 1.0), ("BUDISANTOSO", 60.0 / 110.0), ("ADI SITI", 0.75)],
            ),
        ];
        for (value, room, expected) in rows {
            assert_eq!(set(value, room, width).as_deref(), Ok(expected), "{value} {room}");
        }
    }

    #[test]
    fn what_follows_a_folded_value_moves_down_and_stays_on_the_card() {
        let y = [0.335, 0.384, 0.864];
        assert_eq!(baselines(&y.map(|y| (y, 1))), y.map(|y| vec![y]), "as they are");
        let folded = baselines(&[(0.335, 2), (0.384, 1), (0.8, 1)]);
        let expected = [vec![0.335, 0.38], vec![0.429], vec![0.845]];
        for (placed, expected) in folded.iter().zip(&expected) {
            let near = placed.iter().zip(expected).all(|(y, expected)| (y - expected).abs() < 1e-5);
            assert!(placed.len() == expected.len() && near, "{folded:?}");
        }
        for lines in [2, 3] {
            let placed: Vec<f32> = baselines(&y.map(|y| (y, lines))).concat();
            assert!(placed.is_sorted() && placed.iter().all(|y| *y <= LAST_Y + 1e-6), "{placed:?}");
        }
    }
}
