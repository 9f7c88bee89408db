//! A window on a picture, drawn on a canvas of the detector's size.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use crate::face::luma;
use crate::geometry::{Bounds, Point};
use crate::models::Input;
use crate::picture::Picture;
use crate::runtime::{ModelError, Scratch};

/// A rectangle of a picture, which may reach beyond its borders, and the canvas it is drawn on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct View {
    /// What is seen, in pixels of the picture.
    window: Bounds,
    /// Canvas pixels per pixel of the picture.
    scale: f32,
    /// Canvas width.
    pub(crate) width: usize,
    /// Canvas height.
    pub(crate) height: usize,
}

/// Where the picture's part of a view lies on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placement {
    /// The part of the picture that is seen, whole pixels.
    seen: Bounds,
    /// Its first column, first row, width and height on the canvas.
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl View {
    /// The whole picture with a border of `margin` times its longer side all around, its longer side `side` canvas
    /// pixels, but never drawn more than `enlarged` times its size.
    pub(crate) fn whole(picture: &Picture, side: usize, margin: f32, enlarged: f32, step: usize) -> Self {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let border = margin * width.max(height);
        let window = Bounds {
            left: -border,
            top: -border,
            width: width + 2.0 * border,
            height: height + 2.0 * border,
        };
        Self::of(window, side, enlarged, step)
    }

    /// The square of `share` times the longer side of `around`, about its centre.
    pub(crate) fn square(around: Bounds, share: f32, side: usize, enlarged: f32, step: usize) -> Self {
        let (length, centre) = (around.width.max(around.height) * share, around.centre());
        let window = Bounds {
            left: centre.x - length / 2.0,
            top: centre.y - length / 2.0,
            width: length,
            height: length,
        };
        Self::of(window, side, enlarged, step)
    }

    /// The window with its longer side drawn `side` pixels long, on a canvas whose sides are multiples of `step`.
    fn of(window: Bounds, side: usize, enlarged: f32, step: usize) -> Self {
        let scale = (side as f32 / window.width.max(window.height)).min(enlarged);
        let canvas = |length: f32| ((length * scale).round().max(1.0) as usize).next_multiple_of(step);
        Self { window, scale, width: canvas(window.width), height: canvas(window.height) }
    }

    /// Canvas pixels per pixel of the picture.
    pub(crate) fn scale(&self) -> f32 {
        self.scale
    }

    /// Draws it as the model's planes, into `scratch.planes`; beyond the picture's borders its outermost pixels go on.
    ///
    /// `None` where the view shows nothing of the picture.
    pub(crate) fn draw(
        &self,
        picture: &Picture,
        input: &Input,
        scratch: &mut Scratch,
    ) -> Result<Option<Placement>, ModelError> {
        let Some(placement) = self.resize(picture, scratch)? else { return Ok(None) };
        let Scratch { pixels, planes, .. } = scratch;
        planes.clear();
        for plane in input.planes() {
            self.spread(&placement, pixels, planes, |[pixel]| plane.value(pixel), [plane.channel]);
        }
        Ok(Some(placement))
    }

    /// Draws its luma (ITU-R BT.601, 0 to 255) into `scratch.planes`; else as [`Self::draw`].
    pub(crate) fn draw_luma(
        &self,
        picture: &Picture,
        scratch: &mut Scratch,
    ) -> Result<Option<Placement>, ModelError> {
        let Some(placement) = self.resize(picture, scratch)? else { return Ok(None) };
        let Scratch { pixels, planes, .. } = scratch;
        planes.clear();
        self.spread(&placement, pixels, planes, luma, [0, 1, 2]);
        Ok(Some(placement))
    }

    /// Brings the part that is seen to its size, into `scratch.pixels`.
    fn resize(&self, picture: &Picture, scratch: &mut Scratch) -> Result<Option<Placement>, ModelError> {
        let Some(placement) = self.placement(picture) else { return Ok(None) };
        let Scratch { resizer, pixels, .. } = scratch;
        let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.rgb())?;
        pixels.resize(placement.width * placement.height * 3, 0);
        let mut target =
            TypedImage::<U8x3>::from_buffer(placement.width as u32, placement.height as u32, pixels)?;
        let seen = placement.seen;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(
            seen.left.into(),
            seen.top.into(),
            seen.width.into(),
            seen.height.into(),
        );
        resizer.resize_typed(&source, &mut target, &options)?;
        Ok(Some(placement))
    }

    /// Appends one plane of the canvas: what `value` makes of the `channels` of each pixel, the outermost ones going on
    /// beyond the picture's borders.
    #[inline]
    fn spread<const N: usize>(
        &self,
        placement: &Placement,
        pixels: &[u8],
        planes: &mut Vec<f32>,
        value: impl Fn([u8; N]) -> f32,
        channels: [usize; N],
    ) {
        for row in 0..self.height {
            let inner = row.saturating_sub(placement.top).min(placement.height - 1) * placement.width * 3;
            let line = pixels.get(inner..inner + placement.width * 3).unwrap_or_default().as_chunks::<3>().0;
            let start = planes.len();
            let mut values = line.iter().map(|pixel| value(channels.map(|channel| pixel[channel])));
            let first = values.next().unwrap_or_default();
            planes.resize(start + placement.left + 1, first);
            planes.extend(values);
            let last = planes.last().copied().unwrap_or_default();
            planes.resize(start + self.width, last);
        }
    }

    /// The seen part on the canvas: at least one pixel, never beyond the canvas.
    fn placement(&self, picture: &Picture) -> Option<Placement> {
        let along = |start: f32, length: f32, side: u32, canvas: usize| {
            let from = start.max(0.0).floor();
            let to = (start + length).min(side as f32).ceil();
            if from >= to {
                return None;
            }
            let first = (((from - start) * self.scale).round().max(0.0) as usize).min(canvas - 1);
            let drawn = (((to - from) * self.scale).round().max(1.0) as usize).min(canvas - first);
            Some((from, to - from, first, drawn))
        };
        let (left, seen_width, first_column, width) =
            along(self.window.left, self.window.width, picture.width(), self.width)?;
        let (top, seen_height, first_row, height) =
            along(self.window.top, self.window.height, picture.height(), self.height)?;
        let seen = Bounds { left, top, width: seen_width, height: seen_height };
        Some(Placement { seen, left: first_column, top: first_row, width, height })
    }
}

impl Placement {
    /// A canvas place in the picture; both count from the centre of the top left pixel.
    pub(crate) fn in_picture(&self, canvas: Point) -> Point {
        let along = |place: f32, first: usize, drawn: usize, from: f32, length: f32| {
            from + (place + 0.5 - first as f32) * (length / drawn as f32) - 0.5
        };
        Point {
            x: along(canvas.x, self.left, self.width, self.seen.left, self.seen.width),
            y: along(canvas.y, self.top, self.height, self.seen.top, self.seen.height),
        }
    }

    /// Canvas bounds in the picture.
    pub(crate) fn bounds_in_picture(&self, canvas: Bounds) -> Bounds {
        let first = self.in_picture(Point { x: canvas.left, y: canvas.top });
        let last = self.in_picture(Point { x: canvas.left + canvas.width, y: canvas.top + canvas.height });
        Bounds { left: first.x, top: first.y, width: last.x - first.x, height: last.y - first.y }
    }
}
