//! `sys.getsizeof`: which of the sizes of `object::size` an object has.

use super::{Res, TYPES, Ty, Vm};
use crate::code::opcodes;
use crate::heap::{
    BigIntBody, ByteArrayBody, BytesBody, Code, DictBody, FrameBody, GeneratorBody, InstanceBody, KindId, Layout,
    ListBody, RecordBody, Ref, SetBody, StrBody, TupleBody, TypeBody,
};
use crate::native::modules;
use crate::object::size::{self, Added, FramePlaces};
use crate::object::text::TextKind;
use crate::rules::InstanceLayout;

impl Vm {
    /// `object.__sizeof__()` of a built-in layout, in bytes.
    pub fn basic_size(&self, r: Ref) -> usize {
        let (heap, rules) = (&self.heap, &self.profile);
        let (base, added) = self.size_base(r);
        let exact = !self.heap.get::<TypeBody>(heap.class_of(r)).is_some_and(|body| body.heap);
        let size = match heap.layout(r) {
            Layout::Int => return size::int(digits(64 - heap.int_word(r).unsigned_abs().leading_zeros()), rules),
            Layout::BigInt => {
                let bits = heap.get::<BigIntBody>(r).map_or(0, |body| body.value.bits());
                return size::int(bits.div_ceil(30), rules);
            }
            Layout::Str => match heap.text(r) {
                Some(text) if exact => return size::text(text, rules) + self.attached_utf8(r),
                Some(text) => return size::text_of_subclass(text, rules),
                None => 0,
            },
            Layout::Bytes => size::bytes(heap.get::<BytesBody>(r).map_or(0, |body| body.data.len())),
            Layout::ByteArray => size::bytearray(heap.get::<ByteArrayBody>(r).map_or(0, |body| body.room), rules),
            Layout::Tuple => size::tuple(heap.get::<TupleBody>(r).map_or(0, |body| body.items.len()), rules),
            Layout::List => size::list(heap.get::<ListBody>(r).map_or(0, |body| body.allocated)),
            // A frozen dict has room for its hash.
            Layout::Dict if base == Ty::FrozenDict => {
                heap.get::<DictBody>(r).map_or(0, |body| self.dict_size(body)) + 8
            }
            Layout::Dict => {
                let ordered = self.sized_as(heap.class_of(r)).is_some();
                heap.get::<DictBody>(r).map_or(0, |body| {
                    // Each item has a node in a list, and each slot a pointer to one, once there was any.
                    let table = &body.table;
                    let slots = if table.entry_count() == 0 { 0 } else { table.slots() };
                    self.dict_size(body) + if ordered { size::ordered_dict(slots, table.len()) } else { 0 }
                })
            }
            Layout::Set => size::set(heap.get::<SetBody>(r).map_or(0, |body| body.table.slots())),
            Layout::Type => {
                let body = heap.get::<TypeBody>(r);
                let of_python = body.is_some_and(|body| body.heap);
                let shares = of_python && body.is_some_and(|body| self.shares_keys(body));
                size::class(of_python, shares, rules)
            }
            Layout::Generator => {
                let places = heap.get::<GeneratorBody>(r).map(|body| places(&self.code(body.code)));
                let name = TYPES[base as usize - 1].name;
                size::generator(name, places.unwrap_or_default(), rules).unwrap_or_else(|| size::basic(name, rules))
            }
            Layout::Frame => {
                let places = heap.get::<FrameBody>(r).map(|body| places(&self.code(body.code)));
                size::frame(places.unwrap_or_default(), rules)
            }
            Layout::Record if base == Ty::Deque => {
                size::deque(heap.get::<RecordBody>(r).map_or(1, crate::native::modules::deque::blocks), rules)
            }
            Layout::Code => self.code_size(&self.code(r)),
            _ => match self.sized_as(heap.class_of(r)) {
                Some(name) => size::basic(&name, rules),
                None => size::basic(self.size_name(base), rules),
            },
        };
        size + added.inside(rules)
    }

    /// A code object. Until 3.10 its instructions stand apart, and it says which cells are arguments.
    fn code_size(&self, code: &Code) -> usize {
        let rules = &self.profile.opcodes;
        if rules.resume {
            let bytes = opcodes::size(&self.named_instructions(code), rules);
            return rules.code + bytes.next_multiple_of(8);
        }
        let argument_cells = code.cellvars.iter().any(|cell| code.varnames.contains(cell));
        rules.code + if argument_cells { 8 * code.cellvars.len() } else { 0 }
    }

    /// The class of CPython's library, written in C, whose size instances have: a class of the project's own sources that
    /// stands for one says so.
    fn sized_as(&self, class: Ref) -> Option<String> {
        let mut at = class;
        while let Some(body) = self.heap.get::<TypeBody>(at)
            && body.heap
        {
            if let Some(name) = self.own_mark(body, "_sized_as") {
                return Some(self.show(name));
            }
            at = body.base;
        }
        None
    }

    /// A mark that a class of the project's own sources has. In the class of a program it is a name like others.
    pub(super) fn own_mark(&self, class: &TypeBody, mark: &str) -> Option<Ref> {
        let found = self.dict_get_str(class.dict, mark)?;
        let module = self.dict_get_str(class.dict, "__module__").and_then(|module| self.as_text(module))?;
        let name = module.to_utf8_lossless();
        modules::source(&self.profile, std::str::from_utf8(&name).ok()?).map(|_| found)
    }

    /// Something in CPython asks for the UTF-8 form of a string, which keeps it from then on.
    pub fn ask_utf8(&mut self, text: Ref) {
        if let Some(body) = self.heap.get_mut::<StrBody>(text) {
            body.has_utf8 = true;
        }
    }

    /// The shared strings of one character above ASCII keep their UTF-8 form, where the version says so.
    fn attached_utf8(&self, r: Ref) -> usize {
        let shared = (0x80..=0xff).any(|point| self.single.latin1.offset(point) == r);
        if shared && self.profile.sizes.shared_utf8 > 0 {
            return self.profile.sizes.shared_utf8;
        }
        match self.heap.get::<StrBody>(r) {
            // The form of an ASCII string is the string itself.
            Some(body) if body.has_utf8 && body.text.kind() != TextKind::Ascii => {
                body.text.to_utf8_lossless().len() + 1
            }
            _ => 0,
        }
    }

    fn dict_size(&self, body: &DictBody) -> usize {
        let own = || size::dict(body.table.slots(), body.table.keys(), &self.profile);
        self.shared_dict_size(body).unwrap_or_else(own)
    }

    /// The class whose instance has this dict. One that is gone may have left its number to another object.
    pub(super) fn class_of_instance_dict(&self, body: &DictBody) -> Option<&TypeBody> {
        let class = self.heap.kind(body.of_instance).class.some();
        let class = class.and_then(|class| self.heap.get::<TypeBody>(class));
        class.filter(|class| class.instance_kind == body.of_instance && class.heap)
    }

    /// The size of the dict of an instance whose keys are those of the class.
    pub(super) fn shared_dict_size(&self, body: &DictBody) -> Option<usize> {
        if body.of_instance == KindId::default() {
            return None;
        }
        if self.profile.sizes.instance != InstanceLayout::Inline {
            // Of a class that is gone nobody knows the keys any more.
            let room = self.class_of_instance_dict(body).map_or(body.shared_room, |class| class.shared_keys.room());
            return (body.shared_room != 0).then(|| size::values_by_shared_keys(usize::from(room)));
        }
        let table = &body.table;
        let class = self.class_of_instance_dict(body);
        let whole =
            table.entry_count() == table.len() && table.iter().all(|entry| self.heap.layout(entry.key) == Layout::Str);
        (whole && class.is_some()).then(|| size::instance_dict_inline(table.len()))
    }

    /// The built-in type under an object's class, and what the classes above it add.
    fn size_base(&self, r: Ref) -> (Ty, Added) {
        match self.heap.get::<TypeBody>(self.heap.class_of(r)) {
            Some(body) => self.added(body),
            None => (Ty::Object, Added::default()),
        }
    }

    /// Whether a class of Python code keeps the keys that the dicts of its instances share.
    fn shares_keys(&self, class: &TypeBody) -> bool {
        match self.profile.sizes.instance {
            InstanceLayout::Inline => class.has_dict,
            InstanceLayout::DictAhead | InstanceLayout::BothAhead => self.added(class).1.dict_ahead(&self.profile),
        }
    }

    fn added(&self, class: &TypeBody) -> (Ty, Added) {
        let mut base = class;
        while base.heap
            && self.own_mark(base, "_sized_as").is_none()
            && let Some(next) = self.heap.get::<TypeBody>(base.base)
        {
            base = next;
        }
        let mut solid = base;
        while solid.heap
            && let Some(next) = self.heap.get::<TypeBody>(solid.base)
        {
            solid = next;
        }
        let ty = TYPES.get((solid.instance_kind.0 as usize).wrapping_sub(1)).map_or(Ty::Object, |spec| spec.ty);
        let added = Added {
            slots: (class.slot_count - base.slot_count) as usize,
            dict: class.has_dict && !base.has_dict,
            weakrefs: class.has_weakref && !base.has_weakref,
            variable: matches!(ty, Ty::Int | Ty::Bool | Ty::BigInt | Ty::Tuple | Ty::Bytes | Ty::Type),
        };
        (ty, added)
    }

    fn size_name(&self, ty: Ty) -> &'static str {
        TYPES.get((ty as usize).wrapping_sub(1)).map_or("object", |spec| spec.name)
    }

    /// `sys.getsizeof(object)`
    ///
    /// # Errors
    /// What `__sizeof__` raises; TypeError or ValueError when it gives no size.
    pub fn size_of(&mut self, r: Ref) -> Res<usize> {
        let class = self.heap.class_of(r);
        let name = self.names.sizeof;
        let size = match self.lookup(class, name) {
            Some(method) if !self.is_builtin_instance(r) || self.heap.layout(method) != Layout::Native => {
                let bound = self.bind(method, r, class)?;
                let result = self.call(bound.get(), &[]);
                self.release(bound);
                let result = result?;
                let size = if self.as_int(result.get()).is_some() {
                    self.index_of(result.get())
                } else {
                    Err(self.type_error("an integer is required"))
                };
                self.release(result);
                usize::try_from(size?).map_err(|_| self.value_error("__sizeof__() should return >= 0"))?
            }
            _ => self.basic_size(r),
        };
        Ok(size + self.header_size(r))
    }

    /// `sys.getsizeof(object)` by the built-in rules: no `__sizeof__` of a program is called.
    pub fn plain_size(&self, r: Ref) -> usize {
        self.basic_size(r) + self.header_size(r)
    }

    /// The blocks of memory that an object takes: its own, and the one of what it holds, if that stands apart.
    pub fn blocks_of(&self, r: Ref) -> [usize; 2] {
        let whole = self.basic_size(r) + self.header_size(r);
        let (heap, rules) = (&self.heap, &self.profile);
        if heap.layout(r) == Layout::Int && self.is_builtin_instance(r) {
            return [whole.max(rules.sizes.int_block), 0];
        }
        let apart = match heap.layout(r) {
            Layout::List => size::list(heap.get::<ListBody>(r).map_or(0, |body| body.allocated)) - size::list(0),
            Layout::Dict => heap.get::<DictBody>(r).map_or(0, |body| self.dict_size(body)) - size::dict_header(),
            Layout::Set => size::set(heap.get::<SetBody>(r).map_or(0, |body| body.table.slots())) - size::set(0),
            Layout::ByteArray => {
                let room = heap.get::<ByteArrayBody>(r).map_or(0, |body| body.room);
                size::bytearray(room, rules) - size::bytearray(0, rules)
            }
            Layout::Instance => {
                let places = heap.get::<InstanceBody>(r).map_or(0, |body| body.room);
                let values = match rules.sizes.instance {
                    InstanceLayout::Inline => 0,
                    InstanceLayout::DictAhead | InstanceLayout::BothAhead if !self.can_have_dict(r) => 0,
                    InstanceLayout::DictAhead | InstanceLayout::BothAhead => size::values(usize::from(places), rules),
                };
                return if rules.sizes.values_inside { [whole + values, 0] } else { [whole, values] };
            }
            _ => 0,
        };
        [whole - apart, apart]
    }

    /// What the collector and the pointers ahead of an object take.
    fn header_size(&self, r: Ref) -> usize {
        let kind = self.heap.kind(self.heap.kind_of(r));
        if let Some(body) = self.heap.get::<TypeBody>(r) {
            return size::header(body.heap);
        }
        match self.heap.get::<TypeBody>(kind.class) {
            Some(body) if body.heap && kind.gc => self.added(body).1.header(&self.profile),
            _ => size::header(kind.gc),
        }
    }
}

fn digits(bits: u32) -> u64 {
    u64::from(bits).div_ceil(30)
}

/// The places of a code object's frame.
fn places(code: &Code) -> FramePlaces {
    let locals = code.varnames.len();
    FramePlaces {
        locals,
        cells: code.cellvars.len(),
        argument_cells: code.cellvars.iter().filter(|cell| code.varnames.contains(cell)).count(),
        free: code.freevars.len(),
        stack: code.stack_size as usize,
    }
}
