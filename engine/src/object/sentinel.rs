//! `sentinel`: unique placeholder values with a name, equal only to themselves.

use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, member, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// Where the name, the module and the text stand in the record.
const NAME: usize = 0;
const MODULE: usize = 1;
const TEXT: usize = 2;

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, |vm, args| part(vm, args.get(vm, 0), TEXT)),
    slot("__or__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 0), args.get(vm, 1));
        vm.new_union(left, right)
    }),
    slot("__ror__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 1), args.get(vm, 0));
        vm.new_union(left, right)
    }),
    method("__copy__", 0, 0, itself),
    method("__deepcopy__", 1, 1, itself),
    method("__reduce__", 0, 0, |vm, args| part(vm, args.get(vm, 0), NAME)),
];

/// The attributes.
pub static GETSETS: &[GetSetDef] = &[
    member("__name__", |vm, this| part(vm, this, NAME)),
    getset(
        "__module__",
        |vm, this| part(vm, this, MODULE),
        |vm, this, value| {
            let value = if value.is_null() { vm.single.none } else { value };
            let value = vm.share(value).into_ref();
            let old = match vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.parts.get_mut(MODULE)) {
                Some(place) => std::mem::replace(place, value),
                None => value,
            };
            vm.release_maybe(old);
            Ok(())
        },
    ),
];

fn part(vm: &mut Vm, this: Ref, at: usize) -> Res<Owned> {
    let found = vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(at).copied());
    let found = found.unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn itself(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    Ok(vm.share(this))
}

/// `sentinel(name, /, *, repr=None)`; the module is that of the caller.
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let given = args.rest(vm, 1);
    let &[name] = &given[..] else {
        let text = format!("sentinel() takes exactly 1 positional argument ({} given)", given.len());
        return Err(vm.type_error(text));
    };
    if vm.heap.layout(name) != Layout::Str {
        let text = format!("sentinel() argument 1 must be str, not {}", vm.argument_type(name));
        return Err(vm.type_error(text));
    }
    let mut text = name;
    for (keyword, value) in args.keyword_pairs(vm) {
        let keyword = vm.show(keyword);
        if keyword != "repr" {
            let text = vm.profile.native_keyword_error.text("sentinel", &keyword);
            return Err(vm.type_error(text));
        }
        if vm.heap.layout(value) == Layout::Str {
            text = value;
        } else if value != vm.single.none {
            let text = format!("sentinel() argument 'repr' must be str or None, not {}", vm.argument_type(value));
            return Err(vm.type_error(text));
        }
    }
    let globals = vm.caller_globals();
    let module = globals.and_then(|globals| vm.dict_get_text(globals, vm.names.name)).unwrap_or(vm.single.none);
    let parts = [name, module, text].map(|part| vm.share(part).into_ref()).to_vec();
    Ok(vm.heap.alloc(Ty::Sentinel.kind(), RecordBody { parts, ..RecordBody::default() }))
}
