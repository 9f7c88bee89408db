//! How large an SVG is, and on how many pixels it is drawn.

use roxmltree::Node;
use usvg::{Group, Image, Tree};

use super::super::{MAX_PIXELS, MAX_SIDE};

/// The most a canvas grows in each direction, so that an embedded photograph keeps its own resolution.
const MAX_ENLARGEMENT: f64 = 8.0;

/// An SVG's size in CSS pixels: finite, above zero.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub width: f64,
    pub height: f64,
}

impl Extent {
    /// The size of the `viewBox`, or without one the `width` and `height`; `None` where neither says it.
    ///
    /// The `viewBox` goes first because its numbers are the picture's own coordinates, whatever physical size
    /// (`12cm`, `100%`) the document asks to be shown at.
    pub fn of(root: &Node<'_, '_>) -> Option<Self> {
        let (width, height) = match root.attribute("viewBox") {
            Some(view_box) => sides_of_view_box(view_box)?,
            None => (length(root.attribute("width")?)?, length(root.attribute("height")?)?),
        };
        let plausible = |side: f64| side.is_finite() && side > 0.0;
        (plausible(width) && plausible(height)).then_some(Self { width, height })
    }

    /// Whole pixels, at least one a side.
    pub fn rounded(self) -> (u32, u32) {
        // Saturates: a side beyond the type's range is far beyond every bound.
        let whole = |side: f64| side.round().max(1.0) as u32;
        (whole(self.width), whole(self.height))
    }

    /// Pixels at this size.
    pub fn pixels(self) -> u64 {
        let (width, height) = self.rounded();
        u64::from(width) * u64::from(height)
    }

    /// The most pixels a canvas grows to for the sake of an embedded picture: four times that picture, and no more
    /// than any picture may have.
    pub fn most_pixels(self, largest_picture: u64) -> u64 {
        self.pixels().max(largest_picture.saturating_mul(4).min(MAX_PIXELS))
    }

    /// Width and height of the canvas, and the scale from the tree's units to its pixels.
    ///
    /// The canvas has this extent; or it is larger, where the largest embedded picture would lose resolution and
    /// `affordable` agrees to the pixels and height.
    pub fn canvas(self, tree: &Tree, affordable: impl Fn(u64, f64) -> bool) -> Option<(u32, u32, f32)> {
        let (tree_width, tree_height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
        let fit = (self.width / tree_width).min(self.height / tree_height);
        let own =
            most_reduced(tree.root()).map_or(1.0, |reduction| reduction / fit).clamp(1.0, MAX_ENLARGEMENT);
        [own, own.sqrt(), 1.0].into_iter().find_map(|enlargement| {
            let scale = fit * enlargement;
            let size = Self { width: tree_width * scale, height: tree_height * scale };
            let (width, height) = size.rounded();
            let within = width <= MAX_SIDE && height <= MAX_SIDE && size.pixels() <= MAX_PIXELS;
            (within && affordable(size.pixels(), size.height)).then_some((width, height, scale as f32))
        })
    }
}

/// How many pixels of the embedded picture that covers the most lie on one unit of the tree; `None` without any.
fn most_reduced(root: &Group) -> Option<f64> {
    let area = |image: &Image| image.abs_bounding_box().width() * image.abs_bounding_box().height();
    let mut groups = vec![root];
    let mut largest: Option<&Image> = None;
    while let Some(group) = groups.pop() {
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => groups.push(group),
                usvg::Node::Image(image) if largest.is_none_or(|other| area(image) > area(other)) => {
                    largest = Some(image);
                }
                _ => {}
            }
        }
    }
    let (horizontal, vertical) = largest?.abs_transform().get_scale();
    let scale = f64::from(horizontal.min(vertical));
    (scale.is_finite() && scale > 0.0).then(|| 1.0 / scale)
}

/// The last two of the four numbers of a `viewBox`.
fn sides_of_view_box(value: &str) -> Option<(f64, f64)> {
    let mut numbers =
        value.split([',', ' ', '\t', '\r', '\n']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let (_, _) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let sides = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    numbers.next().is_none().then_some(sides)
}

/// An absolute length in CSS pixels, 96 to the inch (CSS Values 4, 6.2).
fn length(value: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 6] = [
        ("px", 1.0),
        ("in", 96.0),
        ("cm", 96.0 / 2.54),
        ("mm", 9.6 / 2.54),
        ("pt", 96.0 / 72.0),
        ("pc", 16.0),
    ];
    let value = value.trim();
    let (number, unit) = UNITS
        .iter()
        .find_map(|(unit, pixels)| Some((value.strip_suffix(unit)?, *pixels)))
        .unwrap_or((value, 1.0));
    Some(number.trim_end().parse::<f64>().ok()? * unit)
}
