//! Types: which there are, and which attributes and abilities the built-in ones have.

use super::Profile;
use super::room;

impl Profile {
    /// The name and the module of a built-in type.
    pub(crate) fn type_name(&self, name: &'static str, module: &'static str) -> (&'static str, &'static str) {
        match name {
            _ if self.weakref_type_names => (name, module),
            "ReferenceType" => ("weakref", "builtins"),
            "ProxyType" => ("weakproxy", "builtins"),
            "CallableProxyType" => ("weakcallableproxy", "builtins"),
            _ => (name, module),
        }
    }

    /// Whether `builtins` has this name.
    pub(crate) fn has_builtin(&self, name: &str) -> bool {
        match name {
            "ExceptionGroup" | "BaseExceptionGroup" => self.exception_groups,
            "EncodingWarning" => self.encoding_warning,
            "frozendict" => self.frozen_dicts,
            "sentinel" => self.sentinels,
            _ => self.has_member("builtins", name),
        }
    }
}

room! { types

    /// A class has `__firstlineno__`.
    class_first_line "scoping.class.first-line": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A class has `__static_attributes__`.
    static_attributes "scoping.class.static-attributes": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The attributes that `__static_attributes__` names are keys that the instances of the class share from the start.
    static_attributes_shared "memory.instance.static-keys": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// `dataclass()` takes `slots`, `kw_only` and `match_args`.
    dataclass_slots "memory.dataclass.slots": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// `replace` of a field that `__init__` does not take raises TypeError.
    dataclass_replace_type_error "data-engineering.dataclass.replace-error": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// Every unhashable default of a dataclass field is refused, until 3.10 only lists, dicts and sets.
    dataclass_unhashable_defaults "memory.dataclass.mutable-default": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// A `classmethod` around another descriptor binds it.
    classmethod_chains "identity.classmethod.chains": bool {
        py(8, 0) => false, py(9, 0) => true, py(13, 0) => false; faults { "always": true, "never": false } }

    /// A `staticmethod` object can be called.
    staticmethod_callable "identity.staticmethod.callable": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Built-in classes can be subscripted.
    builtin_generics "identity.generic.builtin": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// Classes can be joined by `|`.
    type_unions "identity.generic.union": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Exception groups exist.
    exception_groups "syntax.exception-groups": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// EncodingWarning exists.
    encoding_warning "syntax.encoding-warning": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// AttributeError carries the name and the object.
    attribute_error_parts "scoping.error.attribute-parts": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Errors about the arguments of a function of a module name the module, unless that is `builtins`.
    native_functions_named_with_module "scoping.error.function-module": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// NameError carries the name.
    name_error_name "scoping.error.name-part": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// A memoryview has an iterator type of its own.
    memory_iterator "identity.type.memory-iterator": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// An ASCII string has an iterator type of its own.
    ascii_iterator "identity.type.ascii-iterator": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The built-in types have the attributes of this minor version.
    members "identity.types.members": u8 {
        py(8, 0) => 8, py(9, 0) => 9, py(10, 0) => 10, py(11, 0) => 11, py(12, 0) => 12, py(13, 0) => 13, py(14, 0) => 14, py(15, 0) => 15;
        faults { "oldest": 8, "newest": 15 } }

    /// The types of weak references and proxies are named as in the module `weakref`.
    weakref_type_names "identity.weakref.type-names": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// The repr of a weak proxy reads like that of a weak reference.
    proxy_repr_like_ref "identity.weakref.proxy-repr": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
}
