//! Drawings to pixels, with the bundled fonts alone.

use std::sync::{Arc, LazyLock};

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use resvg::tiny_skia::{Pixmap, Transform};
use usvg::fontdb::Database;
use usvg::{Options, Tree};

use super::{CARD_HEIGHT, CARD_WIDTH, CardStyle, CardText, SpecimenError, layout, template};
use crate::picture::Picture;

const OCR_A: &[u8] = include_bytes!("../../assets/fonts/OCRA.ttf");
const LIBERATION_SANS: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
const LIBERATION_SANS_BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");

/// Draws a card of that width: ground and type, the portrait, then frame and stamp.
pub(super) fn card(
    text: &CardText,
    style: &CardStyle,
    portrait: &Picture,
    width: u32,
) -> Result<Picture, SpecimenError> {
    let scale = width as f32 / CARD_WIDTH as f32;
    let height = pixel(scale, CARD_HEIGHT);
    let zoom = Transform::from_scale(scale, height as f32 / CARD_HEIGHT as f32);
    let mut sheet = Pixmap::new(width, height).ok_or(SpecimenError::Empty)?;
    let ground = parse(&template::ground(text, style, &line_width)?)?;
    resvg::render(&ground, zoom, &mut sheet.as_mut());
    mount(portrait, &mut sheet)?;
    resvg::render(&parse(&template::overlay(text))?, zoom, &mut sheet.as_mut());
    // The ground covers the whole sheet, so every pixel is opaque and its colour is not premultiplied away.
    let rgb = sheet.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
    Picture::new(width, height, rgb).ok_or(SpecimenError::Empty)
}

/// The picture at another size.
pub(super) fn resized(picture: &Picture, width: u32, height: u32) -> Result<Picture, SpecimenError> {
    let whole = (0.0, 0.0, f64::from(picture.width()), f64::from(picture.height()));
    Picture::new(width, height, resample(picture, whole, width, height)?).ok_or(SpecimenError::Empty)
}

/// Lays the portrait into its box, cut evenly at the sides that stand out.
fn mount(portrait: &Picture, sheet: &mut Pixmap) -> Result<(), SpecimenError> {
    let [left, top, right, bottom] = layout::PORTRAIT;
    let (sheet_width, sheet_height) = (sheet.width(), sheet.height());
    let (left, right) = (pixel(left, sheet_width), pixel(right, sheet_width));
    let (top, bottom) = (pixel(top, sheet_height), pixel(bottom, sheet_height));
    let (width, height) = (right - left, bottom - top);

    let (held_width, held_height) = (f64::from(portrait.width()), f64::from(portrait.height()));
    let zoom = (f64::from(width) / held_width).max(f64::from(height) / held_height);
    let (cut_width, cut_height) = (f64::from(width) / zoom, f64::from(height) / zoom);
    let cut = ((held_width - cut_width) / 2.0, (held_height - cut_height) / 2.0, cut_width, cut_height);

    let rgb = resample(portrait, cut, width, height)?;
    let rows = sheet.data_mut().chunks_exact_mut(sheet_width as usize * 4).skip(top as usize);
    for (row, source) in rows.zip(rgb.chunks_exact(width as usize * 3)) {
        let pixels = row.chunks_exact_mut(4).skip(left as usize);
        for (target, colour) in pixels.zip(source.chunks_exact(3)) {
            for (channel, value) in target.iter_mut().zip(colour) {
                *channel = *value;
            }
        }
    }
    Ok(())
}

/// A part of the picture (left, top, width, height) at another size, by Lanczos' filter.
fn resample(
    picture: &Picture,
    (left, top, part_width, part_height): (f64, f64, f64, f64),
    width: u32,
    height: u32,
) -> Result<Vec<u8>, SpecimenError> {
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.rgb())
        .map_err(|_| SpecimenError::Empty)?;
    let mut pixels = vec![0; width as usize * height as usize * 3];
    let mut target =
        TypedImage::<U8x3>::from_buffer(width, height, &mut pixels).map_err(|_| SpecimenError::Empty)?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
        left,
        top,
        part_width,
        part_height,
    );
    Resizer::new().resize_typed(&source, &mut target, &options)?;
    Ok(pixels)
}

/// Width of a line of type in pixels.
fn line_width(text: &str, family: &str, size: f32) -> Result<f32, SpecimenError> {
    Ok(parse(&template::line_alone(text, family, size))?.root().bounding_box().right())
}

/// Reads a drawing. It may name the bundled fonts and nothing outside: no file, no data URI, no system font.
fn parse(svg: &str) -> Result<Tree, SpecimenError> {
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        for font in [OCR_A, LIBERATION_SANS, LIBERATION_SANS_BOLD] {
            fonts.load_font_data(font.to_vec());
        }
        Arc::new(fonts)
    });
    let mut options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    options.image_href_resolver.resolve_data = Box::new(|_, _, _| None);
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    Ok(Tree::from_str(svg, &options)?)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a card's side")]
fn pixel(fraction: f32, side: u32) -> u32 {
    (fraction * side as f32).round() as u32
}
