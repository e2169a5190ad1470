//! Error texts that moved between versions: one enum a message, the value says which wording is in force.

use super::room;

/// "local variable … " of UnboundLocalError.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnboundLocalText {
    /// `local variable 'x' referenced before assignment`
    Referenced,
    /// `cannot access local variable 'x' where it is not associated with a value`
    Associated,
}

impl UnboundLocalText {
    /// The message for a name.
    pub fn text(self, name: &str) -> String {
        match self {
            UnboundLocalText::Referenced => format!("local variable '{name}' referenced before assignment"),
            UnboundLocalText::Associated => {
                format!("cannot access local variable '{name}' where it is not associated with a value")
            }
        }
    }
}

/// NameError for an empty cell of an enclosing function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnboundFreeText {
    /// `free variable 'x' referenced before assignment in enclosing scope`
    Referenced,
    /// `cannot access free variable 'x' where it is not associated with a value in enclosing scope`
    Associated,
}

impl UnboundFreeText {
    /// The message for a name.
    pub fn text(self, name: &str) -> String {
        match self {
            UnboundFreeText::Referenced => {
                format!("free variable '{name}' referenced before assignment in enclosing scope")
            }
            UnboundFreeText::Associated => format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            ),
        }
    }
}

/// A property without the function that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyErrorText {
    /// `can't set attribute`
    Short,
    /// `can't set attribute 'x'`
    Named,
    /// `property 'x' of 'C' object has no setter`
    Full,
}

impl PropertyErrorText {
    /// The message; `what` is `getter`, `setter` or `deleter`.
    pub fn text(self, what: &str, name: Option<String>, class: &str) -> String {
        let verb = match what {
            "getter" => "unreadable attribute",
            "setter" => "can't set attribute",
            _ => "can't delete attribute",
        };
        match (self, name) {
            (PropertyErrorText::Short, _) | (PropertyErrorText::Named, None) => verb.to_string(),
            (PropertyErrorText::Named, Some(name)) => format!("{verb} '{name}'"),
            (PropertyErrorText::Full, Some(name)) => format!("property '{name}' of '{class}' object has no {what}"),
            (PropertyErrorText::Full, None) => format!("property of '{class}' object has no {what}"),
        }
    }
}

/// An instance of a class with abstract methods is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbstractErrorText {
    /// `… with abstract methods f, g`
    With,
    /// `… with abstract method f` or `… with abstract methods f, g`
    WithNumber,
    /// `… without an implementation for abstract methods 'f', 'g'`
    Without,
}

impl AbstractErrorText {
    /// The message for a class and its abstract methods.
    pub fn text(self, class: &str, methods: &[String]) -> String {
        let plural = if methods.len() == 1 { "" } else { "s" };
        match self {
            AbstractErrorText::With => {
                format!("Can't instantiate abstract class {class} with abstract methods {}", methods.join(", "))
            }
            AbstractErrorText::WithNumber => {
                format!("Can't instantiate abstract class {class} with abstract method{plural} {}", methods.join(", "))
            }
            AbstractErrorText::Without => format!(
                "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {}",
                methods.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

/// A keyword that a built-in function does not take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NativeKeywordText {
    /// `'x' is an invalid keyword argument for f()`
    Invalid,
    /// `f() got an unexpected keyword argument 'x'`
    Unexpected,
}

impl NativeKeywordText {
    /// The message for a function and a keyword.
    pub fn text(self, function: &str, keyword: &str) -> String {
        match self {
            NativeKeywordText::Invalid => format!("'{keyword}' is an invalid keyword argument for {function}()"),
            NativeKeywordText::Unexpected => format!("{function}() got an unexpected keyword argument '{keyword}'"),
        }
    }
}

/// `with` and `async with` on something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WithErrorText {
    /// The AttributeError of the method that is looked up first; of `async with` that is `__aexit__`.
    LooksUpAexitFirst,
    /// The AttributeError of the method that is looked up first.
    Attribute,
    /// A TypeError names the protocol.
    Protocol,
    /// It also names what is missing and the other kind of `with`, where that would do.
    Suggests,
}

/// `await` of something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AwaitErrorText {
    /// `object X can't be used in 'await' expression`
    Object,
    /// `'X' object can't be awaited`
    Quoted,
}

impl AwaitErrorText {
    /// The message for a class.
    pub fn text(self, class: &str) -> String {
        match self {
            AwaitErrorText::Object => format!("object {class} can't be used in 'await' expression"),
            AwaitErrorText::Quoted => format!("'{class}' object can't be awaited"),
        }
    }
}

/// `__await__` that gives no iterator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AwaitResultText {
    /// `__await__() returned non-iterator of type 'X'`
    Plain,
    /// `C.__await__() must return an iterator, not X`
    Named,
}

impl AwaitResultText {
    /// The message for a class and the class of what its `__await__` gave.
    pub fn text(self, class: &str, result: &str, coroutine: bool) -> String {
        match self {
            AwaitResultText::Plain if coroutine => "__await__() returned a coroutine".to_string(),
            AwaitResultText::Plain => format!("__await__() returned non-iterator of type '{result}'"),
            AwaitResultText::Named => format!("{class}.__await__() must return an iterator, not {result}"),
        }
    }
}

/// A `__weakref__` slot where there is one already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakrefSlotText {
    /// With the two reasons that it may have.
    Either,
    /// With the one reason.
    GotOne,
}

impl WeakrefSlotText {
    /// The message.
    pub fn text(self) -> &'static str {
        match self {
            WeakrefSlotText::Either => "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0",
            WeakrefSlotText::GotOne => "__weakref__ slot disallowed: we already got one",
        }
    }
}

/// `super(C, x)` for an `x` that is no `C`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SuperErrorText {
    /// Without names.
    Plain,
    /// With the names of both classes.
    Named,
}

impl SuperErrorText {
    /// The message for the class and the object's class.
    pub fn text(self, class: &str, object: &str) -> String {
        let plain = "super(type, obj): obj must be an instance or subtype of type";
        match self {
            SuperErrorText::Plain => plain.to_string(),
            SuperErrorText::Named => {
                format!("super(type, obj): obj ({object}) is not an instance or subtype of type ({class}).")
            }
        }
    }
}

/// How the text names what is wrong with a starred argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StarredText {
    /// `f() argument after * must be an iterable, not int`
    Function,
    /// `__main__.f() argument after * must be an iterable, not int`
    ModuleFunction,
    /// `Value after * must be an iterable, not int`
    Value,
}

room! { texts

    /// Errors about starred arguments name the function, since 3.9 with its module, since 3.15 no more.
    starred_argument "scoping.error.starred-argument": StarredText {
        py(8, 0) => StarredText::Function, py(9, 0) => StarredText::ModuleFunction, py(15, 0) => StarredText::Value;
        faults { "function": StarredText::Function, "module": StarredText::ModuleFunction, "value": StarredText::Value } }

    /// What `exec` and `eval` want as globals is called.
    globals_type_text "scoping.error.exec-globals": &'static str {
        py(8, 0) => "a dict", py(15, 0) => "a dict or a frozendict";
        faults { "dict": "a dict", "frozen": "a dict or a frozendict" } }

    /// Natively nested operations that go too deep speak of the host's stack.
    native_recursion_text "mutability.error.native-recursion": &'static str {
        py(8, 0) => "maximum recursion depth exceeded", py(14, 0) => "Stack overflow (used 8160 kB)";
        faults { "depth": "maximum recursion depth exceeded", "stack": "Stack overflow (used 8160 kB)" } }

    /// Division by zero raises with these texts.
    zero_division "error.zero-division": ZeroDivision {
        py(8, 0) => ZeroDivision::OLD, py(9, 0) => ZeroDivision::FLOOR, py(11, 0) => ZeroDivision::MODULO,
        py(13, 0) => ZeroDivision::FLOAT_MODULO, py(14, 0) => ZeroDivision::UNIFORM;
        faults { "old": ZeroDivision::OLD, "uniform": ZeroDivision::UNIFORM }
    }

    /// The text about too many digits names its limit with this unit.
    digit_limit_unit "error.digit-limit-unit": &'static str {
        py(8, 0) => "", py(11, 0) => " digits";
        faults { "none": "", "digits": " digits" }
    }

    /// A negative length given to `int.to_bytes` raises with this text.
    to_bytes_negative_length "error.to-bytes-negative-length": &'static str {
        py(8, 0) => "length argument must be non-negative", py(15, 0) => "length cannot be negative";
        faults { "old": "length argument must be non-negative", "new": "length cannot be negative" }
    }

    /// The text of UnboundLocalError.
    unbound_local "scoping.error.unbound-local": UnboundLocalText {
        py(8, 0) => UnboundLocalText::Referenced, py(11, 0) => UnboundLocalText::Associated;
        faults { "referenced": UnboundLocalText::Referenced, "associated": UnboundLocalText::Associated } }

    /// The text of NameError for an unbound variable of an enclosing function.
    unbound_free "scoping.error.unbound-free": UnboundFreeText {
        py(8, 0) => UnboundFreeText::Referenced, py(11, 0) => UnboundFreeText::Associated;
        faults { "referenced": UnboundFreeText::Referenced, "associated": UnboundFreeText::Associated } }

    /// The text for a property that cannot be read, set or deleted.
    property_error "mutability.error.property": PropertyErrorText {
        py(8, 0) => PropertyErrorText::Short, py(10, 0) => PropertyErrorText::Named, py(11, 0) => PropertyErrorText::Full;
        faults { "short": PropertyErrorText::Short, "full": PropertyErrorText::Full } }

    /// The text for an instance of an abstract class.
    abstract_error "identity.error.abstract": AbstractErrorText {
        py(8, 0) => AbstractErrorText::With, py(9, 0) => AbstractErrorText::WithNumber,
        py(12, 0) => AbstractErrorText::Without;
        faults { "with": AbstractErrorText::With, "without": AbstractErrorText::Without } }

    /// The text for a keyword that a built-in function does not take.
    native_keyword_error "scoping.error.native-keyword": NativeKeywordText {
        py(8, 0) => NativeKeywordText::Invalid, py(13, 0) => NativeKeywordText::Unexpected;
        faults { "invalid": NativeKeywordText::Invalid, "unexpected": NativeKeywordText::Unexpected } }

    /// The text for awaiting something else.
    not_awaitable "lifetime.error.await": AwaitErrorText {
        py(8, 0) => AwaitErrorText::Object, py(14, 0) => AwaitErrorText::Quoted;
        faults { "object": AwaitErrorText::Object, "quoted": AwaitErrorText::Quoted } }

    /// The text for an `__await__` that gives no iterator.
    await_result_error "lifetime.error.await-result": AwaitResultText {
        py(8, 0) => AwaitResultText::Plain, py(15, 0) => AwaitResultText::Named;
        faults { "plain": AwaitResultText::Plain, "named": AwaitResultText::Named } }
    /// The text for a second `__weakref__` slot.
    weakref_slot_error "mutability.error.weakref-slot": WeakrefSlotText {
        py(8, 0) => WeakrefSlotText::Either, py(12, 0) => WeakrefSlotText::GotOne;
        faults { "either": WeakrefSlotText::Either, "got-one": WeakrefSlotText::GotOne } }

    /// The text for `super` with an object of another class.
    super_error "scoping.error.super": SuperErrorText {
        py(8, 0) => SuperErrorText::Plain, py(13, 0) => SuperErrorText::Named;
        faults { "plain": SuperErrorText::Plain, "named": SuperErrorText::Named } }

    /// Messages about calls name the function by its qualified name.
    messages_use_qualname "scoping.error.qualname": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Built-in classes are called immutable when one of their attributes is set.
    immutable_type_text "mutability.error.immutable-type": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Setting an unknown attribute of an object without a dict says so.
    no_dict_for_setting "mutability.error.no-dict": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// Reading an empty slot names the class.
    slot_error_names_class "mutability.error.empty-slot": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// The error for `with` on something else.
    with_error "scoping.error.with": WithErrorText {
        py(8, 0) => WithErrorText::LooksUpAexitFirst, py(9, 0) => WithErrorText::Attribute,
        py(11, 0) => WithErrorText::Protocol, py(14, 0) => WithErrorText::Suggests;
        faults { "protocol": WithErrorText::Protocol, "attribute": WithErrorText::Attribute,
            "suggests": WithErrorText::Suggests } }

    /// A class body that loses its `__classcell__` is a RuntimeError.
    classcell_missing_is_runtime_error "scoping.error.classcell": bool {
        py(8, 0) => true; faults { "type-error": false } }

    /// Making a class takes `__classdictcell__` out of its namespace and lets it refer to the class's own.
    class_takes_namespace_cell "scoping.class.namespace-cell-taken": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// An exception of `__set_name__` leaves the class statement as it is.
    set_name_errors_pass "scoping.error.set-name": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// Taking too many values apart says how many there were, where that is known.
    unpack_error_counts "scoping.error.unpack-count": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// Deleting an item where none can be deleted: `doesn't` or `does not`.
    item_deletion_text "mutability.error.item-deletion": bool {
        py(8, 0) => true; faults { "does-not": false } }

    /// The TypeError of an unhashable key says what it was used for.
    unhashable_names_use "mutability.error.unhashable-use": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// A wrong argument of a built-in function is called by its name where it has one.
    arguments_by_name "syntax.error.argument-name": bool {
        py(8, 0) => true; faults { "by-number": false } }

    /// Subscripting a class that is not generic names the class.
    class_subscript_names_class "identity.error.class-subscript": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The truth of `keepends` decides, it need not be an int.
    keepends_is_int "identity.str.keepends-int": bool {
        py(8, 0) => true, py(12, 0) => false; faults { "always": true, "never": false } }

    /// A float where an int is wanted is refused with a text of its own.
    float_argument_text "identity.error.float-argument": bool {
        py(8, 0) => true, py(10, 0) => false; faults { "always": true, "never": false } }

    /// What `int` and `float` want is called a real number.
    argument_real "identity.error.real-number": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Errors about the arguments of `bytes` and `bytearray` name the parameter.
    bytes_arguments_named "identity.error.bytes-arguments": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Errors about the arguments of `str`, `int` and `find` are those of the newer argument parser.
    newer_argument_errors "identity.error.newer-arguments": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// A wrong index of a str names its type.
    str_index_names_type "identity.error.str-index": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// `range()` wants at least one argument, not just one.
    range_at_least "identity.error.range-count": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// Assigning something that is not iterable to a slice has one text for all steps.
    slice_assignment_one_text "mutability.error.slice-assignment": bool {
        py(8, 0) => false, py(12, 5) => true; faults { "always": true, "never": false } }

    /// `list.index` of an absent item does not show it.
    list_index_plain_text "mutability.error.list-index": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// The text for `enumerate()` without arguments counts the missing one.
    enumerate_missing_position "scoping.error.enumerate": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }

    /// The text for a bound method of None calls it `instance`.
    method_of_none_text "identity.error.method-none": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// `chr` calls every int that is no character out of range.
    chr_refuses_large_plainly "identity.error.chr-large": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// The text for operands of `pow` with a modulus names the operator.
    pow_names_operator "identity.error.pow": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// The text of `min` and `max` of nothing speaks of an iterable.
    empty_iterable_text "identity.error.empty-extreme": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// The text for an attribute name that is no string names its class.
    attribute_name_text "identity.error.attribute-name": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The text of `iter` for two arguments of which the first is not callable.
    iter_callable_text "identity.error.iter-callable": &'static str {
        py(8, 0) => "iter(v, w): v must be callable", py(12, 0) => "iter(object, sentinel): object must be callable",
        py(13, 0) => "iter(v, w): v must be callable";
        faults { "words": "iter(object, sentinel): object must be callable" } }

    /// `deque.remove` of a value that is not in it names the value.
    deque_remove_names_value "mutability.error.deque-remove": bool {
        py(8, 0) => false, py(10, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }
}
