//! Paper and screens: how large they are, where the picture lies on them, and what light leaves each place.

use super::Species;
use crate::dice::Dice;
use crate::face::{Bounds, Face};
use crate::picture::Picture;
use crate::simulation::{Light, LightField};

/// A presentation attack instrument. Places on it are in millimetres from its centre, x to the right, y downwards.
pub(super) struct Instrument {
    /// Half the width and height of all of it.
    half: (f32, f32),
    /// Where the picture lies on it: half of its width and height.
    picture: (f32, f32),
    /// Pixels of the picture per millimetre.
    density: f32,
    /// The picture's sides in pixels.
    sides: (f32, f32),
    /// The face on it, in millimetres.
    pub(super) face: Bounds,
    surface: Surface,
}

/// What it is made of.
enum Surface {
    Paper(Paper),
    Screen(Screen),
}

/// A print.
struct Paper {
    /// Light that white paper and full ink give back.
    white: f32,
    black: f32,
    /// How much of the colour is left, 0 to 1.
    colour: f32,
    /// How strongly the screen of ink dots shows, and its pitch in millimetres.
    dots: f32,
    pitch: f32,
    /// Light from the left and from above: change over half the width and height.
    slope: (f32, f32),
    /// Radius of the cylinder it is bent to, in millimetres; negative bends away.
    bend: f32,
    /// Half axes of the outline it is cut along, as shares of the face's sides.
    cut: Option<(f32, f32)>,
}

/// A screen.
struct Screen {
    /// Distance of its pixels in millimetres.
    pitch: f32,
    /// How strongly the gaps between them show.
    gaps: f32,
    /// Light of black, and of the room mirrored in the glass.
    black: f32,
    /// Its white.
    white: Light,
    /// The mirrored lamp: place and half axes in millimetres, light.
    lamp: (f32, f32, f32, f32, f32),
    /// Light of the rim.
    rim: f32,
    /// Radius of the corners in millimetres.
    corner: f32,
}

impl Instrument {
    /// One of a species, made for a picture.
    pub(super) fn choose(species: Species, shown: &Picture, face: &Face, dice: &mut Dice) -> Self {
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let sides = (shown.width() as f32, shown.height() as f32);
        // Width of the area the picture is shown in, margins to the sides and above, all in millimetres.
        let (area, margin) = match species {
            Species::Print => ((between(90.0, 190.0), 1000.0), between(3.0, 12.0)),
            Species::PrintLarge => ((between(280.0, 380.0), 1000.0), 5.0),
            Species::PrintCut => ((between(130.0, 200.0), 1000.0), 0.0),
            Species::PhoneScreen => ((between(64.0, 72.0), between(138.0, 152.0)), between(1.5, 4.0)),
            Species::TabletScreen => ((between(150.0, 200.0), between(150.0, 240.0)), between(6.0, 16.0)),
            Species::MonitorScreen => ((between(480.0, 600.0), between(300.0, 340.0)), 12.0),
        };
        let scale = (area.0 / sides.0).min(area.1 / sides.1);
        let picture = (sides.0 * scale / 2.0, sides.1 * scale / 2.0);
        let screen = |pitch: (f32, f32), corner: f32, between: &mut dyn FnMut(f32, f32) -> f32| {
            let blue = between(0.0, 0.22);
            Surface::Screen(Screen {
                pitch: between(pitch.0, pitch.1),
                gaps: between(0.3, 0.9),
                black: between(0.004, 0.03),
                white: [1.0 - blue, 1.0 - blue / 3.0, 1.0 + blue / 2.0],
                lamp: (
                    between(-60.0, 60.0),
                    between(-80.0, 80.0),
                    between(4.0, 25.0),
                    between(4.0, 25.0),
                    (between(-0.4, 0.5)).max(0.0),
                ),
                rim: between(0.005, 0.06),
                corner,
            })
        };
        let surface = match species {
            Species::PhoneScreen => screen((0.055, 0.08), 6.0, &mut between),
            Species::TabletScreen => screen((0.09, 0.13), 8.0, &mut between),
            Species::MonitorScreen => screen((0.18, 0.28), 2.0, &mut between),
            Species::Print | Species::PrintLarge | Species::PrintCut => Surface::Paper(Paper {
                white: between(0.75, 0.95),
                black: between(0.02, 0.07),
                colour: between(0.7, 1.0),
                dots: between(0.0, 0.12),
                pitch: between(0.12, 0.25),
                slope: (between(-0.3, 0.3), between(-0.3, 0.3)),
                bend: between(120.0, 600.0) * if between(0.0, 1.0) < 0.5 { -1.0 } else { 1.0 },
                cut: (species == Species::PrintCut).then(|| (between(0.62, 0.8), between(0.66, 0.85))),
            }),
        };
        let half = match species {
            Species::Print | Species::PrintLarge | Species::PrintCut => {
                (picture.0 + margin, picture.1 + margin)
            }
            _ => (area.0.max(2.0 * picture.0) / 2.0 + margin, area.1 / 2.0 + margin),
        };
        let place = |x: f32, y: f32| (x * scale - picture.0, y * scale - picture.1);
        let (left, top) = place(face.bounds.left, face.bounds.top);
        let face = Bounds { left, top, width: face.bounds.width * scale, height: face.bounds.height * scale };
        Self { half, picture, density: 1.0 / scale, sides, face, surface }
    }

    /// The light that leaves a place; `None` where there is nothing of it. `footprint` is how many millimetres of it
    /// a pixel of the camera covers.
    pub(super) fn light(&self, shown: &LightField, x: f32, y: f32, footprint: f32) -> Option<Light> {
        if x.abs() > self.half.0 || y.abs() > self.half.1 {
            return None;
        }
        match &self.surface {
            Surface::Paper(paper) => paper.light(self, shown, x, y, footprint),
            Surface::Screen(screen) => screen.light(self, shown, x, y, footprint),
        }
    }

    /// The picture's own light at a place; `None` beside the picture.
    fn shown(&self, shown: &LightField, x: f32, y: f32) -> Option<Light> {
        if x.abs() > self.picture.0 || y.abs() > self.picture.1 {
            return None;
        }
        let at = |place: f32, half: f32, side: f32| ((place + half) * self.density - 0.5).min(side - 1.0);
        Some(shown.at(at(x, self.picture.0, self.sides.0), at(y, self.picture.1, self.sides.1)))
    }
}

impl Paper {
    fn light(&self, whole: &Instrument, shown: &LightField, x: f32, y: f32, footprint: f32) -> Option<Light> {
        if let Some((across, down)) = self.cut {
            let centre = whole.face.centre();
            let (dx, dy) = (
                (x - centre.x) / (across * whole.face.width),
                (y - centre.y + 0.12 * whole.face.height) / (down * whole.face.height),
            );
            // Scissors do not follow an ellipse exactly.
            let angle = dy.atan2(dx);
            let outline = 1.0 + 0.05 * (3.0 * angle + self.bend).sin() + 0.03 * (7.0 * angle).sin();
            if dx.hypot(dy) > outline {
                return None;
            }
        }
        let ink = whole.shown(shown, x, y).unwrap_or([1.0; 3]);
        let grey = ink.iter().sum::<f32>() / 3.0;
        let dots = 1.0 + self.dots * pattern(x, self.pitch, footprint) * pattern(y, self.pitch, footprint);
        let lit = 1.0 + self.slope.0 * x / whole.half.0 + self.slope.1 * y / whole.half.1;
        // A bent sheet turns away from the lamp towards its sides.
        let turned = (x / self.bend).clamp(-1.2, 1.2).cos();
        Some(ink.map(|ink| {
            let printed = (grey + (ink - grey) * self.colour) * dots;
            (self.black + (self.white - self.black) * printed) * lit * turned
        }))
    }
}

impl Screen {
    fn light(&self, whole: &Instrument, shown: &LightField, x: f32, y: f32, footprint: f32) -> Option<Light> {
        let corner = (
            (x.abs() - whole.half.0 + self.corner).max(0.0),
            (y.abs() - whole.half.1 + self.corner).max(0.0),
        );
        if corner.0.hypot(corner.1) > self.corner {
            return None;
        }
        let (lamp_x, lamp_y, across, down, lamp) = self.lamp;
        let away = ((x - lamp_x) / across).powi(2) + ((y - lamp_y) / down).powi(2);
        let mirrored = self.black + lamp * (-away).exp();
        let Some(picture) = whole.shown(shown, x, y) else {
            let rim = x.abs() > whole.half.0 - 1.5 || y.abs() > whole.half.1 - 1.5;
            return Some([if rim { self.rim } else { 0.0 } + mirrored; 3]);
        };
        // Each colour has a stripe of its own in every pixel; rows have gaps between them.
        let rows = 1.0 + 0.5 * self.gaps * pattern(y, self.pitch, footprint);
        let mut light = [0.0; 3];
        for (channel, light) in light.iter_mut().enumerate() {
            let stripe = x - self.pitch * channel as f32 / 3.0;
            let columns = 1.0 + self.gaps * pattern(stripe, self.pitch, footprint);
            *light = picture[channel] * self.white[channel] * rows * columns + mirrored;
        }
        Some(light)
    }
}

/// A wave of `pitch` as a square aperture of `footprint` sees it: beyond one period a pixel it fades, and what is left
/// appears folded down to the camera's own grid, which is what moiré is.
fn pattern(place: f32, pitch: f32, footprint: f32) -> f32 {
    let periods = footprint / pitch * std::f32::consts::PI;
    let seen = if periods < 1e-3 { 1.0 } else { periods.sin() / periods };
    seen * (std::f32::consts::TAU * place / pitch).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finer_than_the_pixels_fades() {
        for (footprint, most) in [(0.01, 1.0), (1.0, 0.01), (1.5, 0.22), (7.5, 0.05)] {
            let strongest =
                (0..1000).map(|at| pattern(at as f32 / 100.0, 1.0, footprint).abs()).fold(0.0, f32::max);
            assert!(strongest <= most, "{footprint}: {strongest}");
        }
    }
}
