//! The smallest rectangle around points.

use super::Quad;
use crate::geometry::Point;

/// The rectangle of least area around points, however it is turned, its longer sides as top and bottom: corners clockwise,
/// the first one the left end of its upper long side. `None` for fewer than three points or points on a line.
pub(super) fn least_rectangle(points: &mut Vec<Point>) -> Option<Quad> {
    let hull = convex_hull(points);
    let sides = hull.iter().zip(hull.iter().cycle().skip(1));
    let rectangles = sides.filter_map(|(from, to)| along(&hull, *from, *to));
    let (_, quad) = rectangles.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(lying(quad))
}

/// The rectangle with a side along the line from one point to another, and its area.
fn along(hull: &[Point], from: Point, to: Point) -> Option<(f32, Quad)> {
    let length = from.distance(to);
    let (ux, uy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let range = |value: fn(Point, f32, f32) -> f32| {
        hull.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), point| {
            let value = value(*point, ux, uy);
            (least.min(value), most.max(value))
        })
    };
    let (first, last) = range(|point, ux, uy| point.x * ux + point.y * uy);
    let (near, far) = range(|point, ux, uy| point.y * ux - point.x * uy);
    let area = (last - first) * (far - near);
    let at = |along: f32, aside: f32| Point { x: along * ux - aside * uy, y: along * uy + aside * ux };
    let quad = Quad { corners: [at(first, near), at(last, near), at(last, far), at(first, far)] };
    (area.is_finite() && area > 0.0).then_some((area, quad))
}

/// Named so that its longer sides are top and bottom and it is read from left to right.
fn lying(quad: Quad) -> Quad {
    let quad = if quad.width() >= quad.height() { quad } else { quad.turned(1) };
    let [left, right, ..] = quad.corners;
    if right.x >= left.x { quad } else { quad.turned(2) }
}

/// The convex hull, clockwise as seen in a picture (Andrew's monotone chain). Sorts the points.
fn convex_hull(points: &mut Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., before, last] = chain.as_slice()
                && bend(*before, *last, point) <= 0.0
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

fn bend(from: Point, at: Point, to: Point) -> f32 {
    (at.x - from.x) * (to.y - at.y) - (at.y - from.y) * (to.x - at.x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_rectangle_is_found_again() {
        for degrees in [0.0_f32, 10.0, -35.0, 80.0, 179.0] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let turn = |x: f32, y: f32| Point { x: 50.0 + x * cos - y * sin, y: 40.0 + x * sin + y * cos };
            let mut points: Vec<Point> = (0..=20)
                .flat_map(|column| (0..=4).map(move |row| (column as f32 - 10.0, row as f32 - 2.0)))
                .map(|(x, y)| turn(x, y))
                .collect();
            let found = least_rectangle(&mut points).expect("a rectangle");
            assert!((found.width() - 20.0).abs() < 1e-2 && (found.height() - 4.0).abs() < 1e-2, "{found:?}");
            assert!(found.is_convex() && found.corners[0].x <= found.corners[1].x, "{degrees}: {found:?}");
        }
    }

    #[test]
    fn points_without_extent_have_none() {
        let point = |x, y| Point { x, y };
        for mut points in
            [vec![], vec![point(1.0, 1.0); 9], (0..9).map(|x| point(x as f32, x as f32)).collect()]
        {
            assert_eq!(least_rectangle(&mut points), None);
        }
    }
}
