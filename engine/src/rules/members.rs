//! Which attributes the built-in types and modules have in which version.

use super::Profile;

/// An attribute that is not there in every version: the type's or module's name, the attribute's, the first minor version that has
/// it and the first that has it no more.
type Member = (&'static str, &'static str, u8, u8);

const ALWAYS: u8 = u8::MAX;

const MEMBERS: &[Member] = &[
    ("int", "bit_count", 10, ALWAYS),
    ("int", "is_integer", 12, ALWAYS),
    ("bool", "__invert__", 12, ALWAYS),
    ("float", "__ceil__", 9, ALWAYS),
    ("float", "__floor__", 9, ALWAYS),
    ("float", "from_number", 14, ALWAYS),
    ("complex", "__complex__", 11, ALWAYS),
    ("complex", "from_number", 14, ALWAYS),
    ("complex", "__int__", 0, 10),
    ("complex", "__float__", 0, 10),
    ("complex", "__mod__", 0, 10),
    ("complex", "__rmod__", 0, 10),
    ("complex", "__divmod__", 0, 10),
    ("complex", "__rdivmod__", 0, 10),
    ("complex", "__floordiv__", 0, 10),
    ("complex", "__rfloordiv__", 0, 10),
    ("str", "removeprefix", 9, ALWAYS),
    ("str", "removesuffix", 9, ALWAYS),
    ("bytes", "removeprefix", 9, ALWAYS),
    ("bytes", "removesuffix", 9, ALWAYS),
    ("bytes", "__bytes__", 11, ALWAYS),
    ("bytearray", "removeprefix", 9, ALWAYS),
    ("bytearray", "removesuffix", 9, ALWAYS),
    ("bytearray", "resize", 14, ALWAYS),
    ("memoryview", "__iter__", 10, ALWAYS),
    ("memoryview", "count", 14, ALWAYS),
    ("memoryview", "index", 14, ALWAYS),
    ("NotImplementedType", "__bool__", 9, ALWAYS),
    ("NoneType", "__hash__", 12, ALWAYS),
    ("NoneType", "__lt__", 12, ALWAYS),
    ("NoneType", "__le__", 12, ALWAYS),
    ("NoneType", "__eq__", 12, ALWAYS),
    ("NoneType", "__ne__", 12, ALWAYS),
    ("NoneType", "__gt__", 12, ALWAYS),
    ("NoneType", "__ge__", 12, ALWAYS),
    ("dict_keys", "mapping", 10, ALWAYS),
    ("dict_values", "mapping", 10, ALWAYS),
    ("dict_items", "mapping", 10, ALWAYS),
    ("mappingproxy", "__hash__", 12, ALWAYS),
    ("function", "__builtins__", 10, ALWAYS),
    ("function", "__type_params__", 12, ALWAYS),
    ("function", "__annotate__", 14, ALWAYS),
    ("code", "co_qualname", 11, ALWAYS),
    ("code", "__replace__", 13, ALWAYS),
    ("SimpleNamespace", "__replace__", 13, ALWAYS),
    ("generator", "gi_suspended", 11, ALWAYS),
    ("coroutine", "cr_suspended", 11, ALWAYS),
    ("BaseException", "add_note", 11, ALWAYS),
    ("zip", "__setstate__", 10, ALWAYS),
    ("map", "__setstate__", 14, ALWAYS),
    ("math", "lcm", 9, ALWAYS),
    ("math", "nextafter", 9, ALWAYS),
    ("math", "ulp", 9, ALWAYS),
    ("math", "cbrt", 11, ALWAYS),
    ("math", "exp2", 11, ALWAYS),
    ("math", "sumprod", 12, ALWAYS),
    ("math", "fma", 13, ALWAYS),
    ("math", "fmax", 15, ALWAYS),
    ("math", "fmin", 15, ALWAYS),
    ("math", "signbit", 15, ALWAYS),
    ("math", "isnormal", 15, ALWAYS),
    ("math", "issubnormal", 15, ALWAYS),
    ("AttributeError", "__reduce__", 12, ALWAYS),
    ("AttributeError", "__getstate__", 12, ALWAYS),
    ("AttributeError", "name", 10, ALWAYS),
    ("AttributeError", "obj", 10, ALWAYS),
    ("NameError", "name", 10, ALWAYS),
    ("ImportError", "name_from", 12, ALWAYS),
    ("async_generator", "ag_suspended", 12, ALWAYS),
    ("frame", "f_generator", 14, ALWAYS),
    ("TypeVar", "__default__", 13, ALWAYS),
    ("TypeVar", "has_default", 13, ALWAYS),
    ("TypeVar", "evaluate_bound", 14, ALWAYS),
    ("TypeVar", "evaluate_constraints", 14, ALWAYS),
    ("TypeVar", "evaluate_default", 14, ALWAYS),
    ("ParamSpec", "__default__", 13, ALWAYS),
    ("ParamSpec", "has_default", 13, ALWAYS),
    ("ParamSpec", "evaluate_default", 14, ALWAYS),
    ("TypeVarTuple", "__default__", 13, ALWAYS),
    ("TypeVarTuple", "has_default", 13, ALWAYS),
    ("TypeVarTuple", "evaluate_default", 14, ALWAYS),
    ("TypeAliasType", "evaluate_value", 14, ALWAYS),
    ("GenericAlias", "__iter__", 11, ALWAYS),
    ("TypeAliasType", "__qualname__", 15, ALWAYS),
    ("GenericAlias", "__unpacked__", 11, ALWAYS),
    ("UnionType", "__origin__", 14, ALWAYS),
    ("UnionType", "__name__", 14, ALWAYS),
    ("UnionType", "__qualname__", 14, ALWAYS),
    ("UnionType", "__mro_entries__", 14, ALWAYS),
    ("property", "__set_name__", 10, ALWAYS),
    ("property", "__name__", 13, ALWAYS),
    ("staticmethod", "__repr__", 10, ALWAYS),
    ("staticmethod", "__wrapped__", 10, ALWAYS),
    ("classmethod", "__repr__", 10, ALWAYS),
    ("classmethod", "__wrapped__", 10, ALWAYS),
    ("classmethod", "__annotations__", 14, ALWAYS),
    ("staticmethod", "__annotations__", 14, ALWAYS),
    ("type", "__type_params__", 12, ALWAYS),
    ("builtins", "aiter", 10, ALWAYS),
    ("builtins", "anext", 10, ALWAYS),
    ("gc", "is_finalized", 9, ALWAYS),
    ("sys", "_is_immortal", 14, ALWAYS),
    ("sys", "_is_interned", 13, ALWAYS),
];

impl Profile {
    /// Whether a built-in type or module has an attribute: by the rule that is about it, else by the rule about all of them.
    pub(crate) fn has_member(&self, ty: &str, attribute: &str) -> bool {
        match (ty, attribute) {
            ("slice", "__hash__") => self.slice_hashable,
            ("dict", "__or__" | "__ror__" | "__ior__") => self.dict_union,
            ("type", "__or__" | "__ror__") => self.type_unions,
            ("staticmethod", "__call__") => self.staticmethod_callable,
            ("SyntaxError", "end_lineno" | "end_offset") => self.syntax_error_ends,
            _ => has_member(self.members, ty, attribute),
        }
    }
}

fn has_member(members: u8, ty: &str, attribute: &str) -> bool {
    MEMBERS
        .iter()
        .filter(|(known, name, _, _)| *known == ty && *name == attribute)
        .all(|(_, _, from, until)| (*from..*until).contains(&members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_and_go() {
        assert!(!has_member(8, "str", "removeprefix") && has_member(9, "str", "removeprefix"));
        assert!(has_member(9, "complex", "__int__") && !has_member(10, "complex", "__int__"));
        assert!(has_member(8, "str", "split"));
    }
}
