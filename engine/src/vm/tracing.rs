//! `tracemalloc`: where the memory of living objects was asked for.
//!
//! The heap writes down which objects were made, grew or died. Before each instruction of traced code (`Fused::Trace`
//! stands for every plain one) the machine gives what was written down to the lines that ran until then. So nothing is
//! paid for tracing while nobody traces, and a line is right to the instruction.
//!
//! An object is one block, or two: lists, dicts, sets and bytearrays keep their contents apart, and that block belongs
//! to the line that made it as large as it is.

use super::Vm;
use crate::code::{Fused, Instr, fuse};
use crate::heap::{Code, CodeBody, Layout, Ref, Touched};
use crate::object::text::Text;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// A line that was running: its file and number.
pub type Place = (Text, u32);

/// The most recent place first.
pub type Places = Rc<[Place]>;

/// A block of memory.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its bytes.
    pub size: usize,
    /// Where it was asked for.
    pub places: Places,
    /// How many frames there were then.
    pub depth: usize,
}

/// What is known while tracing.
#[derive(Clone, Debug)]
pub struct Tracing {
    blocks: FxHashMap<Ref, [Option<Block>; 2]>,
    size: usize,
    peak: usize,
    places: Places,
    depth: usize,
    /// Code, depth and line of `places`.
    key: (usize, usize, u32),
}

impl Vm {
    /// Begins to trace; nothing if it does already.
    pub fn start_tracing(&mut self) {
        if self.tracing.is_some() {
            return;
        }
        self.tracing = Some(Box::new(Tracing {
            blocks: FxHashMap::default(),
            size: 0,
            peak: 0,
            places: Rc::from([]),
            depth: 0,
            key: (0, 0, 0),
        }));
        self.heap.touched = Some(Vec::new());
        self.change_code();
        self.look_here(self.frame.ip);
    }

    /// Ends tracing and forgets everything.
    pub fn stop_tracing(&mut self) {
        if self.tracing.take().is_some() {
            self.heap.touched = None;
            self.change_code();
        }
    }

    /// Forgets the blocks seen so far.
    pub fn clear_traces(&mut self) {
        self.attribute();
        if let Some(tracing) = &mut self.tracing {
            tracing.blocks.clear();
            (tracing.size, tracing.peak) = (0, 0);
        }
    }

    /// The peak is what is there now.
    pub fn reset_traced_peak(&mut self) {
        self.measure_again();
        if let Some(tracing) = &mut self.tracing {
            tracing.peak = tracing.size;
        }
    }

    /// The bytes that are there now, and the most so far.
    pub fn traced_memory(&mut self) -> (usize, usize) {
        self.measure_again();
        self.tracing.as_ref().map_or((0, 0), |tracing| (tracing.size, tracing.peak))
    }

    /// Every block, the objects in the order of their numbers.
    pub fn traced_blocks(&mut self) -> Vec<Block> {
        self.measure_again();
        let Some(tracing) = &self.tracing else { return Vec::new() };
        let mut objects: Vec<(&Ref, &[Option<Block>; 2])> = tracing.blocks.iter().collect();
        objects.sort_by_key(|(object, _)| object.index());
        objects.into_iter().flat_map(|(_, blocks)| blocks.iter().flatten().cloned()).collect()
    }

    /// The block of an object itself.
    pub fn traced_block(&mut self, object: Ref) -> Option<Block> {
        self.attribute();
        self.tracing.as_ref()?.blocks.get(&object)?[0].clone()
    }

    /// What runs of code with these instructions.
    pub(super) fn instructions_to_run(&self, plain: &[Instr]) -> Vec<Instr> {
        match (&self.tracing, self.fusion) {
            (Some(_), _) => vec![Instr::Fused(Fused::Trace); plain.len()],
            (None, true) => fuse(plain),
            (None, false) => plain.to_vec(),
        }
    }

    /// All code that there is comes to be traced, or no longer. Frames that run under a native function which is being
    /// called see it when they go on.
    fn change_code(&mut self) {
        let mut changed: FxHashMap<usize, Rc<Code>> = FxHashMap::default();
        let codes: Vec<Ref> = self.heap.objects().filter(|&object| self.heap.layout(object) == Layout::Code).collect();
        for object in codes {
            let old = self.code(object);
            let new = self.changed_code(&old, &mut changed);
            if let Some(body) = self.heap.get_mut::<CodeBody>(object) {
                body.code = new;
            }
        }
        for at in 0..self.frames.len() {
            let old = Rc::clone(&self.frames[at].code);
            self.frames[at].code = self.changed_code(&old, &mut changed);
        }
        let old = Rc::clone(&self.frame.code);
        self.frame.code = self.changed_code(&old, &mut changed);
    }

    fn changed_code(&self, old: &Rc<Code>, changed: &mut FxHashMap<usize, Rc<Code>>) -> Rc<Code> {
        let new = changed.entry(Rc::as_ptr(old).addr()).or_insert_with(|| {
            let fused = self.instructions_to_run(&old.instrs);
            Rc::new(Code { fused, ..Code::clone(old) })
        });
        Rc::clone(new)
    }

    /// Before instruction `ip` of traced code.
    #[cold]
    pub(super) fn trace_point(&mut self, ip: usize) {
        let depth = self.frames.len();
        let Some(tracing) = &self.tracing else { return };
        if self.heap.touched.as_ref().is_some_and(|touched| !touched.is_empty()) {
            if tracing.depth > depth {
                // A call has come back: what was made since belongs to the line that called.
                self.look_here(self.frame.ip);
            }
            self.attribute();
        }
        self.look_here(ip as u32);
    }

    /// What is made from now on belongs to this instruction of the running frame.
    fn look_here(&mut self, ip: u32) {
        let depth = self.frames.len();
        let line = |code: &Code, ip: u32| code.locations.get(ip as usize).map_or(0, |location| location.line);
        let key = (Rc::as_ptr(&self.frame.code).addr(), depth, line(&self.frame.code, ip));
        let Some(tracing) = &mut self.tracing else { return };
        if tracing.key == key && !tracing.places.is_empty() {
            return;
        }
        let frames = std::iter::once((&self.frame.code, ip));
        let frames = frames.chain(self.frames.iter().rev().map(|frame| (&frame.code, frame.ip)));
        let frames = frames.filter(|(code, _)| !code.filename.is_null());
        let all = frames.clone().count();
        let places: Vec<Place> = frames
            .take(self.trace_limit)
            .map(|(code, ip)| (self.heap.text(code.filename).cloned().unwrap_or_default(), line(code, ip)))
            .collect();
        (tracing.places, tracing.depth, tracing.key) = (Rc::from(places), all, key);
    }

    /// Gives what the heap has written down to the lines that ran until now.
    fn attribute(&mut self) {
        let Some(touched) = self.heap.touched.as_mut().map(std::mem::take) else { return };
        for touch in touched {
            match touch {
                Touched::Made(object) if self.heap.is_live(object) => self.note_object(object, true),
                Touched::Grown(object) if self.heap.is_live(object) => self.note_object(object, false),
                Touched::Made(object) | Touched::Grown(object) | Touched::Gone(object) => self.forget_object(object),
            }
        }
    }

    fn note_object(&mut self, object: Ref, made: bool) {
        let sizes = self.blocks_of(object);
        let Some(tracing) = &mut self.tracing else { return };
        if !made && !tracing.blocks.contains_key(&object) {
            // Made before: a block that grows now is a block that is asked for now.
            tracing.blocks.insert(object, [None, None]);
        }
        let Tracing { blocks, size, peak, places, depth, .. } = &mut **tracing;
        let blocks = blocks.entry(object).or_insert([None, None]);
        for (at, (block, now)) in blocks.iter_mut().zip(sizes).enumerate() {
            let before = block.as_ref().map_or(0, |block| block.size);
            if now == before || (at == 0 && !made) {
                continue;
            }
            *size = (*size + now).saturating_sub(before);
            *block = (now > 0).then(|| Block { size: now, places: Rc::clone(places), depth: *depth });
        }
        *peak = (*peak).max(*size);
    }

    fn forget_object(&mut self, object: Ref) {
        if let Some(tracing) = &mut self.tracing
            && let Some(blocks) = tracing.blocks.remove(&object)
        {
            let gone: usize = blocks.iter().flatten().map(|block| block.size).sum();
            tracing.size = tracing.size.saturating_sub(gone);
        }
    }

    /// What has changed its size in a way that the heap was not told of.
    fn measure_again(&mut self) {
        self.attribute();
        let Some(tracing) = &self.tracing else { return };
        let objects: Vec<Ref> = tracing.blocks.keys().copied().collect();
        for object in objects {
            let sizes = self.blocks_of(object);
            let Some(tracing) = &mut self.tracing else { return };
            let Some(blocks) = tracing.blocks.get_mut(&object) else { continue };
            for (block, now) in blocks.iter_mut().zip(sizes) {
                if let Some(block) = block {
                    tracing.size = (tracing.size + now).saturating_sub(block.size);
                    block.size = now;
                }
            }
            tracing.peak = tracing.peak.max(tracing.size);
        }
    }
}
