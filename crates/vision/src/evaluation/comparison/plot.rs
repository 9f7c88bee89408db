//! The plots of a comparison: error trade-off and scores.

use super::distribution::Distribution;
use super::report::Report;
use crate::evaluation::chart::{Frame, INK, Svg};

const GENUINE: &str = "#0b6e4f";
const IMPOSTOR: &str = "#b23a48";

/// The error trade-off: FNMR over FMR, both logarithmic, for every threshold.
pub(super) fn det(genuine: &Distribution, impostor: &Distribution) -> String {
    let exponent = |rate: f64| rate.log10();
    let lowest_fmr = (1.0 / impostor.count() as f64).log10().floor();
    let lowest_fnmr = (1.0 / genuine.count() as f64).log10().floor().min(-1.0);
    let frame = Frame { x: (lowest_fmr.min(-1.0), 0.0), y: (lowest_fnmr, 0.0) };

    let mut svg = Svg::new("Detection error trade-off", &frame);
    for decade in lowest_fmr.min(-1.0) as i32..=0 {
        svg.vertical(&frame, decade.into(), &power(decade));
    }
    for decade in lowest_fnmr as i32..=0 {
        svg.horizontal(&frame, decade.into(), &power(decade));
    }
    let mut points: Vec<(f64, f64)> = Vec::new();
    for ((_, matched), (_, false_matches)) in genuine.falling().zip(impostor.falling()) {
        let missed = genuine.count() - matched;
        if false_matches == 0 || missed == 0 {
            continue;
        }
        let point = (
            exponent(false_matches as f64 / impostor.count() as f64),
            exponent(missed as f64 / genuine.count() as f64),
        );
        // Neighbouring thresholds mostly give the same point; a two-hundredth of a decade cannot be seen.
        let seen = points
            .last()
            .is_none_or(|last| (last.0 - point.0).abs() > 0.005 || (last.1 - point.1).abs() > 0.005);
        if seen {
            // The curve is a staircase: rates change one at a time.
            points.extend(points.last().map(|last| (point.0, last.1)));
            points.push(point);
        }
    }
    svg.line(&frame, &points, INK);
    svg.finish("false match rate", "false non-match rate")
}

/// Bars a histogram has.
const BARS: usize = 128;

/// How the cosines of both kinds of pair are spread, with the threshold of score 75.
pub(super) fn scores(genuine: &Distribution, impostor: &Distribution, report: &Report) -> String {
    let shares = |distribution: &Distribution| -> Vec<f64> {
        let count = distribution.count().max(1) as f64;
        distribution.bars(BARS).into_iter().map(|bar| bar as f64 / count * 100.0).collect()
    };
    let (genuine, impostor) = (shares(genuine), shares(impostor));
    let highest = genuine.iter().chain(&impostor).copied().fold(1.0, f64::max);
    let frame = Frame { x: (-0.5, 1.0), y: (0.0, highest * 1.05) };

    let mut svg = Svg::new("Comparison scores", &frame);
    for quarter in -2..=4 {
        let cosine = f64::from(quarter) / 4.0;
        svg.vertical(&frame, cosine, &format!("{cosine}"));
    }
    let step = if highest > 10.0 { 5 } else { 1 };
    for share in (0..=highest as i32).step_by(step) {
        svg.horizontal(&frame, share.into(), &format!("{share} %"));
    }
    for (bars, colour) in [(&impostor, IMPOSTOR), (&genuine, GENUINE)] {
        let edges = bars.iter().enumerate().flat_map(|(bar, share)| {
            let edge = |bar: usize| bar as f64 / BARS as f64 * 2.0 - 1.0;
            [(edge(bar), *share), (edge(bar + 1), *share)]
        });
        let outline: Vec<(f64, f64)> = edges.filter(|(cosine, _)| *cosine >= frame.x.0).collect();
        svg.line(&frame, &outline, colour);
    }
    svg.legend(&[("two people", IMPOSTOR), ("one person", GENUINE)]);
    if let Some(operating) =
        report.operating_at_score.iter().find(|operating| (operating.threshold.score - 75.0).abs() < 0.1)
    {
        svg.mark(&frame, operating.threshold.cosine, "score 75");
    }
    svg.finish("cosine similarity", "share of pairs")
}

fn power(decade: i32) -> String {
    match decade {
        0 => "1".into(),
        -1 => "0.1".into(),
        -2 => "0.01".into(),
        _ => format!("1e{decade}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::chart::{BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH};

    #[test]
    fn a_plot_is_well_formed_and_stays_in_its_frame() {
        let (mut genuine, mut impostor) = (Distribution::new(), Distribution::new());
        (0..1000).for_each(|index| genuine.add(0.2 + index as f32 / 1500.0));
        (0..1000).for_each(|index| impostor.add(-0.3 + index as f32 / 1500.0));
        let svg = det(&genuine, &impostor);
        let tree = roxmltree::Document::parse(&svg).expect("well formed");
        let line = tree.descendants().find(|node| node.has_tag_name("polyline")).expect("a curve");
        let places: Vec<&str> = line.attribute("points").expect("points").split([' ', ',']).collect();
        assert!(places.len() > 100);
        for place in places.chunks(2) {
            let [x, y] = [place[0], place[1]].map(|number| number.parse::<f64>().expect("a number"));
            assert!((LEFT..=WIDTH - RIGHT).contains(&x) && (TOP..=HEIGHT - BOTTOM).contains(&y), "{x} {y}");
        }
    }
}
