//! SVG: the small part of it in which a picture can come, drawn by an allow-list.
//!
//! The document is read as XML and held against [`allow`] before the renderer sees it. It is read as a tree, not as
//! a stream, since the renderer takes that same tree: what was checked is what is drawn. Nothing outside the
//! document is ever opened.

mod allow;
mod canvas;
mod embedded;

use absah_core::assessment::PictureFault;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use roxmltree::{Document, ParsingOptions};
use usvg::{ImageHrefResolver, ImageRendering, Options, Tree};
use zeroize::Zeroizing;

use self::allow::Contents;
use self::canvas::Extent;
use super::orientation::Raster;

/// The most XML nodes, of which elements are at most [`allow::MAX_ELEMENTS`]; the others are white space.
const MAX_NODES: u32 = 4 * allow::MAX_ELEMENTS as u32;

/// The most `=` and `<` bytes: they bound attributes and tags before the XML parser compares each attribute of an
/// element with all others.
const MAX_DELIMITERS: usize = 8_192;

/// The longest a drawing may take by the estimate, in nanoseconds.
const MAX_DRAWING_TIME: u64 = 1_000_000_000;

/// An SVG within the allow-list.
pub(super) struct Svg<'a> {
    document: Document<'a>,
    extent: Extent,
    contents: Contents,
}

/// Whether the bytes could be SVG: markup after an optional byte-order mark and white space.
pub(super) fn may_be_svg(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"<")
}

impl<'a> Svg<'a> {
    /// Reads the XML and holds it against the allow-list.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PictureFault> {
        Self::read(bytes).ok_or(PictureFault::Unreadable)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_ascii_start();
        let delimiters =
            text.bytes().filter(|byte| matches!(byte, b'=' | b'<')).take(MAX_DELIMITERS + 1).count();
        if delimiters > MAX_DELIMITERS {
            return None;
        }
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).ok()?;
        let contents = allow::check(&document)?;
        let extent = Extent::of(&document.root_element())?;
        Some(Self { document, extent, contents })
    }

    /// Width and height of the `viewBox`, or of the document without one, in pixels.
    pub fn sides(&self) -> (u32, u32) {
        self.extent.rounded()
    }

    /// Two canvases of four bytes a pixel (one for a layer), the result, and each embedded picture as it was
    /// decoded, packed for the renderer and unpacked by it.
    ///
    /// # Errors
    /// `Dimensions` for an embedded picture beyond the bounds of pictures, `Unreadable` where drawing would take
    /// too long.
    pub fn peak_bytes(&self) -> Result<u64, PictureFault> {
        let embedded: u64 = self.contents.pictures.total_pixels()?;
        let canvas = self.extent.most_pixels(self.contents.pictures.largest_pixels());
        if self.contents.drawing_time(self.extent.pixels(), self.extent.height) > MAX_DRAWING_TIME {
            return Err(PictureFault::Unreadable);
        }
        Ok(canvas * (4 + 4 + 3) + embedded * (3 + 3 + 3 + 4))
    }

    /// Draws the document over white.
    pub fn render(&self) -> Result<Raster, PictureFault> {
        let pictures = &self.contents.pictures;
        let decoder = pictures.decoder();
        let options = Options {
            image_rendering: ImageRendering::OptimizeQuality,
            image_href_resolver: ImageHrefResolver {
                resolve_data: Box::new(|_, data, _| decoder.resolve(&data)),
                resolve_string: Box::new(|_, _| None),
            },
            ..Options::default()
        };
        let tree = Tree::from_xmltree(&self.document, &options).map_err(|_| PictureFault::Unreadable)?;
        decoder.outcome()?;
        let most = self.extent.most_pixels(pictures.largest_pixels());
        let canvas = self.extent.canvas(&tree, |pixels, height| {
            pixels <= most && self.contents.drawing_time(pixels, height) <= MAX_DRAWING_TIME
        });
        let (width, height, scale) = canvas.ok_or(PictureFault::Unreadable)?;
        let pixels = draw(&tree, width, height, scale).ok_or(PictureFault::Unreadable)?;
        let rgb =
            pixels.as_chunks().0.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        Ok(Raster { width: width as usize, height: height as usize, rgb: Zeroizing::new(rgb) })
    }
}

/// The tree on a white canvas: opaque RGBA.
fn draw(tree: &Tree, width: u32, height: u32, scale: f32) -> Option<Zeroizing<Vec<u8>>> {
    let mut pixmap = Pixmap::new(width, height)?;
    pixmap.fill(Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Some(Zeroizing::new(pixmap.take()))
}
