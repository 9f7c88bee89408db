//! The normal deviate of a probability, which error trade-offs are drawn by.

/// The standard normal quantile of `p`, 0 < `p` < 1, to about seven digits: algorithm AS 241, PPND7 (M. J. Wichura,
/// Applied Statistics 37, 1988).
pub(super) fn deviate(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(r, &[3.387_132_717_9, 50.434_271_938, 159.291_132_02, 59.109_374_72])
            / polynomial(r, &[1.0, 17.895_169_469, 78.757_757_664, 67.187_563_6]);
    }
    let r = (-p.min(1.0 - p).ln()).sqrt();
    let distance = if r <= 5.0 {
        let r = r - 1.6;
        polynomial(r, &[1.423_437_277_7, 2.756_815_39, 1.306_728_481_6, 0.170_238_211_03])
            / polynomial(r, &[1.0, 0.737_001_642_5, 0.120_211_329_75])
    } else {
        let r = r - 5.0;
        polynomial(r, &[6.657_905_115, 3.081_226_386, 0.428_682_943_37, 0.017_337_203_997])
            / polynomial(r, &[1.0, 0.241_978_942_25, 0.012_258_202_635])
    };
    distance.copysign(q)
}

/// Coefficients from the constant up.
fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviates_are_those_of_the_tables() {
        let table = [
            (0.5, 0.0),
            (0.6, 0.253_347_103),
            (0.9, 1.281_551_566),
            (0.95, 1.644_853_627),
            (0.975, 1.959_963_985),
            (0.99, 2.326_347_874),
            (0.999, 3.090_232_306),
            (0.999_999, 4.753_424_309),
            (1.0 - 1e-9, 5.997_807_015),
        ];
        for (p, expected) in table {
            assert!((deviate(p) - expected).abs() < 1e-5, "{p}: {}", deviate(p));
            assert!((deviate(1.0 - p) + expected).abs() < 1e-5, "{p}: {}", deviate(1.0 - p));
        }
    }
}
