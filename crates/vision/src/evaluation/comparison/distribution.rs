//! A distribution of cosines in bounded memory.

/// Cells over -1 to 1: each is 8e-6 wide, about what a cosine of single-precision features is good for.
const CELLS: usize = 1 << 18;

/// Counts of cosines, in cells of equal width.
#[derive(Clone)]
pub struct Distribution {
    cells: Vec<u64>,
    count: u64,
}

impl Distribution {
    /// Without any cosine.
    pub fn new() -> Self {
        Self { cells: vec![0; CELLS], count: 0 }
    }

    /// Adds a cosine.
    pub fn add(&mut self, cosine: f32) {
        let cell = ((f64::from(cosine) + 1.0) / 2.0 * CELLS as f64) as usize;
        if let Some(count) = self.cells.get_mut(cell.min(CELLS - 1)) {
            *count += 1;
            self.count += 1;
        }
    }

    /// Adds another distribution's cosines.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.cells.iter_mut().zip(&other.cells) {
            *count += more;
        }
        self.count += other.count;
    }

    /// How many cosines.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The lowest threshold that at most `many` cosines reach.
    pub fn highest_beyond(&self, many: u64) -> f64 {
        let mut reached = 0;
        for (cell, count) in self.cells.iter().enumerate().rev() {
            reached += count;
            if reached > many {
                return edge(cell + 1);
            }
        }
        -1.0
    }

    /// How many cosines reach a threshold; exact for thresholds that [`Self::highest_beyond`] gave.
    pub fn at_or_above(&self, threshold: f64) -> u64 {
        let cell = ((threshold + 1.0) / 2.0 * CELLS as f64).round().clamp(0.0, CELLS as f64) as usize;
        self.cells.get(cell..).unwrap_or_default().iter().sum()
    }

    /// Counts summed into `bars` bars of equal width over -1 to 1; `bars` has to divide 2^18.
    pub(super) fn bars(&self, bars: usize) -> Vec<u64> {
        self.cells.chunks(CELLS / bars).map(|cells| cells.iter().sum()).collect()
    }

    /// Thresholds with the number of cosines that reach them, from the highest threshold down.
    pub(super) fn falling(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let cells = self.cells.iter().enumerate().rev();
        cells.scan(0, |reached, (cell, count)| {
            *reached += count;
            Some((edge(cell), *reached))
        })
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Distribution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Distribution({} cosines)", self.count)
    }
}

/// The lower edge of a cell.
fn edge(cell: usize) -> f64 {
    cell as f64 / CELLS as f64 * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cosines: &[f32]) -> Distribution {
        let mut distribution = Distribution::new();
        cosines.iter().for_each(|cosine| distribution.add(*cosine));
        distribution
    }

    #[test]
    fn thresholds_leave_as_many_above_as_asked() {
        let distribution = of(&[-1.0, -0.2, 0.1, 0.3, 0.3, 0.7, 1.0]);
        for (many, reached) in [(0, 0), (1, 1), (2, 2), (3, 2), (4, 4), (6, 6), (7, 7), (99, 7)] {
            let threshold = distribution.highest_beyond(many);
            assert_eq!(distribution.at_or_above(threshold), reached, "{many}: {threshold}");
        }
    }

    #[test]
    fn merging_adds() {
        let mut merged = of(&[0.1, 0.9]);
        merged.merge(&of(&[0.5]));
        assert_eq!(merged.count(), 3);
        assert_eq!(merged.bars(4), [0, 0, 1, 2]);
    }
}
