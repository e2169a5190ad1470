//! `frame`, `traceback`, and the proxy through which `f_locals` shows a function's variables from 3.13 on.

use crate::code::CmpOp;
use crate::heap::{FrameBody, Layout, Owned, Ref, TracebackBody};
use crate::native::{Args, GetSetDef, NativeDef, getset, getter, method, new, slot};
use crate::vm::{Res, Ty, Vm, proxied_frame};

// ---- frame ----------------------------------------------------------------------------------------------------

/// The methods of `frame`.
pub static FRAME: &[NativeDef] = &[
    slot("__repr__", 0, frame_repr),
    method("clear", 0, 0, |vm, args| {
        vm.clear_frame(args.get(vm, 0))?;
        Ok(vm.none())
    }),
];

/// The computed attributes of `frame`.
pub static FRAME_ATTRS: &[GetSetDef] = &[
    getter("f_back", |vm, this| Ok(vm.frame_back(this))),
    getter("f_code", |vm, this| frame_part(vm, this, |body| body.code)),
    getter("f_builtins", |vm, this| frame_part(vm, this, |body| body.builtins)),
    getter("f_globals", |vm, this| frame_part(vm, this, |body| body.globals)),
    getter("f_locals", |vm, this| vm.f_locals(this)),
    getter("f_lineno", |vm, this| {
        let line = vm.frame_line(this);
        Ok(line_object(vm, line))
    }),
    getter("f_lasti", |vm, this| {
        let at = vm.frame_instr(this);
        Ok(vm.new_int(i64::from(at) * 2))
    }),
    getter("f_generator", |vm, this| frame_part(vm, this, |body| body.generator)),
    getset("f_trace", |vm, this| frame_part(vm, this, |body| body.trace), set_trace),
    getter("f_trace_lines", |vm, _| Ok(vm.bool(true))),
    getter("f_trace_opcodes", |vm, _| Ok(vm.bool(false))),
];

fn frame_part(vm: &mut Vm, this: Ref, part: fn(&FrameBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<FrameBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn line_object(vm: &mut Vm, line: Option<u32>) -> Owned {
    match line {
        Some(line) => vm.new_int(i64::from(line)),
        None => vm.none(),
    }
}

fn set_trace(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let new = if value.is_null() || value == vm.single.none { Ref::NULL } else { vm.share(value).into_ref() };
    let old = match vm.heap.get_mut::<FrameBody>(this) {
        Some(body) => std::mem::replace(&mut body.trace, new),
        None => new,
    };
    vm.release_maybe(old);
    Ok(())
}

fn frame_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let code = vm.heap.get::<FrameBody>(this).map_or(Ref::NULL, |body| body.code);
    let code = vm.code(code);
    let filename = vm.repr(code.filename)?.to_string_lossy().into_owned();
    let line = vm.frame_line(this).map_or("None".to_string(), |line| line.to_string());
    let text = format!("<frame at {:#x}, file {filename}, line {line}, code {}>", vm.address(this), vm.show(code.name));
    Ok(vm.new_str(&text))
}

// ---- traceback ------------------------------------------------------------------------------------------------

/// The methods of `traceback`.
pub static TRACEBACK: &[NativeDef] = &[
    new(traceback_new),
    method("__dir__", 0, 0, |vm, _| {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| vm.intern_str(name));
        Ok(vm.new_list(names.into()))
    }),
];

/// The computed attributes of `traceback`.
pub static TRACEBACK_ATTRS: &[GetSetDef] = &[
    getset("tb_next", |vm, this| traceback_part(vm, this, |body| body.next), set_next),
    getter("tb_frame", |vm, this| traceback_part(vm, this, |body| body.frame)),
    getter("tb_lineno", |vm, this| {
        let line = vm.heap.get::<TracebackBody>(this).map(|body| body.line).filter(|&line| line > 0);
        Ok(line_object(vm, line))
    }),
    getter("tb_lasti", |vm, this| {
        let at = vm.heap.get::<TracebackBody>(this).map_or(0, |body| body.instr);
        Ok(vm.new_int(i64::from(at) * 2))
    }),
];

fn traceback_part(vm: &mut Vm, this: Ref, part: fn(&TracebackBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<TracebackBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

/// The traceback in an argument: None is no traceback.
fn next_argument(vm: &mut Vm, value: Ref) -> Res<Ref> {
    if value == vm.single.none {
        return Ok(Ref::NULL);
    }
    if vm.heap.layout(value) != Layout::Traceback {
        let text = format!("expected traceback object or None, got '{}'", vm.class_name(value));
        return Err(vm.type_error(text));
    }
    Ok(value)
}

fn set_next(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("can't delete tb_next attribute"));
    }
    if value != vm.single.none && vm.heap.layout(value) != Layout::Traceback {
        let text = format!("expected traceback object, got '{}'", vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let value = next_argument(vm, value)?;
    let mut at = value;
    while !at.is_null() {
        if at == this {
            return Err(vm.value_error("traceback loop detected"));
        }
        at = vm.heap.get::<TracebackBody>(at).map_or(Ref::NULL, |body| body.next);
    }
    let value = if value.is_null() { value } else { vm.share(value).into_ref() };
    let old = match vm.heap.get_mut::<TracebackBody>(this) {
        Some(body) => std::mem::replace(&mut body.next, value),
        None => value,
    };
    vm.release_maybe(old);
    Ok(())
}

fn traceback_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Traceback)?;
    vm.no_keywords(args, "TracebackType")?;
    let &[next, frame, instr, line] = &args.rest(vm, 1)[..] else {
        return Err(vm.type_error("TracebackType() takes exactly 4 arguments"));
    };
    let next = next_argument(vm, next)?;
    if vm.heap.layout(frame) != Layout::Frame {
        let text = format!("TracebackType() argument 'tb_frame' must be frame, not {}", vm.class_name(frame));
        return Err(vm.type_error(text));
    }
    let (instr, line) = (vm.index_of(instr)?, vm.index_of(line)?);
    let next = if next.is_null() { next } else { vm.share(next).into_ref() };
    let body = TracebackBody {
        next,
        frame: vm.share(frame).into_ref(),
        line: u32::try_from(line).unwrap_or(0),
        instr: u32::try_from(instr / 2).unwrap_or(0),
    };
    Ok(vm.heap.alloc(Ty::Traceback.kind(), body))
}

// ---- FrameLocalsProxy -----------------------------------------------------------------------------------------

/// The methods of `FrameLocalsProxy`.
pub static LOCALS_PROXY: &[NativeDef] = &[
    new(proxy_new),
    slot("__getitem__", 1, |vm, args| {
        let (frame, key) = proxy_key(vm, args);
        match vm.frame_get(frame, key)? {
            Some(value) => Ok(vm.share(value)),
            None => Err(missing(vm, key)),
        }
    }),
    slot("__setitem__", 2, |vm, args| {
        let (frame, key) = proxy_key(vm, args);
        vm.frame_set(frame, key, args.get(vm, 2))?;
        Ok(vm.none())
    }),
    slot("__delitem__", 1, |vm, args| {
        if !vm.profile.frame_names_removable {
            return Err(vm.type_error("cannot remove variables from FrameLocalsProxy"));
        }
        match remove(vm, args)? {
            Some(value) => vm.release(value),
            None => {
                let key = args.get(vm, 1);
                return Err(vm.key_error(key));
            }
        }
        Ok(vm.none())
    }),
    slot("__contains__", 1, |vm, args| {
        let (frame, key) = proxy_key(vm, args);
        let found = vm.frame_get(frame, key)?.is_some();
        Ok(vm.bool(found))
    }),
    slot("__len__", 0, |vm, args| {
        let dict = snapshot(vm, args)?;
        let length = vm.dict_len(dict);
        Ok(vm.new_size(length))
    }),
    slot("__iter__", 0, |vm, args| {
        let keys = column(vm, args, |(key, _)| vec![key])?;
        let keys = vm.hold(keys);
        vm.iter(keys)
    }),
    method("__reversed__", 0, 0, |vm, args| {
        let dict = snapshot(vm, args)?;
        let mut keys: Vec<Ref> = vm.dict_items(dict).into_iter().map(|(key, _)| key).collect();
        keys.reverse();
        let keys = vm.list_of(&keys);
        let keys = vm.hold(keys);
        vm.iter(keys)
    }),
    slot("__repr__", 0, |vm, args| {
        let this = args.get(vm, 0);
        let shown = vm.repr_guarded(this, |vm| {
            let dict = snapshot(vm, args)?;
            vm.repr_object(dict)
        })?;
        Ok(shown.unwrap_or_else(|| vm.new_str("{...}")))
    }),
    slot("__hash__", 0, |vm, _| Err(vm.type_error("unhashable type: 'FrameLocalsProxy'"))),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__or__", 1, |vm, args| {
        if !is_namespace(vm, args.get(vm, 0)) || !is_namespace(vm, args.get(vm, 1)) {
            return Ok(vm.share(vm.single.not_implemented));
        }
        let dict = vm.new_dict();
        let dict = vm.hold(dict);
        vm.dict_merge(dict, args.get(vm, 0))?;
        vm.dict_merge(dict, args.get(vm, 1))?;
        Ok(vm.share(dict))
    }),
    slot("__ior__", 1, |vm, args| {
        if !is_namespace(vm, args.get(vm, 1)) {
            return Ok(vm.share(vm.single.not_implemented));
        }
        update(vm, args)?;
        let this = args.get(vm, 0);
        Ok(vm.share(this))
    }),
    method("copy", 0, 0, |vm, args| {
        let frame = frame_of(vm, args);
        vm.frame_snapshot(frame)
    }),
    method("get", 1, 2, |vm, args| {
        let (frame, key) = proxy_key(vm, args);
        let other = args.get(vm, 2).some().unwrap_or(vm.single.none);
        let found = vm.frame_get(frame, key)?.unwrap_or(other);
        Ok(vm.share(found))
    }),
    method("setdefault", 1, 2, |vm, args| {
        let (frame, key) = proxy_key(vm, args);
        if let Some(value) = vm.frame_get(frame, key)? {
            return Ok(vm.share(value));
        }
        let value = args.get(vm, 2).some().unwrap_or(vm.single.none);
        vm.frame_set(frame, key, value)?;
        Ok(vm.share(value))
    }),
    method("pop", 1, 2, |vm, args| {
        if let Some(value) = remove(vm, args)? {
            return Ok(value);
        }
        match args.get(vm, 2).some() {
            Some(other) => Ok(vm.share(other)),
            None => {
                let key = args.get(vm, 1);
                Err(vm.key_error(key))
            }
        }
    }),
    method("update", 1, 1, |vm, args| {
        if !is_namespace(vm, args.get(vm, 1)) {
            return Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"));
        }
        update(vm, args)?;
        Ok(vm.none())
    }),
    method("keys", 0, 0, |vm, args| column(vm, args, |(key, _)| vec![key])),
    method("values", 0, 0, |vm, args| column(vm, args, |(_, value)| vec![value])),
    method("items", 0, 0, |vm, args| column(vm, args, |(key, value)| vec![key, value])),
];

fn frame_of(vm: &Vm, args: Args) -> Ref {
    proxied_frame(vm, args.get(vm, 0)).unwrap_or(Ref::NULL)
}

fn proxy_key(vm: &Vm, args: Args) -> (Ref, Ref) {
    (frame_of(vm, args), args.get(vm, 1))
}

/// What the proxy shows, as a dict that the machine holds.
fn snapshot(vm: &mut Vm, args: Args) -> Res<Ref> {
    let frame = frame_of(vm, args);
    let dict = vm.frame_snapshot(frame)?;
    Ok(vm.hold(dict))
}

/// A list of keys, values or pairs.
fn column(vm: &mut Vm, args: Args, part: fn((Ref, Ref)) -> Vec<Ref>) -> Res<Owned> {
    let dict = snapshot(vm, args)?;
    let mut items = Vec::new();
    for pair in vm.dict_items(dict) {
        items.push(match part(pair)[..] {
            [one] => vm.share(one),
            ref several => vm.tuple_of(several),
        });
    }
    Ok(vm.new_list(items))
}

fn missing(vm: &mut Vm, key: Ref) -> crate::vm::Stop {
    match vm.repr(key) {
        Ok(text) => vm.raise(Ty::KeyError, format!("local variable '{}' is not defined", text.to_string_lossy())),
        Err(stop) => stop,
    }
}

fn remove(vm: &mut Vm, args: Args) -> Res<Option<Owned>> {
    let (frame, key) = proxy_key(vm, args);
    match vm.frame_take(frame, key)? {
        Some(taken) => Ok(taken),
        None => Err(vm.value_error("cannot remove local variables from FrameLocalsProxy")),
    }
}

fn is_namespace(vm: &Vm, value: Ref) -> bool {
    vm.heap.layout(value) == Layout::Dict || proxied_frame(vm, value).is_some()
}

fn update(vm: &mut Vm, args: Args) -> Res<()> {
    let (frame, other) = proxy_key(vm, args);
    let mut result = Ok(());
    for (key, value) in vm.mapping_pairs(other)? {
        if result.is_ok() {
            result = vm.frame_set(frame, key.get(), value.get());
        }
        vm.release(key);
        vm.release(value);
    }
    result
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (frame, other) = proxy_key(vm, args);
    if let Some(known) = proxied_frame(vm, other) {
        return Ok(vm.bool((known == frame) == (op == CmpOp::Eq)));
    }
    if vm.heap.layout(other) != Layout::Dict {
        return Ok(vm.share(vm.single.not_implemented));
    }
    let dict = snapshot(vm, args)?;
    vm.compare(dict, other, op)
}

fn proxy_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let given = args.rest(vm, 1);
    let &[frame] = &given[..] else {
        return Err(vm.type_error(format!("FrameLocalsProxy expected 1 argument, got {}", given.len())));
    };
    if vm.heap.layout(frame) != Layout::Frame {
        let text = format!("expect frame, not {}", vm.class_name(frame));
        return Err(vm.type_error(text));
    }
    vm.no_keywords(args, "FrameLocalsProxy")?;
    Ok(vm.new_locals_proxy(frame))
}
