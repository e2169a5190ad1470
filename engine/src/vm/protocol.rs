//! Protocols that every object takes part in: comparison, hash, truth, length, text, index.
//!
//! Each looks the special method up on the class, as the language says, with short cuts where built-in types leave
//! no choice.

use super::{Res, Ty, Vm};
use crate::code::CmpOp;
use crate::heap::{BigIntBody, Layout, ListBody, Owned, Ref, StrBody, TupleBody};
use crate::object::hash;
use crate::object::number::Int;
use crate::object::text::Text;
use std::cmp::Ordering;

impl CmpOp {
    /// Whether an ordering satisfies the comparison.
    #[inline]
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            CmpOp::Lt => ordering.is_lt(),
            CmpOp::Le => ordering.is_le(),
            CmpOp::Eq => ordering.is_eq(),
            CmpOp::Ne => ordering.is_ne(),
            CmpOp::Gt => ordering.is_gt(),
            CmpOp::Ge => ordering.is_ge(),
        }
    }

    /// The comparison with its operands exchanged.
    pub fn swapped(self) -> CmpOp {
        match self {
            CmpOp::Lt => CmpOp::Gt,
            CmpOp::Le => CmpOp::Ge,
            CmpOp::Eq => CmpOp::Eq,
            CmpOp::Ne => CmpOp::Ne,
            CmpOp::Gt => CmpOp::Lt,
            CmpOp::Ge => CmpOp::Le,
        }
    }

    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CmpOp::Lt => "<",
            CmpOp::Le => "<=",
            CmpOp::Eq => "==",
            CmpOp::Ne => "!=",
            CmpOp::Gt => ">",
            CmpOp::Ge => ">=",
        }
    }
}

impl Vm {
    fn comparison_name(&self, op: CmpOp) -> Ref {
        match op {
            CmpOp::Lt => self.names.lt,
            CmpOp::Le => self.names.le,
            CmpOp::Eq => self.names.eq,
            CmpOp::Ne => self.names.ne,
            CmpOp::Gt => self.names.gt,
            CmpOp::Ge => self.names.ge,
        }
    }

    /// `left op right` by the rules of rich comparison.
    ///
    /// # Errors
    /// Whatever the methods raise; TypeError when neither side knows the order.
    #[inline]
    pub fn compare(&mut self, left: Ref, right: Ref, op: CmpOp) -> Res<Owned> {
        if let Some(answer) = self.compare_fast(left, right, op) {
            return Ok(self.bool(answer));
        }
        self.nested_in(" in comparison", |vm| vm.compare_by_methods(left, right, op))
    }

    fn compare_by_methods(&mut self, left: Ref, right: Ref, op: CmpOp) -> Res<Owned> {
        let (left_class, right_class) = (self.heap.class_of(left), self.heap.class_of(right));
        let mut reflected_done = false;
        if left_class != right_class && self.is_subclass(right_class, left_class) {
            let name = self.comparison_name(op.swapped());
            if let Some(method) = self.lookup(right_class, name) {
                reflected_done = true;
                let result = self.call_special(method, right, &[left])?;
                if result.get() != self.single.not_implemented {
                    return Ok(result);
                }
                self.release(result);
            }
        }
        let name = self.comparison_name(op);
        if let Some(method) = self.lookup(left_class, name) {
            let result = self.call_special(method, left, &[right])?;
            if result.get() != self.single.not_implemented {
                return Ok(result);
            }
            self.release(result);
        }
        if !reflected_done {
            let name = self.comparison_name(op.swapped());
            if let Some(method) = self.lookup(right_class, name) {
                let result = self.call_special(method, right, &[left])?;
                if result.get() != self.single.not_implemented {
                    return Ok(result);
                }
                self.release(result);
            }
        }
        match op {
            CmpOp::Eq => Ok(self.bool(left == right && self.profile.equality_falls_back)),
            CmpOp::Ne => Ok(self.bool(left != right)),
            CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => {
                let text = format!(
                    "'{}' not supported between instances of '{}' and '{}'",
                    op.symbol(),
                    self.type_name(left_class),
                    self.type_name(right_class)
                );
                Err(self.type_error(text))
            }
        }
    }

    /// The answer where both sides are exact built-in values of one type.
    #[inline]
    pub(super) fn compare_fast(&self, left: Ref, right: Ref, op: CmpOp) -> Option<bool> {
        let (lk, rk) = (self.heap.kind_of(left), self.heap.kind_of(right));
        let int = Ty::Int.kind();
        if lk == int && rk == int {
            return Some(op.holds(self.heap.int_word(left).cmp(&self.heap.int_word(right))));
        }
        if lk == Ty::Str.kind() && rk == Ty::Str.kind() {
            if left == right {
                return Some(op.holds(Ordering::Equal));
            }
            let (a, b) = (self.heap.text(left)?, self.heap.text(right)?);
            return Some(match op {
                CmpOp::Eq => a == b,
                CmpOp::Ne => a != b,
                CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => op.holds(a.cmp(b)),
            });
        }
        if lk == Ty::Float.kind() && rk == Ty::Float.kind() {
            let (a, b) = (self.heap.float_word(left), self.heap.float_word(right));
            return Some(match a.partial_cmp(&b) {
                Some(ordering) => op.holds(ordering),
                None => op == CmpOp::Ne,
            });
        }
        None
    }

    /// Whether both are ints, or both floats, of one value.
    pub(super) fn same_number(&self, left: Ref, right: Ref) -> bool {
        let numbers = [Ty::Int, Ty::Float].iter().any(|&ty| self.is_exact(left, ty) && self.is_exact(right, ty));
        numbers && self.compare_fast(left, right, CmpOp::Eq) == Some(true)
    }

    /// `left == right` as a truth value, without the identity short cut.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn equal(&mut self, left: Ref, right: Ref) -> Res<bool> {
        let result = self.compare(left, right, CmpOp::Eq)?;
        self.truth_owned(result)
    }

    /// `left is right or left == right`, as containers ask.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn same_or_equal(&mut self, left: Ref, right: Ref) -> Res<bool> {
        if left == right && self.profile.containers_try_identity {
            return Ok(true);
        }
        self.equal(left, right)
    }

    /// The truth of a value, which is released.
    pub fn truth_owned(&mut self, value: Owned) -> Res<bool> {
        let result = self.truth(value.get());
        self.release(value);
        result
    }

    /// `bool(value)`
    ///
    /// # Errors
    /// Whatever `__bool__` or `__len__` raise.
    #[inline]
    pub fn truth(&mut self, value: Ref) -> Res<bool> {
        if value == self.single.true_ {
            return Ok(true);
        }
        if value == self.single.false_ || value == self.single.none {
            return Ok(false);
        }
        if self.is_exact(value, Ty::Int) {
            return Ok(self.heap.int_word(value) != 0);
        }
        self.truth_slow(value)
    }

    fn truth_slow(&mut self, value: Ref) -> Res<bool> {
        let class = self.heap.class_of(value);
        if let Some(method) = self.lookup(class, self.names.bool_) {
            let result = self.call_special(method, value, &[])?;
            let answer = result.get();
            self.release(result);
            if answer == self.single.true_ || answer == self.single.false_ {
                return Ok(answer == self.single.true_);
            }
            let text = format!("__bool__ should return bool, returned {}", self.class_name(answer));
            return Err(self.type_error(text));
        }
        if self.profile.length_is_truth && self.lookup(class, self.names.len).is_some() {
            return Ok(self.length(value)? != 0);
        }
        Ok(true)
    }

    /// `len(value)`
    ///
    /// # Errors
    /// TypeError without `__len__` or when it is no int, ValueError when it is negative.
    pub fn length(&mut self, value: Ref) -> Res<usize> {
        if let Some(length) = self.length_fast(value) {
            return Ok(length);
        }
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.len) else {
            let text = format!("object of type '{}' has no len()", self.type_name(class));
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, value, &[])?;
        let length = self.index_of(result.get());
        self.release(result);
        let length = length?;
        if length < 0 {
            return Err(self.value_error("__len__() should return >= 0"));
        }
        Ok(length as usize)
    }

    /// The length of an exact built-in container.
    #[inline]
    fn length_fast(&self, value: Ref) -> Option<usize> {
        let kind = self.heap.kind_of(value);
        if kind == Ty::List.kind() {
            self.heap.get::<ListBody>(value).map(|body| body.items.len())
        } else if kind == Ty::Str.kind() {
            self.heap.text(value).map(Text::len)
        } else if kind == Ty::Tuple.kind() {
            self.heap.get::<TupleBody>(value).map(|body| body.items.len())
        } else if kind == Ty::Dict.kind() {
            Some(self.dict_len(value))
        } else {
            None
        }
    }

    /// The int that an object is or turns into by `__index__`.
    ///
    /// # Errors
    /// TypeError for anything that is no integer.
    pub fn index(&mut self, value: Ref) -> Res<Int> {
        if let Some(int) = self.as_int(value) {
            return Ok(int);
        }
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.index) else {
            let text = format!("'{}' object cannot be interpreted as an integer", self.type_name(class));
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, value, &[])?;
        let int = self.as_int(result.get());
        let name = self.class_name(result.get());
        self.release(result);
        match int {
            Some(int) => Ok(int),
            None => Err(self.type_error(format!("__index__ returned non-int (type {name})"))),
        }
    }

    /// The same as a 64-bit number.
    ///
    /// # Errors
    /// TypeError as above, OverflowError beyond 64 bits.
    pub fn index_of(&mut self, value: Ref) -> Res<i64> {
        match self.index(value)? {
            Int::Small(value) => Ok(value),
            Int::Big(_) => Err(self.raise(Ty::OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    /// The same, cut to 64 bits, as slices do.
    ///
    /// # Errors
    /// TypeError for anything that is no integer.
    pub fn index_clamped(&mut self, value: Ref) -> Res<i64> {
        Ok(match self.index(value)? {
            Int::Small(value) => value,
            Int::Big(value) if value.sign() == num_bigint::Sign::Minus => i64::MIN,
            Int::Big(_) => i64::MAX,
        })
    }

    /// The value of an int object (bools and instances of subclasses included).
    #[inline]
    pub fn as_int(&self, value: Ref) -> Option<Int> {
        match self.heap.layout(value) {
            Layout::Int => Some(Int::Small(self.heap.int_word(value))),
            Layout::BigInt => self.heap.get::<BigIntBody>(value).map(|body| Int::from(body.value.clone())),
            _ => None,
        }
    }

    /// The value of a float object (instances of subclasses included).
    pub fn as_float(&self, value: Ref) -> Option<f64> {
        (self.heap.layout(value) == Layout::Float).then(|| self.heap.float_word(value))
    }

    /// The text of a str object (instances of subclasses included).
    pub fn as_text(&self, value: Ref) -> Option<Text> {
        self.heap.text(value).cloned()
    }

    /// An int object with this value.
    pub fn int_object(&mut self, value: Int) -> Owned {
        match value {
            Int::Small(value) => self.new_int(value),
            Int::Big(value) => self.new_bigint(value),
        }
    }

    /// `hash(value)`
    ///
    /// # Errors
    /// TypeError for unhashable objects; whatever `__hash__` raises.
    #[inline]
    pub fn hash(&mut self, value: Ref) -> Res<i64> {
        if self.is_exact(value, Ty::Str) {
            return Ok(self.text_hash(value));
        }
        self.hash_slow(value)
    }

    /// The hash of a str, computed once.
    #[inline]
    pub fn text_hash(&self, value: Ref) -> i64 {
        let Some(body) = self.heap.get::<StrBody>(value) else { return 0 };
        if let Some(hash) = body.hash.get() {
            return hash;
        }
        let hash = hash::of_text(&body.text, self.secret, &self.profile);
        body.hash.set(Some(hash));
        hash
    }

    fn hash_slow(&mut self, value: Ref) -> Res<i64> {
        let class = self.heap.class_of(value);
        if self.is_exact(value, Ty::Int) {
            return Ok(hash::of_i64(self.heap.int_word(value)));
        }
        let method = match self.lookup(class, self.names.hash) {
            Some(method) if method != self.single.none => method,
            _ => {
                let text = format!("unhashable type: '{}'", self.type_name(class));
                return Err(self.type_error(text));
            }
        };
        let result = self.call_special(method, value, &[])?;
        let int = self.as_int(result.get());
        self.release(result);
        match int {
            Some(Int::Small(-1)) => Ok(-2),
            Some(Int::Small(hash)) => Ok(hash),
            Some(int) => Ok(hash::of_dunder(&int)),
            None => Err(self.type_error("__hash__ method should return an integer")),
        }
    }

    /// `repr(value)` as an object.
    ///
    /// # Errors
    /// Whatever `__repr__` raises; TypeError when it gives no str; RecursionError.
    pub fn repr_object(&mut self, value: Ref) -> Res<Owned> {
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.repr) else {
            let text = format!("<{} object at {:#x}>", self.type_name(class), self.address(value));
            return Ok(self.new_str(&text));
        };
        let result = self.call_special(method, value, &[])?;
        self.expect_text(result, "__repr__")
    }

    fn expect_text(&mut self, result: Owned, method: &str) -> Res<Owned> {
        if self.heap.layout(result.get()) == Layout::Str {
            return Ok(result);
        }
        let text = format!("{method} returned non-string (type {})", self.class_name(result.get()));
        self.release(result);
        Err(self.type_error(text))
    }

    /// `repr(value)`
    ///
    /// # Errors
    /// As [`Vm::repr_object`].
    pub fn repr(&mut self, value: Ref) -> Res<Text> {
        let object = self.repr_object(value)?;
        let text = self.as_text(object.get()).unwrap_or_else(|| Text::from(""));
        self.release(object);
        Ok(text)
    }

    /// `str(value)` as an object: an exact str is itself.
    ///
    /// # Errors
    /// Whatever `__str__` or `__repr__` raise.
    pub fn str_object(&mut self, value: Ref) -> Res<Owned> {
        if self.is_exact(value, Ty::Str) {
            return Ok(self.share(value));
        }
        if self.is_exact(value, Ty::Int) {
            let mut digits = itoa::Buffer::new();
            let text = Text::Ascii(digits.format(self.heap.int_word(value)).into());
            return Ok(crate::object::str::unshared(self, text));
        }
        let class = self.heap.class_of(value);
        let Some(method) = self.lookup(class, self.names.str_) else { return self.repr_object(value) };
        let result = self.call_special(method, value, &[])?;
        self.expect_text(result, "__str__")
    }

    /// `str(value)`
    ///
    /// # Errors
    /// As [`Vm::str_object`].
    pub fn str(&mut self, value: Ref) -> Res<Text> {
        let object = self.str_object(value)?;
        let text = self.as_text(object.get()).unwrap_or_else(|| Text::from(""));
        self.release(object);
        Ok(text)
    }

    /// `id(value)`: objects are 16 bytes apart.
    pub fn address(&self, value: Ref) -> i64 {
        0x7f00_0000_0000 + (value.index() as i64) * 16
    }

    /// Runs `body` unless `value` is being shown already, in which case `None` comes back.
    ///
    /// # Errors
    /// What `body` raises.
    pub fn repr_guarded<T>(&mut self, value: Ref, body: impl FnOnce(&mut Vm) -> Res<T>) -> Res<Option<T>> {
        if self.repr_active.contains(&value) {
            return Ok(None);
        }
        self.repr_active.push(value);
        let result = self.nested_in(" while getting the repr of an object", body);
        self.repr_active.pop();
        result.map(Some)
    }

    /// A native operation on nested data goes too deep.
    pub(super) fn too_deep(&mut self, what: &str) -> super::Stop {
        let lead =
            if what.is_empty() { "maximum recursion depth exceeded" } else { self.profile.native_recursion_text };
        self.raise(Ty::RecursionError, format!("{lead}{what}"))
    }

    /// Runs something that may nest natively without bound: RecursionError beyond the limit.
    ///
    /// # Errors
    /// RecursionError; what `body` raises.
    pub fn nested<T>(&mut self, body: impl FnOnce(&mut Vm) -> Res<T>) -> Res<T> {
        self.nested_in("", body)
    }

    /// The same; the error's text says what was going on.
    ///
    /// # Errors
    /// RecursionError; what `body` raises.
    pub fn nested_in<T>(&mut self, what: &str, body: impl FnOnce(&mut Vm) -> Res<T>) -> Res<T> {
        if self.budget.depth >= self.budget.recursion {
            return Err(self.too_deep(what));
        }
        self.budget.depth += 1;
        let result = body(self);
        self.budget.depth -= 1;
        result
    }
}
