//! The marker structure of a JPEG file: ITU-T T.81, annex B.

use std::ops::Range;

use zeroize::Zeroizing;

use super::source::PADDING;

/// Marker codes (T.81 table B.1).
mod marker {
    pub const SOF0: u8 = 0xC0;
    pub const SOF2: u8 = 0xC2;
    pub const DHT: u8 = 0xC4;
    pub const RST0: u8 = 0xD0;
    pub const RST7: u8 = 0xD7;
    pub const EOI: u8 = 0xD9;
    pub const SOS: u8 = 0xDA;
    pub const DQT: u8 = 0xDB;
    pub const DRI: u8 = 0xDD;
    pub const APP0: u8 = 0xE0;
    pub const APP1: u8 = 0xE1;
    pub const APP14: u8 = 0xEE;
    pub const APP15: u8 = 0xEF;
    pub const COM: u8 = 0xFE;
}

/// The most table segments. A picture needs at most four of each kind; progressive encoders write new Huffman
/// tables before each scan.
const MAX_TABLES: usize = 512;

/// The most scans. Ten are usual, and finer splitting gains an encoder nothing.
const MAX_SCANS: usize = 64;

/// What a JPEG file consists of, up to the end of its first picture.
pub(super) struct Structure<'a> {
    bytes: &'a [u8],
    /// Frame header.
    pub frame: Frame,
    /// Number of scans, at least one.
    pub scans: usize,
    /// The TIFF block of the first EXIF segment.
    pub exif: Option<&'a [u8]>,
    /// What decoding needs, in the file's order: tables, frame, scans with their data.
    kept: Vec<Range<usize>>,
    first_scan_components: u8,
}

/// The frame header (T.81 B.2.2).
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub width: u16,
    pub height: u16,
    pub progressive: bool,
    pub components: u8,
    /// The largest sampling factors, 1 to 4.
    horizontal: u8,
    vertical: u8,
    /// Each component's identifier and its own factors; zeroes beyond the last.
    sampling: [(u8, u8, u8); 4],
}

impl Frame {
    /// Two bytes for each coefficient of each component, with the sides rounded up to whole coding units.
    pub fn coefficient_bytes(&self) -> u64 {
        let whole = |side: u16, factor: u8| u64::from(side).next_multiple_of(8 * u64::from(factor));
        let samples = whole(self.width, self.horizontal) * whole(self.height, self.vertical);
        samples * u64::from(self.components) * 2
    }

    /// Coding units of a scan: those of its one component by itself, or of all components interleaved (T.81 A.2).
    fn coding_units(&self, scan: &[u8]) -> Option<u64> {
        let (count, selectors) = scan.split_first()?;
        let (horizontal, vertical) = if *count == 1 {
            let id = selectors.first()?;
            let (_, horizontal, vertical) =
                self.sampling.iter().find(|(component, h, _)| component == id && *h > 0)?;
            (*horizontal, *vertical)
        } else {
            (1, 1)
        };
        let units = |side: u16, factor: u8, largest: u8| {
            (u64::from(side) * u64::from(factor)).div_ceil(8 * u64::from(largest))
        };
        Some(units(self.width, horizontal, self.horizontal) * units(self.height, vertical, self.vertical))
    }
}

/// The bytes a decoder gets.
pub(super) struct Distillate {
    pub bytes: Zeroizing<Vec<u8>>,
    /// Where the data of the last scan ends.
    pub data_end: usize,
}

impl Structure<'_> {
    /// Whether the decoder has to hold all coefficients.
    pub fn in_several_scans(&self) -> bool {
        self.frame.progressive || self.first_scan_components != self.frame.components
    }

    /// Size of the distillate.
    pub fn kept_bytes(&self) -> usize {
        self.kept.iter().map(ExactSizeIterator::len).sum::<usize>() + PADDING + 4
    }

    /// Puts together what the decoder needs.
    pub fn distil(&self) -> Distillate {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.kept_bytes()));
        bytes.extend_from_slice(&[0xFF, 0xD8]);
        for range in &self.kept {
            bytes.extend_from_slice(self.bytes.get(range.clone()).unwrap_or_default());
        }
        let data_end = bytes.len();
        bytes.resize(data_end + PADDING, 0);
        bytes.extend_from_slice(&[0xFF, marker::EOI]);
        Distillate { bytes, data_end }
    }
}

/// Reads the structure; `None` where it is broken, unsupported or ends before its end marker.
pub(super) fn read(bytes: &[u8]) -> Option<Structure<'_>> {
    let mut cursor = Cursor { bytes, position: 2 };
    let mut frame = None;
    let mut scans = 0;
    let mut first_scan_components = 0;
    let mut tables = 0;
    let mut restart_interval = 0;
    let mut exif = None;
    let mut kept = Vec::new();
    loop {
        let (code, start) = cursor.marker()?;
        match code {
            marker::EOI => break,
            marker::SOF0..=marker::SOF2 => {
                let payload = cursor.segment()?;
                if frame.replace(read_frame(code, payload)?).is_some() {
                    return None;
                }
                kept.push(start..cursor.position);
            }
            marker::DHT | marker::DQT | marker::DRI | marker::APP14 => {
                let payload = cursor.segment()?;
                if code == marker::DRI {
                    restart_interval = u64::from(u16::from_be_bytes(payload.try_into().ok()?));
                }
                tables += 1;
                kept.push(start..cursor.position);
            }
            marker::SOS => {
                let header = cursor.segment()?;
                let components = *header.first()?;
                let frame = frame?;
                let is_complete =
                    scans > 0 && first_scan_components == frame.components && !frame.progressive;
                if is_complete {
                    return None;
                }
                if scans == 0 {
                    first_scan_components = components;
                }
                scans += 1;
                let restarts = cursor.skip_scan_data()?;
                // A decoder goes over missing intervals without a word.
                if restart_interval > 0
                    && restarts + 1 < frame.coding_units(header)?.div_ceil(restart_interval)
                {
                    return None;
                }
                kept.push(start..cursor.position);
            }
            marker::APP1 => {
                let payload = cursor.segment()?;
                exif = exif.or(payload.strip_prefix(b"Exif\0\0"));
            }
            marker::APP0..=marker::APP15 | marker::COM => {
                cursor.segment()?;
            }
            // Lossless, hierarchical and arithmetic-coded frames, DNL, and codes without a meaning.
            _ => return None,
        }
        if tables > MAX_TABLES || scans > MAX_SCANS {
            return None;
        }
    }
    let frame = frame.filter(|_| scans > 0)?;
    Some(Structure { bytes, frame, scans, exif, kept, first_scan_components })
}

/// Reads a frame header; `None` for other than 8-bit grey, three-colour or four-colour pictures.
fn read_frame(code: u8, payload: &[u8]) -> Option<Frame> {
    let [8, h1, h0, w1, w0, components @ (1 | 3 | 4), parameters @ ..] = payload else { return None };
    if parameters.len() != usize::from(*components) * 3 {
        return None;
    }
    let mut frame = Frame {
        width: u16::from_be_bytes([*w1, *w0]),
        height: u16::from_be_bytes([*h1, *h0]),
        progressive: code == marker::SOF2,
        components: *components,
        horizontal: 1,
        vertical: 1,
        sampling: [(0, 0, 0); 4],
    };
    for (slot, component) in frame.sampling.iter_mut().zip(parameters.as_chunks().0) {
        let [id, factors, _table] = *component;
        let (horizontal, vertical) = (factors >> 4, factors & 0x0F);
        if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) {
            return None;
        }
        *slot = (id, horizontal, vertical);
        frame.horizontal = frame.horizontal.max(horizontal);
        frame.vertical = frame.vertical.max(vertical);
    }
    Some(frame)
}

/// Walks over markers.
struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    /// The next marker's code and where it begins; leftovers before it are passed over, as every reader does.
    fn marker(&mut self) -> Option<(u8, usize)> {
        loop {
            let rest = self.bytes.get(self.position..)?;
            let start = self.position + rest.iter().position(|byte| *byte == 0xFF)?;
            self.position = start + 1;
            let code = *self.bytes.get(self.position)?;
            match code {
                0xFF => {}
                0x00 | 0x01 | marker::RST0..=marker::RST7 => self.position += 1,
                _ => {
                    self.position += 1;
                    return Some((code, start));
                }
            }
        }
    }

    /// The payload of the segment whose length comes next.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = self.bytes.get(self.position..)?.first_chunk::<2>()?;
        let end = self.position + usize::from(u16::from_be_bytes(*length));
        let payload = self.bytes.get(self.position + 2..end)?;
        self.position = end;
        Some(payload)
    }

    /// Stops before the marker that ends a scan and counts the restart markers on the way: entropy-coded data holds
    /// 0xFF only stuffed with a zero byte, in restart markers, or as fill before a marker.
    fn skip_scan_data(&mut self) -> Option<u64> {
        let mut restarts = 0;
        loop {
            let rest = self.bytes.get(self.position..)?;
            let fill = self.position + rest.iter().position(|byte| *byte == 0xFF)?;
            let code = fill + self.bytes.get(fill..)?.iter().position(|byte| *byte != 0xFF)?;
            match *self.bytes.get(code)? {
                0x00 => self.position = code + 1,
                marker::RST0..=marker::RST7 => {
                    restarts += 1;
                    self.position = code + 1;
                }
                _ => {
                    self.position = fill;
                    return Some(restarts);
                }
            }
        }
    }
}
