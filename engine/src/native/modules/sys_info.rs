//! What `sys` says of the interpreter: version, flags, implementation.

use crate::heap::{Owned, RecordBody, Ref, TupleBody};
use crate::native::{Args, GetSetDef, NativeDef, member, slot};
use crate::rules::StrHash;
use crate::vm::{Res, Ty, Vm};

/// The methods of `sys.version_info`, a tuple whose items have names.
pub static VERSION_INFO: &[NativeDef] = &[slot("__repr__", 0, |vm, args| repr(vm, args, VERSION_INFO_ATTRS))];
/// The methods of `sys.hash_info`.
pub static HASH_INFO: &[NativeDef] = &[slot("__repr__", 0, |vm, args| repr(vm, args, HASH_INFO_ATTRS))];
/// The methods of `sys.float_info`.
pub static FLOAT_INFO: &[NativeDef] = &[slot("__repr__", 0, |vm, args| repr(vm, args, FLOAT_INFO_ATTRS))];

/// The methods of `sys.int_info`.
pub static INT_INFO: &[NativeDef] = &[slot("__repr__", 0, |vm, args| repr(vm, args, INT_INFO_ATTRS))];

/// The items of `sys.int_info` by name.
pub static INT_INFO_ATTRS: &[GetSetDef] = &[
    member("bits_per_digit", |vm, this| item(vm, this, 0)),
    member("sizeof_digit", |vm, this| item(vm, this, 1)),
    member("default_max_str_digits", |vm, this| item(vm, this, 2)),
    member("str_digits_check_threshold", |vm, this| item(vm, this, 3)),
];

/// Its items by name.
pub static VERSION_INFO_ATTRS: &[GetSetDef] = &[
    member("major", |vm, this| item(vm, this, 0)),
    member("minor", |vm, this| item(vm, this, 1)),
    member("micro", |vm, this| item(vm, this, 2)),
    member("releaselevel", |vm, this| item(vm, this, 3)),
    member("serial", |vm, this| item(vm, this, 4)),
];

/// The items of `sys.hash_info` by name.
pub static HASH_INFO_ATTRS: &[GetSetDef] = &[
    member("width", |vm, this| item(vm, this, 0)),
    member("modulus", |vm, this| item(vm, this, 1)),
    member("inf", |vm, this| item(vm, this, 2)),
    member("nan", |vm, this| item(vm, this, 3)),
    member("imag", |vm, this| item(vm, this, 4)),
    member("algorithm", |vm, this| item(vm, this, 5)),
    member("hash_bits", |vm, this| item(vm, this, 6)),
    member("seed_bits", |vm, this| item(vm, this, 7)),
    member("cutoff", |vm, this| item(vm, this, 8)),
];

/// The items of `sys.float_info` by name.
pub static FLOAT_INFO_ATTRS: &[GetSetDef] = &[
    member("max", |vm, this| item(vm, this, 0)),
    member("max_exp", |vm, this| item(vm, this, 1)),
    member("max_10_exp", |vm, this| item(vm, this, 2)),
    member("min", |vm, this| item(vm, this, 3)),
    member("min_exp", |vm, this| item(vm, this, 4)),
    member("min_10_exp", |vm, this| item(vm, this, 5)),
    member("dig", |vm, this| item(vm, this, 6)),
    member("mant_dig", |vm, this| item(vm, this, 7)),
    member("epsilon", |vm, this| item(vm, this, 8)),
    member("radix", |vm, this| item(vm, this, 9)),
    member("rounds", |vm, this| item(vm, this, 10)),
];

fn item(vm: &mut Vm, this: Ref, at: usize) -> Res<Owned> {
    let found = vm.tuple_items(this).get(at).copied().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn repr(vm: &mut Vm, args: Args, attributes: &[GetSetDef]) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut parts = Vec::new();
    for (attribute, item) in attributes.iter().zip(vm.tuple_items(this).to_vec()) {
        parts.push(format!("{}={}", attribute.name, vm.repr(item)?.to_string_lossy()));
    }
    let name = vm.class_name(this);
    Ok(vm.new_str(&format!("sys.{}({})", name.trim_start_matches("sys."), parts.join(", "))))
}

/// `sys.version_info`
pub fn version_info(vm: &mut Vm) -> Owned {
    let version = vm.profile.version;
    let items = vec![
        vm.new_int(3).into_ref(),
        vm.new_int(i64::from(version.minor)).into_ref(),
        vm.new_int(i64::from(version.patch)).into_ref(),
        vm.new_str("final").into_ref(),
        vm.new_int(0).into_ref(),
    ];
    vm.heap.alloc(Ty::VersionInfo.kind(), TupleBody { items })
}

/// `sys.hash_info`
fn hash_info(vm: &mut Vm) -> Owned {
    let algorithm = match vm.profile.hash_str {
        StrHash::SipHash24 => "siphash24",
        StrHash::SipHash13 | StrHash::SipHash13OfAll => "siphash13",
    };
    let mut items: Vec<Ref> = [64, (1 << 61) - 1, 314_159, 0, 1_000_003].map(|n| vm.new_int(n).into_ref()).into();
    items.push(vm.new_str(algorithm).into_ref());
    items.extend([64, 128, 0].map(|n| vm.new_int(n).into_ref()));
    vm.heap.alloc(Ty::HashInfo.kind(), TupleBody { items })
}

/// `sys.float_info`
fn float_info(vm: &mut Vm) -> Owned {
    let digits = i64::from(f64::MANTISSA_DIGITS);
    let items = vec![
        vm.new_float(f64::MAX).into_ref(),
        vm.new_int(i64::from(f64::MAX_EXP)).into_ref(),
        vm.new_int(i64::from(f64::MAX_10_EXP)).into_ref(),
        vm.new_float(f64::MIN_POSITIVE).into_ref(),
        vm.new_int(i64::from(f64::MIN_EXP)).into_ref(),
        vm.new_int(i64::from(f64::MIN_10_EXP)).into_ref(),
        vm.new_int(i64::from(f64::DIGITS)).into_ref(),
        vm.new_int(digits).into_ref(),
        vm.new_float(f64::EPSILON).into_ref(),
        vm.new_int(i64::from(f64::RADIX)).into_ref(),
        vm.new_int(1).into_ref(),
    ];
    vm.heap.alloc(Ty::FloatInfo.kind(), TupleBody { items })
}

fn namespace(vm: &mut Vm, fields: Vec<(&str, Owned)>) -> Owned {
    let dict = vm.new_dict();
    for (name, value) in fields {
        vm.put(dict.get(), name, value);
    }
    let body = RecordBody { dict: dict.into_ref(), ..RecordBody::default() };
    vm.heap.alloc(Ty::SimpleNamespace.kind(), body)
}

/// What programs and the library ask `sys` beside its functions.
pub fn fill(vm: &mut Vm, dict: Ref) {
    let version = vm.profile.version;
    let info = version_info(vm);
    vm.put(dict, "version_info", info);
    let info = vm.dict_get_str(dict, "version_info").unwrap_or(vm.single.none);
    let hashes = hash_info(vm);
    vm.put(dict, "hash_info", hashes);
    let floats = float_info(vm);
    vm.put(dict, "float_info", floats);
    let items = [30, 4, 4300, 640].map(|number| vm.new_int(number).into_ref()).into();
    let ints = vm.heap.alloc(Ty::IntInfo.kind(), TupleBody { items });
    vm.put(dict, "int_info", ints);
    let name = vm.new_str("cpython");
    let tag = vm.new_str(&format!("cpython-3{}", version.minor));
    let hex = vm.dict_get_str(dict, "hexversion").unwrap_or(vm.single.none);
    let (info, hex) = (vm.share(info), vm.share(hex));
    let fields = vec![("name", name), ("cache_tag", tag), ("version", info), ("hexversion", hex)];
    let implementation = namespace(vm, fields);
    vm.put(dict, "implementation", implementation);
    // As `python3 -I` has them.
    let flags = [
        ("debug", 0),
        ("inspect", 0),
        ("interactive", 0),
        ("optimize", 0),
        ("dont_write_bytecode", 1),
        ("no_user_site", 1),
        ("no_site", 0),
        ("ignore_environment", 1),
        ("verbose", 0),
        ("bytes_warning", 0),
        ("quiet", 0),
        ("hash_randomization", 1),
        ("isolated", 1),
        ("utf8_mode", 0),
    ];
    let mut fields: Vec<(&str, Owned)> = flags.iter().map(|&(name, value)| (name, vm.new_int(value))).collect();
    fields.push(("dev_mode", vm.bool(false)));
    fields.push(("safe_path", vm.bool(true)));
    let flags = namespace(vm, fields);
    vm.put(dict, "flags", flags);
    for name in ["warnoptions", "meta_path", "path_hooks", "orig_argv"] {
        let list = vm.new_list(Vec::new());
        vm.put(dict, name, list);
    }
    for name in ["_xoptions", "path_importer_cache"] {
        let empty = vm.new_dict();
        vm.put(dict, name, empty);
    }
    let names: Vec<Owned> = super::NATIVE
        .iter()
        .map(|(name, _)| *name)
        .chain(["posix", "itertools"])
        .map(|name| vm.new_str(name))
        .collect();
    let names = vm.new_tuple(names);
    vm.put(dict, "builtin_module_names", names);
    for (name, text) in [("base_prefix", ""), ("exec_prefix", ""), ("base_exec_prefix", ""), ("platlibdir", "lib")] {
        let text = vm.new_str(text);
        vm.put(dict, name, text);
    }
}
