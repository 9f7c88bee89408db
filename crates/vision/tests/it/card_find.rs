//! Where the card lies in simulated photographs.

use absah_vision::card::{Quad, candidates};
use absah_vision::geometry::Point;
use absah_vision::tabletop::Shot;
use fast_image_resize::Resizer;

use crate::harness::{card, picture_of};

#[test]
fn photographed_cards_are_found() {
    let drawn = card(|_| ());
    let mut resizer = Resizer::new();
    for name in ["a", "b", "d"] {
        let taken = Shot::choose(3, name).take(&drawn).expect("a photograph");
        let case = format!("{name}: {} {:?} {:.0}", taken.ground, taken.conditions, taken.turn);
        let found = candidates(&picture_of(&taken.jpeg), &mut resizer).expect("searched");
        let truth = Quad { corners: taken.corners.map(|(x, y)| Point { x, y }) };
        let off = |quad: &Quad| quad.corner_distance(&truth) / truth.width();
        let near = |quad: &Quad| (0..4).any(|turn| off(&quad.turned(turn)) < 0.015);
        assert!(found.iter().any(|candidate| near(&candidate.quad)), "{case}");
    }
}
