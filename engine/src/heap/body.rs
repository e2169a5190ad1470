//! The bodies of objects: one struct a layout, and for each the enumeration of the references that it holds.
//!
//! Invariant: every counted reference that lies in a body is visited by its `edges`, once a count, in the order in
//! which a dying object releases them. Traversal, deallocation, referents, sizes, snapshots and the audit all use it.

use super::slab::{SharedSlab, Slab, Store};
use super::slot::{KindId, Ref};
use crate::code::{BodyKind, Handler, Instr, Location};
use crate::native::NativeDef;
use crate::object::table::dict::Dict as DictTable;
use crate::object::table::set::Set as SetTable;
use crate::object::text::Text;
use num_bigint::BigInt;
use std::cell::Cell;
use std::rc::Rc;

/// What an edge of the heap graph is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    /// `x[3]`
    Item(usize),
    /// The n-th key of a dict, or member of a set.
    Key(usize),
    /// The value of the n-th entry of a dict.
    Value(usize),
    /// A local variable of a frame, by position.
    Local(usize),
    /// An entry of an evaluation stack.
    Stack(usize),
    /// A part with a fixed name.
    Part(&'static str),
    /// `type(x)`
    Class,
}

type Visit<'a> = &'a mut dyn FnMut(Label, Ref);

fn part(visit: Visit<'_>, name: &'static str, to: Ref) {
    if !to.is_null() {
        visit(Label::Part(name), to);
    }
}

fn items(visit: Visit<'_>, refs: &[Ref]) {
    for (at, &item) in refs.iter().enumerate() {
        if !item.is_null() {
            visit(Label::Item(at), item);
        }
    }
}

/// A body of one layout.
pub trait Body: Clone + Default {
    /// Its layout.
    const LAYOUT: Layout;
    /// Visits every counted reference it holds.
    fn edges(&self, visit: Visit<'_>);
    /// How its bodies are kept.
    type Store: Store<Self>;
    #[doc(hidden)]
    fn slab(slabs: &Slabs) -> &Self::Store;
    #[doc(hidden)]
    fn slab_mut(slabs: &mut Slabs) -> &mut Self::Store;
}

/// Declares the layouts that have a body: the enum, the slabs, and the dispatch over them.
macro_rules! bodies {
    ($( $(#[doc = $doc:literal])+ $layout:ident $slab:ident : $store:ident<$body:ident> |$this:ident, $visit:ident| $edges:block )+) => {
        /// How an object's word is to be read.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Layout {
            /// The slot is empty.
            Free,
            /// No content: `None`, `object()`, ….
            Unit,
            /// An int (or bool) that fits the word.
            Int,
            /// The bits of a float.
            Float,
            $( $(#[doc = $doc])+ $layout, )+
        }

        /// All bodies, a slab a layout.
        #[derive(Clone, Default)]
        pub struct Slabs { $( pub $slab: $store<$body>, )+ }

        $( impl Body for $body {
            const LAYOUT: Layout = Layout::$layout;
            fn edges(&self, $visit: Visit<'_>) { let $this = self; $edges }
            type Store = $store<$body>;
            #[inline]
            fn slab(slabs: &Slabs) -> &$store<$body> { &slabs.$slab }
            #[inline]
            fn slab_mut(slabs: &mut Slabs) -> &mut $store<$body> { &mut slabs.$slab }
        } )+

        impl Slabs {
            /// Visits the references held by the body at `word`.
            pub fn edges(&self, layout: Layout, word: u64, visit: Visit<'_>) {
                match layout {
                    Layout::Free | Layout::Unit | Layout::Int | Layout::Float => {}
                    $( Layout::$layout => self.$slab.get(word).edges(visit), )+
                }
            }

            /// Empties the body at `word`: what it held is collected into `out` in the order of release.
            pub fn strip(&mut self, layout: Layout, word: u64, out: &mut Vec<Ref>) {
                match layout {
                    Layout::Free | Layout::Unit | Layout::Int | Layout::Float => {}
                    $( Layout::$layout => {
                        let body = self.$slab.take(word);
                        body.edges(&mut |_, to| out.push(to));
                    } )+
                }
            }

            /// Gives the place of an emptied body back.
            pub fn remove(&mut self, layout: Layout, word: u64) {
                match layout {
                    Layout::Free | Layout::Unit | Layout::Int | Layout::Float => {}
                    $( Layout::$layout => self.$slab.remove(word), )+
                }
            }
        }
    };
}

/// `str`.
#[derive(Clone, Debug)]
pub struct StrBody {
    /// The characters.
    pub text: Text,
    /// The hash, once computed.
    pub hash: Cell<Option<i64>>,
    /// It is the representative of its text.
    pub interned: bool,
    /// CPython keeps its UTF-8 form, which something asked for.
    pub has_utf8: bool,
}

impl Default for StrBody {
    fn default() -> StrBody {
        StrBody { text: Text::Ascii("".into()), hash: Cell::new(None), interned: false, has_utf8: false }
    }
}

/// `bytes`.
#[derive(Clone, Debug, Default)]
pub struct BytesBody {
    /// The bytes.
    pub data: Vec<u8>,
    /// The hash, once computed.
    pub hash: Cell<Option<i64>>,
}

/// `bytearray`.
#[derive(Clone, Debug, Default)]
pub struct ByteArrayBody {
    /// The bytes.
    pub data: Vec<u8>,
    /// How many buffers (memoryviews) look at it; it cannot be resized meanwhile.
    pub exports: u32,
    /// The bytes of its block; 0 for none.
    pub room: usize,
    /// How many of them, at the front, it has given up.
    pub skipped: usize,
}

/// `int` beyond 64 bits.
#[derive(Clone, Debug, Default)]
pub struct BigIntBody {
    /// The value.
    pub value: BigInt,
}

/// `complex`.
#[derive(Clone, Debug, Default)]
pub struct ComplexBody {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// `tuple`.
#[derive(Clone, Debug, Default)]
pub struct TupleBody {
    /// The items.
    pub items: Vec<Ref>,
}

/// `list`.
#[derive(Clone, Debug, Default)]
pub struct ListBody {
    /// The items.
    pub items: Vec<Ref>,
    /// How many items CPython would have room for.
    pub allocated: usize,
    /// It has a block all the same, of no items.
    pub emptied: bool,
    /// `list.sort` is at work on it.
    pub sorting: bool,
}

/// `dict`.
#[derive(Clone, Debug, Default)]
pub struct DictBody {
    /// The table.
    pub table: DictTable<Ref>,
    /// Of the `__dict__` of an instance: the kind of the instance; the empty kind for other dicts.
    pub of_instance: KindId,
    /// The places for values, while the keys are those that all instances of the class share; 0 if they are not.
    pub shared_room: u8,
}

/// `set` and `frozenset`.
#[derive(Clone, Debug, Default)]
pub struct SetBody {
    /// The table.
    pub table: SetTable<Ref>,
    /// The hash of a frozenset, once computed.
    pub hash: Cell<Option<i64>>,
}

/// `range`.
#[derive(Clone, Debug, Default)]
pub struct RangeBody {
    /// An int.
    pub start: Ref,
    /// An int.
    pub stop: Ref,
    /// An int, not zero.
    pub step: Ref,
    /// An int: how many.
    pub length: Ref,
}

/// `slice`.
#[derive(Clone, Debug, Default)]
pub struct SliceBody {
    /// Any object.
    pub start: Ref,
    /// Any object.
    pub stop: Ref,
    /// Any object.
    pub step: Ref,
}

/// A variable shared by functions.
#[derive(Clone, Debug, Default)]
pub struct CellBody {
    /// What it holds, if anything.
    pub value: Ref,
}

/// `function`.
#[derive(Clone, Debug, Default)]
pub struct FunctionBody {
    pub code: Ref,
    pub globals: Ref,
    pub builtins: Ref,
    pub module: Ref,
    pub name: Ref,
    pub qualname: Ref,
    pub doc: Ref,
    pub defaults: Ref,
    pub kwdefaults: Ref,
    pub closure: Ref,
    pub annotations: Ref,
    pub annotate: Ref,
    pub type_params: Ref,
    pub dict: Ref,
}

/// A function written in Rust: builtin function, method descriptor, slot wrapper, or one of these bound.
#[derive(Clone, Debug, Default)]
pub struct NativeBody {
    /// What it runs.
    pub def: Option<&'static NativeDef>,
    /// The bound object, the module, or the type for descriptors.
    pub this: Ref,
    /// The class that a descriptor belongs to; the name of the module of a module's function.
    pub owner: Ref,
    /// A number for functions that share one definition (probes of the harness).
    pub data: u32,
}

/// A bound Python method.
#[derive(Clone, Debug, Default)]
pub struct MethodBody {
    pub func: Ref,
    pub this: Ref,
}

/// What all frames of a code object share; never changed after loading.
#[derive(Clone, Debug, Default)]
pub struct Code {
    pub name: Ref,
    pub qualname: Ref,
    pub filename: Ref,
    pub doc: Ref,
    pub consts: Vec<Ref>,
    /// How many of them `co_consts` has: the others are loaded without a place in it.
    pub shown_consts: u32,
    pub names: Vec<Ref>,
    pub varnames: Vec<Ref>,
    pub cellvars: Vec<Ref>,
    pub freevars: Vec<Ref>,
    pub local_names: Vec<Ref>,
    pub instrs: Vec<Instr>,
    /// The same with some of them fused: what is run.
    pub fused: Vec<Instr>,
    pub locations: Vec<Location>,
    pub handlers: Vec<Handler>,
    pub arg_count: u32,
    pub posonly_count: u32,
    pub kwonly_count: u32,
    pub varargs: bool,
    pub varkw: bool,
    pub is_function: bool,
    pub body: Option<BodyKind>,
    pub flags: u32,
    pub first_line: u32,
    pub stack_size: u32,
}

/// `code`.
#[derive(Clone, Debug, Default)]
pub struct CodeBody {
    /// The shared part.
    pub code: Rc<Code>,
    /// `co_consts`, which holds the constants that are shown; equal tuples of one unit are one object.
    pub consts_tuple: Ref,
}

/// `type` and its subclasses.
#[derive(Clone, Debug)]
pub struct TypeBody {
    pub name: Ref,
    pub qualname: Ref,
    /// The namespace, a dict.
    pub dict: Ref,
    /// A tuple.
    pub bases: Ref,
    /// A tuple.
    pub mro: Ref,
    /// The first base that decides the layout.
    pub base: Ref,
    /// What instances are.
    pub instance_kind: KindId,
    /// Names of the slots that this class adds.
    pub slots: Vec<Ref>,
    /// How many slots instances have in all.
    pub slot_count: u32,
    /// Instances have a `__dict__`.
    pub has_dict: bool,
    /// Instances can be named by weak references.
    pub has_weakref: bool,
    /// Made by a class statement or by calling `type`.
    pub heap: bool,
    /// It may be a base.
    pub subclassable: bool,
    /// Abstract methods are left: no instances.
    pub abstract_methods: bool,
    /// It can be changed by programs.
    pub mutable: bool,
    /// Direct subclasses, not counted.
    pub subclasses: Vec<Ref>,
    /// Instances made so far (key sharing depends on it).
    pub instances: u32,
    /// The keys that the dicts of its instances share.
    pub shared_keys: SharedKeys,
}

impl Default for TypeBody {
    fn default() -> TypeBody {
        TypeBody {
            name: Ref::NULL,
            qualname: Ref::NULL,
            dict: Ref::NULL,
            bases: Ref::NULL,
            mro: Ref::NULL,
            base: Ref::NULL,
            instance_kind: KindId(0),
            slots: Vec::new(),
            slot_count: 0,
            has_dict: false,
            has_weakref: false,
            heap: false,
            subclassable: false,
            abstract_methods: false,
            mutable: false,
            subclasses: Vec::new(),
            instances: 0,
            shared_keys: SharedKeys::default(),
        }
    }
}

/// `module`.
#[derive(Clone, Debug, Default)]
pub struct ModuleBody {
    /// The namespace, a dict.
    pub dict: Ref,
}

/// The keys that all instances of a class keep their attributes by, and what is left of the room for more. The earlier
/// instances come with more places for values than the later ones, so that a class of many attributes finds room.
#[derive(Clone, Debug)]
pub struct SharedKeys {
    names: Vec<Text>,
    usable: u8,
}

impl Default for SharedKeys {
    fn default() -> SharedKeys {
        SharedKeys { names: Vec::new(), usable: SharedKeys::MOST }
    }
}

impl SharedKeys {
    /// The most keys; one of them is lost with the first instance.
    const MOST: u8 = 30;

    /// The places for values of an instance that is made now.
    pub fn room(&self) -> u8 {
        u8::try_from(self.names.len()).unwrap_or(Self::MOST).saturating_add(self.usable)
    }

    /// An instance comes with its places for values.
    pub fn add_instance(&mut self) -> u8 {
        if self.usable > 1 {
            self.usable -= 1;
        }
        self.room()
    }

    /// Whether a name is one of the keys or becomes one.
    pub fn take(&mut self, name: &Text) -> bool {
        if self.names.contains(name) {
            return true;
        }
        let fits = self.usable > 0;
        if fits {
            self.usable -= 1;
            self.names.push(name.clone());
        }
        fits
    }
}

/// The attributes of an instance of a Python class.
#[derive(Clone, Debug, Default)]
pub struct InstanceBody {
    /// Values of the slots, in the order of the class's slots (bases first).
    pub slots: Vec<Ref>,
    /// Names of the values, see `heap::shape`.
    pub shape: u32,
    /// Values by the shape's names.
    pub values: Vec<Ref>,
    /// The dict, once a program has asked for it; `values` is empty then.
    pub dict: Ref,
    /// The places for values that it was made with, by rule before or after it took its share of the class's room.
    pub room: u8,
}

/// Any iterator over built-in things. An exhausted one has no object left to iterate over; `result` is the tuple that
/// it gave last and fills anew if nobody else holds it.
#[derive(Clone, Debug, Default)]
pub enum IterBody {
    /// Exhausted.
    #[default]
    Done,
    /// Over a list, tuple, str, bytes, bytearray, or anything with `__getitem__`.
    Sequence { seq: Ref, at: usize },
    /// Over a list or sequence from the end.
    Reversed { seq: Ref, at: i64 },
    /// Over a range of 64-bit ints.
    Range { next: i64, step: i64, left: u64 },
    /// Over a range of larger ints: the index of the next item, and the range's parts.
    LongRange { index: Ref, start: Ref, step: Ref, length: Ref },
    /// Over a dict; `len` and the position tell whether it was changed.
    Dict { dict: Ref, at: usize, len: usize, what: View, left: usize, result: Ref },
    /// Over a dict from its end.
    DictReversed { dict: Ref, at: usize, len: usize, what: View, left: usize, result: Ref },
    /// Over a set.
    Set { set: Ref, at: usize, len: usize },
    /// `iter(callable, sentinel)`
    Callable { func: Ref, sentinel: Ref },
    /// `enumerate`: the next index as a number or, beyond 64 bits, as an int object.
    Enumerate { iter: Ref, index: i64, long: Ref, result: Ref },
    /// `zip`
    Zip { iters: Vec<Ref>, strict: bool, result: Ref },
    /// `map`
    Map { func: Ref, iters: Vec<Ref>, strict: bool },
    /// `filter`
    Filter { func: Ref, iter: Ref },
}

/// Which part of a dict's entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum View {
    /// Keys.
    #[default]
    Keys,
    /// Values.
    Values,
    /// Pairs.
    Items,
}

/// `dict_keys`, `dict_values`, `dict_items`.
#[derive(Clone, Debug, Default)]
pub struct ViewBody {
    pub dict: Ref,
    pub what: View,
}

/// A frame that is not running: of a generator, or left to a traceback.
#[derive(Clone, Debug, Default)]
pub struct SavedFrame {
    pub locals: Vec<Ref>,
    pub stack: Vec<Ref>,
    pub ip: u32,
}

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GenState {
    #[default]
    Created,
    Suspended,
    Running,
    Finished,
}

/// generator, coroutine, async generator.
#[derive(Clone, Debug, Default)]
pub struct GeneratorBody {
    pub state: GenState,
    pub code: Ref,
    /// The function it came from, for its globals and builtins; NULL where frames do not hold their function.
    pub func: Ref,
    /// The globals of the suspended frame, if there is no function to keep them.
    pub globals: Ref,
    /// The builtins of the suspended frame, if there is no function to keep them.
    pub builtins: Ref,
    pub name: Ref,
    pub qualname: Ref,
    pub saved: SavedFrame,
    /// The frame object, if one was asked for.
    pub frame: Ref,
    /// The exception being handled inside it while it is suspended.
    pub handled: Ref,
    /// An awaitable of this asynchronous generator is under way: `ag_running`.
    pub awaited: bool,
    /// This asynchronous generator has ended or was told to.
    pub closed: bool,
}

/// `BaseException` and its subclasses.
#[derive(Clone, Debug, Default)]
pub struct ExceptionBody {
    /// A tuple.
    pub args: Ref,
    pub traceback: Ref,
    pub context: Ref,
    pub cause: Ref,
    pub suppress_context: bool,
    /// The instance dict, once there is one.
    pub dict: Ref,
    /// Class and traceback, once for each time that it is being handled, by rule.
    pub held: Vec<(Ref, Ref)>,
    /// Named parts of certain classes (`StopIteration.value`, `NameError.name`, …).
    pub parts: Vec<(&'static str, Ref)>,
}

/// `traceback`.
#[derive(Clone, Debug, Default)]
pub struct TracebackBody {
    pub next: Ref,
    pub frame: Ref,
    pub line: u32,
    pub instr: u32,
}

/// `frame`: what a traceback or `sys._getframe` holds.
#[derive(Clone, Debug, Default)]
pub struct FrameBody {
    pub code: Ref,
    pub func: Ref,
    pub globals: Ref,
    pub builtins: Ref,
    /// The namespace of a module or class body.
    pub namespace: Ref,
    pub back: Ref,
    /// Locals, once the frame has ended; while it runs they are on the machine's stack.
    pub locals: Vec<Ref>,
    /// The index of the running frame plus one, or 0.
    pub running: u32,
    /// The generator it belongs to, not counted.
    pub generator: Ref,
    pub line: u32,
    pub instr: u32,
    /// The frame has ended and this object holds what the frame held: code, function and namespaces are counted.
    pub owns: bool,
    /// The dict that `f_locals` or `locals()` made (until 3.12).
    pub locals_dict: Ref,
    pub trace: Ref,
}

/// `weakref` and its proxies.
#[derive(Clone, Debug, Default)]
pub struct WeakRefBody {
    /// The object, not counted; empty when it is dead.
    pub target: Ref,
    pub callback: Ref,
    pub hash: Cell<Option<i64>>,
}

/// `super`.
#[derive(Clone, Debug, Default)]
pub struct SuperBody {
    pub class: Ref,
    pub this: Ref,
    pub this_class: Ref,
}

/// `property`.
#[derive(Clone, Debug, Default)]
pub struct PropertyBody {
    pub get: Ref,
    pub set: Ref,
    pub del: Ref,
    pub doc: Ref,
    pub name: Ref,
}

/// `classmethod` and `staticmethod`.
#[derive(Clone, Debug, Default)]
pub struct WrapperBody {
    pub func: Ref,
    pub dict: Ref,
}

/// A slot's descriptor.
#[derive(Clone, Debug, Default)]
pub struct MemberBody {
    pub owner: Ref,
    pub name: Ref,
    pub index: u32,
}

/// An attribute of built-in objects computed in Rust.
#[derive(Clone, Debug, Default)]
pub struct GetSetBody {
    pub owner: Ref,
    pub def: Option<&'static crate::native::GetSetDef>,
}

/// `mappingproxy`.
#[derive(Clone, Debug, Default)]
pub struct ProxyBody {
    pub mapping: Ref,
}

/// `list[int]`.
#[derive(Clone, Debug, Default)]
pub struct AliasBody {
    pub origin: Ref,
    pub args: Ref,
    pub parameters: Ref,
    pub starred: bool,
}

/// A record of named parts: small built-in types without a layout of their own.
#[derive(Clone, Debug, Default)]
pub struct RecordBody {
    pub parts: Vec<Ref>,
    /// Numbers that go with it.
    pub numbers: Vec<i64>,
    /// The instance dict, once there is one.
    pub dict: Ref,
}

/// `memoryview`.
#[derive(Clone, Debug, Default)]
pub struct MemoryViewBody {
    /// Whose bytes are shown; null once the view is released.
    pub base: Ref,
    /// What is said to be viewed if it is not the base itself: an array, whose bytes are a bytearray of its own.
    pub owner: Ref,
    pub format: String,
    pub itemsize: usize,
    pub offset: usize,
    pub length: usize,
    pub stride: i64,
    pub readonly: bool,
    pub released: bool,
}

bodies! {
    /// Text.
    Str strs: SharedSlab<StrBody> |_this, _visit| {}
    /// Bytes.
    Bytes bytes: SharedSlab<BytesBody> |_this, _visit| {}
    /// A bytearray.
    ByteArray bytearrays: Slab<ByteArrayBody> |_this, _visit| {}
    /// A large int.
    BigInt bigints: Slab<BigIntBody> |_this, _visit| {}
    /// A complex.
    Complex complexes: Slab<ComplexBody> |_this, _visit| {}
    /// A tuple.
    Tuple tuples: SharedSlab<TupleBody> |this, visit| { items(visit, &this.items) }
    /// A list.
    List lists: Slab<ListBody> |this, visit| { items(visit, &this.items) }
    /// A dict.
    Dict dicts: SharedSlab<DictBody> |this, visit| {
        for (at, entry) in this.table.iter().enumerate() {
            visit(Label::Key(at), entry.key);
            visit(Label::Value(at), entry.value);
        }
    }
    /// A set or frozenset.
    Set sets: Slab<SetBody> |this, visit| {
        for (at, (_, key)) in this.table.iter().enumerate() {
            visit(Label::Key(at), key);
        }
    }
    /// A range.
    Range ranges: Slab<RangeBody> |this, visit| {
        part(visit, "start", this.start);
        part(visit, "stop", this.stop);
        part(visit, "step", this.step);
        part(visit, "length", this.length);
    }
    /// A slice.
    Slice slices: Slab<SliceBody> |this, visit| {
        part(visit, "step", this.step);
        part(visit, "start", this.start);
        part(visit, "stop", this.stop);
    }
    /// A cell.
    Cell cells: Slab<CellBody> |this, visit| { part(visit, "cell_contents", this.value) }
    /// A Python function.
    Function functions: Slab<FunctionBody> |this, visit| {
        part(visit, "__globals__", this.globals);
        part(visit, "__builtins__", this.builtins);
        part(visit, "__module__", this.module);
        part(visit, "__defaults__", this.defaults);
        part(visit, "__kwdefaults__", this.kwdefaults);
        part(visit, "__doc__", this.doc);
        part(visit, "__dict__", this.dict);
        part(visit, "__closure__", this.closure);
        part(visit, "__annotations__", this.annotations);
        part(visit, "__annotate__", this.annotate);
        part(visit, "__type_params__", this.type_params);
        part(visit, "__code__", this.code);
        part(visit, "__name__", this.name);
        part(visit, "__qualname__", this.qualname);
    }
    /// A function written in Rust.
    Native natives: SharedSlab<NativeBody> |this, visit| {
        part(visit, "__self__", this.this);
        part(visit, "__objclass__", this.owner);
    }
    /// A bound method.
    Method methods: Slab<MethodBody> |this, visit| {
        part(visit, "__func__", this.func);
        part(visit, "__self__", this.this);
    }
    /// A code object.
    Code codes: SharedSlab<CodeBody> |this, visit| {
        let code = &this.code;
        // The tuple holds those that it shows.
        for (at, &c) in code.consts.iter().enumerate().skip(code.shown_consts as usize) { visit(Label::Item(at), c); }
        for list in [&code.names, &code.varnames, &code.cellvars, &code.freevars, &code.local_names] {
            for &name in list { visit(Label::Part("name"), name); }
        }
        part(visit, "co_name", code.name);
        part(visit, "co_qualname", code.qualname);
        part(visit, "co_filename", code.filename);
        part(visit, "doc", code.doc);
        part(visit, "co_consts", this.consts_tuple);
    }
    /// A class.
    Type types: SharedSlab<TypeBody> |this, visit| {
        part(visit, "__dict__", this.dict);
        part(visit, "__mro__", this.mro);
        part(visit, "__bases__", this.bases);
        part(visit, "__base__", this.base);
        part(visit, "__name__", this.name);
        part(visit, "__qualname__", this.qualname);
        for &slot in &this.slots { visit(Label::Part("__slots__"), slot); }
    }
    /// A module.
    Module modules: Slab<ModuleBody> |this, visit| { part(visit, "__dict__", this.dict) }
    /// An instance of a Python class without another layout.
    Instance instances: Slab<InstanceBody> |this, visit| {
        for (at, &value) in this.slots.iter().enumerate() {
            if !value.is_null() { visit(Label::Local(at), value); }
        }
        for (at, &value) in this.values.iter().enumerate() {
            if !value.is_null() { visit(Label::Value(at), value); }
        }
        part(visit, "__dict__", this.dict);
    }
    /// An iterator.
    Iter iters: Slab<IterBody> |this, visit| {
        match this {
            IterBody::Done | IterBody::Range { .. } => {}
            IterBody::Sequence { seq, .. } | IterBody::Reversed { seq, .. } => part(visit, "sequence", *seq),
            IterBody::LongRange { index, start, step, length } => {
                part(visit, "index", *index);
                part(visit, "start", *start);
                part(visit, "step", *step);
                part(visit, "length", *length);
            }
            IterBody::Dict { dict, result, .. } | IterBody::DictReversed { dict, result, .. } => {
                part(visit, "dict", *dict);
                part(visit, "result", *result);
            }
            IterBody::Set { set, .. } => part(visit, "set", *set),
            IterBody::Callable { func, sentinel } => {
                part(visit, "callable", *func);
                part(visit, "sentinel", *sentinel);
            }
            IterBody::Enumerate { iter, long, result, .. } => {
                part(visit, "iterator", *iter);
                part(visit, "result", *result);
                part(visit, "index", *long);
            }
            IterBody::Zip { iters, result, .. } => {
                items(visit, iters);
                part(visit, "result", *result);
            }
            IterBody::Map { func, iters, .. } => {
                items(visit, iters);
                part(visit, "function", *func);
            }
            IterBody::Filter { func, iter } => {
                part(visit, "function", *func);
                part(visit, "iterator", *iter);
            }
        }
    }
    /// A view of a dict.
    View views: Slab<ViewBody> |this, visit| { part(visit, "mapping", this.dict) }
    /// A generator or coroutine.
    Generator generators: Slab<GeneratorBody> |this, visit| {
        for (at, &local) in this.saved.locals.iter().enumerate() {
            if !local.is_null() { visit(Label::Local(at), local); }
        }
        for (at, &value) in this.saved.stack.iter().enumerate() {
            if !value.is_null() { visit(Label::Stack(at), value); }
        }
        part(visit, "handled", this.handled);
        part(visit, "gi_frame", this.frame);
        part(visit, "function", this.func);
        part(visit, "f_globals", this.globals);
        part(visit, "f_builtins", this.builtins);
        part(visit, "gi_code", this.code);
        part(visit, "__name__", this.name);
        part(visit, "__qualname__", this.qualname);
    }
    /// An exception.
    Exception exceptions: Slab<ExceptionBody> |this, visit| {
        part(visit, "__dict__", this.dict);
        part(visit, "args", this.args);
        part(visit, "__traceback__", this.traceback);
        part(visit, "__cause__", this.cause);
        part(visit, "__context__", this.context);
        for &(name, value) in &this.parts { part(visit, name, value); }
        for &(class, traceback) in &this.held {
            part(visit, "handled", class);
            part(visit, "handled", traceback);
        }
    }
    /// A traceback.
    Traceback tracebacks: Slab<TracebackBody> |this, visit| {
        part(visit, "tb_next", this.next);
        part(visit, "tb_frame", this.frame);
    }
    /// A frame object.
    Frame frames: Slab<FrameBody> |this, visit| {
        for (at, &local) in this.locals.iter().enumerate() {
            if !local.is_null() { visit(Label::Local(at), local); }
        }
        part(visit, "f_locals", this.locals_dict);
        part(visit, "f_trace", this.trace);
        part(visit, "f_back", this.back);
        if this.owns {
            part(visit, "namespace", this.namespace);
            part(visit, "f_globals", this.globals);
            part(visit, "f_builtins", this.builtins);
            part(visit, "function", this.func);
            part(visit, "f_code", this.code);
        }
    }
    /// A weak reference.
    WeakRef weakrefs: Slab<WeakRefBody> |this, visit| { part(visit, "__callback__", this.callback) }
    /// A `super` object.
    Super supers: Slab<SuperBody> |this, visit| {
        part(visit, "__thisclass__", this.class);
        part(visit, "__self__", this.this);
        part(visit, "__self_class__", this.this_class);
    }
    /// A property.
    Property properties: Slab<PropertyBody> |this, visit| {
        part(visit, "fget", this.get);
        part(visit, "fset", this.set);
        part(visit, "fdel", this.del);
        part(visit, "__doc__", this.doc);
        part(visit, "__name__", this.name);
    }
    /// A classmethod or staticmethod.
    Wrapper wrappers: Slab<WrapperBody> |this, visit| {
        part(visit, "__func__", this.func);
        part(visit, "__dict__", this.dict);
    }
    /// The descriptor of a slot.
    Member members: Slab<MemberBody> |this, visit| {
        part(visit, "__objclass__", this.owner);
        part(visit, "__name__", this.name);
    }
    /// A computed attribute.
    GetSet getsets: SharedSlab<GetSetBody> |this, visit| { part(visit, "__objclass__", this.owner) }
    /// A mappingproxy.
    Proxy proxies: Slab<ProxyBody> |this, visit| { part(visit, "mapping", this.mapping) }
    /// A generic alias or union.
    Alias aliases: Slab<AliasBody> |this, visit| {
        part(visit, "__origin__", this.origin);
        part(visit, "__args__", this.args);
        part(visit, "__parameters__", this.parameters);
    }
    /// A record.
    Record records: Slab<RecordBody> |this, visit| {
        items(visit, &this.parts);
        part(visit, "__dict__", this.dict);
    }
    /// A memoryview.
    MemoryView memoryviews: Slab<MemoryViewBody> |this, visit| {
        part(visit, "base", this.base);
        part(visit, "obj", this.owner);
    }
}
