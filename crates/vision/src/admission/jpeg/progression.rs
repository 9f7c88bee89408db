//! Which coefficients the scans of a progressive picture have brought, and how precisely: ITU-T T.81, G.1.1.1.

use super::structure::Frame;

/// Coefficients of a block.
const COEFFICIENTS: usize = 64;

/// What has come so far, of each component.
///
/// A decoder takes for zero what no scan brought, so a file that lost scans shows a blurred or colourless picture and
/// says nothing. T.81 lets encoders stop early; none does, and a file that stops early is taken for a cut one.
#[derive(Default)]
pub(super) struct Progression {
    components: [Component; 4],
}

/// The lowest bit that has come of each coefficient; `None` where no scan brought it.
struct Component([Option<u8>; COEFFICIENTS]);

impl Default for Component {
    fn default() -> Self {
        Self([None; COEFFICIENTS])
    }
}

impl Progression {
    /// Takes a scan by its header: count, two bytes a component, first and last coefficient, bits (T.81 B.2.3).
    ///
    /// `None` where it does not follow on what came before: a constant (DC) coefficient comes before the others, those
    /// come one component a scan, and a coefficient's first scan is refined by one bit at a time.
    pub fn take(&mut self, frame: &Frame, header: &[u8]) -> Option<()> {
        let (count, rest) = header.split_first()?;
        let (selectors, [first, last, bits]) = rest.split_at_checked(usize::from(*count) * 2)? else {
            return None;
        };
        let (range, high, low) = (usize::from(*first)..=usize::from(*last), bits >> 4, bits & 0x0F);
        let is_constant = range == (0..=0);
        if !is_constant && (range.contains(&0) || *count != 1) {
            return None;
        }
        for [id, _tables] in selectors.as_chunks::<2>().0 {
            let Component(lowest) = self.components.get_mut(frame.component(*id)?)?;
            if !is_constant && lowest.first()?.is_none() {
                return None;
            }
            for seen in lowest.get_mut(range.clone()).filter(|coefficients| !coefficients.is_empty())? {
                let follows = match *seen {
                    None => high == 0,
                    Some(before) => high == before && low + 1 == before,
                };
                if !follows {
                    return None;
                }
                *seen = Some(low);
            }
        }
        Some(())
    }

    /// Whether every coefficient of every component has come down to its last bit.
    pub fn is_whole(&self, frame: &Frame) -> bool {
        let components = self.components.iter().take(usize::from(frame.components));
        components.flat_map(|component| component.0).all(|lowest| lowest == Some(0))
    }
}
