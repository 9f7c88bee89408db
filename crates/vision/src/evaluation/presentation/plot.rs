//! The plots of presentation-attack detection: error trade-off by species, and scores by label.

use super::deviate::deviate;
use super::scores::{Scores, thresholds};
use super::tally::{Operating, Tally};
use crate::evaluation::chart::{Frame, INK, Svg, WIDTH};
use crate::evaluation::markup::escaped;

/// Rates that an axis may name.
const TICKS: [f64; 16] =
    [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99];

/// Colours that most colour-blind people tell apart (Okabe and Ito), each with dashes of its own.
const STYLES: [(&str, &str); 6] = [
    ("#d55e00", "none"),
    ("#0072b2", "8 3"),
    ("#009e73", "3 3"),
    ("#cc79a7", "10 3 3 3"),
    ("#b8860b", "1 3"),
    ("#56b4e9", "14 4"),
];

const BONA_FIDE: &str = "#0072b2";
const ATTACK: &str = "#d55e00";

/// The error trade-off: BPCER over APCER for every threshold, on normal-deviate axes, for the worst species and all
/// of them together. Rates of zero, which have no deviate, lie on the lower and left edge.
pub(super) fn det(tally: &Tally, at: &Operating) -> String {
    let curves = curves(tally, at);
    let most = curves.iter().map(|(_, scores)| scores.count()).max().unwrap_or_default();
    let highest = curves.iter().filter_map(|(_, scores)| apcer(scores, at.threshold)).fold(0.5, f64::max);
    let x = Axis::new(most, highest);
    let y = Axis::new(tally.bona_fide.count(), at.bpcer.map_or(0.5, |bpcer| bpcer.rate.max(0.5)));
    let frame = Frame { x: x.ends(), y: y.ends() };

    let mut svg = Svg::new("Presentation-attack detection: error trade-off", &frame);
    for (place, label) in x.ticks(0.08) {
        svg.vertical(&frame, place, &label);
    }
    for (place, label) in y.ticks(0.04) {
        svg.horizontal(&frame, place, &label);
    }
    for (place, (name, scores)) in curves.iter().enumerate() {
        let (colour, dashes) = style(name.as_deref(), place);
        svg.dashed_line(&frame, &staircase(scores, &tally.bona_fide, &x, &y), colour, dashes);
        if let (Some(apcer), Some(bpcer)) = (apcer(scores, at.threshold), at.bpcer) {
            svg.dot(&frame, (x.place(apcer), y.place(bpcer.rate)), colour);
        }
        let label = name.as_deref().map_or_else(|| "all species".into(), shortened);
        svg.legend_entry(WIDTH - 190.0, place, &label, colour, dashes);
    }
    if curves.is_empty() || tally.bona_fide.count() == 0 {
        svg.note("needs both bona fide presentations and attacks");
    } else {
        svg.note(&format!("dots: the operating point, threshold {}", at.threshold));
    }
    svg.finish("APCER (normal deviate)", "BPCER (normal deviate)")
}

/// The species with the highest APCER, and all of them where there are several.
fn curves(tally: &Tally, at: &Operating) -> Vec<(Option<String>, Scores)> {
    let mut species: Vec<_> = tally.attacks.iter().filter(|(_, scores)| scores.count() > 0).collect();
    let rate = |scores: &Scores| apcer(scores, at.threshold).unwrap_or_default();
    species.sort_by(|(_, a), (_, b)| rate(b).total_cmp(&rate(a)));
    let several = species.len() > 1;
    let worst = species.into_iter().take(STYLES.len());
    let mut curves: Vec<_> = worst.map(|(name, scores)| (Some(name.clone()), scores.clone())).collect();
    if several {
        curves.push((None, tally.pooled()));
    }
    curves
}

fn style(name: Option<&str>, place: usize) -> (&'static str, &'static str) {
    name.and_then(|_| STYLES.get(place)).copied().unwrap_or((INK, "none"))
}

fn apcer(scores: &Scores, threshold: f64) -> Option<f64> {
    (scores.count() > 0).then(|| scores.reaching(threshold) as f64 / scores.count() as f64)
}

/// The curve as the staircase it is: rates change one presentation at a time.
fn staircase(attacks: &Scores, bona_fide: &Scores, x: &Axis, y: &Axis) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    if attacks.count() == 0 || bona_fide.count() == 0 {
        return points;
    }
    for threshold in thresholds() {
        let accepted = attacks.reaching(threshold) as f64 / attacks.count() as f64;
        let refused = 1.0 - bona_fide.reaching(threshold) as f64 / bona_fide.count() as f64;
        let point = (x.place(accepted), y.place(refused));
        if points.last() != Some(&point) {
            points.extend(points.last().map(|last| (point.0, last.1)));
            points.push(point);
        }
    }
    points
}

/// A normal-deviate axis of rates.
struct Axis {
    /// The rate at the lower end, where rates of zero are drawn.
    low: f64,
    /// The rate at the upper end.
    high: f64,
}

impl Axis {
    /// An axis for rates of `count` presentations that shows `highest`.
    fn new(count: u64, highest: f64) -> Self {
        let smallest = 1.0 / count.max(10) as f64;
        let below = |rate: &&f64| **rate < smallest;
        let low = TICKS.iter().rev().find(below).copied().unwrap_or(TICKS[0]) / 2.0;
        let high = TICKS.iter().find(|rate| **rate > highest).copied().unwrap_or(0.999);
        Self { low, high }
    }

    /// Where a rate is drawn: between the ends.
    fn place(&self, rate: f64) -> f64 {
        deviate(rate.clamp(self.low, self.high))
    }

    fn ends(&self) -> (f64, f64) {
        (deviate(self.low), deviate(self.high))
    }

    /// Places with their labels, at least a share `apart` of the axis from each other; the lower end stands for zero.
    fn ticks(&self, apart: f64) -> Vec<(f64, String)> {
        let (low, high) = self.ends();
        let apart = apart * (high - low);
        let mut ticks = vec![(low, "0".to_owned())];
        for rate in TICKS.into_iter().filter(|rate| (self.low..=self.high).contains(rate)) {
            let place = deviate(rate);
            if ticks.last().is_none_or(|(last, _)| place - last >= apart) {
                ticks.push((place, format!("{} %", (rate * 1e4).round() / 1e2)));
            }
        }
        ticks
    }
}

/// Points of the scale in a bar; divides 100.
const BAR: usize = 2;

/// Shares that the axis of a histogram may name, in percent.
const SHARES: [f64; 9] = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 70.0, 100.0];

/// How the scores of both labels are spread, with the thresholds. Shares are drawn by their square roots (J. W. Tukey's
/// rootogram): the few presentations on the wrong side are what matters, and a linear scale hides them.
pub(super) fn scores(tally: &Tally, threshold: f64, attack_below: f64) -> String {
    let roots = |scores: &Scores| -> Vec<f64> {
        scores.shares(BAR).iter().map(|share| (share * 100.0).sqrt()).collect()
    };
    let (bona_fide, attack) = (roots(&tally.bona_fide), roots(&tally.pooled()));
    let highest = bona_fide.iter().chain(&attack).copied().fold(1.0, f64::max);
    let frame = Frame { x: (0.0, 100.0), y: (0.0, (highest * 1.1).min(10.5)) };

    let mut svg = Svg::new("Presentation-attack detection: scores", &frame);
    for score in (0..=100).step_by(10) {
        svg.vertical(&frame, score.into(), &score.to_string());
    }
    for share in SHARES.into_iter().filter(|share| share.sqrt() <= frame.y.1) {
        svg.horizontal(&frame, share.sqrt(), &format!("{share} %"));
    }
    for (bars, colour, dashes) in [(&attack, ATTACK, "6 2"), (&bona_fide, BONA_FIDE, "none")] {
        let edge = |bar: usize| (bar * BAR) as f64;
        let sides =
            bars.iter().enumerate().flat_map(|(bar, root)| [(edge(bar), *root), (edge(bar + 1), *root)]);
        svg.dashed_line(&frame, &sides.collect::<Vec<_>>(), colour, dashes);
    }
    let of = |label: &str, scores: &Scores| format!("{label}: {}", scores.count());
    svg.legend_entry(WIDTH / 2.0, 0, &of("bona fide", &tally.bona_fide), BONA_FIDE, "none");
    svg.legend_entry(WIDTH / 2.0, 1, &of("attack", &tally.pooled()), ATTACK, "6 2");
    svg.mark(&frame, threshold, "");
    if attack_below < threshold {
        svg.mark(&frame, attack_below, "");
        svg.note(&format!("dashed: bona fide from {threshold}, attack under {attack_below}"));
    } else {
        svg.note(&format!("dashed: bona fide from {threshold}"));
    }
    svg.finish("bona fide score", "share of presentations (root scale)")
}

/// A species' name in a legend.
fn shortened(name: &str) -> String {
    let whole = name.chars().count() <= 22;
    if whole { escaped(name) } else { escaped(&name.chars().take(21).collect::<String>()) + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::chart::{BOTTOM, HEIGHT, LEFT, RIGHT, TOP};

    fn tally(bona_fide: &[f64], attacks: &[(&str, &[f64])]) -> Tally {
        let of = |scores: &[f64]| {
            let mut counted = Scores::new();
            scores.iter().for_each(|score| counted.add(*score));
            counted
        };
        let attacks = attacks.iter().map(|(species, scores)| ((*species).to_owned(), of(scores))).collect();
        Tally { bona_fide: of(bona_fide), attacks }
    }

    #[test]
    fn plots_are_well_formed_and_stay_in_their_frame() {
        let spread: Vec<f64> = (0..500).map(|index| f64::from(index) / 5.0).collect();
        let table = [
            ("apart", tally(&[90.0, 99.0], &[("print", &[1.0, 2.0])]), 1),
            ("mixed", tally(&spread, &[("print", &spread), ("<tablet> & \"phone\"", &[5.0, 99.9])]), 3),
            ("bona fide only", tally(&spread, &[]), 0),
            ("attacks only", tally(&[], &[("print", &spread)]), 0),
            ("nothing", tally(&[], &[]), 0),
        ];
        for (case, tally, curves) in table {
            let det = det(&tally, &tally.at(20.0));
            let scores = scores(&tally, 20.0, 10.0);
            for svg in [&det, &scores] {
                let tree = roxmltree::Document::parse(svg).expect(case);
                for line in tree.descendants().filter(|node| node.has_tag_name("polyline")) {
                    let places = line.attribute("points").unwrap_or_default().split([' ', ',']);
                    let places: Vec<f64> = places.filter_map(|number| number.parse().ok()).collect();
                    for place in places.chunks(2) {
                        let inside = (LEFT..=WIDTH - RIGHT).contains(&place[0])
                            && (TOP..=HEIGHT - BOTTOM).contains(&place[1]);
                        assert!(inside, "{case}: {place:?}");
                    }
                }
            }
            let tree = roxmltree::Document::parse(&det).expect(case);
            let lines =
                tree.descendants().filter(|node| node.attribute("points").is_some_and(|p| !p.is_empty()));
            let dots = tree.descendants().filter(|node| node.has_tag_name("circle"));
            assert_eq!((lines.count(), dots.count()), (curves, curves), "{case}");
        }
    }

    #[test]
    fn a_curve_falls_from_all_accepted_to_all_refused() {
        let tally = tally(&[10.0, 50.0, 90.0], &[("print", &[5.0, 50.0])]);
        let (x, y) = (Axis::new(2, 0.5), Axis::new(3, 0.5));
        let curve = staircase(&tally.pooled(), &tally.bona_fide, &x, &y);
        assert_eq!(curve.first(), Some(&(x.place(1.0), y.place(0.0))));
        assert_eq!(curve.last(), Some(&(x.place(0.0), y.place(1.0))));
        assert!(curve.windows(2).all(|pair| pair[1].0 <= pair[0].0 && pair[1].1 >= pair[0].1), "{curve:?}");
    }
}
