//! How pictures are fed to a model.

use serde::Deserialize;

/// How pictures are fed: (value - mean) * scale for values of 0 to 255, in planes (NCHW).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where given, other sizes may be fed as well: multiples of this.
    pub multiple_of: Option<u32>,
    /// Order of the planes.
    pub channels: Channels,
    /// Subtracted from every value.
    #[serde(default)]
    pub mean: PerChannel,
    /// Multiplied with what is left; 1 where neither it nor `std` is given.
    scale: Option<PerChannel>,
    /// What is left is divided by it, instead of multiplied with `scale`.
    std: Option<PerChannel>,
}

/// Order of the colour planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// One number for all channels, or one for each in the order of [`Channels`].
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum PerChannel {
    /// The same for all.
    All(f32),
    /// One each.
    Each([f32; 3]),
}

impl Default for PerChannel {
    fn default() -> Self {
        Self::All(0.0)
    }
}

impl PerChannel {
    fn numbers(self) -> [f32; 3] {
        match self {
            Self::All(number) => [number; 3],
            Self::Each(numbers) => numbers,
        }
    }
}

/// One of a model's planes: which channel of an RGB pixel it holds, and how a pixel's value is put.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plane {
    pub(crate) channel: usize,
    mean: f32,
    scale: f32,
}

impl Plane {
    /// What the model is fed for a pixel's value.
    #[inline]
    pub(crate) fn value(self, pixel: u8) -> f32 {
        (f32::from(pixel) - self.mean) * self.scale
    }
}

impl Input {
    /// What makes the numbers unusable; `None` where nothing does.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let sides = [self.width, self.height];
        let step_fits = |step| step > 0 && sides.iter().all(|side| side % step == 0);
        let numbers = [Some(self.mean), self.scale, self.std].into_iter().flatten();
        let scales = [self.scale, self.std].into_iter().flatten();
        if sides.iter().any(|side| !(1..=4096).contains(side)) {
            Some("input: sides of 1 to 4096 pixels")
        } else if !self.multiple_of.is_none_or(step_fits) {
            Some("input: sides that are multiples of multiple_of")
        } else if self.scale.is_some() && self.std.is_some() {
            Some("input: scale or std, not both")
        } else if numbers.flat_map(PerChannel::numbers).any(|number| !number.is_finite())
            || scales.flat_map(PerChannel::numbers).any(|scale| scale == 0.0)
        {
            Some("input: finite mean, scale and std, the latter two not zero")
        } else {
            None
        }
    }

    /// The model's planes, in their order.
    pub(crate) fn planes(&self) -> [Plane; 3] {
        let channels = match self.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let scale = match (self.scale, self.std) {
            (Some(scale), _) => scale.numbers(),
            (None, Some(std)) => std.numbers().map(f32::recip),
            (None, None) => [1.0; 3],
        };
        let mean = self.mean.numbers();
        [0, 1, 2].map(|place: usize| Plane {
            channel: channels[place],
            mean: mean[place],
            scale: scale[place],
        })
    }

    /// Writes packed RGB pixels as the model's planes.
    pub(crate) fn fill_planes(&self, rgb: &[u8], planes: &mut Vec<f32>) {
        planes.clear();
        for plane in self.planes() {
            planes.extend(rgb.iter().skip(plane.channel).step_by(3).map(|&pixel| plane.value(pixel)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planes(text: &str) -> Vec<f32> {
        let input: Input = toml::from_str(&format!("width = 2\nheight = 1\n{text}")).expect("an input");
        assert_eq!(input.fault(), None, "{text}");
        let mut planes = Vec::new();
        input.fill_planes(&[10, 20, 30, 40, 50, 60], &mut planes);
        planes
    }

    #[test]
    fn pixels_are_fed_as_the_entry_says() {
        let table: [(&str, [f32; 6]); 5] = [
            ("channels = \"rgb\"", [10.0, 40.0, 20.0, 50.0, 30.0, 60.0]),
            ("channels = \"bgr\"", [30.0, 60.0, 20.0, 50.0, 10.0, 40.0]),
            ("channels = \"rgb\"\nmean = 10\nscale = 0.5", [0.0, 15.0, 5.0, 20.0, 10.0, 25.0]),
            ("channels = \"rgb\"\nmean = [10, 20, 30]\nstd = [1, 2, 5]", [0.0, 30.0, 0.0, 15.0, 0.0, 6.0]),
            ("channels = \"bgr\"\nmean = [30, 20, 10]\nstd = 10", [0.0, 3.0, 0.0, 3.0, 0.0, 3.0]),
        ];
        for (text, expected) in table {
            let found = planes(text);
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{text}: {found:?}");
        }
    }

    #[test]
    fn unusable_numbers_are_told() {
        let table = [
            ("width = 0\nheight = 1", "sides of 1"),
            ("width = 30\nheight = 32\nmultiple_of = 32", "multiples"),
            ("width = 1\nheight = 1\nscale = 1\nstd = 1", "not both"),
            ("width = 1\nheight = 1\nstd = [1, 0, 1]", "not zero"),
            ("width = 1\nheight = 1\nmean = nan", "finite"),
        ];
        for (text, expected) in table {
            let input: Input = toml::from_str(&format!("channels = \"rgb\"\n{text}")).expect("an input");
            assert!(
                input.fault().is_some_and(|fault| fault.contains(expected)),
                "{text}: {:?}",
                input.fault()
            );
        }
    }
}
