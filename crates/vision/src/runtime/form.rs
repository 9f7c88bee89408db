//! Whether a graph's inputs and outputs are what its entry in the manifest says: found out when it is loaded, not at
//! the first request.

use ort::session::Session;
use ort::value::{Outlet, TensorElementType, ValueType};

use crate::face::{DETECTOR_OUTPUTS, MESH_OUTPUTS};
use crate::models::{Input, ModelEntry, Role};

/// Looks at the graph's one input and at the outputs its role needs.
///
/// # Errors
/// What does not fit, for people to read.
pub(super) fn check(session: &Session, entry: &ModelEntry) -> Result<(), String> {
    let free_height = !matches!(entry.role, Role::TextRecogniser | Role::TextRecogniserFine);
    check_input(session.inputs(), &entry.input, free_height)?;
    let outputs = session.outputs();
    match entry.role {
        Role::FaceDetector => check_named(outputs, &DETECTOR_OUTPUTS),
        Role::FaceRecogniser => {
            check_length(outputs, entry.template_length.unwrap_or_default(), "template_length")
        }
        Role::FaceLandmarks => check_named(outputs, &MESH_OUTPUTS),
        Role::EyeState => check_length(outputs, 2, "classes"),
        Role::TextDetector => check_single(outputs),
        Role::TextRecogniser | Role::TextRecogniserFine => check_classes(outputs, entry),
        Role::PresentationAttack => {
            check_length(outputs, entry.presentation.as_ref().map_or(0, |model| model.classes), "classes")
        }
    }
}

/// The sides of a tensor of 32-bit floats, -1 where they are free; `None` for anything else.
fn sides(outlet: &Outlet) -> Option<&[i64]> {
    match outlet.dtype() {
        ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } => Some(shape),
        _ => None,
    }
}

/// A line of text is as high as the entry says, however wide: its height is not free.
fn check_input(inputs: &[Outlet], input: &Input, free_height: bool) -> Result<(), String> {
    let [only] = inputs else { return Err(format!("it has {} inputs, and has to have one", inputs.len())) };
    let sides = sides(only).ok_or("its input has to be a tensor of 32-bit floats")?;
    let (width, height) = (i64::from(input.width), i64::from(input.height));
    // Where other sizes may be fed, the graph must not insist on one.
    let is_free = input.multiple_of.is_some();
    let side_fits = |side: i64, wanted: i64, is_free: bool| side < 0 || side == wanted && !is_free;
    match *sides {
        [batch, 3, rows, columns]
            if matches!(batch, 1 | -1)
                && side_fits(rows, height, is_free && free_height)
                && side_fits(columns, width, is_free) =>
        {
            Ok(())
        }
        [_, 3, _, _] if input.multiple_of.is_some() => {
            Err(format!("multiple_of asks for free sides, and its input is {sides:?}"))
        }
        [_, _, _, 3] => {
            Err(format!("its input is {sides:?}, channels last: convert it to channels first (NCHW)"))
        }
        _ => Err(format!("its input is {sides:?}, and the manifest says [1, 3, {height}, {width}]")),
    }
}

fn check_length(outputs: &[Outlet], expected: usize, key: &str) -> Result<(), String> {
    let first = outputs.first().ok_or("it has no output")?;
    let sides = sides(first).ok_or("its first output has to be a tensor of 32-bit floats")?;
    let known: i64 = sides.iter().filter(|side| **side > 0).product();
    // A free side other than the batch's is learned only by running it.
    let all_known = sides.iter().skip(1).all(|side| *side > 0);
    if all_known && usize::try_from(known).ok() != Some(expected) {
        return Err(format!("its output is {sides:?}, and the manifest says {key} = {expected}"));
    }
    Ok(())
}

fn check_single(outputs: &[Outlet]) -> Result<(), String> {
    match outputs.first().and_then(sides) {
        Some([_, 1, _, _]) => Ok(()),
        _ => Err("its first output has to be one plane of 32-bit floats".to_owned()),
    }
}

/// Every step of a line has the blank and the alphabet's characters.
fn check_classes(outputs: &[Outlet], entry: &ModelEntry) -> Result<(), String> {
    let characters = entry.alphabet.as_deref().unwrap_or_default().chars().count();
    match outputs.first().and_then(sides) {
        Some([_, _, classes]) if usize::try_from(*classes) == Ok(characters + 1) => Ok(()),
        found => {
            Err(format!("its output is {found:?}, and the alphabet has {characters} characters and a blank"))
        }
    }
}

fn check_named(outputs: &[Outlet], wanted: &[&str]) -> Result<(), String> {
    let lacking = wanted.iter().find(|name| !outputs.iter().any(|found| found.name() == **name));
    match lacking {
        Some(name) => Err(format!("it has no output {name}: its role has to have {}", wanted.join(", "))),
        None => Ok(()),
    }
}
