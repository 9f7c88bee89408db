//! The page of the worst pictures: attacks accepted or nearest to it, bona fide presentations refused or nearest to it.

use std::fmt::Write as _;
use std::path::Path;

use super::decision::{Decision, Verdict};
use super::examine::{Examined, Finding};
use super::manifest::{Label, Presentation};
use super::report::Report;
use crate::evaluation::markup::escaped;
use crate::evaluation::rates::Rate;
use crate::evaluation::thumbnail::Thumbnail;

/// Pictures on the page.
const PICTURES: usize = 20;

const STYLE: &str = include_str!("../page.css");

/// A scored presentation.
struct Scored<'e> {
    presentation: &'e Presentation,
    finding: &'e Finding,
}

/// The page, complete in itself: pictures stand in it as data URIs, and nothing is fetched.
pub(super) fn page(
    presentations: &[Presentation],
    examined: &[Examined],
    images: &Path,
    decision: Decision,
    report: &Report,
) -> String {
    let (attacks, bona_fide) = worst(presentations, examined);
    // Writing to a string cannot fail.
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
         <title>Presentation-attack detection: the worst pictures</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Presentation-attack detection: the worst pictures</h1>\n\
         <p class=\"notice\"><strong>This page holds pictures of people.</strong> Keep it as carefully as the pictures \
         themselves, and delete it when it has been looked at.</p>\n"
    );
    html.push_str(&summary(report));
    for (id, title, explained, pictures) in [
        (
            "attacks",
            "Attacks with the highest scores",
            "At or above the threshold an attack is accepted.",
            &attacks,
        ),
        (
            "bona-fide",
            "Bona fide presentations with the lowest scores",
            "Below the threshold a bona fide presentation is refused.",
            &bona_fide,
        ),
    ] {
        let _ = writeln!(html, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>");
        if pictures.is_empty() {
            html.push_str("<p>There are none.</p>\n");
        } else {
            let _ = writeln!(html, "<p>{explained}</p>\n<ol>");
            pictures.iter().for_each(|scored| html.push_str(&figure(scored, images, decision)));
            html.push_str("</ol>\n");
        }
        html.push_str("</section>\n");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

/// The attacks with the highest scores and the bona fide presentations with the lowest: half the places each, and what
/// one side leaves empty for the other.
fn worst<'e>(
    presentations: &'e [Presentation],
    examined: &'e [Examined],
) -> (Vec<Scored<'e>>, Vec<Scored<'e>>) {
    let scored = presentations.iter().zip(examined).filter_map(|(presentation, examined)| match examined {
        Examined::Acquired(finding) => Some(Scored { presentation, finding }),
        Examined::Failed(_) => None,
    });
    let (mut attacks, mut bona_fide): (Vec<_>, Vec<_>) =
        scored.partition(|scored| scored.presentation.label == Label::Attack);
    attacks.sort_by(|a, b| b.finding.score.total_cmp(&a.finding.score));
    bona_fide.sort_by(|a, b| a.finding.score.total_cmp(&b.finding.score));
    let half = PICTURES / 2;
    let of_attacks = half.max(PICTURES.saturating_sub(bona_fide.len())).min(attacks.len());
    attacks.truncate(of_attacks);
    bona_fide.truncate(PICTURES - of_attacks);
    (attacks, bona_fide)
}

/// The rates at the threshold, as a table.
fn summary(report: &Report) -> String {
    let mut rows = String::new();
    let mut row = |name: &str, rate: Option<Rate>| {
        let _ = writeln!(rows, "<tr><th scope=\"row\">{}</th>{}</tr>", escaped(name), cells(rate));
    };
    row("BPCER: bona fide presentations refused", report.operating.bpcer);
    for (species, rate) in &report.operating.apcer {
        row(&format!("APCER: {species} accepted"), *rate);
    }
    format!(
        "<table>\n<caption>{} presentations, {} of them not acquired; threshold {}</caption>\n\
         <thead><tr><th scope=\"col\">error rate</th><th scope=\"col\">rate</th>\
         <th scope=\"col\">95 % interval</th><th scope=\"col\">errors</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        report.rows, report.failure_to_acquire, report.threshold
    )
}

fn cells(rate: Option<Rate>) -> String {
    let percent = |share: f64| format!("{:.2}\u{a0}%", share * 100.0);
    rate.map_or_else(
        || "<td>unknown</td><td></td><td>nothing acquired</td>".into(),
        |Rate { errors, of, rate, interval }| {
            let (low, high) = (percent(interval.low), percent(interval.high));
            format!("<td>{}</td><td>{low} to {high}</td><td>{errors} of {of}</td>", percent(rate))
        },
    )
}

fn figure(Scored { presentation, finding }: &Scored, images: &Path, decision: Decision) -> String {
    let Presentation { path, label, species } = presentation;
    let verdict = decision.verdict(finding.score);
    let wrong = (verdict == Verdict::BonaFide) != (*label == Label::BonaFide);
    let truth = match label {
        Label::BonaFide => "bona fide".into(),
        Label::Attack => format!("attack, {}", escaped(species)),
    };
    let shown = Thumbnail::of(&images.join(path), finding.face);
    let picture = shown.map_or_else(|| "<p>no longer readable</p>".into(), |small| drawn(&small, &truth));
    let mut cues = String::new();
    for cue in &finding.cues {
        let _ = write!(cues, "<dt>{}</dt><dd>{:.2}</dd>", cue.name, cue.value);
    }
    let (class, answer) = (if wrong { "wrong" } else { "right" }, words(verdict));
    let judged = if wrong { "wrongly" } else { "rightly" };
    format!(
        "<li><figure>\n{picture}\n<figcaption>\n<p class=\"score {class}\"><span>{:.1}</span> {judged} {answer}</p>\n\
         <p>{truth}</p>\n<p class=\"path\">{}</p>\n<dl>{cues}</dl>\n</figcaption>\n</figure></li>\n",
        finding.score,
        escaped(&path.to_string_lossy()),
    )
}

/// The thumbnail with the face that was judged in a frame.
fn drawn(small: &Thumbnail, truth: &str) -> String {
    let Thumbnail { jpeg, width, height, face } = small;
    format!(
        "<svg role=\"img\" aria-label=\"{truth}, the judged face framed\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\"><image href=\"data:image/jpeg;base64,{jpeg}\" width=\"{width}\" \
         height=\"{height}\"/><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/></svg>",
        face.left, face.top, face.width, face.height
    )
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::BonaFide => "accepted",
        Verdict::Uncertain => "refused as uncertain",
        Verdict::Attack => "refused as an attack",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Bounds;

    fn rows(attacks: usize, bona_fide: usize) -> (Vec<Presentation>, Vec<Examined>) {
        let of = |label: Label, count: usize| {
            (0..count).map(move |index| {
                let presentation = Presentation {
                    path: format!("{}-{index}.jpg", label.key()).into(),
                    label,
                    species: if label == Label::Attack { "<print>".into() } else { String::new() },
                };
                let face = Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
                let score = index as f64;
                (presentation, Examined::Acquired(Finding { score, face, cues: Vec::new() }))
            })
        };
        of(Label::Attack, attacks).chain(of(Label::BonaFide, bona_fide)).unzip()
    }

    #[test]
    fn the_worst_come_first_and_fill_the_page() {
        // attacks, bona fide presentations, how many of each are shown
        for (attacks, bona_fide, shown) in [
            (50, 50, (10, 10)),
            (3, 50, (3, 17)),
            (50, 4, (16, 4)),
            (2, 3, (2, 3)),
            (0, 40, (0, 20)),
            (40, 0, (20, 0)),
        ] {
            let (presentations, examined) = rows(attacks, bona_fide);
            let (highest, lowest) = worst(&presentations, &examined);
            assert_eq!((highest.len(), lowest.len()), shown, "{attacks} {bona_fide}");
            assert!(highest.windows(2).all(|pair| pair[0].finding.score >= pair[1].finding.score));
            assert!(lowest.windows(2).all(|pair| pair[0].finding.score <= pair[1].finding.score));
            assert_eq!(
                highest.first().map(|scored| scored.finding.score),
                attacks.checked_sub(1).map(|top| top as f64)
            );
        }
    }

    #[test]
    fn the_page_says_what_it_holds_and_fetches_nothing() {
        let (presentations, examined) = rows(2, 2);
        let decision = Decision::at(1.0);
        let report = Report::new(&presentations, &examined, decision, Vec::new(), std::time::Duration::ZERO);
        let html = page(&presentations, &examined, Path::new("/nowhere"), decision, &report);
        for expected in [
            "This page holds pictures of people",
            "lang=\"en\"",
            "attack, &lt;print&gt;",
            "no longer readable",
            "<span>1.0</span> wrongly accepted",
            "<span>0.0</span> wrongly refused as an attack",
            "APCER: &lt;print&gt; accepted",
        ] {
            assert!(html.contains(expected), "{expected}\n{html}");
        }
        assert!(
            !html.contains("<print>") && !html.contains("http://") && !html.contains("https://"),
            "{html}"
        );
    }
}
