//! Time-ordered numbers, unique across nodes.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Milliseconds of 2015-01-01T00:00:00Z: early enough that numbers have nineteen digits, and stay below 2^63 until 2084.
const EPOCH_MILLISECONDS: i64 = 1_420_070_400_000;
const NODE_BITS: u32 = 10;
const SEQUENCE_BITS: u32 = 12;

/// How many nodes can be told apart.
pub const NODES: u16 = 1 << NODE_BITS;

/// Makes numbers of 41 bits of milliseconds, 10 bits of node and 12 bits of sequence.
#[derive(Debug)]
pub struct OrderNumbers {
    node: u64,
    /// Milliseconds and sequence of the last number.
    last: AtomicU64,
}

impl OrderNumbers {
    /// Numbers of this node, 0 to 1023; the upper bits of a larger one are ignored.
    pub fn of_node(node: u16) -> Self {
        Self { node: u64::from(node % NODES), last: AtomicU64::new(0) }
    }

    /// The next number: never one that was given before, even when the clock stands still or goes back.
    pub fn next(&self, now: Timestamp) -> u64 {
        let since = u64::try_from(now.as_millisecond() - EPOCH_MILLISECONDS).unwrap_or(0);
        let by_clock = since << SEQUENCE_BITS;
        let step = |last: u64| by_clock.max(last + 1);
        let last = match self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(step(last)))
        {
            Ok(last) | Err(last) => last,
        };
        let ticket = step(last);
        let sequence = ticket & ((1 << SEQUENCE_BITS) - 1);
        ((ticket >> SEQUENCE_BITS) << (NODE_BITS + SEQUENCE_BITS)) | (self.node << SEQUENCE_BITS) | sequence
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn numbers_have_nineteen_digits() {
        for time in ["2024-01-01T00:00:00Z", "2026-11-22T10:00:00Z", "2080-01-01T00:00:00Z"] {
            assert_eq!(OrderNumbers::of_node(1023).next(at(time)).to_string().len(), 19, "{time}");
        }
    }

    #[test]
    fn numbers_rise_while_the_clock_stands_still_or_goes_back() {
        let numbers = OrderNumbers::of_node(1);
        let times =
            ["2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"];
        let drawn: Vec<u64> = times.iter().map(|time| numbers.next(at(time))).collect();
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]), "{drawn:?}");
    }

    #[test]
    fn nodes_never_share_a_number() {
        let now = at("2026-01-01T00:00:00Z");
        let nodes = [OrderNumbers::of_node(1), OrderNumbers::of_node(2)];
        let drawn: HashSet<u64> = (0..20_000).flat_map(|_| nodes.iter().map(|node| node.next(now))).collect();
        assert_eq!(drawn.len(), 40_000);
    }
}
