//! Which SVG documents are drawn at all.
//!
//! Allowed are `svg` (as the root), `g`, `path`, the basic shapes, `image` with a data URI, and the descriptive
//! elements. Everything that runs, refers, repeats, filters, masks or needs fonts is refused, and so is every
//! attribute not named here: what a renderer learns to honour tomorrow is not allowed by today's silence.

use roxmltree::{Attribute, Document, Node, NodeType};

use super::embedded::Pictures;

/// The most elements.
pub(super) const MAX_ELEMENTS: usize = 1_000;

/// How deep elements may nest; the renderer descends recursively.
const MAX_DEPTH: usize = 64;

/// The most bytes of all attribute values together, data URIs aside.
const MAX_ATTRIBUTE_BYTES: usize = 256 * 1024;

/// The most bytes of path data and points together: some ten thousand segments.
const MAX_PATH_BYTES: usize = 64 * 1024;

/// Nanoseconds for a pixel of a shape, which may cover the whole canvas.
const SHAPE_PIXEL: u64 = 12;

/// Nanoseconds for a pixel of a picture, turned and filtered.
const PICTURE_PIXEL: u64 = 24;

/// Nanoseconds for a byte of path data in a row: a stroked segment may cross every row several times.
const PATH_ROW: u64 = 15;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What a document holds, as far as it costs.
#[derive(Default)]
pub(super) struct Contents {
    /// Embedded pictures.
    pub pictures: Pictures,
    shapes: u64,
    path_bytes: usize,
    attribute_bytes: usize,
}

impl Contents {
    /// An upper estimate of the time to draw on a canvas of that many pixels and rows, in nanoseconds.
    pub fn drawing_time(&self, pixels: u64, height: f64) -> u64 {
        let covered =
            pixels.saturating_mul(SHAPE_PIXEL * self.shapes + PICTURE_PIXEL * self.pictures.count());
        // Saturates, as a side without bound has to.
        let crossed = PATH_ROW.saturating_mul(self.path_bytes as u64).saturating_mul(height.max(0.0) as u64);
        covered.saturating_add(crossed)
    }
}

/// Holds a document against the allow-list; `None` where something is not on it.
pub(super) fn check(document: &Document<'_>) -> Option<Contents> {
    let mut contents = Contents::default();
    let mut elements = 0;
    let root = document.root_element();
    let mut stack = vec![(root, 1)];
    if !document.root().children().all(|node| node == root || node.is_comment()) {
        return None;
    }
    while let Some((node, depth)) = stack.pop() {
        match node.node_type() {
            NodeType::Comment | NodeType::Text => continue,
            NodeType::Element => {}
            NodeType::Root | NodeType::PI => return None,
        }
        elements += 1;
        if elements > MAX_ELEMENTS || depth > MAX_DEPTH {
            return None;
        }
        check_element(node, node == root, &mut contents)?;
        stack.extend(node.children().map(|child| (child, depth + 1)));
    }
    Some(contents)
}

fn check_element(node: Node<'_, '_>, is_root: bool, contents: &mut Contents) -> Option<()> {
    if node.tag_name().namespace() != Some(SVG) {
        return None;
    }
    let name = node.tag_name().name();
    match name {
        "svg" if is_root => {}
        _ if is_root => return None,
        "g" | "title" | "desc" | "metadata" => {}
        "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" => contents.shapes += 1,
        "image" => {}
        _ => return None,
    }
    let mut hrefs = 0;
    for attribute in node.attributes() {
        if is_href(&attribute) {
            hrefs += 1;
            if name != "image" || hrefs > 1 {
                return None;
            }
            contents.pictures.add(attribute.value())?;
            continue;
        }
        contents.attribute_bytes += attribute.value().len();
        if contents.attribute_bytes > MAX_ATTRIBUTE_BYTES {
            return None;
        }
        check_attribute(&attribute, contents)?;
    }
    Some(())
}

fn is_href(attribute: &Attribute<'_, '_>) -> bool {
    attribute.name() == "href" && matches!(attribute.namespace(), None | Some(XLINK))
}

fn check_attribute(attribute: &Attribute<'_, '_>, contents: &mut Contents) -> Option<()> {
    let (name, value) = (attribute.name(), attribute.value());
    match (attribute.namespace(), name) {
        (None, "style") => check_style(value),
        (None, "d" | "points") => {
            contents.path_bytes += value.len();
            (contents.path_bytes <= MAX_PATH_BYTES).then_some(())
        }
        (
            None,
            "id"
            | "class"
            | "version"
            | "baseProfile"
            | "viewBox"
            | "preserveAspectRatio"
            | "transform"
            | "x"
            | "y"
            | "width"
            | "height"
            | "cx"
            | "cy"
            | "r"
            | "rx"
            | "ry"
            | "x1"
            | "y1"
            | "x2"
            | "y2"
            | "pathLength",
        ) => Some(()),
        (None, _) => check_property(name, value),
        (Some(XML), "space" | "lang") => Some(()),
        (Some(XML | XLINK | SVG), _) => None,
        // Editors keep notes in namespaces of their own, which no renderer reads.
        (Some(_), _) => Some(()),
    }
}

/// A `style` attribute: declarations of allowed properties, nothing cleverer.
fn check_style(style: &str) -> Option<()> {
    if style.contains(['/', '\\', '@', '{', '"', '\'']) {
        return None;
    }
    style.split(';').map(str::trim).filter(|declaration| !declaration.is_empty()).try_for_each(
        |declaration| {
            let (name, value) = declaration.split_once(':')?;
            check_property(name.trim(), value.trim())
        },
    )
}

/// A presentation property, whether attribute or style.
fn check_property(name: &str, value: &str) -> Option<()> {
    let allowed = match name {
        "fill" | "fill-opacity" | "fill-rule" | "stroke" | "stroke-width" | "stroke-linecap"
        | "stroke-linejoin" | "stroke-miterlimit" | "stroke-opacity" | "color" | "visibility" | "display"
        | "overflow" | "clip-rule" | "enable-background" | "image-rendering" | "shape-rendering"
        | "color-rendering" => {
            // A paint may refer to another element, or to another document.
            !value.contains('(') || is_color(value)
        }
        // Opacity of a group takes a canvas of its own at each level, and dashes multiply segments without bound.
        "opacity" => matches!(value.trim(), "1" | "1.0" | "100%"),
        "stroke-dasharray" => value.trim() == "none",
        _ => false,
    };
    allowed.then_some(())
}

/// A colour in functional notation.
fn is_color(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    ["rgb(", "rgba(", "hsl(", "hsla("].iter().any(|function| value.starts_with(function))
        && value.matches('(').count() == 1
}
