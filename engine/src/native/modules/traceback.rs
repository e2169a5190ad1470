//! `_traceback`: what the machine knows of tracebacks, for the Python source `lib/traceback.py`.

use crate::code::Location;
use crate::heap::{ExceptionBody, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::vm::{Res, TracedFrame, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("pieces", 3, 3, pieces),
    function("only", 1, 1, only),
    function("frames", 1, 2, frames),
    function("texts", 1, 1, texts),
    function("place", 2, 2, place),
    function("source_line", 2, 2, source_line),
    function("source_text", 1, 1, source_text),
];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_traceback", def);
    }
    Ok(())
}

fn strings(vm: &mut Vm, texts: Vec<String>) -> Owned {
    let items = texts.iter().map(|text| vm.new_str(text)).collect();
    vm.new_list(items)
}

fn limit(vm: &mut Vm, given: Ref) -> Res<Option<i64>> {
    if given.is_null() || given == vm.single.none { Ok(None) } else { vm.index_of(given).map(Some) }
}

/// `pieces(exception, chain, limit)`
fn pieces(vm: &mut Vm, args: Args) -> Res<Owned> {
    let chain = vm.truth(args.get(vm, 1))?;
    let limit = limit(vm, args.get(vm, 2))?;
    let texts = vm.exception_pieces(args.get(vm, 0), chain, limit);
    Ok(strings(vm, texts))
}

/// `only(exception)`: the pieces behind the frames.
fn only(vm: &mut Vm, args: Args) -> Res<Owned> {
    if vm.heap.get::<ExceptionBody>(args.get(vm, 0)).is_none() {
        return Err(vm.type_error("an exception is needed"));
    }
    let texts = vm.exception_only(args.get(vm, 0));
    Ok(strings(vm, texts))
}

fn number(vm: &mut Vm, value: Option<u32>) -> Owned {
    match value {
        Some(value) => vm.new_int(i64::from(value)),
        None => vm.none(),
    }
}

/// `frames(traceback, limit)`: (file, line, name, end line, column, end column) of each.
fn frames(vm: &mut Vm, args: Args) -> Res<Owned> {
    let limit = limit(vm, args.get(vm, 1))?;
    let mut items = Vec::new();
    for frame in vm.traced_frames(args.get(vm, 0), limit) {
        let known = frame.place.end_col != 0;
        let parts = vec![
            vm.new_str(&frame.file),
            vm.new_int(i64::from(frame.line)),
            vm.new_str(&frame.name),
            number(vm, known.then_some(frame.place.end_line)),
            number(vm, known.then_some(frame.place.col)),
            number(vm, known.then_some(frame.place.end_col)),
        ];
        items.push(vm.new_tuple(parts));
    }
    Ok(vm.new_list(items))
}

/// `place(code, instruction)`: (end line, column, end column) of an instruction.
fn place(vm: &mut Vm, args: Args) -> Res<Owned> {
    let code = args.get(vm, 0);
    let at = vm.index_of(args.get(vm, 1))? / 2;
    let found = match vm.heap.layout(code) {
        crate::heap::Layout::Code => vm.code(code).locations.get(at.max(0) as usize).copied(),
        _ => None,
    };
    let found = found.filter(|place| place.end_col != 0);
    let parts = [found.map(|place| place.end_line), found.map(|place| place.col), found.map(|place| place.end_col)];
    let parts = parts.into_iter().map(|part| number(vm, part)).collect();
    Ok(vm.new_tuple(parts))
}

/// `texts(frames)`: the texts of frames given as `frames` gives them.
fn texts(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mut frames = Vec::new();
    for item in vm.collect(args.get(vm, 0))? {
        let parts = vm.tuple_items(item.get()).to_vec();
        let int = |at: usize| {
            let part = parts.get(at).copied().filter(|&part| part != vm.single.none);
            part.map_or(0, |part| vm.heap.int_word(part).clamp(0, i64::from(u32::MAX)) as u32)
        };
        let (line, end_line, col, end_col) = (int(1), int(3), int(4), int(5));
        frames.push(TracedFrame {
            file: vm.show(parts.first().copied().unwrap_or(Ref::NULL)),
            name: vm.show(parts.get(2).copied().unwrap_or(Ref::NULL)),
            line,
            place: Location { line, end_line, col, end_col },
        });
        vm.release(item);
    }
    let texts = vm.frame_texts(&frames);
    Ok(strings(vm, texts))
}

/// `source_line(file, line)`: the line without its end, or None.
fn source_line(vm: &mut Vm, args: Args) -> Res<Owned> {
    let file = vm.show(args.get(vm, 0));
    let line = vm.index_of(args.get(vm, 1))?;
    let found = u32::try_from(line).ok().and_then(|line| vm.source_line(&file, line));
    match found {
        Some(text) => Ok(vm.new_str(&text)),
        None => Ok(vm.none()),
    }
}

/// `source_text(file)`: a whole text that the engine has, or None.
fn source_text(vm: &mut Vm, args: Args) -> Res<Owned> {
    let file = vm.show(args.get(vm, 0));
    match vm.texts.get(&file).cloned() {
        Some(text) => Ok(vm.new_str(&text)),
        None => Ok(vm.none()),
    }
}
