//! Arguments of native functions as Rust values, with the errors that CPython's argument parser gives.
//!
//! Nothing here keeps a reference: a value is read from the argument and the argument stays the caller's.

use super::number::Int;
use super::text::Text;
use crate::heap::{KindId, Layout, Owned, Ref, TypeBody};
use crate::native::Args;
use crate::vm::{Res, Stop, Ty, Vm};
use num_bigint::BigInt;
use std::sync::LazyLock;

/// What a str method sees of an object that is no str; the machine lets none through.
static NO_TEXT: LazyLock<Text> = LazyLock::new(Text::default);

/// An int of any size as a big one.
pub fn big(int: Int) -> BigInt {
    match int {
        Int::Small(value) => BigInt::from(value),
        Int::Big(value) => value,
    }
}

impl Vm {
    /// `NotImplemented`, counted: "ask the other operand".
    pub fn not_implemented(&mut self) -> Owned {
        self.share(self.single.not_implemented)
    }

    /// How messages call an argument of a function that also takes it by name: by its name, or by its number.
    pub fn argument_name(&self, at: usize, name: &str) -> String {
        if self.profile.arguments_by_name { format!("argument '{name}'") } else { format!("argument {at}") }
    }

    /// Whether the object is an int and no instance of a subclass, whatever its size.
    #[inline]
    pub fn is_exact_int(&self, r: Ref) -> bool {
        self.heap.class_of(r) == self.class(Ty::Int)
    }

    /// The text of a str object, borrowed; empty for anything else.
    #[inline]
    pub fn text_of(&self, r: Ref) -> &Text {
        match self.heap.text(r) {
            Some(text) => text,
            None => &NO_TEXT,
        }
    }

    /// Whether an optional argument is missing or `None`.
    pub fn is_none_or_missing(&self, r: Ref) -> bool {
        r.is_null() || r == self.single.none
    }

    /// How the argument parser names the type of an argument.
    pub fn argument_type(&self, r: Ref) -> String {
        if r == self.single.none { "None".to_string() } else { self.class_name(r) }
    }

    /// "f() argument 1 must be str, not int"
    #[cold]
    pub fn bad_argument(&mut self, func: &str, which: &str, expected: &str, got: Ref) -> Stop {
        let text = format!("{func}() {which} must be {expected}, not {}", self.argument_type(got));
        self.type_error(text)
    }

    /// Checks that an argument is a str.
    ///
    /// # Errors
    /// TypeError if it is not.
    pub fn expect_str(&mut self, r: Ref, func: &str, which: &str) -> Res<()> {
        if self.heap.layout(r) == Layout::Str { Ok(()) } else { Err(self.bad_argument(func, which, "str", r)) }
    }

    /// An argument that counts things, as the parser reads it.
    ///
    /// # Errors
    /// TypeError for anything that is no integer, OverflowError beyond 64 bits.
    pub fn size_argument(&mut self, r: Ref) -> Res<i64> {
        if self.profile.float_argument_text && self.heap.layout(r) == Layout::Float {
            return Err(self.type_error("integer argument expected, got float"));
        }
        self.index_of(r)
    }

    /// The same within 32 bits.
    ///
    /// # Errors
    /// TypeError for anything that is no integer, OverflowError beyond 32 bits.
    pub fn c_int_argument(&mut self, r: Ref) -> Res<i64> {
        if self.profile.float_argument_text && !self.has_index(r) {
            let text = match self.heap.layout(r) {
                Layout::Float => "integer argument expected, got float".to_string(),
                _ => format!("an integer is required (got type {})", self.class_name(r)),
            };
            return Err(self.type_error(text));
        }
        let text = match self.index(r)? {
            Int::Small(value) if i32::try_from(value).is_ok() => return Ok(value),
            Int::Small(_) | Int::Big(_) => "Python int too large to convert to C int",
        };
        Err(self.overflow(text))
    }

    /// An index or a count of repetitions.
    ///
    /// # Errors
    /// TypeError for anything that is no integer; `too_large` beyond 64 bits.
    pub fn index_sized(&mut self, r: Ref, too_large: Ty) -> Res<i64> {
        match self.index(r)? {
            Int::Small(value) => Ok(value),
            Int::Big(_) => {
                let text = format!("cannot fit '{}' into an index-sized integer", self.class_name(r));
                Err(self.raise(too_large, text))
            }
        }
    }

    /// `operator.index(value)` as an object: an exact int is itself.
    ///
    /// # Errors
    /// TypeError for anything that is no integer; whatever `__index__` raises.
    pub fn index_object(&mut self, value: Ref) -> Res<Owned> {
        if self.is_exact_int(value) {
            return Ok(self.share(value));
        }
        if let Some(int) = self.as_int(value) {
            return Ok(if self.profile.index_exact { self.int_object(int) } else { self.share(value) });
        }
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.index) else {
            let text = format!("'{}' object cannot be interpreted as an integer", self.type_name(class));
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, value, &[])?;
        if self.is_exact_int(result.get()) {
            return Ok(result);
        }
        let result = self.hold(result);
        let name = self.class_name(result);
        let Some(int) = self.as_int(result) else {
            return Err(self.type_error(format!("__index__ returned non-int (type {name})")));
        };
        self.warn(
            Ty::DeprecationWarning,
            &format!(
                "__index__ returned non-int (type {name}).  The ability to return an instance of a strict subclass \
                 of int is deprecated, and may not be supported in a future version of Python."
            ),
        )?;
        Ok(if self.profile.index_exact { self.int_object(int) } else { self.share(result) })
    }

    /// A border as `find` and slices read it: missing or `None` for "none given", else cut to 64 bits.
    ///
    /// # Errors
    /// TypeError for anything that is no integer.
    pub fn border(&mut self, r: Ref) -> Res<Option<i64>> {
        if self.is_none_or_missing(r) {
            return Ok(None);
        }
        if !self.has_index(r) {
            return Err(self.type_error(self.profile.search_border_text));
        }
        self.index_clamped(r).map(Some)
    }

    /// Whether the object is an int or has `__index__`.
    pub fn has_index(&mut self, r: Ref) -> bool {
        matches!(self.heap.layout(r), Layout::Int | Layout::BigInt)
            || self.lookup(self.heap.class_of(r), self.names.index).is_some()
    }

    /// The class that a `__new__` is to make an instance of: its first argument, checked.
    ///
    /// # Errors
    /// TypeError when it is no class, or none of the type's.
    pub fn class_argument(&mut self, args: Args, ty: Ty) -> Res<Ref> {
        let own = self.class(ty);
        let class = args.get(self, 0);
        if class.is_null() || args.positional(self) == 0 {
            let text = format!("{}.__new__(): not enough arguments", self.type_name(own));
            return Err(self.type_error(text));
        }
        self.check_new_class(own, class)?;
        Ok(class)
    }

    /// The `__new__` of a class makes instances of that class and those below it.
    ///
    /// # Errors
    /// TypeError for anything else.
    pub fn check_new_class(&mut self, own: Ref, class: Ref) -> Res<()> {
        if class == own {
            return Ok(());
        }
        let own_name = self.type_name(own);
        if self.heap.layout(class) != Layout::Type {
            let text = format!("{own_name}.__new__(X): X is not a type object ({})", self.class_name(class));
            return Err(self.type_error(text));
        }
        if !self.is_subclass(class, own) {
            let class = self.type_name(class);
            return Err(self.type_error(format!("{own_name}.__new__({class}): {class} is not a subtype of {own_name}")));
        }
        Ok(())
    }

    /// The kind of the instances of a class.
    pub fn kind_of_instances(&self, class: Ref) -> KindId {
        self.heap.get::<TypeBody>(class).map_or(Ty::Object.kind(), |body| body.instance_kind)
    }

    /// The arguments behind the class of a `__new__` by the names of its parameters; NULL for those not given.
    ///
    /// # Errors
    /// TypeError for too many or unknown ones.
    pub fn new_arguments<const N: usize>(
        &mut self,
        args: Args,
        func: &str,
        names: [&str; N],
        pos_only: usize,
    ) -> Res<[Ref; N]> {
        let mut found = [Ref::NULL; N];
        if args.keywords.is_null() && (1..=N + 1).contains(&args.len()) {
            for (at, place) in found.iter_mut().enumerate() {
                *place = args.get(self, at + 1);
            }
            return Ok(found);
        }
        let positional = args.rest(self, 1);
        let pairs = args.keyword_pairs(self);
        if positional.len() + pairs.len() > N {
            let total = positional.len() + pairs.len();
            let what = if !pairs.is_empty() && positional.is_empty() { "keyword " } else { "" };
            let text = if self.profile.newer_argument_errors && matches!(func, "str" | "int") && pairs.is_empty() {
                format!("{func} expected at most {N} arguments, got {total}")
            } else {
                format!("{func}() takes at most {N} {what}argument{} ({total} given)", if N == 1 { "" } else { "s" })
            };
            return Err(self.type_error(text));
        }
        for (place, &value) in found.iter_mut().zip(&positional) {
            *place = value;
        }
        for (name, value) in pairs {
            let text = self.show(name);
            match names.iter().position(|&known| known == text).filter(|&at| at >= pos_only) {
                Some(at) if found[at].is_null() => found[at] = value,
                Some(at) => {
                    let text = format!("argument for {func}() given by name ('{text}') and position ({})", at + 1);
                    return Err(self.type_error(text));
                }
                None => {
                    let text = self.profile.native_keyword_error.text(func, &text);
                    return Err(self.type_error(text));
                }
            }
        }
        Ok(found)
    }

    /// Refuses keyword arguments.
    ///
    /// # Errors
    /// TypeError if there are some.
    pub fn no_keywords(&mut self, args: Args, func: &str) -> Res<()> {
        if args.keyword_names(self).is_empty() {
            return Ok(());
        }
        Err(self.type_error(format!("{func}() takes no keyword arguments")))
    }
}

/// A length beyond which no built-in sequence may be made.
const LARGEST: u128 = i64::MAX as u128;

impl Vm {
    /// Whether there is room for so many bytes: checked before something of that size is made at one go.
    ///
    /// # Errors
    /// MemoryError beyond what an address can name, the memory limit beyond that of the session.
    pub fn check_room(&mut self, bytes: u128) -> Res<()> {
        if bytes >= LARGEST {
            return Err(self.raise_with(Ty::MemoryError, Vec::new()));
        }
        if bytes > self.budget.limits.memory as u128 {
            return Err(Stop::Limit(crate::session::LimitKind::Memory));
        }
        Ok(())
    }

    /// Raises an exception made by calling its class, so that its named parts are set.
    #[cold]
    pub fn raise_called(&mut self, ty: Ty, args: Vec<Owned>) -> Stop {
        let class = self.class(ty);
        let refs: Vec<Ref> = args.iter().map(Owned::get).collect();
        let made = self.call(class, &refs);
        for arg in args {
            self.release(arg);
        }
        match made {
            Ok(exception) => self.raise_object(exception),
            Err(stop) => stop,
        }
    }
}

impl Vm {
    /// What a sequence's operator method does with an operand that it does not take: the operator goes on looking, a
    /// call by hand is an error.
    ///
    /// # Errors
    /// TypeError with this text if the method was called by its name.
    pub fn foreign_operand(&mut self, args: Args, text: impl FnOnce(&Vm) -> String) -> Res<Owned> {
        if self.is_operator(args) {
            return Ok(self.not_implemented());
        }
        let text = text(self);
        Err(self.type_error(text))
    }

    /// It is an operator that calls, and no program by the method's name.
    fn is_operator(&self, args: Args) -> bool {
        self.operands == Some(args.base as usize)
    }

    /// The right operand of `sequence * n`, no less than zero; `None` for what is no integer.
    ///
    /// # Errors
    /// OverflowError beyond 64 bits; TypeError if the method was called by its name.
    pub fn repetitions(&mut self, args: Args) -> Res<Option<usize>> {
        let count = args.get(self, 1);
        if !self.has_index(count) && self.is_operator(args) {
            return Ok(None);
        }
        let count = self.index_sized(count, Ty::OverflowError)?;
        Ok(Some(usize::try_from(count).unwrap_or(0)))
    }
}

/// `iter(x)` for the built-in containers.
///
/// # Errors
/// TypeError for what has no iterator of its own.
pub fn native_iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    match vm.iter_native(this) {
        Some(iterator) => Ok(iterator),
        None => Err(vm.type_error(format!("'{}' object is not iterable", vm.class_name(this)))),
    }
}

/// What writing does to an attribute that CPython keeps as a read-only member.
///
/// # Errors
/// Always AttributeError.
pub fn readonly(vm: &mut Vm, _this: Ref, _value: Ref) -> Res<()> {
    Err(vm.raise(Ty::AttributeError, "readonly attribute"))
}
