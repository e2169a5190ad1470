//! `marshal`: CPython's own format for constants and code.
//!
//! The bytes are CPython's, but for code objects: their instructions have no bytes here, so that a code object is written as
//! the number of its instructions among those that this interpreter has written, and its parts. Sharing goes by the rule of
//! CPython: an object that more than one reference leads to is remembered, and named by number the next time.

mod read;
mod write;

use crate::code::{BodyKind, Instr, Location};
use crate::heap::{Code, CodeBody, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::vm::{Res, Stop, Ty, Vm};
use std::rc::Rc;

static FUNCTIONS: &[NativeDef] = &[
    function("dumps", 1, 2, dumps).named(&["value", "version", "allow_code"], 2, 2, 1),
    function("loads", 1, 1, loads).named(&["bytes", "allow_code"], 1, 1, 1),
    function("dump", 2, 3, dump).named(&["value", "file", "version", "allow_code"], 3, 3, 2),
    function("load", 1, 1, load).named(&["file", "allow_code"], 1, 1, 1),
];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "marshal", def);
    }
    let version = vm.new_int(vm.profile.marshal_version);
    vm.put(dict, "version", version);
    Ok(())
}

/// What a code object runs, without the objects that it refers to.
#[derive(Debug)]
pub struct Body {
    instrs: Vec<Instr>,
    fused: Vec<Instr>,
    locations: Vec<Location>,
    handlers: Vec<crate::code::Handler>,
    kind: Option<BodyKind>,
    numbers: [u32; 7],
    truths: [bool; 3],
    /// How many constants are not shown, and how many names it has of each sort.
    hidden: usize,
    names: [usize; 5],
}

impl Body {
    /// Whether so many parts are the parts of such code.
    fn fits(&self, hidden: usize, names: &[Vec<Ref>; 5]) -> bool {
        self.hidden == hidden && self.names == [0, 1, 2, 3, 4].map(|at| names[at].len())
    }
}

fn body_of(code: &Code) -> Body {
    Body {
        instrs: code.instrs.clone(),
        fused: code.fused.clone(),
        locations: code.locations.clone(),
        handlers: code.handlers.clone(),
        kind: code.body,
        numbers: [
            code.arg_count,
            code.posonly_count,
            code.kwonly_count,
            code.flags,
            code.first_line,
            code.stack_size,
            code.shown_consts,
        ],
        truths: [code.varargs, code.varkw, code.is_function],
        hidden: code.consts.len().saturating_sub(code.shown_consts as usize),
        names: [&code.names, &code.varnames, &code.cellvars, &code.freevars, &code.local_names].map(Vec::len),
    }
}

/// The objects of a code object in the order in which they are written, all held by somebody else.
struct Parts {
    consts: Ref,
    hidden: Vec<Ref>,
    /// `names`, `varnames`, `cellvars`, `freevars`, `local_names`
    names: [Vec<Ref>; 5],
    /// `name`, `qualname`, `filename`, `doc`; NULL where there is none.
    texts: [Ref; 4],
}

/// A code object of such parts.
fn code_of(vm: &mut Vm, body: &Body, parts: Parts) -> Owned {
    let mut consts = vm.tuple_items(parts.consts).to_vec();
    consts.extend(&parts.hidden);
    let [names, varnames, cellvars, freevars, local_names] = parts.names;
    let [name, qualname, filename, doc] = parts.texts;
    let lists = [&parts.hidden, &names, &varnames, &cellvars, &freevars, &local_names];
    for &part in lists.into_iter().flatten().chain([&parts.consts, &name, &qualname, &filename, &doc]) {
        if !part.is_null() {
            vm.heap.inc(part);
        }
    }
    let [arg_count, posonly_count, kwonly_count, flags, first_line, stack_size, shown_consts] = body.numbers;
    let [varargs, varkw, is_function] = body.truths;
    let code = Code {
        name,
        qualname,
        filename,
        doc,
        consts,
        shown_consts,
        names,
        varnames,
        cellvars,
        freevars,
        local_names,
        instrs: body.instrs.clone(),
        fused: body.fused.clone(),
        locations: body.locations.clone(),
        handlers: body.handlers.clone(),
        arg_count,
        posonly_count,
        kwonly_count,
        varargs,
        varkw,
        is_function,
        body: body.kind,
        flags,
        first_line,
        stack_size,
    };
    vm.heap.alloc(Ty::Code.kind(), CodeBody { code: Rc::new(code), consts_tuple: parts.consts })
}

fn code_allowed(vm: &mut Vm, value: Ref) -> Res<bool> {
    if value.is_null() { Ok(true) } else { vm.truth(value) }
}

fn version(vm: &mut Vm, value: Ref) -> Res<i64> {
    if value.is_null() { Ok(vm.profile.marshal_version) } else { vm.index_of(value) }
}

fn dumps(vm: &mut Vm, args: Args) -> Res<Owned> {
    let version = version(vm, args.get(vm, 1))?;
    let code = code_allowed(vm, args.get(vm, 2))?;
    let data = write::written(vm, args.get(vm, 0), version, code)?;
    Ok(vm.new_bytes(data))
}

fn loads(vm: &mut Vm, args: Args) -> Res<Owned> {
    let data = vm.buffer(args.get(vm, 0))?;
    let code = code_allowed(vm, args.get(vm, 1))?;
    let (value, _) = read::read(vm, &data, code)?;
    Ok(value)
}

fn dump(vm: &mut Vm, args: Args) -> Res<Owned> {
    let version = version(vm, args.get(vm, 2))?;
    let code = code_allowed(vm, args.get(vm, 3))?;
    let data = write::written(vm, args.get(vm, 0), version, code)?;
    let file = args.get(vm, 1);
    vm.scoped(|vm| {
        let data = vm.new_bytes(data);
        let data = vm.hold(data);
        let name = vm.intern_str("write");
        let name = vm.hold(name);
        vm.call_method(file, name, &[data])
    })
}

/// The file is read to its end; where it can seek, it stands behind the value afterwards.
fn load(vm: &mut Vm, args: Args) -> Res<Owned> {
    let file = args.get(vm, 0);
    let code = code_allowed(vm, args.get(vm, 1))?;
    vm.scoped(|vm| {
        let name = vm.intern_str("read");
        let name = vm.hold(name);
        let given = vm.call_method(file, name, &[])?;
        let given = vm.hold(given);
        let data = vm.buffer(given)?;
        let (value, used) = read::read(vm, &data, code)?;
        let value = vm.hold(value);
        if used < data.len() {
            let back = vm.new_int(used as i64 - data.len() as i64);
            let (back, from_here) = (vm.hold(back), vm.new_int(1));
            let from_here = vm.hold(from_here);
            let name = vm.intern_str("seek");
            let name = vm.hold(name);
            let place = vm.call_method(file, name, &[back, from_here])?;
            vm.release(place);
        }
        Ok(vm.share(value))
    })
}

fn refuse_code(vm: &mut Vm, doing: &str) -> Stop {
    vm.value_error(format!("{doing} code objects is disallowed"))
}
