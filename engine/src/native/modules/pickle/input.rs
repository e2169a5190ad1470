//! Where an unpickler reads: bytes in memory, or a file's `read` and `readline`, of which only what is needed is read.

use super::error;
use crate::heap::{Layout, Ref};
use crate::vm::{Res, Stop, Ty, Vm};

/// What is read from.
#[derive(Default)]
pub(super) struct Input {
    /// What is at hand: all of it, or a frame.
    pub data: Vec<u8>,
    /// How much of that is used up.
    pub at: usize,
    /// `read` of a file, or NULL.
    pub read: Ref,
    /// `readline` of a file, or NULL.
    pub readline: Ref,
}

impl Input {
    /// The next opcode.
    ///
    /// # Errors
    /// EOFError if there is none.
    pub fn opcode(&mut self, vm: &mut Vm) -> Res<u8> {
        match self.some(vm, 1)?.first() {
            Some(&code) => Ok(code),
            None => Err(vm.raise(Ty::EOFError, "Ran out of input")),
        }
    }

    /// The next bytes, exactly so many.
    ///
    /// # Errors
    /// UnpicklingError if there are fewer.
    pub fn take(&mut self, vm: &mut Vm, count: usize) -> Res<Vec<u8>> {
        let bytes = self.some(vm, count)?;
        if bytes.len() < count { Err(truncated(vm)) } else { Ok(bytes) }
    }

    /// The next bytes as an array.
    ///
    /// # Errors
    /// As [`Input::take`].
    pub fn array<const N: usize>(&mut self, vm: &mut Vm) -> Res<[u8; N]> {
        let bytes = self.take(vm, N)?;
        Ok(bytes.try_into().unwrap_or([0; N]))
    }

    fn some(&mut self, vm: &mut Vm, count: usize) -> Res<Vec<u8>> {
        let left = &self.data[self.at..];
        if left.len() >= count {
            let bytes = left[..count].to_vec();
            self.at += count;
            return Ok(bytes);
        }
        if self.read.is_null() {
            // In memory nothing more comes: what is left is too little.
            let bytes = left.to_vec();
            self.at = self.data.len();
            return Ok(bytes);
        }
        vm.check_room(count as u128)?;
        let size = vm.new_size(count);
        let made = vm.call(self.read, &[size.get()]);
        vm.release(size);
        self.given(vm, made?, "read")
    }

    fn given(&self, vm: &mut Vm, made: crate::heap::Owned, what: &str) -> Res<Vec<u8>> {
        let bytes = match vm.heap.layout(made.get()) {
            Layout::Bytes => Ok(vm.bytes_of(made.get()).to_vec()),
            _ => Err(vm.value_error(format!("{what}() from the underlying stream did not return bytes"))),
        };
        vm.release(made);
        bytes
    }

    /// The next line without its end.
    ///
    /// # Errors
    /// UnpicklingError if there is none, or if it is empty where it may not be.
    pub fn line(&mut self, vm: &mut Vm) -> Res<Vec<u8>> {
        let left = &self.data[self.at..];
        if let Some(end) = left.iter().position(|&byte| byte == b'\n') {
            let line = left[..end].to_vec();
            self.at += end + 1;
            return Ok(line);
        }
        if self.readline.is_null() {
            return Err(truncated(vm));
        }
        let made = vm.call(self.readline, &[])?;
        let mut line = self.given(vm, made, "readline")?;
        if line.pop() != Some(b'\n') {
            return Err(truncated(vm));
        }
        Ok(line)
    }

    /// Brings a frame to hand.
    ///
    /// # Errors
    /// UnpicklingError if there is less.
    pub fn frame(&mut self, vm: &mut Vm, length: usize) -> Res<()> {
        let before = self.at;
        let bytes = self.take(vm, length)?;
        if self.read.is_null() || before + length <= self.data.len() {
            self.at = before;
        } else {
            self.data = bytes;
            self.at = 0;
        }
        Ok(())
    }
}

#[cold]
pub(super) fn truncated(vm: &mut Vm) -> Stop {
    error(vm, "UnpicklingError", "pickle data was truncated")
}
