//! The smallest ONNX files that can stand for a model, written byte by byte (onnx.proto, opset 13): a mean over each
//! plane, so that three planes give three numbers.

/// A field of protocol buffers: its number, and bytes behind their length.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(content);
    bytes
}

/// A field that holds a small number.
fn small(number: u8, value: u64) -> Vec<u8> {
    let mut bytes = vec![number << 3];
    let mut rest = value;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// An input or output of 32-bit floats; a side of 0 is free.
fn tensor(name: &str, sides: &[u64]) -> Vec<u8> {
    let side = |side: &u64| field(1, &if *side == 0 { field(2, b"n") } else { small(1, *side) });
    let shape: Vec<u8> = sides.iter().flat_map(side).collect();
    let tensor = [small(1, 1), field(2, &shape)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

fn node(operator: &str, input: &str, output: &str) -> Vec<u8> {
    field(
        1,
        &[field(1, input.as_bytes()), field(2, output.as_bytes()), field(4, operator.as_bytes())].concat(),
    )
}

/// A graph from `input` sides to the means of its planes.
pub fn means(input: &[u64]) -> Vec<u8> {
    let planes = input.get(1).copied().unwrap_or_default();
    let graph = [
        node("GlobalAveragePool", "picture", "pooled"),
        node("Flatten", "pooled", "means"),
        field(2, b"means"),
        field(11, &tensor("picture", input)),
        field(12, &tensor("means", &[1, planes])),
    ]
    .concat();
    let opset = [field(1, b""), small(2, 13)].concat();
    [small(1, 8), field(7, &graph), field(8, &opset)].concat()
}
