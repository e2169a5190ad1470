//! Code objects as programs see them.

use crate::code::BodyKind;
use crate::heap::{Code, CodeBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, member, method, slot};
use crate::vm::{Res, Vm};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The methods of `code`.
pub static METHODS: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash),
    slot("__eq__", 1, |vm, args| compare(vm, args, true)),
    slot("__ne__", 1, |vm, args| compare(vm, args, false)),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    method("replace", 0, 0, replace).any(),
    method("__replace__", 0, 0, replace).any(),
];

/// The attributes of `code`.
pub static GETSETS: &[GetSetDef] = &[
    member("co_name", |vm, this| object(vm, this, |code| code.name)),
    member("co_qualname", |vm, this| object(vm, this, |code| code.qualname)),
    member("co_filename", |vm, this| object(vm, this, |code| code.filename)),
    member("co_firstlineno", |vm, this| number(vm, this, |code| code.first_line as usize)),
    member("co_argcount", |vm, this| number(vm, this, |code| code.arg_count as usize)),
    member("co_posonlyargcount", |vm, this| number(vm, this, |code| code.posonly_count as usize)),
    member("co_kwonlyargcount", |vm, this| number(vm, this, |code| code.kwonly_count as usize)),
    member("co_nlocals", |vm, this| number(vm, this, |code| code.varnames.len())),
    member("co_stacksize", |vm, this| number(vm, this, |code| code.stack_size as usize)),
    member("co_flags", |vm, this| number(vm, this, |code| code.flags as usize)),
    getter("co_varnames", |vm, this| names(vm, this, |code| &code.varnames)),
    member("co_names", |vm, this| names(vm, this, |code| &code.names)),
    getter("co_cellvars", |vm, this| names(vm, this, |code| &code.cellvars)),
    getter("co_freevars", |vm, this| names(vm, this, |code| &code.freevars)),
    member("co_consts", consts),
    getter("co_code", code_bytes),
];

fn object(vm: &mut Vm, this: Ref, field: fn(&Code) -> Ref) -> Res<Owned> {
    let code = vm.code(this);
    match field(&code).some() {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    }
}

fn number(vm: &mut Vm, this: Ref, field: fn(&Code) -> usize) -> Res<Owned> {
    let code = vm.code(this);
    Ok(vm.new_size(field(&code)))
}

fn names(vm: &mut Vm, this: Ref, field: fn(&Code) -> &Vec<Ref>) -> Res<Owned> {
    let code = vm.code(this);
    Ok(vm.tuple_of(field(&code)))
}

fn consts(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let tuple = vm.heap.get::<CodeBody>(this).map_or(vm.single.empty_tuple, |body| body.consts_tuple);
    Ok(vm.share(tuple))
}

/// The instructions have no bytes of their own: these stand for them, two for each instruction.
fn code_bytes(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let code = vm.code(this);
    let mut bytes = Vec::with_capacity(code.instrs.len() * 2);
    for instr in &code.instrs {
        let digest = digest(&format!("{instr:?}"));
        bytes.extend([digest as u8, (digest >> 8) as u8]);
    }
    Ok(vm.new_bytes(bytes))
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let code = vm.code(this);
    let text = format!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        vm.show(code.name),
        vm.address(this),
        vm.show(code.filename),
        code.first_line
    );
    Ok(vm.new_str(&text))
}

/// What two equal code objects agree in, without their constants.
fn outline(vm: &Vm, code: &Code) -> String {
    let names = |list: &[Ref]| list.iter().map(|&name| vm.show(name)).collect::<Vec<_>>();
    format!(
        "{} {:?} {:?} {:?} {:?} {} {} {} {} {:?}",
        vm.show(code.name),
        names(&code.names),
        names(&code.varnames),
        names(&code.cellvars),
        names(&code.freevars),
        code.arg_count,
        code.posonly_count,
        code.kwonly_count,
        code.first_line,
        code.instrs
    )
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let code = vm.code(args.get(vm, 0));
    let hash = digest(&outline(vm, &code)) >> 3;
    Ok(vm.new_int(hash.cast_signed()))
}

fn compare(vm: &mut Vm, args: Args, equal: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Code {
        return Ok(vm.not_implemented());
    }
    let same = this == other || same_code(vm, this, other)?;
    Ok(vm.bool(same == equal))
}

fn same_code(vm: &mut Vm, this: Ref, other: Ref) -> Res<bool> {
    let (a, b) = (vm.code(this), vm.code(other));
    let elsewhere = vm.profile.code_equality_positions && a.locations != b.locations;
    if elsewhere || outline(vm, &a) != outline(vm, &b) || a.consts.len() != b.consts.len() {
        return Ok(false);
    }
    for (&left, &right) in a.consts.iter().zip(&b.consts) {
        let same = left == right
            || (vm.heap.class_of(left) == vm.heap.class_of(right) && vm.nested(|vm| vm.equal(left, right))?);
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `code.replace(**changes)`: only what needs no new instructions.
fn replace(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if args.positional(vm) > 1 {
        return Err(vm.type_error("replace() takes no positional arguments"));
    }
    let code = vm.code(this);
    let mut copy = Code {
        consts: code.consts.clone(),
        names: code.names.clone(),
        varnames: code.varnames.clone(),
        cellvars: code.cellvars.clone(),
        freevars: code.freevars.clone(),
        local_names: code.local_names.clone(),
        instrs: code.instrs.clone(),
        fused: code.fused.clone(),
        locations: code.locations.clone(),
        handlers: code.handlers.clone(),
        ..Code::default()
    };
    (copy.name, copy.qualname, copy.filename, copy.doc) = (code.name, code.qualname, code.filename, code.doc);
    (copy.arg_count, copy.posonly_count, copy.kwonly_count) = (code.arg_count, code.posonly_count, code.kwonly_count);
    (copy.varargs, copy.varkw, copy.is_function) = (code.varargs, code.varkw, code.is_function);
    (copy.flags, copy.first_line, copy.stack_size) = (code.flags, code.first_line, code.stack_size);
    copy.shown_consts = code.shown_consts;
    copy.body = code.body.or(Some(BodyKind::Plain));
    for (keyword, value) in args.keyword_pairs(vm) {
        let keyword = vm.show(keyword);
        let text = vm.heap.layout(value) == Layout::Str;
        let wanted = match keyword.as_str() {
            "co_name" | "co_qualname" | "co_filename" if !text => Some("str"),
            "co_consts" | "co_names" | "co_varnames" | "co_freevars" | "co_cellvars"
                if vm.heap.layout(value) != Layout::Tuple =>
            {
                Some("tuple")
            }
            _ => None,
        };
        if let Some(wanted) = wanted {
            let text = format!("replace() argument '{keyword}' must be {wanted}, not {}", vm.argument_type(value));
            return Err(vm.type_error(text));
        }
        match keyword.as_str() {
            "co_name" if text => copy.name = value,
            "co_qualname" if text => copy.qualname = value,
            "co_filename" if text => copy.filename = value,
            "co_firstlineno" => copy.first_line = u32::try_from(vm.index_of(value)?).unwrap_or(1),
            "co_flags" => copy.flags = u32::try_from(vm.index_of(value)?).unwrap_or_default(),
            "co_stacksize" => copy.stack_size = u32::try_from(vm.index_of(value)?).unwrap_or_default(),
            known if !known.starts_with("co_") => {
                let text = vm.profile.native_keyword_error.text("replace", known);
                return Err(vm.type_error(text));
            }
            "co_consts" if vm.tuple_items(value).len() == copy.shown_consts as usize => {
                copy.consts.splice(..copy.shown_consts as usize, vm.tuple_items(value).to_vec());
            }
            _ => {
                let text = format!("replace() cannot change '{keyword}'");
                return Err(vm.value_error(text));
            }
        }
    }
    let shown = copy.consts.get(..copy.shown_consts as usize).unwrap_or(&copy.consts).to_vec();
    let hidden = copy.consts.get(copy.shown_consts as usize..).unwrap_or_default().to_vec();
    let consts_tuple = vm.tuple_of(&shown).into_ref();
    let lists = [&hidden, &copy.names, &copy.varnames, &copy.cellvars, &copy.freevars, &copy.local_names];
    for &part in lists.into_iter().flatten().chain([&copy.name, &copy.qualname, &copy.filename, &copy.doc]) {
        if !part.is_null() {
            vm.heap.inc(part);
        }
    }
    let kind = vm.heap.kind_of(this);
    Ok(vm.heap.alloc(kind, CodeBody { code: std::rc::Rc::new(copy), consts_tuple }))
}
