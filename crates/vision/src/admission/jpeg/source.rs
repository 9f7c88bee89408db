//! The decoder's byte source, which notices when scan data ran out.

use std::cell::Cell;
use std::rc::Rc;

use zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZSeekFrom};

/// Zero bytes laid between the last scan and the end marker.
pub(super) const PADDING: usize = 64;

/// How many bytes the bit reader may fetch past the last scan of a whole picture: it holds 64 bits, filled by four
/// bytes at a time.
const LOOKAHEAD: usize = 12;

/// Bytes of one fetch of the bit reader. Markers and headers are read in other amounts.
const FETCH: usize = 4;

/// Bytes in memory, watched.
///
/// A decoder that runs out of scan data invents the rest: at an end marker it goes on with zero bits, and what
/// should be the lower half of a face is grey. So [`PADDING`] stands before the end marker, and a bit reader that
/// goes further into it than its look-ahead has run out.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    position: usize,
    data_end: usize,
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
    /// `bytes` whose last scan ends at `data_end`.
    pub fn new(bytes: &'a [u8], data_end: usize) -> Self {
        Self { bytes, position: 0, data_end, overrun: Overrun::default() }
    }

    /// A handle that outlives the source's move into the decoder.
    pub fn overrun(&self) -> Overrun {
        self.overrun.clone()
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
        if buf.len() == FETCH && self.position > self.data_end + LOOKAHEAD {
            self.overrun.0.set(true);
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
