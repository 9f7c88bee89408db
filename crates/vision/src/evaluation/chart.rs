//! Plots as SVG, without a library: a frame, two axes and a few lines.

use std::fmt::Write;

pub(super) const WIDTH: f64 = 640.0;
pub(super) const HEIGHT: f64 = 480.0;
pub(super) const LEFT: f64 = 70.0;
pub(super) const RIGHT: f64 = 20.0;
pub(super) const TOP: f64 = 44.0;
pub(super) const BOTTOM: f64 = 56.0;

pub(super) const INK: &str = "#1f2933";
const GRID: &str = "#d5dbe1";

/// The values at the plot's edges.
pub(super) struct Frame {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

impl Frame {
    fn across(&self, x: f64) -> f64 {
        LEFT + (x - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - LEFT - RIGHT)
    }

    fn down(&self, y: f64) -> f64 {
        HEIGHT - BOTTOM - (y - self.y.0) / (self.y.1 - self.y.0) * (HEIGHT - TOP - BOTTOM)
    }
}

/// An SVG in the making. Writing to a string cannot fail, so the results of `write!` are not looked at.
pub(super) struct Svg {
    text: String,
}

impl Svg {
    pub(super) fn new(title: &str, frame: &Frame) -> Self {
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"{INK}\">\n\
             <title>{title}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n\
             <text x=\"{LEFT}\" y=\"26\" font-size=\"16\">{title}</text>\n"
        );
        let (x, y) = (frame.across(frame.x.0), frame.down(frame.y.1));
        let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
        let _ = writeln!(
            text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{INK}\"/>"
        );
        Self { text }
    }

    pub(super) fn vertical(&mut self, frame: &Frame, x: f64, label: &str) {
        let (x, top, bottom) = (frame.across(x), TOP, HEIGHT - BOTTOM);
        let _ = writeln!(
            self.text,
            "<line x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"{GRID}\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
            bottom + 16.0
        );
    }

    pub(super) fn horizontal(&mut self, frame: &Frame, y: f64, label: &str) {
        let (y, left, right) = (frame.down(y), LEFT, WIDTH - RIGHT);
        let _ = writeln!(
            self.text,
            "<line x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"{GRID}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 6.0,
            y + 4.0
        );
    }

    pub(super) fn line(&mut self, frame: &Frame, points: &[(f64, f64)], colour: &str) {
        self.dashed_line(frame, points, colour, "none");
    }

    /// `dashes` is what SVG calls a `stroke-dasharray`: lines are told apart without their colours, too.
    pub(super) fn dashed_line(&mut self, frame: &Frame, points: &[(f64, f64)], colour: &str, dashes: &str) {
        let places: Vec<String> =
            points.iter().map(|(x, y)| format!("{:.1},{:.1}", frame.across(*x), frame.down(*y))).collect();
        let _ = writeln!(
            self.text,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" stroke-dasharray=\"{dashes}\"/>",
            places.join(" ")
        );
    }

    /// A point of its own.
    pub(super) fn dot(&mut self, frame: &Frame, (x, y): (f64, f64), colour: &str) {
        let _ = writeln!(
            self.text,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{colour}\" stroke=\"white\" stroke-width=\"1.5\"/>",
            frame.across(x),
            frame.down(y)
        );
    }

    pub(super) fn mark(&mut self, frame: &Frame, x: f64, label: &str) {
        let (x, bottom) = (frame.across(x), HEIGHT - BOTTOM);
        let _ = writeln!(
            self.text,
            "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"{INK}\" stroke-dasharray=\"4 3\"/><text x=\"{:.1}\" y=\"{:.1}\">{label}</text>",
            x + 5.0,
            TOP + 16.0
        );
    }

    pub(super) fn legend(&mut self, entries: &[(&str, &str)]) {
        for (row, (label, colour)) in entries.iter().enumerate() {
            self.legend_entry(LEFT + 12.0, row, label, colour, "none");
        }
    }

    /// One line of a legend whose left edge is at `x`; the label must be escaped.
    pub(super) fn legend_entry(&mut self, x: f64, row: usize, label: &str, colour: &str, dashes: &str) {
        let y = TOP + 18.0 + row as f64 * 18.0;
        let (line, end, text) = (y - 4.0, x + 24.0, x + 30.0);
        let _ = writeln!(
            self.text,
            "<line x1=\"{x}\" y1=\"{line}\" x2=\"{end}\" y2=\"{line}\" stroke=\"{colour}\" stroke-width=\"3\" stroke-dasharray=\"{dashes}\"/><text x=\"{text}\" y=\"{y}\">{label}</text>"
        );
    }

    /// A line of small print above the frame's right end; must be escaped.
    pub(super) fn note(&mut self, text: &str) {
        let (x, y) = (WIDTH - RIGHT, TOP - 8.0);
        let _ = writeln!(
            self.text,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"11\" text-anchor=\"end\">{text}</text>"
        );
    }

    pub(super) fn finish(mut self, across: &str, up: &str) -> String {
        let middle = HEIGHT / 2.0;
        let _ = writeln!(
            self.text,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{across}</text>\n<text transform=\"translate(18 {middle}) rotate(-90)\" text-anchor=\"middle\">{up}</text>\n</svg>",
            (LEFT + WIDTH - RIGHT) / 2.0,
            HEIGHT - 14.0
        );
        self.text
    }
}
