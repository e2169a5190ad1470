//! Operators: the dispatch between left, right and in-place methods, with short cuts for exact numbers.

use super::{Res, Stop, Ty, Vm};
use crate::code::{BinOp, UnOp};
use crate::heap::{DictBody, Layout, ListBody, Owned, Ref, TupleBody};

impl BinOp {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::MatMul => "@",
            BinOp::Div => "/",
            BinOp::FloorDiv => "//",
            BinOp::Mod => "%",
            BinOp::Pow => "** or pow()",
            BinOp::LShift => "<<",
            BinOp::RShift => ">>",
            BinOp::And => "&",
            BinOp::Or => "|",
            BinOp::Xor => "^",
        }
    }
}

impl Vm {
    /// The names of the left, right and in-place method of an operator.
    fn operator_names(&self, op: BinOp) -> (Ref, Ref, Ref) {
        let n = &self.names;
        match op {
            BinOp::Add => (n.add, n.radd, n.iadd),
            BinOp::Sub => (n.sub, n.rsub, n.isub),
            BinOp::Mul => (n.mul, n.rmul, n.imul),
            BinOp::MatMul => (n.matmul, n.rmatmul, n.imatmul),
            BinOp::Div => (n.truediv, n.rtruediv, n.itruediv),
            BinOp::FloorDiv => (n.floordiv, n.rfloordiv, n.ifloordiv),
            BinOp::Mod => (n.mod_, n.rmod, n.imod),
            BinOp::Pow => (n.pow, n.rpow, n.ipow),
            BinOp::LShift => (n.lshift, n.rlshift, n.ilshift),
            BinOp::RShift => (n.rshift, n.rrshift, n.irshift),
            BinOp::And => (n.and, n.rand, n.iand),
            BinOp::Or => (n.or, n.ror, n.ior),
            BinOp::Xor => (n.xor, n.rxor, n.ixor),
        }
    }

    /// `left op right`
    ///
    /// # Errors
    /// TypeError when neither side knows the operator; whatever the methods raise.
    #[inline]
    pub fn binary_op(&mut self, op: BinOp, left: Ref, right: Ref) -> Res<Owned> {
        match self.arithmetic_fast(op, left, right) {
            Some(value) => Ok(value),
            None => self.binary_slow(op, left, right, op.symbol()),
        }
    }

    /// The value where both sides are exact small ints or floats and nothing can go wrong.
    #[inline]
    pub(super) fn arithmetic_fast(&mut self, op: BinOp, left: Ref, right: Ref) -> Option<Owned> {
        let (lk, rk) = (self.heap.kind_of(left), self.heap.kind_of(right));
        if lk == Ty::Int.kind() && rk == Ty::Int.kind() {
            let (a, b) = (self.heap.int_word(left), self.heap.int_word(right));
            // Some versions give fresh objects for small results of large operands.
            if self.profile.int_uncached.remainders && (a.unsigned_abs() | b.unsigned_abs()) >= 1 << 30 {
                return None;
            }
            let value = match op {
                BinOp::Add => a.checked_add(b),
                BinOp::Sub => a.checked_sub(b),
                BinOp::Mul => a.checked_mul(b),
                BinOp::FloorDiv if b > 0 => Some(a.div_euclid(b)),
                BinOp::Mod if b > 0 => Some(a.rem_euclid(b)),
                BinOp::And => Some(a & b),
                BinOp::Or => Some(a | b),
                BinOp::Xor => Some(a ^ b),
                BinOp::RShift if (0..64).contains(&b) => Some(a >> b),
                BinOp::LShift if (0..64).contains(&b) => {
                    let shifted = a << b;
                    (shifted >> b == a).then_some(shifted)
                }
                _ => None,
            };
            return value.map(|value| self.new_int(value));
        }
        if lk == Ty::Float.kind() && rk == Ty::Float.kind() {
            let (a, b) = (self.heap.float_word(left), self.heap.float_word(right));
            let value = match op {
                BinOp::Add => a + b,
                BinOp::Sub => a - b,
                BinOp::Mul => a * b,
                BinOp::Div if b != 0.0 => a / b,
                _ => return None,
            };
            return Some(self.new_float(value));
        }
        None
    }

    fn binary_slow(&mut self, op: BinOp, left: Ref, right: Ref, symbol: &str) -> Res<Owned> {
        if op == BinOp::Add && self.is_exact(left, Ty::Str) && self.is_exact(right, Ty::Str) {
            return self.concat_text(left, right);
        }
        match self.binary_methods(op, left, right)? {
            Some(value) => Ok(value),
            None => Err(self.unsupported_operands(symbol, left, right)),
        }
    }

    /// The value by `__op__` and `__rop__`; `None` when nobody knows.
    fn binary_methods(&mut self, op: BinOp, left: Ref, right: Ref) -> Res<Option<Owned>> {
        let (name, reflected, _) = self.operator_names(op);
        let (left_class, right_class) = (self.heap.class_of(left), self.heap.class_of(right));
        let left_method = self.lookup(left_class, name);
        let right_method = if left_class == right_class { None } else { self.lookup(right_class, reflected) };
        // A subclass on the right that brings its own method goes first.
        if let Some(method) = right_method
            && self.profile.subclass_operand_first
            && self.is_subclass(right_class, left_class)
            && self.lookup(left_class, reflected) != Some(method)
        {
            if let Some(value) = self.try_method(method, right, left)? {
                return Ok(Some(value));
            }
            return match left_method {
                Some(method) => self.try_method(method, left, right),
                None => Ok(None),
            };
        }
        if let Some(method) = left_method
            && let Some(value) = self.try_method(method, left, right)?
        {
            return Ok(Some(value));
        }
        match right_method {
            Some(method) => self.try_method(method, right, left),
            None => Ok(None),
        }
    }

    fn try_method(&mut self, method: Ref, this: Ref, other: Ref) -> Res<Option<Owned>> {
        let around = self.operands.replace(self.stack.len());
        let result = self.call_special(method, this, &[other]);
        self.operands = around;
        let result = result?;
        if result.get() == self.single.not_implemented {
            self.release(result);
            return Ok(None);
        }
        Ok(Some(result))
    }

    /// `left op= right`
    ///
    /// # Errors
    /// As [`Vm::binary_op`].
    pub fn inplace_op(&mut self, op: BinOp, left: Ref, right: Ref) -> Res<Owned> {
        if let Some(value) = self.arithmetic_fast(op, left, right) {
            return Ok(value);
        }
        let (_, _, name) = self.operator_names(op);
        let class = self.heap.class_of(left);
        if self.profile.augmented_in_place.operators
            && let Some(method) = self.lookup(class, name)
            && let Some(value) = self.try_method(method, left, right)?
        {
            return Ok(value);
        }
        let symbol = if op == BinOp::Pow { "** or pow()".to_string() } else { format!("{}=", op.symbol()) };
        let symbol = if op == BinOp::Pow { "**=" } else { &symbol };
        self.binary_slow(op, left, right, symbol)
    }

    /// Whether a type has slots for sequences, as every Python class has; CPython then tries no other operand in `*=`.
    fn has_sequence_slots(&self, r: Ref) -> bool {
        !self.is_builtin_instance(r)
            || matches!(
                self.heap.layout(r),
                Layout::Set | Layout::Dict | Layout::Range | Layout::MemoryView | Layout::View | Layout::Proxy
            )
    }

    #[cold]
    fn unsupported_operands(&mut self, symbol: &str, left: Ref, right: Ref) -> Stop {
        // Sequences say what they miss.
        let sequence = |vm: &Vm, r: Ref| {
            matches!(vm.heap.layout(r), Layout::Str | Layout::List | Layout::Tuple | Layout::Bytes | Layout::ByteArray)
        };
        if symbol == "+" || symbol == "+=" {
            if sequence(self, left) {
                // Instances of subclasses are called by the built-in type.
                let own = match self.heap.layout(left) {
                    Layout::Str => "str",
                    Layout::List => "list",
                    _ => "tuple",
                };
                let text = format!("can only concatenate {own} (not \"{}\") to {own}", self.class_name(right));
                let bytes = matches!(self.heap.layout(left), Layout::Bytes | Layout::ByteArray);
                let text = if bytes {
                    format!("can't concat {} to {}", self.class_name(right), self.class_name(left))
                } else {
                    text
                };
                return self.type_error(text);
            }
        } else if symbol == "*" || symbol == "*=" {
            let other = if sequence(self, left) {
                Some(right)
            } else if sequence(self, right) && (symbol == "*" || !self.has_sequence_slots(left)) {
                Some(left)
            } else {
                None
            };
            if let Some(other) = other {
                let text = format!("can't multiply sequence by non-int of type '{}'", self.class_name(other));
                return self.type_error(text);
            }
        }
        let mut text = format!(
            "unsupported operand type(s) for {symbol}: '{}' and '{}'",
            self.class_name(left),
            self.class_name(right)
        );
        let native = self.heap.get::<crate::heap::NativeBody>(left).and_then(|body| body.def);
        if symbol == ">>" && native.is_some_and(|def| def.name == "print") {
            text.push_str(". Did you mean \"print(<message>, file=<output_stream>)\"?");
        }
        self.type_error(text)
    }

    /// `+x`, `-x`, `~x` (`not` is elsewhere).
    ///
    /// # Errors
    /// TypeError when the operand does not know the operator; whatever the method raises.
    pub fn unary_op(&mut self, op: UnOp, value: Ref) -> Res<Owned> {
        let (name, symbol) = match op {
            UnOp::Pos => (self.names.pos, "+"),
            UnOp::Neg => (self.names.neg, "-"),
            UnOp::Invert => (self.names.invert, "~"),
            UnOp::Not => {
                let truth = self.truth(value)?;
                return Ok(self.bool(!truth));
            }
        };
        if op == UnOp::Neg && self.is_exact(value, Ty::Float) {
            let negated = -self.heap.float_word(value);
            return Ok(self.new_float(negated));
        }
        let class = self.heap.class_of(value);
        match self.lookup(class, name) {
            Some(method) => self.call_special(method, value, &[]),
            None => {
                let text = format!("bad operand type for unary {symbol}: '{}'", self.type_name(class));
                Err(self.type_error(text))
            }
        }
    }

    // ---- items ------------------------------------------------------------------------------------------------

    /// `container[key]`
    ///
    /// # Errors
    /// TypeError for what has no items; whatever `__getitem__` raises.
    pub fn get_item(&mut self, container: Ref, key: Ref) -> Res<Owned> {
        if self.is_exact(key, Ty::Int) {
            let at = self.heap.int_word(key);
            let items = if self.is_exact(container, Ty::List) {
                self.heap.get::<ListBody>(container).map(|body| &body.items)
            } else if self.is_exact(container, Ty::Tuple) {
                self.heap.get::<TupleBody>(container).map(|body| &body.items)
            } else {
                None
            };
            if let Some(items) = items {
                let at = if at < 0 { at + items.len() as i64 } else { at };
                if let Some(&item) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
                    return Ok(self.share(item));
                }
            }
        }
        if self.is_exact(container, Ty::Dict)
            && self.is_exact(key, Ty::Str)
            && self.heap.get::<DictBody>(container).is_some()
            && let Some(value) = self.dict_get(container, key)?
        {
            return Ok(self.share(value));
        }
        let class = self.heap.class_of(container);
        if let Some(method) = self.lookup(class, self.names.getitem) {
            if self.heap.layout(method) == Layout::Function {
                self.enters_directly(self.profile.entered_directly.subscripts, &[container, key]);
            }
            return self.call_special(method, container, &[key]);
        }
        if self.heap.layout(container) == Layout::Type {
            return self.class_item(container, key);
        }
        let text = format!("'{}' object is not subscriptable", self.type_name(class));
        Err(self.type_error(text))
    }

    /// `SomeClass[key]`
    fn class_item(&mut self, class: Ref, key: Ref) -> Res<Owned> {
        if class == self.class(Ty::Type) && self.profile.builtin_generics {
            return self.new_generic_alias(class, key);
        }
        if let Some(method) = self.lookup(class, self.names.class_getitem) {
            let bound = self.bind(method, Ref::NULL, class)?;
            let result = self.call(bound.get(), &[key]);
            self.release(bound);
            return result;
        }
        let text = if self.profile.class_subscript_names_class {
            format!("type '{}' is not subscriptable", self.type_name(class))
        } else {
            "'type' object is not subscriptable".to_string()
        };
        Err(self.type_error(text))
    }

    /// `container[key] = value`
    ///
    /// # Errors
    /// TypeError for what takes no items; whatever `__setitem__` raises.
    pub fn set_item(&mut self, container: Ref, key: Ref, value: Ref) -> Res<()> {
        if self.is_exact(container, Ty::List) && self.is_exact(key, Ty::Int) {
            let at = self.heap.int_word(key);
            if let Some(body) = self.heap.get_mut::<ListBody>(container) {
                let at = if at < 0 { at + body.items.len() as i64 } else { at };
                if let Some(place) = usize::try_from(at).ok().and_then(|at| body.items.get_mut(at)) {
                    let old = std::mem::replace(place, value);
                    self.heap.inc(value);
                    self.release_ref(old);
                    return Ok(());
                }
            }
        }
        if self.is_exact(container, Ty::Dict) {
            return self.dict_set(container, key, value);
        }
        let class = self.heap.class_of(container);
        let Some(method) = self.lookup(class, self.names.setitem) else {
            let text = format!("'{}' object does not support item assignment", self.type_name(class));
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, container, &[key, value])?;
        self.release(result);
        Ok(())
    }

    /// `del container[key]`
    ///
    /// # Errors
    /// TypeError for what loses no items; whatever `__delitem__` raises.
    pub fn delete_item(&mut self, container: Ref, key: Ref) -> Res<()> {
        let class = self.heap.class_of(container);
        let Some(method) = self.lookup(class, self.names.delitem) else {
            let python_class = self.heap.kind(self.heap.kind_of(container)).counts_class;
            let text = if self.lookup(class, self.names.setitem).is_none() || !python_class {
                // Sequences have words of their own.
                let sequence = python_class || self.lookup(class, self.names.len).is_some();
                let own_words = self.profile.item_deletion_text && sequence && self.has_index(key);
                let verb = if own_words { "doesn't" } else { "does not" };
                format!("'{}' object {verb} support item deletion", self.type_name(class))
            } else {
                "__delitem__".to_string()
            };
            return Err(self.type_error(text));
        };
        let result = self.call_special(method, container, &[key])?;
        self.release(result);
        Ok(())
    }

    /// `item in container`
    ///
    /// # Errors
    /// TypeError for what has no members; whatever `__contains__`, iteration or `__eq__` raise.
    pub fn contains(&mut self, container: Ref, item: Ref) -> Res<bool> {
        if self.is_exact(container, Ty::Dict) {
            return Ok(self.dict_get(container, item)?.is_some());
        }
        let class = self.heap.class_of(container);
        if let Some(method) = self.lookup(class, self.names.contains) {
            if method == self.single.none {
                let text = format!("'{}' object is not a container", self.type_name(class));
                return Err(self.type_error(text));
            }
            let result = self.call_special(method, container, &[item])?;
            return self.truth_owned(result);
        }
        if self.lookup(class, self.names.iter).is_none() && self.lookup(class, self.names.getitem).is_none() {
            let what = if self.profile.container_texts_reworded { "a container or iterable" } else { "iterable" };
            let text = format!("argument of type '{}' is not {what}", self.type_name(class));
            return Err(self.type_error(text));
        }
        let iterator = match self.iter(container) {
            Ok(iterator) => iterator,
            Err(stop) => {
                self.catch(stop, Ty::TypeError)?;
                let what = if self.profile.container_texts_reworded { "a container or iterable" } else { "iterable" };
                let text = format!("argument of type '{}' is not {what}", self.type_name(class));
                return Err(self.type_error(text));
            }
        };
        let iterator = self.hold(iterator);
        let mut found = false;
        loop {
            match self.next(iterator) {
                Ok(Some(next)) => {
                    let same = crate::object::sequence::matches(self, next.get(), item);
                    self.release(next);
                    match same {
                        Ok(true) => {
                            found = true;
                            break;
                        }
                        Ok(false) => {}
                        Err(stop) => {
                            self.drop_operands(1);
                            return Err(stop);
                        }
                    }
                }
                Ok(None) => break,
                Err(stop) => {
                    self.drop_operands(1);
                    return Err(stop);
                }
            }
        }
        self.drop_operands(1);
        Ok(found)
    }
}
