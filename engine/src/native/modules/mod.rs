//! Modules written for the engine: native ones as tables of functions, others as small Python sources.

mod ast;
mod codecs;
mod collections;
pub mod deque;
mod dis;
pub mod functools;
mod gc;
pub mod marshal;
pub mod math;
pub mod operator;
pub mod pickle;
pub mod proxy;
pub mod re;
pub mod stream;
mod structs;
mod sys;
pub mod sys_info;
mod traceback;
mod tracemalloc;
mod types;
pub mod weakref;

use crate::heap::{Owned, Ref};
use crate::rules::Profile;
use crate::vm::{Res, Vm};

/// The modules that are made in Rust.
const NATIVE: &[(&str, fn(&mut Vm, Ref) -> Res<()>)] = &[
    ("sys", sys::fill),
    ("gc", gc::fill),
    ("_weakref", weakref::fill),
    ("_types", types::fill),
    ("_typing", types::fill_typing),
    ("_templatelib", types::fill_templatelib),
    ("_collections", collections::fill),
    ("_functools", functools::fill),
    ("operator", operator::fill),
    ("_rules", fill_rules),
    ("_pickle", pickle::fill),
    ("_ast", ast::fill),
    ("_codecs", codecs::fill),
    ("_dis", dis::fill),
    ("_re", re::fill),
    ("_traceback", traceback::fill),
    ("marshal", marshal::fill),
    ("math", math::fill),
    ("_struct", structs::fill),
    ("_tracemalloc", tracemalloc::fill),
];

/// The modules that are Python sources of this project.
const SOURCES: &[(&str, &str)] = &[
    ("asyncio", include_str!("lib/asyncio.py")),
    ("abc", include_str!("lib/abc.py")),
    ("_abc_protocols", include_str!("lib/abc_protocols.py")),
    ("_collections_abc", include_str!("lib/containers_abc.py")),
    ("_defaultdict", include_str!("lib/defaultdict.py")),
    ("numbers", include_str!("lib/numbers.py")),
    ("fractions", include_str!("lib/fractions.py")),
    ("decimal", include_str!("lib/decimal.py")),
    ("_decimal_arithmetic", include_str!("lib/decimal_arithmetic.py")),
    ("_decimal_compare", include_str!("lib/decimal_compare.py")),
    ("_decimal_context", include_str!("lib/decimal_context.py")),
    ("_decimal_format", include_str!("lib/decimal_format.py")),
    ("_decimal_functions", include_str!("lib/decimal_functions.py")),
    ("_decimal_math", include_str!("lib/decimal_math.py")),
    ("_decimal_values", include_str!("lib/decimal_values.py")),
    ("_sha512", include_str!("lib/sha512.py")),
    ("posix", include_str!("lib/posix.py")),
    ("posixpath", include_str!("lib/posixpath.py")),
    ("os", include_str!("lib/os.py")),
    ("collections", include_str!("lib/collections.py")),
    ("collections.abc", include_str!("lib/collections_abc.py")),
    ("_namedtuple", include_str!("lib/namedtuple.py")),
    ("contextlib", include_str!("lib/contextlib.py")),
    ("contextvars", include_str!("lib/contextvars.py")),
    ("_dataclass_fields", include_str!("lib/dataclass_fields.py")),
    ("functools", include_str!("lib/functools.py")),
    ("itertools", include_str!("lib/itertools.py")),
    ("atexit", include_str!("lib/atexit.py")),
    ("enum", include_str!("lib/enum.py")),
    ("_enum_names", include_str!("lib/enum_names.py")),
    ("_enum_flags", include_str!("lib/enum_flags.py")),
    ("_string", include_str!("lib/string_parts.py")),
    ("_thread", include_str!("lib/thread.py")),
    ("inspect", include_str!("lib/inspect.py")),
    ("_inspect_signature", include_str!("lib/inspect_signature.py")),
    ("unittest", include_str!("lib/unittest.py")),
    ("_unittest_case", include_str!("lib/unittest_case.py")),
    ("_unittest_texts", include_str!("lib/unittest_texts.py")),
    ("difflib", include_str!("lib/difflib.py")),
    ("dis", include_str!("lib/dis.py")),
    ("string", include_str!("lib/string.py")),
    ("re", include_str!("lib/re.py")),
    ("colorsys", include_str!("lib/colorsys.py")),
    ("keyword", include_str!("lib/keyword.py")),
    ("copy", include_str!("lib/copy.py")),
    ("copyreg", include_str!("lib/copyreg.py")),
    ("dataclasses", include_str!("lib/dataclasses.py")),
    ("__future__", include_str!("lib/future.py")),
    ("pickle", include_str!("lib/pickle.py")),
    ("_typing_alias", include_str!("lib/typing_alias.py")),
    ("_typing_classes", include_str!("lib/typing_classes.py")),
    ("typing", include_str!("lib/typing.py")),
    ("linecache", include_str!("lib/linecache.py")),
    ("traceback", include_str!("lib/traceback.py")),
    ("array", include_str!("lib/array.py")),
    ("ast", include_str!("lib/ast.py")),
    ("io", include_str!("lib/io.py")),
    ("json", include_str!("lib/json.py")),
    ("random", include_str!("lib/random.py")),
    ("struct", include_str!("lib/struct.py")),
    ("time", include_str!("lib/time.py")),
    ("tracemalloc", include_str!("lib/tracemalloc.py")),
    ("string", include_str!("lib/string.py")),
    ("string.templatelib", include_str!("lib/templatelib.py")),
    ("types", include_str!("lib/types.py")),
    ("warnings", include_str!("lib/warnings.py")),
    ("weakref", include_str!("lib/weakref.py")),
    ("_weakrefset", include_str!("lib/weakrefset.py")),
];

/// `_rules`: the rules of the profile that the project's own Python sources ask for.
fn fill_rules(vm: &mut Vm, dict: Ref) -> Res<()> {
    for (name, value) in [
        ("dataclass_slots", vm.profile.dataclass_slots),
        ("dataclass_replace_type_error", vm.profile.dataclass_replace_type_error),
        ("dataclass_unhashable_defaults", vm.profile.dataclass_unhashable_defaults),
        ("annotations_lazy", vm.profile.annotations_lazy),
        ("range_is_atomic", vm.profile.range_is_atomic),
        ("type_unions", vm.profile.type_unions),
        ("object_getstate", vm.profile.object_getstate),
        ("defaults_stored", vm.profile.defaults_stored),
        ("lru_types_apart", vm.profile.lru_types_apart),
        ("lru_bounded", vm.profile.lru_bounded),
        ("cached_property_kept", vm.profile.cached_property_kept),
        ("suppress_swallows", vm.profile.suppress_swallows),
        ("exit_stack_reversed", vm.profile.exit_stack_reversed),
        ("errors_thrown_in", vm.profile.errors_thrown_in),
        ("frozen_enforced", vm.profile.frozen_enforced),
        ("chain_map_writes_first", vm.profile.chain_map_writes_first),
        ("deep_copies_once", vm.profile.deep_copies_once),
        ("deep_copies_parts", vm.profile.deep_copies_parts),
        ("array_collected", vm.profile.sizes.array_collected),
    ] {
        let value = vm.bool(value);
        vm.put(dict, name, value);
    }
    let texts = vm.new_int(i64::from(vm.profile.struct_range_texts));
    vm.put(dict, "struct_range_texts", texts);
    let protocol = vm.new_int(i64::from(vm.profile.pickle_default_protocol));
    vm.put(dict, "pickle_default_protocol", protocol);
    let members = vm.new_int(i64::from(vm.profile.members));
    vm.put(dict, "members", members);
    Ok(())
}

/// Python sources of this project that the library's own cannot replace: CPython has these in C, or builds them on a
/// module in C that the engine does not have.
const KEPT: &[&str] = &["re", "linecache", "traceback", "inspect", "unittest"];

/// Whether the project's own source is taken even where a finder has a module of this name.
pub fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
}

/// Whether the engine makes a module of this name itself.
pub fn is_native(name: &str) -> bool {
    name == "builtins" || NATIVE.iter().any(|(known, _)| *known == name)
}

/// The project's own Python source of a module, if the version has it.
pub fn source(profile: &Profile, name: &str) -> Option<&'static str> {
    if name == "string.templatelib" && !profile.template_strings {
        return None;
    }
    SOURCES.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}

/// Whether one of the project's own sources is a submodule of this module.
pub fn is_package(name: &str) -> bool {
    SOURCES.iter().any(|(known, _)| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// Makes a native module; `None` if there is none of that name.
///
/// # Errors
/// What filling its namespace raises.
pub fn make(vm: &mut Vm, name: &str) -> Res<Option<Owned>> {
    let Some((_, fill)) = NATIVE.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    let module = vm.new_module(name);
    let dict = vm.own_dict(module.get());
    match fill(vm, dict) {
        Ok(()) => Ok(Some(module)),
        Err(stop) => {
            vm.release(module);
            Err(stop)
        }
    }
}
