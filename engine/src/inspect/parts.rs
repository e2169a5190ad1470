//! What the graph shows of each object: its text, and the references that a program would call its parts.
//!
//! This is not `edges`: tuples of defaults, dicts of attributes and the machine's own references are left out, so that
//! the same graph can be read off another engine with what Python offers (`harness/src/engine/graph.py` does).

use super::snapshot::Label;
use super::walk::is_special;
use crate::heap::{
    ByteArrayBody, BytesBody, CellBody, Code, CodeBody, DictBody, ExceptionBody, FrameBody, FunctionBody, GenState,
    GeneratorBody, InstanceBody, IterBody, Layout, ListBody, MemoryViewBody, MethodBody, NativeBody, PropertyBody,
    ProxyBody, RangeBody, RecordBody, Ref, SetBody, SliceBody, TracebackBody, TypeBody, ViewBody, WeakRefBody,
    WrapperBody,
};
use crate::object::format::double::float_repr;
use crate::object::number::Int;
use crate::object::repr::{bytearray_repr, bytes_repr, complex_repr, text_repr};
use crate::vm::{Ty, Vm};

/// The longest text of an object.
const LONGEST: usize = 200;
/// Ints with more bits are not written out.
const MOST_BITS: u64 = 10_000;

/// The built-in classes of values.
const VALUES: [Ty; 14] = [
    Ty::NoneType,
    Ty::NotImplementedType,
    Ty::EllipsisType,
    Ty::Int,
    Ty::Bool,
    Ty::BigInt,
    Ty::Float,
    Ty::Complex,
    Ty::Str,
    Ty::Bytes,
    Ty::Tuple,
    Ty::FrozenSet,
    Ty::Range,
    Ty::Slice,
];

impl Vm {
    /// Whether an object's identity is not promised: it is of an immutable built-in class.
    pub(super) fn is_value(&self, r: Ref) -> bool {
        VALUES.iter().any(|&ty| self.is_exact(r, ty))
    }

    /// Whether the content of an object can be changed.
    pub(super) fn is_mutable(&self, r: Ref) -> bool {
        match self.heap.layout(r) {
            Layout::Unit
            | Layout::Int
            | Layout::Float
            | Layout::BigInt
            | Layout::Complex
            | Layout::Str
            | Layout::Bytes
            | Layout::Tuple
            | Layout::Range
            | Layout::Slice
            | Layout::Instance => self.has_attributes(r),
            Layout::Set => !self.is_instance_of(r, self.class(Ty::FrozenSet)) || self.has_attributes(r),
            Layout::Type => self.heap.get::<TypeBody>(r).is_some_and(|body| body.heap),
            Layout::Native
            | Layout::Method
            | Layout::Code
            | Layout::View
            | Layout::WeakRef
            | Layout::Super
            | Layout::Member
            | Layout::GetSet
            | Layout::Proxy
            | Layout::Alias => false,
            Layout::Free
            | Layout::ByteArray
            | Layout::List
            | Layout::Dict
            | Layout::Cell
            | Layout::Function
            | Layout::Module
            | Layout::Iter
            | Layout::Generator
            | Layout::Exception
            | Layout::Traceback
            | Layout::Frame
            | Layout::Property
            | Layout::Wrapper
            | Layout::Record
            | Layout::MemoryView => true,
        }
    }

    /// Whether instances of the object's class can have attributes of their own.
    fn has_attributes(&self, r: Ref) -> bool {
        self.heap.get::<TypeBody>(self.heap.class_of(r)).is_some_and(|body| body.has_dict || body.slot_count > 0)
    }

    /// Whether a class was made by the program: its `__module__` is `__main__`.
    fn is_of_main(&self, class: Ref) -> bool {
        let Some(body) = self.heap.get::<TypeBody>(class).filter(|body| body.heap) else { return false };
        let module = self.dict_get_text(body.dict, self.names.module);
        module.is_some_and(|module| self.heap.layout(module) == Layout::Str && self.show(module) == "__main__")
    }

    /// Whether the attributes of an object are part of the graph.
    pub(super) fn shows_attributes(&self, r: Ref) -> bool {
        let layout = self.heap.layout(r);
        match layout {
            Layout::Exception => true,
            Layout::Function => self.heap.get::<FunctionBody>(r).is_some_and(|body| body.globals == self.main_dict()),
            Layout::Type | Layout::Module => false,
            _ if self.is_exact(r, Ty::SimpleNamespace) => true,
            _ => self.is_of_main(self.heap.class_of(r)),
        }
    }

    /// The class's name with its module, unless that is builtins or `__main__`.
    pub(super) fn full_class_name(&self, r: Ref) -> String {
        let name = self.qualified_type_name(self.heap.class_of(r));
        name.strip_prefix("__main__.").map_or(name.clone(), str::to_string)
    }

    /// What an object is, unless its parts say it.
    pub(super) fn short_text(&self, r: Ref) -> Option<String> {
        let heap = &self.heap;
        let name = |name: Ref, kind: &str| format!("<{kind} {}>", self.show(name));
        let text = match heap.layout(r) {
            Layout::Int | Layout::BigInt if self.is_exact(r, Ty::Bool) => {
                if r == self.single.true_ {
                    "True".to_string()
                } else {
                    "False".to_string()
                }
            }
            Layout::Int | Layout::BigInt => match self.as_int(r)? {
                Int::Small(value) => value.to_string(),
                Int::Big(value) if value.bits() > MOST_BITS => format!("<int of {} bits>", value.bits()),
                Int::Big(value) => value.to_string(),
            },
            Layout::Float => float_repr(heap.float_word(r)),
            Layout::Complex => {
                let value = self.complex_of(r);
                complex_repr(value.real, value.imag)
            }
            Layout::Str => text_repr(heap.text(r)?).to_string_lossy().into_owned(),
            Layout::Bytes => bytes_repr(&heap.get::<BytesBody>(r)?.data),
            Layout::ByteArray => bytearray_repr("bytearray", &heap.get::<ByteArrayBody>(r)?.data),
            Layout::Range => {
                let body = heap.get::<RangeBody>(r)?;
                let [start, stop, step] =
                    [body.start, body.stop, body.step].map(|part| self.short_text(part).unwrap_or_default());
                if step == "1" { format!("range({start}, {stop})") } else { format!("range({start}, {stop}, {step})") }
            }
            Layout::Unit if r == self.single.none => "None".to_string(),
            Layout::Unit if r == self.single.ellipsis => "Ellipsis".to_string(),
            Layout::Unit if r == self.single.not_implemented => "NotImplemented".to_string(),
            Layout::Unit if self.is_exact(r, Ty::Object) => "<object>".to_string(),
            Layout::Type => name(heap.get::<TypeBody>(r)?.qualname, "class"),
            Layout::Module => {
                name(self.dict_get_text(self.own_dict(r), self.names.name).unwrap_or(Ref::NULL), "module")
            }
            Layout::Function => name(heap.get::<FunctionBody>(r)?.qualname, "function"),
            Layout::Native => format!("<builtin {}>", heap.get::<NativeBody>(r)?.def.map_or("?", |def| def.name)),
            Layout::Generator => name(heap.get::<GeneratorBody>(r)?.qualname, &self.full_class_name(r)),
            Layout::Code => name(heap.get::<CodeBody>(r)?.code.name, "code"),
            Layout::Frame => name(self.code(heap.get::<FrameBody>(r)?.code).name, "frame"),
            Layout::List
            | Layout::Tuple
            | Layout::Dict
            | Layout::Set
            | Layout::Slice
            | Layout::Cell
            | Layout::Exception => return None,
            _ if self.is_of_main(heap.class_of(r)) => return None,
            Layout::Record if self.is_exact(r, Ty::Deque) || self.is_exact(r, Ty::SimpleNamespace) => return None,
            Layout::Free
            | Layout::Unit
            | Layout::Instance
            | Layout::Record
            | Layout::Method
            | Layout::View
            | Layout::WeakRef
            | Layout::Super
            | Layout::Member
            | Layout::GetSet
            | Layout::Proxy
            | Layout::Alias
            | Layout::Iter
            | Layout::Traceback
            | Layout::Property
            | Layout::Wrapper
            | Layout::MemoryView => format!("<{}>", self.full_class_name(r)),
        };
        Some(match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        })
    }

    /// The references that an object shows, in order.
    pub(super) fn parts(&self, r: Ref) -> Vec<(Label, Ref)> {
        let mut parts = Parts { found: Vec::new() };
        self.content(r, &mut parts);
        if self.shows_attributes(r) {
            for (name, value) in self.own_attributes(r) {
                parts.add(Label::Attr(name), value);
            }
        }
        parts.found
    }

    fn content(&self, r: Ref, parts: &mut Parts) {
        let heap = &self.heap;
        match heap.layout(r) {
            Layout::List => parts.items(heap.get::<ListBody>(r).map_or(&[], |body| &body.items)),
            Layout::Tuple => parts.items(self.tuple_items(r)),
            Layout::Dict => {
                for (at, entry) in heap.get::<DictBody>(r).into_iter().flat_map(|body| body.table.iter()).enumerate() {
                    parts.add(Label::Key(at), entry.key);
                    parts.add(Label::Value(at), entry.value);
                }
            }
            Layout::Set => {
                let members = heap.get::<SetBody>(r).into_iter().flat_map(|body| body.table.iter());
                members.enumerate().for_each(|(at, (_, member))| parts.add(Label::Member(at), member));
            }
            Layout::Slice => {
                if let Some(body) = heap.get::<SliceBody>(r) {
                    parts.named(&[("start", body.start), ("stop", body.stop), ("step", body.step)]);
                }
            }
            Layout::Cell => parts.named(&[("cell_contents", heap.get::<CellBody>(r).map_or(Ref::NULL, |b| b.value))]),
            Layout::Function => self.function_parts(r, parts),
            Layout::Native => {
                let this = heap.get::<NativeBody>(r).map_or(Ref::NULL, |body| body.this);
                let bound = !this.is_null() && !matches!(heap.layout(this), Layout::Module | Layout::Type);
                parts.named(&[("__self__", if bound { this } else { Ref::NULL })]);
            }
            Layout::Method => {
                if let Some(body) = heap.get::<MethodBody>(r) {
                    parts.named(&[("__func__", body.func), ("__self__", body.this)]);
                }
            }
            Layout::Type => self.class_parts(r, parts),
            Layout::Iter => self.iterator_parts(r, parts),
            Layout::View => parts.named(&[("mapping", heap.get::<ViewBody>(r).map_or(Ref::NULL, |b| b.dict))]),
            Layout::Proxy => parts.named(&[("mapping", heap.get::<ProxyBody>(r).map_or(Ref::NULL, |b| b.mapping))]),
            Layout::Generator => {
                if let Some(body) = heap.get::<GeneratorBody>(r).filter(|body| body.state != GenState::Finished) {
                    self.locals(&self.code(body.code), &body.saved.locals, parts);
                }
            }
            Layout::Exception => {
                if let Some(body) = heap.get::<ExceptionBody>(r) {
                    let rest = [("__cause__", body.cause), ("__context__", body.context)];
                    parts.named(&[("args", body.args)]);
                    self.optional(&[("__traceback__", body.traceback)], parts);
                    self.optional(&rest, parts);
                }
            }
            Layout::Traceback => {
                if let Some(body) = heap.get::<TracebackBody>(r) {
                    self.optional(&[("tb_next", body.next), ("tb_frame", body.frame)], parts);
                }
            }
            Layout::Frame => {
                if let Some(body) = heap.get::<FrameBody>(r).filter(|body| body.namespace.is_null()) {
                    self.locals(&self.code(body.code), &body.locals, parts);
                }
            }
            Layout::WeakRef => {
                if let Some(body) = heap.get::<WeakRefBody>(r).filter(|_| !self.is_proxy(r)) {
                    parts.add(Label::Weak, body.target);
                    self.optional(&[("__callback__", body.callback)], parts);
                }
            }
            Layout::Property => {
                if let Some(body) = heap.get::<PropertyBody>(r) {
                    self.optional(&[("fget", body.get), ("fset", body.set), ("fdel", body.del)], parts);
                }
            }
            Layout::Wrapper => parts.named(&[("__func__", heap.get::<WrapperBody>(r).map_or(Ref::NULL, |b| b.func))]),
            Layout::MemoryView => parts.named(&[("obj", heap.get::<MemoryViewBody>(r).map_or(Ref::NULL, |b| b.base))]),
            Layout::Record => match heap.get::<RecordBody>(r) {
                Some(body) if self.is_instance_of(r, self.class(Ty::Deque)) => parts.items(&body.parts),
                Some(body) if self.is_instance_of(r, self.class(Ty::Partial)) => {
                    let names = ["func", "args", "keywords"];
                    names.iter().zip(&body.parts).for_each(|(name, &part)| parts.named(&[(name, part)]));
                }
                Some(_) | None => {}
            },
            Layout::Free
            | Layout::Unit
            | Layout::Int
            | Layout::Float
            | Layout::Str
            | Layout::Bytes
            | Layout::ByteArray
            | Layout::BigInt
            | Layout::Complex
            | Layout::Range
            | Layout::Code
            | Layout::Module
            | Layout::Instance
            | Layout::Super
            | Layout::Member
            | Layout::GetSet
            | Layout::Alias => {}
        }
    }

    /// Attributes: those of the dict in the order of assignment, then the slots, of the outermost base first.
    pub(super) fn own_attributes(&self, r: Ref) -> Vec<(String, Ref)> {
        let heap = &self.heap;
        let dict = self.own_dict(r);
        let mut found: Vec<(String, Ref)> =
            self.dict_items(dict).into_iter().map(|(key, value)| (self.show(key), value)).collect();
        let slots = match heap.get::<InstanceBody>(r) {
            Some(body) => {
                let names = heap.shapes.names(body.shape);
                found.extend(names.iter().zip(&body.values).map(|(&name, &value)| (self.show(name), value)));
                &body.slots
            }
            None => heap.extra(r).map_or(&[][..], |extra| &extra.slots),
        };
        found.extend(self.all_slot_names(heap.class_of(r)).into_iter().zip(slots.iter().copied()));
        found
    }

    /// Parts that may be `None` instead of missing.
    fn optional(&self, named: &[(&str, Ref)], parts: &mut Parts) {
        let there: Vec<(&str, Ref)> = named.iter().copied().filter(|&(_, part)| part != self.single.none).collect();
        parts.named(&there);
    }

    fn function_parts(&self, r: Ref, parts: &mut Parts) {
        let Some(body) = self.heap.get::<FunctionBody>(r) else { return };
        if !self.shows_attributes(r) {
            return;
        }
        if !body.defaults.is_null() {
            let defaults = self.tuple_items(body.defaults).iter().enumerate();
            defaults.for_each(|(at, &value)| parts.add(Label::Default(at), value));
        }
        for (name, value) in self.dict_items(body.kwdefaults) {
            parts.add(Label::KwDefault(self.show(name)), value);
        }
        if !body.closure.is_null() {
            let names = self.code(body.code).freevars.clone();
            let cells = names.into_iter().zip(self.tuple_items(body.closure));
            cells.for_each(|(name, &cell)| parts.add(Label::Cell(self.show(name)), cell));
        }
    }

    /// The bases and attributes of a class that the program made; names like `_this_` are the machinery's.
    fn class_parts(&self, r: Ref, parts: &mut Parts) {
        let Some(body) = self.heap.get::<TypeBody>(r).filter(|_| self.is_of_main(r)) else { return };
        for (at, &base) in self.tuple_items(body.bases).iter().enumerate().filter(|(_, base)| self.is_of_main(**base)) {
            parts.add(Label::Base(at), base);
        }
        for (key, value) in self.dict_items(body.dict) {
            let name = self.show(key);
            let machinery = is_special(&name) || name.starts_with('_') && name.ends_with('_') || name == "_abc_impl";
            if !machinery && !matches!(self.heap.layout(value), Layout::Member | Layout::GetSet) {
                parts.add(Label::Attr(name), value);
            }
        }
    }

    fn iterator_parts(&self, r: Ref, parts: &mut Parts) {
        let Some(body) = self.heap.get::<IterBody>(r) else { return };
        match body {
            IterBody::Sequence { seq: over, .. }
            | IterBody::Reversed { seq: over, .. }
            | IterBody::Dict { dict: over, .. }
            | IterBody::DictReversed { dict: over, .. }
            | IterBody::Set { set: over, .. } => parts.named(&[("iterated", *over)]),
            IterBody::Enumerate { iter, .. } => parts.named(&[("iterator", *iter)]),
            IterBody::Zip { iters, .. } => parts.items(iters),
            IterBody::Map { func, iters, .. } => {
                parts.named(&[("function", *func)]);
                parts.items(iters);
            }
            IterBody::Filter { func, iter } => parts.named(&[("function", *func), ("iterator", *iter)]),
            IterBody::Done | IterBody::Range { .. } | IterBody::LongRange { .. } | IterBody::Callable { .. } => {}
        }
    }

    /// The local variables of a frame that is not running; cells of shared variables are looked through.
    fn locals(&self, code: &Code, locals: &[Ref], parts: &mut Parts) {
        if !code.is_function {
            return;
        }
        for (&name, &value) in code.local_names.iter().zip(locals) {
            let shared = code.cellvars.contains(&name) || code.freevars.contains(&name);
            let value = match self.heap.get::<CellBody>(value) {
                Some(cell) if shared => cell.value,
                Some(_) | None => value,
            };
            parts.add(Label::Local(self.show(name)), value);
        }
    }
}

struct Parts {
    found: Vec<(Label, Ref)>,
}

impl Parts {
    fn add(&mut self, label: Label, to: Ref) {
        if !to.is_null() {
            self.found.push((label, to));
        }
    }

    fn items(&mut self, items: &[Ref]) {
        items.iter().enumerate().for_each(|(at, &item)| self.add(Label::Item(at), item));
    }

    fn named(&mut self, parts: &[(&str, Ref)]) {
        parts.iter().for_each(|&(name, to)| self.add(Label::Part(name.to_string()), to));
    }
}
