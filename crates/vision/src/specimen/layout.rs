//! Where everything stands on the card.
//!
//! All numbers are fractions of the card's width (x) or height (y, sizes), measured on two public templates that agree
//! to about one percent.

use super::CardText;

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
/// Size of a value that runs over two lines.
pub(super) const FOLDED_SIZE: f32 = 0.025;
pub(super) const ISSUE_SIZE: f32 = 0.030;

/// Narrowest setting of a line before it is folded, and narrowest of all.
pub(super) const LEAST_SQUEEZE: f32 = 0.82;

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

/// The lines below the NIK, from the top.
pub(super) fn rows<'a>(text: &'a CardText, born: &'a str) -> [Row<'a>; 12] {
    let row = |label, y, value| Row { label, indented: false, y, value, end: VALUE_END };
    let inner = |label, y, value| Row { indented: true, ..row(label, y, value) };
    [
        row("Nama", 0.335, text.name.as_str()),
        row("Tempat/Tgl Lahir", 0.384, born),
        Row { end: BLOOD_LABEL_X - 0.01, ..row("Jenis kelamin", GENDER_Y, text.gender.as_str()) },
        row("Alamat", 0.479, text.address.as_str()),
        inner("RT/RW", 0.527, text.rt_rw.as_str()),
        inner("Kel/Desa", 0.577, text.village.as_str()),
        inner("Kecamatan", 0.624, text.district.as_str()),
        row("Agama", 0.670, text.religion.as_str()),
        row("Status Perkawinan", 0.719, text.marital_status.as_str()),
        row("Pekerjaan", 0.769, text.job.as_str()),
        row("Kewarganegaraan", 0.819, text.citizenship.as_str()),
        row("Berlaku Hingga", 0.864, text.valid_until.as_str()),
    ]
}

/// How a value is set into its column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Setting<'a> {
    /// On one line, at that horizontal scale.
    Line(f32),
    /// On two lines of the smaller size, each at its horizontal scale.
    Folded([(&'a str, f32); 2]),
}

/// Sets a value of `width` (at [`VALUE_SIZE`]) into a column of `room`, both in one unit: as it is, squeezed a little,
/// or folded at the space nearest to its middle.
pub(super) fn set(value: &str, width: f32, room: f32) -> Setting<'_> {
    let squeeze = (room / width.max(f32::MIN_POSITIVE)).min(1.0);
    let middle = value.len() / 2;
    let fold = value.match_indices(' ').map(|(at, _)| at).min_by_key(|at| at.abs_diff(middle));
    match fold.and_then(|at| value.split_at_checked(at)) {
        Some((head, tail)) if squeeze < LEAST_SQUEEZE => {
            let tail = tail.trim_start();
            // Capitals are of about one width, so a part's share of the letters is its share of the width.
            let scale = |part: &str| {
                let share = part.len() as f32 / value.len() as f32;
                (room / (width * share * FOLDED_SIZE / VALUE_SIZE)).min(1.0)
            };
            Setting::Folded([(head, scale(head)), (tail, scale(tail))])
        }
        _ => Setting::Line(squeeze),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_set_as_they_are_squeezed_or_folded() {
        let rows = [
            ("BUDI", 50.0, Setting::Line(1.0)),
            ("BUDI SANTOSO", 110.0, Setting::Line(100.0 / 110.0)),
            ("BUDISANTOSO", 200.0, Setting::Line(0.5)),
            ("BUDI SANTOSO", 140.0, Setting::Folded([("BUDI", 1.0), ("SANTOSO", 1.0)])),
        ];
        for (value, width, expected) in rows {
            assert_eq!(set(value, width, 100.0), expected, "{value} {width}");
        }
    }

    #[test]
    fn a_folded_value_never_leaves_its_column() {
        let value = "MUHAMMAD ABDURRAHMAN ADIKUSUMANINGRAT SURYODININGRAT PRAWIRANEGARA";
        let Setting::Folded(lines) = set(value, 900.0, 300.0) else { panic!("it is folded") };
        for (line, scale) in lines {
            let width = 900.0 * line.len() as f32 / value.len() as f32 * FOLDED_SIZE / VALUE_SIZE;
            assert!(width * scale <= 300.1, "{line}");
        }
    }
}
