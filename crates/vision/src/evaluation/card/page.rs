//! The page of the cards that were read worst.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Examined;
use super::manifest::Row;
use super::report::Report;
use super::truth::{character_errors, comparable};
use crate::evaluation::markup::escaped;
use crate::evaluation::thumbnail::Thumbnail;
use crate::geometry::Bounds;

/// Pictures on the page.
const PICTURES: usize = 20;

const STYLE: &str = include_str!("../page.css");

/// The page, complete in itself: pictures stand in it as data URIs, and nothing is fetched.
pub(super) fn page(
    rows: &[Row],
    examined: &[Examined],
    path: impl Fn(&Row) -> PathBuf,
    report: &Report,
) -> String {
    let mut worst: Vec<(f64, &Row, &Examined)> =
        rows.iter().zip(examined).map(|(row, examined)| (errors(row, examined), row, examined)).collect();
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    worst.truncate(PICTURES);
    worst.retain(|(errors, ..)| *errors > 0.0);
    // Writing to a string cannot fail.
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
         <title>Card reading: the worst pictures</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Card reading: the worst pictures</h1>\n\
         <p class=\"notice\"><strong>This page holds pictures of cards and what is printed on them.</strong> Keep it as \
         carefully as the pictures themselves, and delete it when it has been looked at.</p>\n"
    );
    html.push_str(&summary(report));
    html.push_str("<section aria-labelledby=\"worst\">\n<h2 id=\"worst\">Cards with the most errors</h2>\n");
    if worst.is_empty() {
        html.push_str("<p>Every field of every card was read exactly.</p>\n");
    } else {
        html.push_str("<ol>\n");
        for (_, row, examined) in worst {
            html.push_str(&figure(row, examined, &path(row)));
        }
        html.push_str("</ol>\n");
    }
    html.push_str("</section>\n</main>\n</body>\n</html>\n");
    html
}

/// The sum of the fields' character error rates, and one more for a card that was not found.
fn errors(row: &Row, examined: &Examined) -> f64 {
    let of_fields: f64 = mistakes(row, examined).iter().map(|mistake| mistake.rate).sum();
    of_fields + f64::from(u8::from(!examined.is_found))
}

struct Mistake {
    field: &'static str,
    truth: String,
    read: String,
    confidence: f32,
    rate: f64,
}

fn mistakes(row: &Row, examined: &Examined) -> Vec<Mistake> {
    let of = |(field, truth): (&crate::card::CardField, &String)| {
        let reading = examined.fields.get(field);
        let truth = comparable(*field, truth);
        let read = reading.map_or_else(String::new, |reading| comparable(*field, &reading.value));
        let confidence = reading.map_or(0.0, |reading| reading.confidence);
        let rate = character_errors(&truth, &read);
        (truth != read).then_some(Mistake { field: field.key(), truth, read, confidence, rate })
    };
    row.truth.iter().filter_map(of).collect()
}

fn summary(report: &Report) -> String {
    let percent = |share: f64| format!("{:.2}\u{a0}%", share * 100.0);
    let mut rows = String::new();
    for (field, figures) in &report.fields {
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{field}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            percent(figures.exact),
            percent(figures.cer),
            percent(figures.read),
            percent(figures.wrong_with_confidence)
        );
    }
    format!(
        "<table>\n<caption>{} cards, {} of them found; relied on from a confidence of {}</caption>\n\
         <thead><tr><th scope=\"col\">field</th><th scope=\"col\">exact</th><th scope=\"col\">character errors</th>\
         <th scope=\"col\">read</th><th scope=\"col\">wrong with confidence</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        report.cards, report.found, report.confidence
    )
}

fn figure(row: &Row, examined: &Examined, path: &Path) -> String {
    let nowhere = Bounds { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
    let picture = Thumbnail::of(path, nowhere).map_or_else(
        || "<p>not readable</p>".to_owned(),
        |Thumbnail { jpeg, width, height, .. }| {
            format!(
                "<svg role=\"img\" aria-label=\"the card\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
                 height=\"{height}\"><image href=\"data:image/jpeg;base64,{jpeg}\" width=\"{width}\" \
                 height=\"{height}\"/></svg>"
            )
        },
    );
    let mut fields = String::new();
    for Mistake { field, truth, read, confidence, .. } in mistakes(row, examined) {
        let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { escaped(text) };
        let _ =
            write!(fields, "<dt>{field}: {}</dt><dd>{} ({confidence:.2})</dd>", shown(&truth), shown(&read));
    }
    let found = if examined.is_found { "found" } else { "not found" };
    format!(
        "<li><figure>\n{picture}\n<figcaption>\n<p>{found}</p>\n<p class=\"path\">{}</p>\n<dl>{fields}</dl>\n\
         </figcaption>\n</figure></li>\n",
        escaped(&row.path.to_string_lossy())
    )
}
