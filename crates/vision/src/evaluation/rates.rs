//! Error rates and how sure they are.

use serde::Serialize;

/// A rate with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Errors.
    pub errors: u64,
    /// Comparisons that could err.
    pub of: u64,
    /// Errors over comparisons, 0 to 1.
    pub rate: f64,
    /// Where the true rate lies with 95 % confidence, were the comparisons independent.
    pub interval: Interval,
}

/// An interval of rates, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Rate {
    /// `errors` of `of` comparisons, `of` above zero; no error at all is bounded by the rule of three.
    pub fn new(errors: u64, of: u64) -> Self {
        let rate = errors as f64 / of as f64;
        let interval = match errors {
            0 => Interval { low: 0.0, high: (3.0 / of as f64).min(1.0) },
            _ => wilson(rate, of as f64),
        };
        Self { errors, of, rate, interval }
    }
}

/// The standard normal deviate of 97.5 %.
const DEVIATE: f64 = 1.959_963_984_540_054;

/// Wilson's score interval (E. B. Wilson, 1927), which stays sound for rates near 0 and 1.
fn wilson(rate: f64, of: f64) -> Interval {
    let square = DEVIATE * DEVIATE;
    let centre = rate + square / (2.0 * of);
    let reach = DEVIATE * (rate * (1.0 - rate) / of + square / (4.0 * of * of)).sqrt();
    let scale = 1.0 + square / of;
    Interval { low: ((centre - reach) / scale).max(0.0), high: ((centre + reach) / scale).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_the_textbook_ones() {
        let table = [
            (10, 100, 0.0552, 0.1744),
            (1, 10, 0.0179, 0.4042),
            (5, 5, 0.5655, 1.0),
            (0, 300, 0.0, 0.01),
            (0, 1, 0.0, 1.0),
        ];
        for (errors, of, low, high) in table {
            let Interval { low: found_low, high: found_high } = Rate::new(errors, of).interval;
            assert!(
                (found_low - low).abs() < 1e-4 && (found_high - high).abs() < 1e-4,
                "{errors}/{of}: {found_low} {found_high}"
            );
        }
    }
}
