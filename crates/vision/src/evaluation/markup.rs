//! Texts from outside inside SVG and HTML.

/// A text that stands in an element or a quoted attribute, whatever it holds.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Neither XML nor a reader has a use for them.
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_can_stand_in_an_element_and_an_attribute(text in "[^\u{fffe}\u{ffff}]{0,40}") {
            let escaped = escaped(&text);
            let document = format!("<a b=\"{escaped}\">{escaped}</a>");
            let tree = roxmltree::Document::parse(&document).expect("well formed");
            let expected: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            prop_assert_eq!(tree.root_element().attribute("b"), Some(expected.as_str()));
            prop_assert_eq!(tree.root_element().text().unwrap_or_default(), expected.as_str());
        }
    }
}
