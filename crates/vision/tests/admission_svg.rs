//! Which SVG documents are drawn, how large, and which are refused.

mod hostile;

use absah_core::assessment::PictureFault;
use absah_vision::admission::{Format, Header, inspect};
use hostile::{
    Png, SCENE, admit_watched, data, data_uri, difference, exif_segment, scene, svg, with_segments,
};

/// An `image` element of the scene's size.
fn image(href: &str) -> String {
    format!(r#"<image width="48" height="64" xlink:href="{href}"/>"#)
}

#[test]
fn an_embedded_picture_is_drawn_pixel_by_pixel() {
    let turned = with_segments(data!("baseline_444.jpg"), &[exif_segment(3)]);
    let unturned = |x, y| scene(SCENE.0 - 1 - x, SCENE.1 - 1 - y);
    type Expected<'a> = &'a dyn Fn(u32, u32) -> [u8; 3];
    for (name, href, expected, tolerance) in [
        ("JPEG", data_uri("image/jpeg", data!("baseline_420.jpg")), &scene as Expected<'_>, 24),
        ("JPEG, other name", data_uri("image/jpg", data!("progressive_420.jpg")), &scene, 24),
        ("PNG", data_uri("image/png", &Png::scene().bytes()), &scene, 0),
        ("EXIF orientation", data_uri("image/jpeg", &turned), &unturned, 24),
    ] {
        for attribute in ["href", "xlink:href"] {
            let element = image(&href).replace("xlink:href", attribute);
            let document = svg(SCENE.0, SCENE.1, &element);
            let picture = admit_watched(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((picture.width(), picture.height()), SCENE, "{name}");
            assert!(
                difference(&picture, expected) <= tolerance,
                "{name}: {}",
                difference(&picture, expected)
            );
        }
    }
}

#[test]
fn a_reduced_picture_keeps_its_own_resolution() {
    let href = data_uri("image/png", &Png::scene().bytes());
    let element = format!(r#"<image width="24" height="32" href="{href}"/>"#);
    let picture = admit_watched(&svg(24, 32, &element)).unwrap();
    assert_eq!((picture.width(), picture.height()), SCENE);
    assert!(difference(&picture, scene) <= 2);
}

#[test]
fn the_view_box_says_the_size() {
    let head = |attributes: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>"#);
    for (attributes, expected) in [
        (r#"viewBox="0 0 30 40""#, Some((30, 40))),
        (r#"viewBox="-5,-5, 30.4,39.6""#, Some((30, 40))),
        (r#"viewBox="0 0 30 40" width="12cm" height="100%""#, Some((30, 40))),
        (r#"width="30" height="40px""#, Some((30, 40))),
        (r#"width="1in" height="72pt""#, Some((96, 96))),
        (r#"width="2.54cm" height="25.4mm""#, Some((96, 96))),
        (r#"viewBox="0 0 0.1 0.1""#, Some((1, 1))),
        (r#"viewBox="0 0 1e30 40""#, Some((u32::MAX, 40))),
        ("", None),
        (r#"width="30""#, None),
        (r#"width="100%" height="100%""#, None),
        (r#"viewBox="0 0 30""#, None),
        (r#"viewBox="0 0 30 40 50""#, None),
        (r#"viewBox="0 0 -30 40""#, None),
        (r#"viewBox="0 0 0 40""#, None),
        (r#"viewBox="0 0 NaN inf""#, None),
    ] {
        let header = inspect(head(attributes).as_bytes()).ok();
        let expected = expected.map(|(width, height)| Header { format: Format::Svg, width, height });
        assert_eq!(header, expected, "{attributes}");
    }
}

#[test]
fn shapes_are_drawn_over_white() {
    let content = r##"<title>A card</title><g transform="translate(1 1)" style="fill: #ff0000; stroke:none">
        <rect width="4" height="4"/></g><circle cx="15" cy="5" r="4" fill="rgb(0, 0, 255)"/>"##;
    let picture = admit_watched(&svg(20, 10, content)).unwrap();
    let pixel = |x: usize, y: usize| picture.rgb()[(y * 20 + x) * 3..][..3].to_vec();
    assert_eq!((pixel(3, 3), pixel(15, 5), pixel(9, 9)), (vec![255, 0, 0], vec![0, 0, 255], vec![255; 3]));
}

#[test]
fn byte_order_mark_comments_and_editor_notes_are_passed_over() {
    let plain = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:e="urn:editor" viewBox="0 0 9 9" e:zoom="2"><!-- c --></svg>"#;
    for document in [plain.to_owned(), format!("\u{FEFF}{plain}"), format!("\n <!-- c -->\n{plain}\n")] {
        assert!(admit_watched(document.as_bytes()).is_ok(), "{document}");
    }
}

#[test]
fn what_is_not_on_the_list_is_unreadable() {
    let inner = svg(48, 64, "<rect width='9' height='9'/>");
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
    let truncated = data!("baseline_420.jpg");
    for content in [
        "<script>alert(1)</script>",
        "<style>rect{fill:url(http://localhost/)}</style>",
        "<foreignObject width='9' height='9'/>",
        "<text>KTP</text>",
        "<use href='#a'/>",
        "<use xlink:href='http://localhost/a.svg#a'/>",
        "<symbol/>",
        "<defs/>",
        "<switch/>",
        "<a href='http://localhost/'/>",
        "<filter id='f'/>",
        "<mask id='m'/>",
        "<pattern id='p'/>",
        "<marker id='m'/>",
        "<clipPath id='c'/>",
        "<linearGradient id='g'/>",
        "<animate/>",
        "<set/>",
        "<svg/>",
        "<video/>",
        "<unknown/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<editor xmlns='urn:editor'/>",
        "<?xml-stylesheet href='http://localhost/'?>",
        "<rect onload='alert(1)'/>",
        "<rect href='#a'/>",
        "<rect filter='url(#f)'/>",
        "<rect mask='url(#m)'/>",
        "<rect clip-path='url(#c)'/>",
        "<rect fill='url(#p)'/>",
        "<rect fill='URL(http://localhost/)'/>",
        "<rect style='fill:url(#p)'/>",
        "<rect style='filter:url(#f)'/>",
        "<rect style='opac/**/ity:0.5'/>",
        "<rect style='opacity:0.5'/>",
        "<g opacity='0.5'/>",
        "<g style='mix-blend-mode:multiply'/>",
        "<g style='isolation:isolate'/>",
        "<path stroke-dasharray='0.001' d='M0 0H9'/>",
        "<path marker-end='url(#m)' d='M0 0H9'/>",
        "<image/><image href='' width='9' height='9'/>",
        "<image width='9' height='9' href='file:///etc/passwd'/>",
        "<image width='9' height='9' href='/etc/passwd'/>",
        "<image width='9' height='9' href='http://localhost/a.png'/>",
        "<image width='9' height='9' href='//localhost/a.png'/>",
        "<image width='9' height='9' href='#a'/>",
        "<image width='9' height='9' href=''/>",
        "<image width='9' height='9' href='data:image/jpeg,abc'/>",
        "<image width='9' height='9' href='data:image/jpeg;base64,'/>",
        "<image width='9' height='9' href='data:image/jpeg;base64,%41'/>",
        "<image width='9' height='9' href='data:image/png;base64,????'/>",
        &format!("<image width='9' height='9' href='{}'/>", data_uri("image/svg+xml", &inner)),
        &format!("<image width='9' height='9' href='{}'/>", data_uri("image/png", &inner)),
        &format!("<image width='9' height='9' href='{}'/>", data_uri("image/gif", gif)),
        &format!("<image width='9' height='9' href='{}'/>", data_uri("image/jpeg", gif)),
        &image(&data_uri("image/jpeg", &truncated[..truncated.len() - 300])),
        &image(&data_uri("image/jpeg", &[&truncated[..truncated.len() - 300], &[0xFF, 0xD9]].concat())),
        &image(&data_uri("image/png", truncated)).repeat(5),
        "<g>",
        "</g>",
        "&undefined;",
    ] {
        let expected = Err(PictureFault::Unreadable.into());
        let beginning: String = content.chars().take(80).collect();
        // An image without a reference shows nothing, which is harmless.
        if content.starts_with("<image/>") {
            continue;
        }
        assert_eq!(admit_watched(&svg(48, 64, content)), expected, "{beginning}");
    }
}

#[test]
fn entities_and_other_encodings_are_unreadable() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let root = |doctype: &str, content: &str| {
        format!(
            r#"{doctype}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{content}</title></svg>"#
        )
    };
    for (name, document) in [
        ("billion laughs", root(&format!("<!DOCTYPE svg [<!ENTITY l0 \"lol\">{laughs}]>"), "&l9;")),
        ("external entity", root("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;")),
        ("parameter entity", root("<!DOCTYPE svg [<!ENTITY % x SYSTEM \"http://localhost/\"> %x;]>", "")),
        ("document type", root("<!DOCTYPE svg SYSTEM \"http://localhost/svg.dtd\">", "")),
        ("no namespace", "<svg viewBox='0 0 9 9'/>".to_owned()),
        ("other root", "<g xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>".to_owned()),
    ] {
        assert_eq!(admit_watched(document.as_bytes()), Err(PictureFault::Unreadable.into()), "{name}");
    }
    let utf16: Vec<u8> = root("", "").encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(admit_watched(&utf16), Err(PictureFault::Unreadable.into()), "UTF-16");
}
