//! Look-ups in the tables the build script writes, all sorted by their first column.

/// The value beside a key.
pub(crate) fn find<V: Copy>(table: &[(&'static str, V)], key: &str) -> Option<V> {
    let index = table.binary_search_by(|(held, _)| (*held).cmp(key)).ok()?;
    table.get(index).map(|(_, value)| *value)
}
