//! The decoder's byte source, which notices when scan data ran out.

use std::cell::Cell;
use std::rc::Rc;

use zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZSeekFrom};

/// Bytes laid behind a scan.
pub(super) const PADDING: usize = 64;

/// What is laid behind a scan.
#[derive(Clone, Copy)]
pub(super) enum Padding {
    /// One-bits, stuffed as T.81 B.1.1.5 asks. No Huffman code consists of ones alone, so a decoder that runs into
    /// them meets a bad code, unless it reads bare bits.
    Ones,
    /// Zero-bits.
    Zeros,
}

impl Padding {
    /// The bytes.
    pub fn bytes(self) -> [u8; PADDING] {
        match self {
            Self::Ones => std::array::from_fn(|place| if place % 2 == 0 { 0xFF } else { 0x00 }),
            Self::Zeros => [0; PADDING],
        }
    }
}

/// How far past a whole scan's end a fetch of the bit reader may go: it fetches while it holds fewer than 32 bits, so
/// it has taken at most three bytes of padding, stuffed, and looks at four more.
const LOOKAHEAD: usize = 3 * 2 + FETCH;

/// Bytes of one fetch of the bit reader. Markers and headers are read in other amounts.
const FETCH: usize = 4;

/// Bytes in memory, watched.
///
/// A decoder that runs out of scan data invents the rest: at an end marker it goes on with zero bits, and what
/// should be the lower half of a face is grey. So [`Padding`] stands behind the scans, and a bit reader that goes
/// further into it than its look-ahead has run out.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Ends of padded scans that are yet to be passed.
    ends: std::slice::Iter<'a, usize>,
    /// The first of them.
    end: usize,
    overrun: Overrun,
}

/// Tells, after decoding, whether scan data ran out.
#[derive(Clone, Default)]
pub(super) struct Overrun(Rc<Cell<bool>>);

impl Overrun {
    /// Whether the picture needed more scan data than there was.
    pub fn happened(&self) -> bool {
        self.0.get()
    }
}

impl<'a> Source<'a> {
    /// `bytes` with padding behind the scans that end at `ends`, ascending.
    pub fn new(bytes: &'a [u8], ends: &'a [usize]) -> Self {
        let mut ends = ends.iter();
        let end = ends.next().copied().unwrap_or(usize::MAX);
        Self { bytes, position: 0, ends, end, overrun: Overrun::default() }
    }

    /// A handle that outlives the source's move into the decoder.
    pub fn overrun(&self) -> Overrun {
        self.overrun.clone()
    }

    /// A fetch went past the look-ahead of a scan: into its padding, or long past it in another scan.
    #[cold]
    fn look_where(&mut self) {
        while self.position > self.end.saturating_add(PADDING) {
            self.end = self.ends.next().copied().unwrap_or(usize::MAX);
        }
        if self.position > self.end.saturating_add(LOOKAHEAD) {
            self.overrun.0.set(true);
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }
}

impl ZByteReaderTrait for Source<'_> {
    #[inline(always)]
    fn read_byte_no_error(&mut self) -> u8 {
        let byte = self.bytes.get(self.position).copied().unwrap_or(0);
        self.position = self.position.saturating_add(1);
        byte
    }

    #[inline(always)]
    fn read_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        self.peek_exact_bytes(buf)?;
        self.position += buf.len();
        if buf.len() == FETCH && self.position > self.end.saturating_add(LOOKAHEAD) {
            self.look_where();
        }
        Ok(())
    }

    fn read_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        let read = self.peek_bytes(buf)?;
        self.position += read;
        Ok(read)
    }

    fn peek_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        let rest = self.rest();
        let length = rest.len().min(buf.len());
        for (target, source) in buf.iter_mut().zip(rest) {
            *target = *source;
        }
        Ok(length)
    }

    #[inline(always)]
    fn peek_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        let rest = self.rest();
        let wanted = rest.get(..buf.len()).ok_or(ZByteIoError::NotEnoughBytes(rest.len(), buf.len()))?;
        buf.copy_from_slice(wanted);
        Ok(())
    }

    fn z_seek(&mut self, from: ZSeekFrom) -> Result<u64, ZByteIoError> {
        let position = match from {
            ZSeekFrom::Start(position) => usize::try_from(position).ok(),
            ZSeekFrom::End(offset) => {
                isize::try_from(offset).ok().and_then(|by| self.bytes.len().checked_add_signed(by))
            }
            ZSeekFrom::Current(offset) => {
                isize::try_from(offset).ok().and_then(|by| self.position.checked_add_signed(by))
            }
        };
        self.position = position.ok_or(ZByteIoError::SeekError("position outside the address space"))?;
        Ok(self.position as u64)
    }

    #[inline(always)]
    fn is_eof(&mut self) -> Result<bool, ZByteIoError> {
        Ok(self.position >= self.bytes.len())
    }

    fn z_position(&mut self) -> Result<u64, ZByteIoError> {
        Ok(self.position as u64)
    }

    fn read_remaining(&mut self, sink: &mut Vec<u8>) -> Result<usize, ZByteIoError> {
        let rest = self.rest();
        sink.extend_from_slice(rest);
        self.position += rest.len();
        Ok(rest.len())
    }
}
