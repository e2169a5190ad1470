//! `operator`: the operators as functions, and the callables that take parts out of objects.

use crate::code::{BinOp, CmpOp, UnOp};
use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, NativeDef, function, method, new, slot};
use crate::vm::{Res, Ty, Vm};

macro_rules! operators {
    ($kind:ident: $($name:literal $op:ident),+ $(,)?) => { &[$(operators!(@$kind $name $op)),+] };
    (@binary $name:literal $op:ident) => {
        function($name, 2, 2, |vm, args| {
            let (left, right) = (args.get(vm, 0), args.get(vm, 1));
            vm.binary_op(BinOp::$op, left, right)
        })
    };
    (@inplace $name:literal $op:ident) => {
        function($name, 2, 2, |vm, args| {
            let (left, right) = (args.get(vm, 0), args.get(vm, 1));
            vm.inplace_op(BinOp::$op, left, right)
        })
    };
    (@compare $name:literal $op:ident) => {
        function($name, 2, 2, |vm, args| {
            let (left, right) = (args.get(vm, 0), args.get(vm, 1));
            vm.compare(left, right, CmpOp::$op)
        })
    };
    (@unary $name:literal $op:ident) => {
        function($name, 1, 1, |vm, args| {
            let value = args.get(vm, 0);
            vm.unary_op(UnOp::$op, value)
        })
    };
}

static BINARY: &[NativeDef] = operators!(binary:
    "add" Add, "sub" Sub, "mul" Mul, "matmul" MatMul, "truediv" Div, "floordiv" FloorDiv, "mod" Mod, "pow" Pow,
    "lshift" LShift, "rshift" RShift, "and_" And, "or_" Or, "xor" Xor, "concat" Add);
static INPLACE: &[NativeDef] = operators!(inplace:
    "iadd" Add, "isub" Sub, "imul" Mul, "imatmul" MatMul, "itruediv" Div, "ifloordiv" FloorDiv, "imod" Mod, "ipow" Pow,
    "ilshift" LShift, "irshift" RShift, "iand" And, "ior" Or, "ixor" Xor, "iconcat" Add);
static COMPARISONS: &[NativeDef] = operators!(compare: "lt" Lt, "le" Le, "eq" Eq, "ne" Ne, "gt" Gt, "ge" Ge);
static UNARY: &[NativeDef] = operators!(unary: "neg" Neg, "pos" Pos, "invert" Invert, "inv" Invert, "not_" Not);

static OTHERS: &[NativeDef] = &[
    function("is_", 2, 2, |vm, args| {
        let same = args.get(vm, 0) == args.get(vm, 1);
        Ok(vm.bool(same))
    }),
    function("is_not", 2, 2, |vm, args| {
        let same = args.get(vm, 0) == args.get(vm, 1);
        Ok(vm.bool(!same))
    }),
    function("truth", 1, 1, |vm, args| {
        let truth = vm.truth(args.get(vm, 0))?;
        Ok(vm.bool(truth))
    }),
    function("contains", 2, 2, |vm, args| {
        let (container, item) = (args.get(vm, 0), args.get(vm, 1));
        let answer = vm.contains(container, item)?;
        Ok(vm.bool(answer))
    }),
    function("getitem", 2, 2, |vm, args| {
        let (container, key) = (args.get(vm, 0), args.get(vm, 1));
        vm.get_item(container, key)
    }),
    function("setitem", 3, 3, |vm, args| {
        let (container, key, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
        vm.set_item(container, key, value)?;
        Ok(vm.none())
    }),
    function("delitem", 2, 2, |vm, args| {
        let (container, key) = (args.get(vm, 0), args.get(vm, 1));
        vm.delete_item(container, key)?;
        Ok(vm.none())
    }),
    function("index", 1, 1, |vm, args| {
        let value = args.get(vm, 0);
        vm.index_object(value)
    }),
    function("length_hint", 1, 2, |vm, args| {
        let (value, missing) = (args.get(vm, 0), args.get(vm, 1));
        match vm.length_hint(value)? {
            Some(length) => Ok(vm.new_size(length)),
            None if missing.is_null() => Ok(vm.new_int(0)),
            None => Ok(vm.share(missing)),
        }
    }),
    function("abs", 1, 1, |vm, args| special(vm, args, "__abs__")),
    function("countOf", 2, 2, |vm, args| {
        let (iterable, wanted) = (args.get(vm, 0), args.get(vm, 1));
        let mut count = 0;
        vm.for_each(iterable, |vm, item| {
            let same = vm.same_or_equal(item.get(), wanted);
            vm.release(item);
            count += usize::from(same?);
            Ok(true)
        })?;
        Ok(vm.new_size(count))
    }),
    function("call", 1, 1, |vm, args| {
        let func = args.get(vm, 0);
        let rest: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
        vm.call_keywords(func, Ref::NULL, &rest, args.keywords)
    })
    .any(),
];

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in [BINARY, INPLACE, COMPARISONS, UNARY, OTHERS].into_iter().flatten() {
        vm.add_function(dict, "operator", def);
    }
    for (name, ty) in
        [("itemgetter", Ty::ItemGetter), ("attrgetter", Ty::AttrGetter), ("methodcaller", Ty::MethodCaller)]
    {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    Ok(())
}

fn special(vm: &mut Vm, args: Args, name: &str) -> Res<Owned> {
    let value = args.get(vm, 0);
    let name = vm.intern_str(name);
    let class = vm.heap.class_of(value);
    let method = vm.lookup(class, name.get());
    vm.release(name);
    match method {
        Some(method) => vm.call_special(method, value, &[]),
        None => {
            let text = format!("bad operand type for abs(): '{}'", vm.type_name(class));
            Err(vm.type_error(text))
        }
    }
}

// ---- itemgetter, attrgetter, methodcaller ----------------------------------------------------------------------

/// The methods of `itemgetter`: parts are the keys.
pub static ITEM_GETTER: &[NativeDef] = &[
    new(getter_new),
    slot("__init__", 0, |vm, _| Ok(vm.none())).any(),
    slot("__call__", 1, |vm, args| take(vm, args, |vm, object, key| vm.get_item(object, key))),
    slot("__repr__", 0, getter_repr),
    method("__reduce__", 0, 0, getter_reduce),
];

/// The methods of `attrgetter`: parts are the dotted names.
pub static ATTR_GETTER: &[NativeDef] = &[
    new(getter_new),
    slot("__init__", 0, |vm, _| Ok(vm.none())).any(),
    slot("__call__", 1, |vm, args| take(vm, args, dotted)),
    slot("__repr__", 0, getter_repr),
    method("__reduce__", 0, 0, getter_reduce),
];

/// The methods of `methodcaller`: parts are the name, a tuple and a dict.
pub static METHOD_CALLER: &[NativeDef] = &[
    new(caller_new),
    slot("__init__", 0, |vm, _| Ok(vm.none())).any(),
    slot("__call__", 1, caller_call),
    slot("__repr__", 0, caller_repr),
];

fn parts(vm: &Vm, this: Ref) -> Vec<Ref> {
    vm.heap.get::<RecordBody>(this).map(|body| body.parts.clone()).unwrap_or_default()
}

fn getter_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let given = args.rest(vm, 1);
    let attributes = class == vm.class(Ty::AttrGetter);
    if given.is_empty() {
        let text = format!("{} expected 1 argument, got 0", vm.type_short_name(class));
        return Err(vm.type_error(text));
    }
    if attributes && given.iter().any(|&name| vm.heap.layout(name) != Layout::Str) {
        return Err(vm.type_error("attribute name must be a string"));
    }
    let parts = given.into_iter().map(|part| vm.share(part).into_ref()).collect();
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, RecordBody { parts, ..RecordBody::default() }))
}

/// One part as it is, several as a tuple.
fn take(vm: &mut Vm, args: Args, get: fn(&mut Vm, Ref, Ref) -> Res<Owned>) -> Res<Owned> {
    let (this, object) = (args.get(vm, 0), args.get(vm, 1));
    let keys = parts(vm, this);
    if let [key] = keys[..] {
        return get(vm, object, key);
    }
    let mut found = Vec::new();
    for key in keys {
        let value = get(vm, object, key)?;
        found.push(vm.hold(value));
    }
    Ok(vm.tuple_of(&found))
}

fn dotted(vm: &mut Vm, object: Ref, names: Ref) -> Res<Owned> {
    let mut found = vm.share(object);
    for name in vm.show(names).split('.') {
        let next = vm.get_attr_str(found.get(), name);
        vm.release(found);
        found = next?;
    }
    Ok(found)
}

fn getter_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut texts = Vec::new();
    for part in parts(vm, this) {
        texts.push(vm.repr(part)?.to_string_lossy().into_owned());
    }
    let text = format!("{}({})", vm.qualified_class_name(this), texts.join(", "));
    Ok(vm.new_str(&text))
}

fn getter_reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let keys = parts(vm, this);
    let keys = vm.tuple_of(&keys);
    let keys = vm.hold(keys);
    Ok(vm.tuple_of(&[class, keys]))
}

fn caller_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, name) = (args.get(vm, 0), args.get(vm, 1));
    if args.positional(vm) < 2 {
        return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
    }
    if vm.heap.layout(name) != Layout::Str {
        return Err(vm.type_error("method name must be a string"));
    }
    let keywords = vm.new_dict();
    let keywords = vm.hold(keywords);
    for (key, value) in args.keyword_pairs(vm) {
        vm.dict_set(keywords, key, value)?;
    }
    let positional = args.rest(vm, 2);
    let positional = vm.tuple_of(&positional).into_ref();
    let parts = vec![vm.share(name).into_ref(), positional, vm.share(keywords).into_ref()];
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, RecordBody { parts, ..RecordBody::default() }))
}

fn caller_call(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, object) = (args.get(vm, 0), args.get(vm, 1));
    let [name, positional, keywords] = parts(vm, this)[..] else { return Ok(vm.none()) };
    let mut all = vm.tuple_items(positional).to_vec();
    let (names, values): (Vec<Ref>, Vec<Ref>) = vm.dict_items(keywords).into_iter().unzip();
    all.extend(values);
    let names = vm.tuple_of(&names);
    let names = vm.hold(names);
    let method = vm.get_attr(object, name)?;
    let method = vm.hold(method);
    vm.call_keywords(method, Ref::NULL, &all, names)
}

fn caller_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let [name, positional, keywords] = parts(vm, this)[..] else { return Ok(vm.none()) };
    let mut texts = vec![vm.repr(name)?.to_string_lossy().into_owned()];
    for item in vm.tuple_items(positional).to_vec() {
        texts.push(vm.repr(item)?.to_string_lossy().into_owned());
    }
    for (key, value) in vm.dict_items(keywords) {
        texts.push(format!("{}={}", vm.show(key), vm.repr(value)?.to_string_lossy()));
    }
    let text = format!("{}({})", vm.qualified_class_name(this), texts.join(", "));
    Ok(vm.new_str(&text))
}
