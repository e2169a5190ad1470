//! Where a pickler writes: a buffer with the frames of protocol 4, flushed into a file's `write` if there is a file.
//!
//! Invariant: while a frame is open, `frame` is where its header stands in `data`, still to be filled in.

use super::opcode;
use crate::heap::Ref;
use crate::vm::{Res, Vm};

/// A frame is closed once it is this large; larger payloads stand outside of frames.
const FRAME_TARGET: usize = 64 * 1024;
/// A smaller frame is not worth its header.
const FRAME_LEAST: usize = 4;
/// The opcode and eight bytes for the length.
const HEADER: usize = 9;

/// The written bytes.
#[derive(Default)]
pub struct Output {
    /// What is not yet in the file.
    pub data: Vec<u8>,
    /// Frames are to be made.
    pub framing: bool,
    frame: Option<usize>,
    /// The method that takes the bytes; NULL where the result is a bytes object.
    pub write: Ref,
}

impl Output {
    /// Some bytes that belong together.
    pub fn put(&mut self, bytes: &[u8]) {
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.data.len());
            self.data.extend_from_slice(&[0; HEADER]);
        }
        self.data.extend_from_slice(bytes);
    }

    /// One opcode without an argument.
    pub fn op(&mut self, code: u8) {
        self.put(&[code]);
    }

    /// Ends the open frame.
    pub fn close_frame(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let length = self.data.len() - start - HEADER;
        if length < FRAME_LEAST {
            self.data.drain(start..start + HEADER);
            return;
        }
        self.data[start] = opcode::FRAME;
        self.data[start + 1..start + HEADER].copy_from_slice(&(length as u64).to_le_bytes());
    }

    /// Between two opcodes: a frame that is large enough ends here.
    ///
    /// # Errors
    /// What writing into the file raises.
    pub fn boundary(&mut self, vm: &mut Vm) -> Res<()> {
        match self.frame {
            Some(start) if self.data.len() - start - HEADER >= FRAME_TARGET => {
                self.close_frame();
                self.flush(vm)
            }
            _ => Ok(()),
        }
    }

    /// An opcode with its length, and the bytes that it announces, which lie outside of frames if they are many.
    /// `payload` is the object that they are the content of, or NULL.
    ///
    /// # Errors
    /// What writing into the file raises.
    pub fn put_sized(&mut self, vm: &mut Vm, header: &[u8], data: &[u8], payload: Ref) -> Res<()> {
        vm.check_room(data.len() as u128 + self.data.len() as u128)?;
        let large = data.len() >= FRAME_TARGET;
        let framing = self.framing;
        if large {
            self.close_frame();
            self.framing = false;
        }
        self.put(header);
        if large && !self.write.is_null() {
            self.flush(vm)?;
            let made = if payload.is_null() { vm.new_bytes(data.to_vec()) } else { vm.share(payload) };
            let result = vm.call(self.write, &[made.get()]);
            vm.release(made);
            vm.release(result?);
        } else {
            self.put(data);
        }
        self.framing = framing;
        Ok(())
    }

    /// Hands everything to the file, if there is one.
    ///
    /// # Errors
    /// What writing into the file raises.
    pub fn flush(&mut self, vm: &mut Vm) -> Res<()> {
        if self.write.is_null() {
            return Ok(());
        }
        let bytes = vm.new_bytes(std::mem::take(&mut self.data));
        let result = vm.call(self.write, &[bytes.get()]);
        vm.release(bytes);
        vm.release(result?);
        Ok(())
    }
}
