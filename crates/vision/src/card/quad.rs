//! Quadrilaterals, and the perspective between one and a canvas.

use crate::geometry::{Bounds, Point};

/// Width over height of a card: ISO/IEC 7810 ID-1 is 85.60 x 53.98 mm.
pub const CARD_RATIO: f32 = 85.60 / 53.98;

/// Four corners, clockwise as seen: for a card that is read upright top left, top right, bottom right, bottom left.
///
/// They are places in pixels, the centre of the top left pixel at (0, 0), and may lie beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad {
    /// The corners.
    pub corners: [Point; 4],
}

impl Quad {
    /// An upright rectangle.
    pub fn of_bounds(bounds: Bounds) -> Self {
        let Bounds { left, top, width, height } = bounds;
        let at = |x: f32, y: f32| Point { x: left + x * width, y: top + y * height };
        Self { corners: [at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0)] }
    }

    /// The centres of the outermost pixels of a canvas of `width` x `height` pixels.
    pub fn of_canvas(width: u32, height: u32) -> Self {
        let side = |length: u32| length.saturating_sub(1) as f32;
        Self::of_bounds(Bounds { left: 0.0, top: 0.0, width: side(width), height: side(height) })
    }

    /// The four sides, each from one corner to the next: top, right, bottom, left of an upright card.
    pub fn sides(&self) -> [(Point, Point); 4] {
        let [a, b, c, d] = self.corners;
        [(a, b), (b, c), (c, d), (d, a)]
    }

    /// Area in square pixels; negative where the corners go around counter-clockwise.
    pub fn area(&self) -> f32 {
        self.sides().map(|(from, to)| from.x * to.y - to.x * from.y).iter().sum::<f32>() / 2.0
    }

    /// Whether it is convex with its corners clockwise and no three of them on a line.
    pub fn is_convex(&self) -> bool {
        let [a, b, c, d] = self.corners;
        [(a, b, c), (b, c, d), (c, d, a), (d, a, b)].iter().all(|(from, at, to)| bend(*from, *at, *to) > 0.0)
    }

    /// The corners' mean.
    pub fn centre(&self) -> Point {
        let sum = |of: fn(&Point) -> f32| self.corners.iter().map(of).sum::<f32>() / 4.0;
        Point { x: sum(|point| point.x), y: sum(|point| point.y) }
    }

    /// Length of the sides that are top and bottom, in pixels: the mean of the two.
    pub fn width(&self) -> f32 {
        let [top, _, bottom, _] = self.sides();
        (top.0.distance(top.1) + bottom.0.distance(bottom.1)) / 2.0
    }

    /// Length of the sides that are right and left, in pixels: the mean of the two.
    pub fn height(&self) -> f32 {
        let [_, right, _, left] = self.sides();
        (right.0.distance(right.1) + left.0.distance(left.1)) / 2.0
    }

    /// The same place with the card turned on it: after `quarters` the corner that was top left is named by another place.
    ///
    /// What was drawn with the corner `quarters` places further at its top left: for a card that lies a quarter clockwise
    /// in the picture, `turned(1)` is upright.
    pub fn turned(&self, quarters: usize) -> Self {
        let mut corners = self.corners;
        corners.rotate_left(quarters % 4);
        Self { corners }
    }

    /// Whether a point lies inside a convex one or on its sides.
    pub fn contains(&self, point: Point) -> bool {
        self.sides().iter().all(|(from, to)| bend(*from, *to, point) >= 0.0)
    }

    /// How far a point is from the nearest of the four lines that the sides lie on, in pixels.
    pub fn distance_to_sides(&self, point: Point) -> f32 {
        let off = |(from, to): (Point, Point)| (bend(from, to, point) / from.distance(to)).abs();
        self.sides().into_iter().map(off).fold(f32::INFINITY, f32::min)
    }

    /// The same shape in another scale, about the origin of pixel areas: `times` 2 is where it lies in the picture drawn
    /// twice as large.
    pub fn scaled(&self, times_x: f32, times_y: f32) -> Self {
        let along = |place: f32, times: f32| (place + 0.5) * times - 0.5;
        Self { corners: self.corners.map(|at| Point { x: along(at.x, times_x), y: along(at.y, times_y) }) }
    }

    /// The mean distance between the corners of two, in pixels, corner by corner.
    pub fn corner_distance(&self, other: &Self) -> f32 {
        self.corners.iter().zip(other.corners).map(|(own, other)| own.distance(other)).sum::<f32>() / 4.0
    }

    /// Whether every coordinate is a number.
    pub fn is_finite(&self) -> bool {
        self.corners.iter().all(|corner| corner.x.is_finite() && corner.y.is_finite())
    }

    /// How far its middle falls for one to the right.
    pub fn slope(&self) -> f32 {
        let [a, b, c, d] = self.corners;
        let (left, right) = (a.towards(d, 0.5), b.towards(c, 0.5));
        (right.y - left.y) / (right.x - left.x).abs().max(1.0)
    }

    /// The part between two shares of its width, from the left; below 0 and above 1 it lies beyond.
    #[must_use]
    pub fn part(&self, first: f32, last: f32) -> Self {
        let [a, b, c, d] = self.corners;
        Self { corners: [a.towards(b, first), a.towards(b, last), d.towards(c, last), d.towards(c, first)] }
    }

    /// The share of a convex one's area that lies within a picture of `width` x `height` pixels, 0 to 1.
    pub fn share_within(&self, width: u32, height: u32) -> f32 {
        let (right, bottom) = (width as f32 - 0.5, height as f32 - 0.5);
        let mut shape = self.corners.to_vec();
        shape = clipped(&shape, |point| point.x + 0.5);
        shape = clipped(&shape, |point| right - point.x);
        shape = clipped(&shape, |point| point.y + 0.5);
        shape = clipped(&shape, |point| bottom - point.y);
        let next = shape.iter().cycle().skip(1);
        let area = shape.iter().zip(next).map(|(from, to)| from.x * to.y - to.x * from.y).sum::<f32>() / 2.0;
        if self.area() > 0.0 { (area / self.area()).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The part of a convex shape where `inside` is not negative (Sutherland and Hodgman 1974).
fn clipped(shape: &[Point], inside: impl Fn(Point) -> f32) -> Vec<Point> {
    let mut kept = Vec::with_capacity(shape.len() + 1);
    for (from, to) in shape.iter().zip(shape.iter().cycle().skip(1)) {
        let (here, there) = (inside(*from), inside(*to));
        if here >= 0.0 {
            kept.push(*from);
        }
        if (here >= 0.0) != (there >= 0.0) {
            let share = here / (here - there);
            kept.push(from.towards(*to, share));
        }
    }
    kept
}

/// Above zero where the way from `from` over `at` to `to` turns clockwise, as seen in a picture.
fn bend(from: Point, at: Point, to: Point) -> f32 {
    (at.x - from.x) * (to.y - at.y) - (at.y - from.y) * (to.x - at.x)
}

/// A perspective from one plane to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography {
    rows: [[f64; 3]; 3],
}

impl Homography {
    /// The perspective that takes the corners of `from` to those of `to`; `None` where one of them is not convex.
    pub fn between(from: &Quad, to: &Quad) -> Option<Self> {
        let onto = |quad: &Quad| (quad.is_finite() && quad.is_convex()).then(|| Self::of_unit_square(quad));
        onto(to)?.after(&onto(from)?.inverse()?).normalised()
    }

    /// The perspective that takes (0, 0), (1, 0), (1, 1), (0, 1) to the corners (Heckbert 1989, section 2.2.3).
    fn of_unit_square(quad: &Quad) -> Self {
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] =
            quad.corners.map(|corner| [f64::from(corner.x), f64::from(corner.y)]);
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dy1, dx2, dy2) = (x1 - x2, y1 - y2, x3 - x2, y3 - y2);
        let determinant = dx1 * dy2 - dx2 * dy1;
        let g = (sx * dy2 - dx2 * sy) / determinant;
        let h = (dx1 * sy - sx * dy1) / determinant;
        Self {
            rows: [
                [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
                [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
                [g, h, 1.0],
            ],
        }
    }

    /// What it comes to after `first`.
    fn after(&self, first: &Self) -> Self {
        let cell = |row: usize, column: usize| {
            (0..3).map(|place| self.rows[row][place] * first.rows[place][column]).sum()
        };
        Self { rows: std::array::from_fn(|row| std::array::from_fn(|column| cell(row, column))) }
    }

    /// Its largest number made 1, which keeps products far from the bounds of doubles.
    fn normalised(self) -> Option<Self> {
        let largest = self.rows.as_flattened().iter().fold(0.0_f64, |most, cell| most.max(cell.abs()));
        let rows = self.rows.map(|row| row.map(|cell| cell / largest));
        rows.as_flattened().iter().all(|cell| cell.is_finite()).then_some(Self { rows })
    }

    /// The way back; `None` where there is none.
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.rows;
        let adjugate = Self {
            rows: [
                [e * i - f * h, c * h - b * i, b * f - c * e],
                [f * g - d * i, a * i - c * g, c * d - a * f],
                [d * h - e * g, b * g - a * h, a * e - b * d],
            ],
        };
        let determinant = a * adjugate.rows[0][0] + b * adjugate.rows[1][0] + c * adjugate.rows[2][0];
        if determinant == 0.0 { None } else { adjugate.normalised() }
    }

    /// Where a point goes. On the vanishing line the coordinates are not finite.
    pub fn apply(&self, point: Point) -> Point {
        let [x, y, w] = self.homogeneous(f64::from(point.x), f64::from(point.y));
        Point { x: (x / w) as f32, y: (y / w) as f32 }
    }

    /// Where a quadrilateral goes.
    pub fn apply_to(&self, quad: &Quad) -> Quad {
        Quad { corners: quad.corners.map(|corner| self.apply(corner)) }
    }

    /// Where a point goes, before the division.
    pub(super) fn homogeneous(&self, x: f64, y: f64) -> [f64; 3] {
        self.rows.map(|[a, b, c]| a * x + b * y + c)
    }

    /// Its columns: where the directions of both axes and the origin go.
    pub(super) fn columns(&self) -> [[f64; 3]; 3] {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.rows;
        [[a, d, g], [b, e, h], [c, f, i]]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quad(corners: [(f32, f32); 4]) -> Quad {
        Quad { corners: corners.map(|(x, y)| Point { x, y }) }
    }

    #[test]
    fn shapes_are_told_apart() {
        let table = [
            ("a rectangle", [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)], 8.0, true),
            ("a diamond", [(2.0, 0.0), (4.0, 2.0), (2.0, 4.0), (0.0, 2.0)], 8.0, true),
            ("counter-clockwise", [(0.0, 0.0), (0.0, 2.0), (4.0, 2.0), (4.0, 0.0)], -8.0, false),
            ("an arrow", [(0.0, 0.0), (4.0, 0.0), (1.0, 1.0), (0.0, 4.0)], 4.0, false),
            ("crossed", [(0.0, 0.0), (4.0, 2.0), (4.0, 0.0), (0.0, 2.0)], 0.0, false),
            ("on a line", [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)], 0.0, false),
        ];
        for (case, corners, area, convex) in table {
            let quad = quad(corners);
            assert_eq!((quad.area(), quad.is_convex()), (area, convex), "{case}");
        }
    }

    #[test]
    fn points_lie_in_a_shape_or_so_far_from_its_sides() {
        let quad = Quad::of_bounds(Bounds { left: 10.0, top: 10.0, width: 40.0, height: 20.0 });
        let rows = [
            ("the middle", (30.0, 20.0), true, 10.0),
            ("near the left", (12.0, 18.0), true, 2.0),
            ("on a side", (30.0, 30.0), true, 0.0),
            ("outside", (53.0, 20.0), false, 3.0),
        ];
        for (case, (x, y), inside, distance) in rows {
            let point = Point { x, y };
            assert_eq!((quad.contains(point), quad.distance_to_sides(point)), (inside, distance), "{case}");
        }
    }

    #[test]
    fn a_part_beyond_the_picture_is_a_share() {
        let table = [
            ("inside", (10.0, 10.0), 1.0),
            ("half beyond the left", (-20.5, 10.0), 0.5),
            ("a quarter left at a corner", (79.5, 89.5), 0.25),
            ("away", (200.0, 10.0), 0.0),
        ];
        for (case, (left, top), share) in table {
            let quad = Quad::of_bounds(Bounds { left, top, width: 40.0, height: 20.0 });
            let found = quad.share_within(100, 100);
            assert!((found - share).abs() < 1e-5, "{case}: {found}");
        }
        let around = Quad::of_bounds(Bounds { left: -50.5, top: -50.5, width: 200.0, height: 200.0 });
        assert!((around.share_within(100, 100) - 0.25).abs() < 1e-5);
    }

    #[test]
    fn a_turn_names_another_corner_first() {
        let quad = quad([(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)]);
        for (quarters, first, width) in [
            (0, (0.0, 0.0), 4.0),
            (1, (4.0, 0.0), 2.0),
            (2, (4.0, 2.0), 4.0),
            (3, (0.0, 2.0), 2.0),
            (5, (4.0, 0.0), 2.0),
        ] {
            let turned = quad.turned(quarters);
            assert_eq!((turned.corners[0].x, turned.corners[0].y), first, "{quarters}");
            assert_eq!((turned.width(), turned.is_convex()), (width, true), "{quarters}");
        }
    }

    #[test]
    fn what_is_no_shape_has_no_perspective() {
        let square = Quad::of_canvas(101, 101);
        for corners in [
            [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)],
            [(0.0, 0.0), (4.0, 2.0), (4.0, 0.0), (0.0, 2.0)],
            [(0.0, 0.0), (f32::NAN, 2.0), (4.0, 0.0), (0.0, 2.0)],
            [(0.0, 0.0), (f32::INFINITY, 0.0), (4.0, 4.0), (0.0, 2.0)],
        ] {
            assert_eq!(Homography::between(&quad(corners), &square), None, "{corners:?}");
            assert_eq!(Homography::between(&square, &quad(corners)), None, "{corners:?}");
        }
    }

    proptest! {
        /// Corners go to corners, straight lines stay straight, and there is a way back.
        #[test]
        fn a_perspective_keeps_what_it_must(
            offsets in prop::array::uniform8(-20.0_f32..20.0), x in 0.0_f32..100.0, y in 0.0_f32..60.0,
        ) {
            let [a, b, c, d, e, f, g, h] = offsets;
            let shown = quad([(200.0 + a, 100.0 + b), (300.0 + c, 100.0 + d), (300.0 + e, 170.0 + f), (200.0 + g, 170.0 + h)]);
            prop_assume!(shown.is_convex());
            let canvas = Quad::of_canvas(101, 61);
            let out = Homography::between(&canvas, &shown).expect("both are convex");
            let back = out.inverse().expect("there is a way back");
            prop_assert!(out.apply_to(&canvas).corner_distance(&shown) < 1e-2);
            let place = Point { x, y };
            prop_assert!(back.apply(out.apply(place)).distance(place) < 1e-2);
            let [from, middle, to] = [0.0, 0.5, 1.0].map(|share| out.apply(Point { x: share * x, y: share * y }));
            let aside = bend(from, middle, to) / from.distance(to).max(1.0);
            prop_assert!(aside.abs() < 1e-2, "{}", aside);
        }
    }
}
