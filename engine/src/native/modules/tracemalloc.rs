//! `_tracemalloc`: the machine's side of tracing (`vm::tracing`). `tracemalloc` itself, which groups and compares what
//! was traced, is the Python source `lib/tracemalloc.py`.

use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::vm::tracing::Block;
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("_start", 1, 1, start),
    function("stop", 0, 0, stop),
    function("is_tracing", 0, 0, is_tracing),
    function("clear_traces", 0, 0, clear_traces),
    function("get_traced_memory", 0, 0, get_traced_memory),
    function("reset_peak", 0, 0, reset_peak),
    function("get_traceback_limit", 0, 0, get_traceback_limit),
    function("get_tracemalloc_memory", 0, 0, get_tracemalloc_memory),
    function("_get_traces", 0, 0, get_traces),
    function("_get_object_traceback", 1, 1, get_object_traceback),
];

/// The most frames of a place.
const MOST_FRAMES: i64 = 65_535;

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_tracemalloc", def);
    }
    Ok(())
}

fn start(vm: &mut Vm, args: Args) -> Res<Owned> {
    let frames = vm.c_int_argument(args.get(vm, 0))?;
    let limit = usize::try_from(frames).ok().filter(|_| (1..=MOST_FRAMES).contains(&frames));
    let Some(limit) = limit else {
        return Err(vm.value_error("the number of frames must be in range [1; 65535]"));
    };
    if vm.tracing.is_none() {
        vm.trace_limit = limit;
        vm.start_tracing();
    }
    Ok(vm.none())
}

fn stop(vm: &mut Vm, _args: Args) -> Res<Owned> {
    vm.stop_tracing();
    Ok(vm.none())
}

fn is_tracing(vm: &mut Vm, _args: Args) -> Res<Owned> {
    Ok(vm.bool(vm.tracing.is_some()))
}

fn clear_traces(vm: &mut Vm, _args: Args) -> Res<Owned> {
    vm.clear_traces();
    Ok(vm.none())
}

fn get_traced_memory(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let (size, peak) = vm.traced_memory();
    let both = vec![vm.new_size(size), vm.new_size(peak)];
    Ok(vm.new_tuple(both))
}

fn reset_peak(vm: &mut Vm, _args: Args) -> Res<Owned> {
    vm.reset_traced_peak();
    Ok(vm.none())
}

fn get_traceback_limit(vm: &mut Vm, _args: Args) -> Res<Owned> {
    Ok(vm.new_size(vm.trace_limit))
}

/// What the machine itself needs for tracing is not its program's memory.
fn get_tracemalloc_memory(vm: &mut Vm, _args: Args) -> Res<Owned> {
    Ok(vm.new_size(0))
}

/// A list of `(size, ((file, line), …), frames in all)`.
fn get_traces(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let blocks = vm.traced_blocks();
    let mut traces = Vec::with_capacity(blocks.len());
    for block in blocks {
        let places = places(vm, &block);
        let parts = vec![vm.new_size(block.size), places, vm.new_size(block.depth)];
        traces.push(vm.new_tuple(parts));
    }
    Ok(vm.new_list(traces))
}

/// The places of an object's block, or None.
fn get_object_traceback(vm: &mut Vm, args: Args) -> Res<Owned> {
    match vm.traced_block(args.get(vm, 0)) {
        Some(block) => {
            let parts = vec![places(vm, &block), vm.new_size(block.depth)];
            Ok(vm.new_tuple(parts))
        }
        None => Ok(vm.none()),
    }
}

fn places(vm: &mut Vm, block: &Block) -> Owned {
    let mut places = Vec::with_capacity(block.places.len());
    for (file, line) in block.places.iter() {
        let parts = vec![vm.new_text(file.clone()), vm.new_size(*line as usize)];
        places.push(vm.new_tuple(parts));
    }
    vm.new_tuple(places)
}
