//! The card as vector drawings: ground and type below the portrait, frame and stamp above it.
//!
//! The ornament is the project's own; it resembles a card's and copies none.

use std::fmt::Write as _;

use super::layout::{self, Row};
use super::{CARD_HEIGHT, CARD_WIDTH, CardStyle, CardText, SpecimenError};

/// Families of the bundled fonts.
pub(super) const SANS: &str = "Liberation Sans";
pub(super) const OCR: &str = "OCRA";

const WIDTH: f32 = CARD_WIDTH as f32;
const HEIGHT: f32 = CARD_HEIGHT as f32;
/// Radius of the corners: 3.18 mm of 85.60 (ISO/IEC 7810).
const CORNER: f32 = WIDTH * 3.18 / 85.60;
const INK: &str = "#10141c";

/// Tells the width of a line of type in pixels: text, family, size in pixels.
pub(super) type Measure<'a> = dyn Fn(&str, &str, f32) -> Result<f32, SpecimenError> + 'a;

/// Ground, ornament, the stamp across and all type, which stays legible on it.
pub(super) fn ground(
    text: &CardText,
    style: &CardStyle,
    measure: &Measure<'_>,
) -> Result<String, SpecimenError> {
    let mut svg = opening();
    let [light, middle, deep] = style.ground;
    let _ = write!(
        svg,
        r##"<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>
<stop offset="0.55" stop-color="{middle}"/><stop offset="1" stop-color="{deep}"/></linearGradient>
<clipPath id="card"><rect width="{WIDTH}" height="{HEIGHT}" rx="{CORNER}"/></clipPath></defs>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>
<g clip-path="url(#card)"><rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>"##
    );
    islands(&mut svg);
    waves(&mut svg);
    rosette(&mut svg);
    svg.push_str("</g>");
    stamp(&mut svg);

    let mut sheet = Sheet { svg, measure, bold: style.bold };
    sheet.heading(&format!("PROVINSI {}", text.province), layout::PROVINCE_Y)?;
    sheet.heading(&text.regency, layout::REGENCY_Y)?;
    sheet.number(&text.nik)?;
    let born = layout::born(text);
    let rows = layout::rows(text, &born, style);
    let mut values = Vec::with_capacity(rows.len());
    for row in &rows {
        values.push(sheet.set(row)?);
    }
    let heights: Vec<_> = rows.iter().zip(&values).map(|(row, lines)| (row.y, lines.len())).collect();
    for ((row, lines), baselines) in rows.iter().zip(values).zip(layout::baselines(&heights)) {
        sheet.row(row, &lines, &baselines);
        if row.y == layout::GENDER_Y {
            let y = baselines.first().copied().unwrap_or(row.y);
            sheet.blood_type(style.blood_label, &text.blood_type, y)?;
        }
    }
    sheet.issue(&text.issued_at, layout::ISSUED_AT_Y)?;
    sheet.issue(&text.issued_on, layout::ISSUED_ON_Y)?;
    let Sheet { mut svg, .. } = sheet;
    signature(&mut svg, &text.name);
    svg.push_str("</svg>");
    Ok(svg)
}

/// What lies over the portrait: its frame in the colour of the birth year, and the stamp across its foot.
pub(super) fn overlay(text: &CardText) -> String {
    let mut svg = opening();
    let [left, top, right, bottom] = layout::PORTRAIT;
    let (x, y) = (left * WIDTH, top * HEIGHT);
    let (width, height) = ((right - left) * WIDTH, (bottom - top) * HEIGHT);
    let ground = if text.born_in_odd_year() { "#b3202c" } else { "#1f4fa3" };
    let _ = write!(
        svg,
        r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{ground}" stroke-width="6"/>
<rect x="{x}" y="{}" width="{width}" height="{}" fill="#c2182b" fill-opacity="0.8"/>
<text x="{}" y="{}" font-family="{SANS}" font-weight="bold" text-anchor="middle" font-size="{}" letter-spacing="6" fill="#ffffff">SPECIMEN</text></svg>"##,
        y + height - 0.055 * HEIGHT,
        0.055 * HEIGHT,
        x + width / 2.0,
        y + height - 0.013 * HEIGHT,
        HEIGHT * 0.044,
    );
    svg
}

/// The stamp across the card, below the type.
fn stamp(svg: &mut String) {
    let _ = write!(
        svg,
        r##"<text transform="translate({} {}) rotate(-32.2)" font-family="{SANS}" font-weight="bold" text-anchor="middle" font-size="{}" letter-spacing="26" fill="#c2182b" stroke="#c2182b" fill-opacity="0.13" stroke-opacity="0.55" stroke-width="1.6">SPECIMEN</text>"##,
        WIDTH * 0.45,
        HEIGHT * 0.62,
        HEIGHT * 0.225,
    );
}

/// A drawing of one line of type and nothing else, to be measured.
pub(super) fn line_alone(text: &str, family: &str, size: f32) -> String {
    format!(
        "{}<text x=\"0\" y=\"{HEIGHT}\" font-family=\"{family}\" font-size=\"{size}\">{}</text></svg>",
        opening(),
        escaped(text)
    )
}

fn opening() -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">"#
    )
}

/// The drawing while type is set onto it.
struct Sheet<'a> {
    svg: String,
    measure: &'a Measure<'a>,
    /// Whether values are set bold.
    bold: bool,
}

impl Sheet<'_> {
    fn heading(&mut self, text: &str, y: f32) -> Result<(), SpecimenError> {
        let size = layout::HEADING_SIZE * HEIGHT;
        // Bold is up to a tenth wider than what is measured.
        let width = (self.measure)(text, SANS, size)? * 1.1;
        let scale = (WIDTH * 0.9 / width.max(1.0)).min(1.0);
        self.line(text, Type { size, scale, bold: true, centred: true, ..Type::at(WIDTH / 2.0, y * HEIGHT) });
        Ok(())
    }

    fn number(&mut self, digits: &str) -> Result<(), SpecimenError> {
        let y = layout::NIK_Y * HEIGHT;
        let label = Type { size: layout::NIK_LABEL_SIZE * HEIGHT, ..Type::at(layout::LABEL_X * WIDTH, y) };
        self.line("NIK", label);
        self.line(":", Type { x: (layout::NIK_X - 0.02) * WIDTH, ..label });
        let size = layout::NIK_SIZE * HEIGHT;
        let room = (layout::VALUE_END - layout::NIK_X) * WIDTH;
        let scale = (room / (self.measure)(digits, OCR, size)?.max(1.0)).min(1.0);
        self.line(digits, Type { size, scale, family: OCR, ..Type::at(layout::NIK_X * WIDTH, y) });
        Ok(())
    }

    /// A row's value in lines that its column has room for.
    fn set<'v>(&self, row: &Row<'v>) -> Result<Vec<layout::SetLine<'v>>, SpecimenError> {
        let size = layout::VALUE_SIZE * HEIGHT;
        // Bold is up to a tenth wider than what is measured.
        let wider = if self.bold { 1.1 } else { 1.0 };
        let width = |line: &str| Ok((self.measure)(line, SANS, size)? * wider);
        layout::set(row.value, (row.end - layout::VALUE_X) * WIDTH, width)
    }

    fn row(&mut self, row: &Row<'_>, lines: &[layout::SetLine<'_>], baselines: &[f32]) {
        let size = layout::VALUE_SIZE * HEIGHT;
        let y = baselines.first().copied().unwrap_or(row.y) * HEIGHT;
        let label_x = if row.indented { layout::INDENTED_LABEL_X } else { layout::LABEL_X };
        self.line(row.label, Type { size, ..Type::at(label_x * WIDTH, y) });
        self.line(":", Type { size, ..Type::at(layout::COLON_X * WIDTH, y) });
        for ((line, scale), y) in lines.iter().zip(baselines) {
            let at = Type::at(layout::VALUE_X * WIDTH, y * HEIGHT);
            self.line(line, Type { size, scale: *scale, bold: self.bold, ..at });
        }
    }

    fn blood_type(&mut self, label: &str, value: &str, y: f32) -> Result<(), SpecimenError> {
        let size = layout::VALUE_SIZE * HEIGHT;
        let y = y * HEIGHT;
        self.line(label, Type { size, ..Type::at(layout::BLOOD_LABEL_X * WIDTH, y) });
        let room = (layout::VALUE_END - layout::BLOOD_VALUE_X) * WIDTH;
        let scale = (room / (self.measure)(value, SANS, size)?.max(1.0)).min(1.0);
        let at = Type::at(layout::BLOOD_VALUE_X * WIDTH, y);
        self.line(value, Type { size, scale, bold: self.bold, ..at });
        Ok(())
    }

    fn issue(&mut self, text: &str, y: f32) -> Result<(), SpecimenError> {
        let size = layout::ISSUE_SIZE * HEIGHT;
        let [left, _, right, _] = layout::PORTRAIT;
        let scale = ((right - left) * WIDTH / (self.measure)(text, SANS, size)?.max(1.0)).min(1.0);
        self.line(text, Type { size, scale, centred: true, ..Type::at(layout::ISSUE_X * WIDTH, y * HEIGHT) });
        Ok(())
    }

    fn line(&mut self, text: &str, set: Type) {
        let Type { x, y, size, scale, family, bold, centred } = set;
        let weight = if bold { "bold" } else { "normal" };
        let anchor = if centred { "middle" } else { "start" };
        // Writing to a String cannot fail.
        let _ = write!(
            self.svg,
            r#"<text transform="translate({x:.2} {y:.2}) scale({scale:.4} 1)" font-family="{family}" font-weight="{weight}" font-size="{size:.2}" text-anchor="{anchor}" fill="{INK}">{}</text>"#,
            escaped(text)
        );
    }
}

/// How a line of type is set, in pixels.
#[derive(Clone, Copy)]
struct Type {
    x: f32,
    y: f32,
    size: f32,
    scale: f32,
    family: &'static str,
    bold: bool,
    centred: bool,
}

impl Type {
    fn at(x: f32, y: f32) -> Self {
        Self { x, y, size: 0.0, scale: 1.0, family: SANS, bold: false, centred: false }
    }
}

/// Text as XML character data.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A chain of made-up islands across the middle, for the map motif.
fn islands(svg: &mut String) {
    const ISLES: [(f32, f32, f32, f32, f32); 11] = [
        (0.10, 0.36, 0.10, 0.045, 38.0),
        (0.19, 0.52, 0.09, 0.040, 42.0),
        (0.32, 0.68, 0.10, 0.030, 6.0),
        (0.43, 0.72, 0.05, 0.022, 4.0),
        (0.40, 0.42, 0.085, 0.110, 12.0),
        (0.55, 0.44, 0.022, 0.090, 14.0),
        (0.60, 0.40, 0.055, 0.022, -18.0),
        (0.53, 0.75, 0.045, 0.016, 2.0),
        (0.62, 0.78, 0.04, 0.015, -8.0),
        (0.69, 0.46, 0.025, 0.045, 20.0),
        (0.84, 0.50, 0.11, 0.085, 10.0),
    ];
    svg.push_str(r##"<g fill="#7fb9dd" fill-opacity="0.30">"##);
    for (x, y, width, height, turn) in ISLES {
        let (rx, ry) = (width * WIDTH, height * HEIGHT);
        let mut outline = String::new();
        for step in 0..48 {
            let angle = step as f32 / 48.0 * std::f32::consts::TAU;
            // A coast: an ellipse with three overtones, each isle with its own phases.
            let coast = 1.0
                + 0.12 * (3.0 * angle + x * 40.0).sin()
                + 0.08 * (5.0 * angle + y * 60.0).cos()
                + 0.05 * (11.0 * angle + x * 90.0).sin();
            let command = if step == 0 { 'M' } else { 'L' };
            let _ =
                write!(outline, "{command}{:.1} {:.1}", rx * coast * angle.cos(), ry * coast * angle.sin());
        }
        let _ = write!(
            svg,
            r#"<path transform="translate({:.1} {:.1}) rotate({turn})" d="{outline}Z"/>"#,
            x * WIDTH,
            y * HEIGHT
        );
    }
    svg.push_str("</g>");
}

/// Fine waves over the whole card, two families that cross.
fn waves(svg: &mut String) {
    for (count, rise, phase, colour, opacity) in
        [(46, 15.0, 0.0, "#ffffff", 0.45), (38, -19.0, 1.3, "#5aa2d2", 0.20)]
    {
        let _ =
            write!(svg, r#"<g fill="none" stroke="{colour}" stroke-opacity="{opacity}" stroke-width="1.1">"#);
        for line in 0..count {
            let base = (line as f32 + 0.5) / count as f32 * HEIGHT;
            let mut path = String::new();
            for step in 0..=64 {
                let t = step as f32 / 64.0;
                let y = base
                    + rise * (t * 12.0 + phase + line as f32 * 0.21).sin()
                    + 0.4 * rise * (t * 31.0).cos();
                let _ = write!(path, "{}{:.1} {y:.1}", if step == 0 { 'M' } else { 'L' }, t * WIDTH);
            }
            let _ = write!(svg, r#"<path d="{path}"/>"#);
        }
        svg.push_str("</g>");
    }
}

/// A rosette of turned ellipses behind the text.
fn rosette(svg: &mut String) {
    svg.push_str(r##"<g fill="none" stroke="#4f97ca" stroke-opacity="0.22" stroke-width="1.1">"##);
    for turn in 0..36 {
        let _ = write!(
            svg,
            r#"<ellipse rx="{:.1}" ry="{:.1}" transform="translate({:.1} {:.1}) rotate({})"/>"#,
            WIDTH * 0.17,
            WIDTH * 0.062,
            WIDTH * 0.47,
            HEIGHT * 0.58,
            turn * 5
        );
    }
    svg.push_str("</g>");
}

/// A scribble below the date of issue, its shape led by the letters of the name.
fn signature(svg: &mut String, name: &str) {
    let (left, y) = ((layout::ISSUE_X - 0.075) * WIDTH, 0.930 * HEIGHT);
    let mut path = format!("M{left:.1} {y:.1}");
    for (index, letter) in name.bytes().filter(u8::is_ascii_alphabetic).take(9).enumerate() {
        let swing = f32::from(letter % 26) / 26.0;
        let x = left + (index as f32 + 1.0) * WIDTH * 0.0165;
        let height = if index % 2 == 0 { -1.0 } else { 0.7 } * (14.0 + 26.0 * swing);
        let _ = write!(
            path,
            " Q{:.1} {:.1} {x:.1} {:.1}",
            x - 10.0 - 8.0 * swing,
            y + height,
            y + 6.0 * swing - 3.0
        );
    }
    let _ = write!(
        svg,
        r#"<path d="{path}" fill="none" stroke="{INK}" stroke-width="2.6" stroke-linecap="round"/>"#
    );
}
