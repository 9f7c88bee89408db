//! The marker structure of a JPEG file: ITU-T T.81, annex B.

use std::ops::Range;

use zeroize::Zeroizing;

use super::progression::Progression;
use super::source::{PADDING, Padding};

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
    /// What decoding needs, in the file's order and up to the last scan: tables, frame, scans with their data.
    kept: Vec<Kept>,
}

/// A part of the file that decoding needs.
struct Kept {
    range: Range<usize>,
    is_scan: bool,
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

    /// The place of the component with that identifier.
    pub fn component(&self, id: u8) -> Option<usize> {
        self.sampling.iter().take(usize::from(self.components)).position(|(component, ..)| *component == id)
    }

    /// Coding units of a scan: those of its one component by itself, or of all components interleaved (T.81 A.2).
    fn coding_units(&self, scan: &[u8]) -> Option<u64> {
        let (count, selectors) = scan.split_first()?;
        let (horizontal, vertical) = if *count == 1 {
            let (_, horizontal, vertical) = self.sampling.get(self.component(*selectors.first()?)?)?;
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
    /// Where the scans' data ends and padding begins, ascending.
    pub ends: Vec<usize>,
}

impl Structure<'_> {
    /// Whether the decoder has to hold all coefficients.
    pub fn in_several_scans(&self) -> bool {
        self.frame.progressive
    }

    /// Size of the distillate.
    pub fn kept_bytes(&self) -> usize {
        self.kept.iter().map(|kept| kept.range.len()).sum::<usize>() + self.scans * PADDING + 4
    }

    /// Puts together what the decoder needs.
    ///
    /// Padding stands behind every scan, but for the first of a progressive picture: there the decoder insists that
    /// its look-ahead meets the next marker. [`Self::distil_first_scan`] is for that one.
    pub fn distil(&self) -> Distillate {
        let mut distillate = Distillate::begin(self.kept_bytes());
        let mut is_padded = !self.frame.progressive;
        for kept in &self.kept {
            distillate.append(self.bytes, kept);
            if kept.is_scan && is_padded {
                distillate.pad(Padding::Ones);
            }
            is_padded |= kept.is_scan;
        }
        distillate.end()
    }

    /// The first scan alone, to see whether its data suffices.
    ///
    /// The padding is zeros, which is what the decoder makes up where the marker comes too early: a bad code here is
    /// a bad code there, and running out of data is noticed.
    pub fn distil_first_scan(&self) -> Distillate {
        let mut distillate = Distillate::begin(self.kept_bytes());
        for kept in &self.kept {
            distillate.append(self.bytes, kept);
            if kept.is_scan {
                break;
            }
        }
        distillate.pad(Padding::Zeros);
        distillate.end()
    }
}

impl Distillate {
    fn begin(capacity: usize) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
        bytes.extend_from_slice(&[0xFF, 0xD8]);
        Self { bytes, ends: Vec::new() }
    }

    fn append(&mut self, file: &[u8], kept: &Kept) {
        self.bytes.extend_from_slice(file.get(kept.range.clone()).unwrap_or_default());
    }

    fn pad(&mut self, padding: Padding) {
        self.ends.push(self.bytes.len());
        self.bytes.extend_from_slice(&padding.bytes());
    }

    fn end(mut self) -> Self {
        self.bytes.extend_from_slice(&[0xFF, marker::EOI]);
        self
    }
}

/// Reads the structure; `None` where it is broken, unsupported or ends before its end marker.
pub(super) fn read(bytes: &[u8]) -> Option<Structure<'_>> {
    let mut cursor = Cursor { bytes, position: 2 };
    let mut frame = None;
    let mut scans = 0;
    let mut tables = 0;
    let mut restart_interval = 0;
    let mut exif = None;
    let mut kept = Vec::new();
    let mut keep = |range, is_scan| kept.push(Kept { range, is_scan });
    let mut progression = Progression::default();
    loop {
        let (code, start) = cursor.marker()?;
        match code {
            marker::EOI => break,
            marker::SOF0..=marker::SOF2 => {
                let payload = cursor.segment()?;
                if frame.replace(read_frame(code, payload)?).is_some() {
                    return None;
                }
                keep(start..cursor.position, false);
            }
            marker::DHT | marker::DQT | marker::DRI | marker::APP14 => {
                let payload = cursor.segment()?;
                if code == marker::DRI {
                    restart_interval = u64::from(u16::from_be_bytes(payload.try_into().ok()?));
                }
                tables += 1;
                keep(start..cursor.position, false);
            }
            marker::SOS => {
                let header = cursor.segment()?;
                let frame = frame?;
                if frame.progressive {
                    progression.take(&frame, header)?;
                } else if scans > 0 || *header.first()? != frame.components {
                    // One component a scan is allowed and hardly ever made; where such a scan is cut or missing the
                    // decoder fills in grey and gives no way to notice.
                    return None;
                }
                scans += 1;
                let restarts = cursor.skip_scan_data()?;
                // A decoder goes over missing intervals without a word.
                if restart_interval > 0
                    && restarts + 1 < frame.coding_units(header)?.div_ceil(restart_interval)
                {
                    return None;
                }
                keep(start..cursor.position, true);
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
    let frame = frame.filter(|frame| scans > 0 && (!frame.progressive || progression.is_whole(frame)))?;
    // Behind the last scan the end marker comes next; in its place, a table would hide that the scan was cut.
    kept.truncate(kept.iter().rposition(|kept| kept.is_scan)? + 1);
    Some(Structure { bytes, frame, scans, exif, kept })
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
