//! Built-in types: the pure side (text, numbers, tables, formats) and the behaviour as tables of native functions.

pub mod alias;
pub mod arg;
pub mod async_generator;
pub mod bool;
pub mod bytes;
pub mod cell;
pub mod code;
pub mod complex;
pub mod descriptor;
pub mod dict;
pub mod exception;
pub mod float;
pub mod format;
pub mod frame;
pub mod frozen_dict;
pub mod function;
pub mod generator;
pub mod hash;
pub mod int;
pub mod iter;
pub mod list;
pub mod list_sort;
pub mod memoryview;
pub mod module;
pub mod native_function;
pub mod none;
pub mod number;
#[allow(clippy::module_inception, reason = "the type is called object")]
pub mod object;
pub mod range;
pub mod reduce;
pub mod repr;
pub mod sentinel;
pub mod sequence;
pub mod set;
pub mod simple_namespace;
pub mod size;
pub mod slice;
pub mod str;
pub mod table;
pub mod template;
pub mod text;
pub mod timsort;
pub mod tuple;
pub mod type_;
pub mod type_params;
pub mod views;

use crate::heap::{Layout, Owned, Ref};
use crate::native::{GetSetDef, NativeDef};
use crate::vm::{Res, Ty, Vm};

/// The methods of a built-in type.
pub fn methods(ty: Ty) -> &'static [NativeDef] {
    match ty {
        Ty::Object => object::METHODS,
        Ty::Type => type_::METHODS,
        Ty::Property => descriptor::PROPERTY,
        Ty::ClassMethod => descriptor::CLASS_METHOD,
        Ty::StaticMethod => descriptor::STATIC_METHOD,
        Ty::Super => descriptor::SUPER,
        Ty::MappingProxy => descriptor::PROXY,
        Ty::Member | Ty::GetSet => descriptor::DATA_DESCRIPTOR,
        Ty::MethodDescriptor | Ty::ClassMethodDescriptor | Ty::SlotWrapper => descriptor::METHOD_DESCRIPTOR,
        Ty::Generator => generator::GENERATOR,
        Ty::Coroutine => generator::COROUTINE,
        Ty::AsyncGenerator => async_generator::METHODS,
        Ty::AsyncGenSend | Ty::AsyncGenThrow => async_generator::AWAITABLE,
        Ty::AnextAwaitable => async_generator::WITH_DEFAULT,
        Ty::Frame => frame::FRAME,
        Ty::TypeVar | Ty::ParamSpec => type_params::PARAMETER,
        Ty::TypeVarTuple => type_params::VARIADIC,
        Ty::ParamSpecArgs | Ty::ParamSpecKwargs => type_params::PARAM_SPEC_PART,
        Ty::Unpacked => type_params::UNPACKED,
        Ty::TypeAliasType => type_params::TYPE_ALIAS,
        Ty::Generic => type_params::GENERIC,
        Ty::NoDefaultType => none::NO_DEFAULT,
        Ty::Traceback => frame::TRACEBACK,
        Ty::FrameLocalsProxy => frame::LOCALS_PROXY,
        Ty::Int => int::METHODS,
        Ty::Bool => bool::METHODS,
        Ty::Float => float::METHODS,
        Ty::Complex => complex::METHODS,
        Ty::Str => str::METHODS,
        Ty::Bytes => bytes::METHODS,
        Ty::ByteArray => bytes::ARRAY_METHODS,
        Ty::Range => range::METHODS,
        Ty::Slice => slice::METHODS,
        Ty::MemoryView => memoryview::METHODS,
        Ty::NoneType => none::METHODS,
        Ty::EllipsisType => none::ELLIPSIS_METHODS,
        Ty::NotImplementedType => none::NOT_IMPLEMENTED_METHODS,
        Ty::Tuple => tuple::METHODS,
        Ty::List => list::METHODS,
        Ty::Dict => dict::METHODS,
        Ty::FrozenDict => frozen_dict::METHODS,
        Ty::Sentinel => sentinel::METHODS,
        Ty::Set => set::METHODS,
        Ty::FrozenSet => set::FROZEN,
        Ty::DictKeys | Ty::DictItems => views::SETS,
        Ty::DictValues => views::VALUES,
        Ty::ListIterator
        | Ty::ListReverseIterator
        | Ty::TupleIterator
        | Ty::StrIterator
        | Ty::StrAsciiIterator
        | Ty::BytesIterator
        | Ty::ByteArrayIterator
        | Ty::RangeIterator
        | Ty::LongRangeIterator
        | Ty::SequenceIterator => iter::COUNTED,
        Ty::DictKeyIterator
        | Ty::DictValueIterator
        | Ty::DictItemIterator
        | Ty::DictReverseKeyIterator
        | Ty::DictReverseValueIterator
        | Ty::DictReverseItemIterator
        | Ty::SetIterator => iter::TABLE,
        Ty::MemoryIterator | Ty::CallableIterator => iter::PLAIN,
        Ty::Reversed => iter::REVERSED,
        Ty::Enumerate => iter::ENUMERATE,
        Ty::Zip => iter::ZIP,
        Ty::Map => iter::MAP,
        Ty::Filter => iter::FILTER,
        Ty::Cell => cell::METHODS,
        Ty::Function => function::METHODS,
        Ty::Method => function::METHOD,
        Ty::BuiltinFunction | Ty::MethodWrapper => native_function::METHODS,
        Ty::Code => code::METHODS,
        Ty::BaseException => exception::METHODS,
        Ty::BaseExceptionGroup => exception::group::METHODS,
        Ty::StopIteration => exception::known::STOP_ITERATION,
        Ty::SystemExit => exception::known::SYSTEM_EXIT,
        Ty::KeyError => exception::known::KEY_ERROR,
        Ty::NameError => exception::known::NAME_ERROR,
        Ty::AttributeError => exception::known::ATTRIBUTE_ERROR,
        Ty::ImportError => exception::known::IMPORT_ERROR,
        Ty::OSError => exception::os::METHODS,
        Ty::SyntaxError => exception::syntax::METHODS,
        Ty::UnicodeDecodeError => exception::unicode::DECODE,
        Ty::UnicodeEncodeError => exception::unicode::ENCODE,
        Ty::UnicodeTranslateError => exception::unicode::TRANSLATE,
        Ty::Module => module::METHODS,
        Ty::GenericAlias => alias::METHODS,
        Ty::Union => alias::UNION,
        Ty::TextIo => crate::native::modules::stream::METHODS,
        Ty::SimpleNamespace => simple_namespace::METHODS,
        Ty::Deque => crate::native::modules::deque::METHODS,
        Ty::DequeIterator | Ty::DequeReverseIterator => crate::native::modules::deque::ITERATOR,
        Ty::Partial => crate::native::modules::functools::PARTIAL,
        Ty::VersionInfo => crate::native::modules::sys_info::VERSION_INFO,
        Ty::HashInfo => crate::native::modules::sys_info::HASH_INFO,
        Ty::FloatInfo => crate::native::modules::sys_info::FLOAT_INFO,
        Ty::IntInfo => crate::native::modules::sys_info::INT_INFO,
        Ty::LazyImport => crate::vm::LAZY_IMPORT,
        Ty::Template => template::METHODS,
        Ty::Interpolation => template::INTERPOLATION,
        Ty::TemplateIterator => template::ITERATOR,
        Ty::ItemGetter => crate::native::modules::operator::ITEM_GETTER,
        Ty::AttrGetter => crate::native::modules::operator::ATTR_GETTER,
        Ty::MethodCaller => crate::native::modules::operator::METHOD_CALLER,
        Ty::Pickler => crate::native::modules::pickle::PICKLER,
        Ty::Unpickler => crate::native::modules::pickle::UNPICKLER,
        Ty::PickleBuffer => crate::native::modules::pickle::buffer::METHODS,
        Ty::WeakRef => crate::native::modules::weakref::REF,
        Ty::WeakProxy | Ty::WeakCallableProxy => crate::native::modules::proxy::PROXY,
        _ => &[],
    }
}

/// The computed attributes of a built-in type.
pub fn getsets(ty: Ty) -> &'static [GetSetDef] {
    match ty {
        Ty::Object => object::GETSETS,
        Ty::Type => type_::GETSETS,
        Ty::Property => descriptor::PROPERTY_ATTRS,
        Ty::ClassMethod | Ty::StaticMethod => descriptor::WRAPPER_ATTRS,
        Ty::Super => descriptor::SUPER_ATTRS,
        Ty::Member | Ty::GetSet | Ty::MethodDescriptor | Ty::ClassMethodDescriptor | Ty::SlotWrapper => {
            descriptor::DESCRIPTOR_ATTRS
        }
        Ty::Generator => generator::GENERATOR_ATTRS,
        Ty::Coroutine => generator::COROUTINE_ATTRS,
        Ty::AsyncGenerator => async_generator::ATTRS,
        Ty::Frame => frame::FRAME_ATTRS,
        Ty::TypeVar => type_params::TYPE_VAR_ATTRS,
        Ty::ParamSpec => type_params::PARAM_SPEC_ATTRS,
        Ty::TypeVarTuple => type_params::VARIADIC_ATTRS,
        Ty::ParamSpecArgs | Ty::ParamSpecKwargs | Ty::Unpacked => type_params::ORIGIN_ATTRS,
        Ty::TypeAliasType => type_params::TYPE_ALIAS_ATTRS,
        Ty::Traceback => frame::TRACEBACK_ATTRS,
        Ty::Int => int::GETSETS,
        Ty::Float => float::GETSETS,
        Ty::Complex => complex::GETSETS,
        Ty::Range => range::GETSETS,
        Ty::Slice => slice::GETSETS,
        Ty::MemoryView => memoryview::GETSETS,
        Ty::Sentinel => sentinel::GETSETS,
        Ty::DictKeys | Ty::DictValues | Ty::DictItems => views::GETSETS,
        Ty::Cell => cell::GETSETS,
        Ty::Function => function::GETSETS,
        Ty::Method => function::METHOD_ATTRS,
        Ty::BuiltinFunction | Ty::MethodWrapper => native_function::GETSETS,
        Ty::Code => code::GETSETS,
        Ty::BaseException => exception::GETSETS,
        Ty::BaseExceptionGroup => exception::group::GETSETS,
        Ty::StopIteration => exception::known::STOP_ITERATION_ATTRS,
        Ty::SystemExit => exception::known::SYSTEM_EXIT_ATTRS,
        Ty::NameError => exception::known::NAME_ERROR_ATTRS,
        Ty::AttributeError => exception::known::ATTRIBUTE_ERROR_ATTRS,
        Ty::ImportError => exception::known::IMPORT_ERROR_ATTRS,
        Ty::OSError => exception::os::GETSETS,
        Ty::SyntaxError => exception::syntax::GETSETS,
        Ty::UnicodeDecodeError | Ty::UnicodeEncodeError | Ty::UnicodeTranslateError => exception::unicode::GETSETS,
        Ty::Module => module::GETSETS,
        Ty::GenericAlias => alias::GETSETS,
        Ty::Union => alias::UNION_ATTRS,
        Ty::TextIo => crate::native::modules::stream::GETSETS,
        Ty::SimpleNamespace => simple_namespace::GETSETS,
        Ty::Deque => crate::native::modules::deque::GETSETS,
        Ty::Partial => crate::native::modules::functools::PARTIAL_ATTRS,
        Ty::Pickler => crate::native::modules::pickle::PICKLER_ATTRS,
        Ty::Unpickler => crate::native::modules::pickle::UNPICKLER_ATTRS,
        Ty::VersionInfo => crate::native::modules::sys_info::VERSION_INFO_ATTRS,
        Ty::HashInfo => crate::native::modules::sys_info::HASH_INFO_ATTRS,
        Ty::FloatInfo => crate::native::modules::sys_info::FLOAT_INFO_ATTRS,
        Ty::IntInfo => crate::native::modules::sys_info::INT_INFO_ATTRS,
        Ty::Template => template::ATTRS,
        Ty::Interpolation => template::INTERPOLATION_ATTRS,
        Ty::WeakRef => crate::native::modules::weakref::REF_ATTRS,
        _ => &[],
    }
}

/// `x.__dict__` of built-in objects that have one.
pub fn dict_get(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match vm.instance_dict(this) {
        Some(dict) => Ok(vm.share(dict)),
        None => {
            let name = vm.names.dict;
            Err(vm.no_attribute(this, name))
        }
    }
}

/// `x.__dict__ = value` of built-in objects that have one.
pub fn dict_set(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("cannot delete __dict__"));
    }
    if vm.heap.layout(value) != Layout::Dict {
        let text = format!("__dict__ must be set to a dictionary, not a '{}'", vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let value = vm.share(value);
    vm.replace_dict(this, value);
    Ok(())
}
