//! Area codes of every edition from 2016 to 2025, written by the build script from `data/`.

include!(concat!(env!("OUT_DIR"), "/areas.rs"));

/// A level of the area code at the beginning of a NIK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AreaLevel {
    /// The first two digits.
    Province,
    /// The first four digits: kabupaten or kota.
    Regency,
    /// All six digits: kecamatan.
    District,
}

/// The highest level at which no edition knows an area code of six digits; `None` where the district is known.
///
/// A number keeps the code of the place of its first registration, so retired codes are as good as living ones, and
/// codes older than the known editions exist.
pub fn unknown_level(code: u32) -> Option<AreaLevel> {
    if !knows(code / 10_000, 10_000) {
        Some(AreaLevel::Province)
    } else if !knows(code / 100, 100) {
        Some(AreaLevel::Regency)
    } else if !knows(code, 1) {
        Some(AreaLevel::District)
    } else {
        None
    }
}

/// Whether a district has this prefix, `scale` codes wide.
fn knows(prefix: u32, scale: u32) -> bool {
    let at = DISTRICTS.partition_point(|code| *code < prefix.saturating_mul(scale));
    DISTRICTS.get(at).is_some_and(|code| code / scale == prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editions_are_all_there() {
        assert_eq!(DISTRICTS.len(), 7879);
        assert!(DISTRICTS.is_sorted());
    }

    #[test]
    fn codes_by_level() {
        let rows = [
            (327_301, None),
            (110_101, None),
            (967_110, None),
            (930_101, None),
            (100_101, Some(AreaLevel::Province)),
            (970_101, Some(AreaLevel::Province)),
            (123_456, Some(AreaLevel::Regency)),
            (329_901, Some(AreaLevel::Regency)),
            (327_399, Some(AreaLevel::District)),
            (0, Some(AreaLevel::Province)),
            (u32::MAX, Some(AreaLevel::Province)),
        ];
        for (code, expected) in rows {
            assert_eq!(unknown_level(code), expected, "{code}");
        }
    }
}
