//! Calling. A call finds `callable self|null args…` on the stack and leaves the stack cut back to the callable: at once
//! for native functions, at the end of the frame for Python functions.
//!
//! Invariant: whatever happens, everything from the callable upward is consumed.

use super::{Frame, FrameRole, Res, Ty, Vm};
use crate::code::Instr;
use crate::heap::{
    BytesBody, Code, CodeBody, FunctionBody, InstanceBody, Layout, MethodBody, NativeBody, Owned, Ref, TypeBody,
    WrapperBody,
};
use crate::native::Args;
use crate::session::LimitKind;
use std::rc::Rc;

/// What a call has come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Called {
    /// A frame has been entered.
    Frame,
    /// It is over.
    Value(Owned),
}

/// Who calls: decides whether the caller's stack keeps its own references.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// An instruction.
    Python,
    /// A native function: the references it pushed become the callee's.
    Native,
    /// `f(*args)`: as `Native`; what holds the arguments meanwhile is its own affair.
    Star,
}

/// Native functions that call back nest at most so deep: the host's stack is finite.
const HOST_DEPTH: u32 = 2_000;

impl Vm {
    /// Calls a callable with positional arguments, which are borrowed.
    ///
    /// # Errors
    /// Whatever the call raises.
    pub fn call(&mut self, callable: Ref, args: &[Ref]) -> Res<Owned> {
        self.call_keywords(callable, Ref::NULL, args, Ref::NULL)
    }

    /// Calls a special method found on the class of `this`.
    ///
    /// # Errors
    /// Whatever the call raises.
    pub fn call_special(&mut self, method: Ref, this: Ref, args: &[Ref]) -> Res<Owned> {
        match self.heap.layout(method) {
            Layout::Function => self.call_keywords(method, this, args, Ref::NULL),
            Layout::Native if !self.is_exact(method, Ty::BuiltinFunction) => {
                self.call_keywords(method, this, args, Ref::NULL)
            }
            _ => {
                let bound = self.bind(method, this, self.heap.class_of(this))?;
                let result = self.call(bound.get(), args);
                self.release(bound);
                result
            }
        }
    }

    /// Calls `object.name(*args)`.
    ///
    /// # Errors
    /// Whatever the lookup or the call raise.
    pub fn call_method(&mut self, object: Ref, name: Ref, args: &[Ref]) -> Res<Owned> {
        let method = self.get_attr(object, name)?;
        let result = self.call(method.get(), args);
        self.release(method);
        result
    }

    /// Calls with a receiver (or NULL), arguments, and the tuple of names of the last ones (or NULL). All borrowed.
    ///
    /// # Errors
    /// Whatever the call raises.
    pub fn call_keywords(&mut self, callable: Ref, this: Ref, args: &[Ref], names: Ref) -> Res<Owned> {
        if let Some(body) = self.heap.get::<NativeBody>(callable)
            && let Some(def) = body.def
        {
            let (bound, owner) = (body.this, body.owner);
            return self.call_native_directly(callable, def, bound, owner, this, args, names);
        }
        let at = self.stack.len();
        self.heap.inc(callable);
        self.stack.push(callable);
        if !this.is_null() {
            self.heap.inc(this);
        }
        // What the caller borrows, the callee owns.
        self.stack.push(this.plain());
        for &arg in args {
            self.heap.inc(arg);
            self.stack.push(arg.plain());
        }
        self.run_call(at, names)
    }

    /// Calls what lies on the stack from `at` on, and waits for the value.
    ///
    /// # Errors
    /// Whatever the call raises.
    pub fn run_call(&mut self, at: usize, names: Ref) -> Res<Owned> {
        if self.native_depth >= HOST_DEPTH {
            self.cut(at);
            if self.budget.recursion > HOST_DEPTH {
                return Err(super::Stop::Limit(LimitKind::Recursion));
            }
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        self.native_depth += 1;
        let result = match self.call_at(at, names, Caller::Native) {
            Ok(Called::Value(value)) => Ok(value),
            Ok(Called::Frame) => self.run(),
            Err(stop) => Err(stop),
        };
        self.native_depth -= 1;
        result
    }

    /// Runs a native algorithm that nests on the host's stack as deep as its data: RecursionError beyond the limit.
    ///
    /// # Errors
    /// RecursionError; what `body` raises.
    pub fn nested_host<T>(&mut self, what: &str, body: impl FnOnce(&mut Vm) -> Res<T>) -> Res<T> {
        if self.native_depth >= HOST_DEPTH {
            return Err(self.too_deep(what));
        }
        self.native_depth += 1;
        let result = self.nested_in(what, body);
        self.native_depth -= 1;
        result
    }

    /// Pops down to `floor`, releasing from the top.
    pub fn cut(&mut self, floor: usize) {
        while self.stack.len() > floor {
            if let Some(top) = self.stack.pop() {
                self.release_maybe(top);
            }
        }
    }

    /// Starts the call that lies at `at`; `names` are the names of its last arguments, borrowed.
    ///
    /// # Errors
    /// Whatever the call raises.
    pub fn call_at(&mut self, at: usize, names: Ref, caller: Caller) -> Res<Called> {
        let callable = self.stack[at];
        match self.heap.layout(callable) {
            Layout::Function => self.call_function(at, callable, Ref::NULL, names, caller),
            Layout::Native => self.call_native(at, callable, names).map(Called::Value),
            Layout::Method => {
                let (func, this) = match self.heap.get::<MethodBody>(callable) {
                    Some(body) => (body.func, body.this),
                    None => (Ref::NULL, Ref::NULL),
                };
                if self.heap.layout(func) == Layout::Function && self.stack[at + 1].is_null() {
                    return self.call_function(at, func, this, names, caller);
                }
                if self.heap.layout(func) == Layout::Function && caller == Caller::Python {
                    // The exit of a `with`: the method is called as it is, and lives until it is through.
                    return self.call_above(at, func, this, names);
                }
                // A method of some other callable: the receiver goes in front.
                self.heap.inc(func);
                self.heap.inc(this);
                let old_this = std::mem::replace(&mut self.stack[at + 1], this);
                if !old_this.is_null() {
                    self.stack.insert(at + 2, old_this);
                }
                self.stack[at] = func;
                self.release_ref(callable);
                self.call_at(at, names, caller)
            }
            Layout::Type => self.call_class(at, callable, names, caller),
            _ => {
                let class = self.heap.class_of(callable);
                if let Some(func) = self.wrapped_function(callable) {
                    self.heap.inc(func);
                    self.stack[at] = func;
                    self.release_ref(callable);
                    return self.call_at(at, names, caller);
                }
                let Some(method) = self.lookup(class, self.names.call) else {
                    let text = format!("'{}' object is not callable", self.type_name(class));
                    self.cut(at);
                    return Err(self.type_error(text));
                };
                // `callable(*args)` is `type(callable).__call__(callable, *args)`.
                if self.heap.layout(method) == Layout::Function {
                    return self.call_instance(at, method, names, caller);
                }
                let bound = match self.bind(method, callable, class) {
                    Ok(bound) => bound,
                    Err(stop) => {
                        self.cut(at);
                        return Err(stop);
                    }
                };
                self.stack[at] = bound.into_ref();
                self.release_ref(callable);
                self.nested_call(at, names, caller)
            }
        }
    }

    /// Calls a Python `__call__` with the object at `at` as `self`: through C, with a tuple and a dict of the arguments
    /// that live as long as the call, like what the caller's stack holds.
    fn call_instance(&mut self, at: usize, method: Ref, names: Ref, caller: Caller) -> Res<Called> {
        let this = self.stack[at];
        let start = if self.stack[at + 1].is_null() { at + 2 } else { at + 1 };
        let given: Vec<Ref> = self.stack[start..].iter().map(|entry| entry.plain()).collect();
        let named = if names.is_null() { 0 } else { self.tuple_items(names).len() };
        let (positional, values) = given.split_at(given.len() - named);
        let mut held = Vec::new();
        if caller != Caller::Star || !self.profile.call_ex_keeps_tuple {
            held.push(self.tuple_of(positional).into_ref());
        }
        if named > 0 {
            let dict = self.new_dict();
            for (&name, &value) in self.tuple_items(names).to_vec().iter().zip(values) {
                let (name, value) = (self.share(name), self.share(value));
                self.dict_insert_new(dict.get(), name, value);
            }
            held.push(dict.into_ref());
            if self.profile.keyword_call_holds {
                held.push(self.share(this).into_ref());
                held.extend(positional.iter().map(|&arg| self.share(arg).into_ref()));
            }
            held.extend(values.iter().map(|&value| self.share(value).into_ref()));
        }
        if caller == Caller::Python {
            self.stack.extend(held);
            let above = self.stack.len();
            self.stack.push(Ref::NULL);
            for &arg in &given {
                self.heap.inc(arg);
                self.stack.push(arg);
            }
            self.enter_above(at, above, method, this, names)
        } else {
            // What a native function calls, it holds itself.
            if caller == Caller::Native {
                self.stack[at] = this.borrowed();
            }
            let above = start + held.len();
            self.stack.splice(start..start, held);
            self.stack.insert(above, Ref::NULL);
            self.enter_above(at, above, method, this, names)
        }
    }

    /// Calls a function with a receiver in front of the arguments at `at + 1`; what lies at `at` lives until it is through.
    fn call_above(&mut self, at: usize, func: Ref, this: Ref, names: Ref) -> Res<Called> {
        let above = at + 1;
        if self.stack[above].is_null() {
            return self.enter_above(at, above, func, this, names);
        }
        self.stack.insert(above, Ref::NULL);
        self.enter_above(at, above, func, this, names)
    }

    /// The same with a place for the receiver at `above`, and arguments behind it.
    fn enter_above(&mut self, at: usize, above: usize, func: Ref, this: Ref, names: Ref) -> Res<Called> {
        self.heap.inc(func);
        self.heap.inc(this);
        self.stack[above] = this;
        self.stack.insert(above, func);
        match self.call_function(above, func, Ref::NULL, names, Caller::Native) {
            Ok(called) => {
                self.frame.floor = at as u32;
                Ok(called)
            }
            Err(stop) => {
                self.cut(at);
                Err(stop)
            }
        }
    }

    /// The running instruction calls a special method on these operands. If it has been executed so often that it enters
    /// the method directly, they are the method's, and the stack only borrows them.
    pub(super) fn enters_directly(&mut self, after: Option<u32>, operands: &[Ref]) {
        let Some(after) = after else { return };
        let instr = self.frame.code.instrs.get(self.frame.ip as usize);
        let bottom = self.stack.len().saturating_sub(operands.len());
        if !matches!(instr, Some(Instr::LoadAttr(_) | Instr::LoadMethod(_) | Instr::BinarySubscr))
            || self.stack[bottom..] != *operands
        {
            return;
        }
        if after > 0 {
            let place = (Rc::as_ptr(&self.frame.code).addr(), self.frame.ip + 1);
            let runs = self.warm.entry(place).or_default();
            *runs = runs.saturating_add(1);
            if *runs <= after {
                return;
            }
        }
        for entry in &mut self.stack[bottom..] {
            *entry = entry.borrowed();
        }
    }

    fn nested_call(&mut self, at: usize, names: Ref, caller: Caller) -> Res<Called> {
        // A `__call__` that is itself an object with a `__call__`, and so on, needs a bound.
        if self.budget.depth >= self.budget.recursion {
            self.cut(at);
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        self.budget.depth += 1;
        let result = self.call_at(at, names, caller);
        self.budget.depth -= 1;
        result
    }

    /// A static method can be called like its function.
    pub(crate) fn wrapped_function(&self, callable: Ref) -> Option<Ref> {
        if !self.profile.staticmethod_callable || !self.is_instance_of(callable, self.class(Ty::StaticMethod)) {
            return None;
        }
        self.heap.get::<WrapperBody>(callable)?.func.some()
    }

    // ---- Python functions -------------------------------------------------------------------------------------

    /// Enters a Python function. `this` is the receiver of a bound method, borrowed from the method object at `at`.
    fn call_function(&mut self, at: usize, func: Ref, this: Ref, names: Ref, caller: Caller) -> Res<Called> {
        if let Err(stop) = self.step() {
            self.cut(at);
            return Err(stop);
        }
        if self.budget.depth >= self.budget.recursion {
            self.cut(at);
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        let Some(body) = self.heap.get::<FunctionBody>(func) else {
            self.cut(at);
            return Err(self.type_error("not a function"));
        };
        let (code_ref, globals, builtins, closure) = (body.code, body.globals, body.builtins, body.closure);
        let code = self.code(code_ref);
        let moved = caller != Caller::Python || self.profile.arg_passing == crate::rules::ArgPassing::Moved;
        let mut start = if self.stack[at + 1].is_null() { at + 2 } else { at + 1 };
        let base;
        if moved {
            if !this.is_null() {
                self.heap.inc(this);
                self.stack[at + 1] = this;
                start = at + 1;
            }
            // The stack's reference to the function becomes the frame's; a bound method is let go instead.
            let callable = std::mem::replace(&mut self.stack[at], Ref::NULL);
            let method = if callable == func {
                Ref::NULL
            } else {
                self.heap.inc(func);
                callable
            };
            let counted = self.stack.len() - start;
            if names.is_null() && code.takes_exactly(counted) {
                base = start;
            } else {
                match self.bind_arguments(&code, func, start, names) {
                    Ok(locals) => {
                        self.stack.truncate(start);
                        base = start;
                        self.stack.extend(locals);
                    }
                    Err(stop) => {
                        self.release_maybe(method);
                        self.release_ref(func);
                        self.cut(at);
                        return Err(stop);
                    }
                }
            }
            self.release_maybe(method);
        } else {
            self.heap.inc(func);
            let first = start;
            let end = self.stack.len();
            if names.is_null() && code.takes_exactly(end - first + usize::from(!this.is_null())) {
                base = end;
                self.stack.extend(this.some());
                self.stack.extend_from_within(first..end);
                for place in base..self.stack.len() {
                    self.heap.inc(self.stack[place]);
                }
            } else {
                // The binder consumes a copy of the arguments.
                let copy = end;
                self.stack.extend(this.some());
                self.stack.extend_from_within(first..end);
                for place in copy..self.stack.len() {
                    self.heap.inc(self.stack[place]);
                }
                match self.bind_arguments(&code, func, copy, names) {
                    Ok(locals) => {
                        self.stack.truncate(copy);
                        base = copy;
                        self.stack.extend(locals);
                    }
                    Err(stop) => {
                        self.release_ref(func);
                        self.cut(at);
                        return Err(stop);
                    }
                }
            }
        }
        self.heap.inc(code_ref);
        self.push_frame(code);
        let frame = &mut self.frame;
        (frame.code_ref, frame.func) = (code_ref, func);
        (frame.globals, frame.builtins) = (globals, builtins);
        (frame.base, frame.floor) = (base as u32, at as u32);
        self.add_closure(closure);
        Ok(Called::Frame)
    }

    /// Pads the locals of the frame just entered and puts the closure's cells behind them.
    fn add_closure(&mut self, closure: Ref) {
        let total = self.frame.base as usize + self.frame.code.local_names.len();
        if closure.is_null() {
            self.stack.resize(total, Ref::NULL);
            self.frame.stack_base = total as u32;
            return;
        }
        let cells: Vec<Ref> = self.tuple_items(closure).to_vec();
        self.stack.resize(total - cells.len().min(self.frame.code.freevars.len()), Ref::NULL);
        for &cell in cells.iter().take(self.frame.code.freevars.len()) {
            self.heap.inc(cell);
            self.stack.push(cell);
        }
        self.frame.stack_base = self.stack.len() as u32;
    }

    /// The shared part of a code object.
    #[inline]
    pub fn code(&self, code: Ref) -> Rc<Code> {
        self.heap.get::<CodeBody>(code).map(|body| Rc::clone(&body.code)).unwrap_or_default()
    }

    /// Makes a new frame of this code the running one; all else in it is still to be filled in.
    ///
    /// It is written field by field: a frame that is copied right after it was made would have to wait for itself.
    #[inline]
    pub fn push_frame(&mut self, code: Rc<Code>) {
        self.budget.depth += 1;
        let frame = &mut self.frame;
        self.frames.push(Frame {
            code: std::mem::replace(&mut frame.code, code),
            code_ref: frame.code_ref,
            func: frame.func,
            globals: frame.globals,
            builtins: frame.builtins,
            namespace: std::mem::take(&mut frame.namespace),
            object: std::mem::take(&mut frame.object),
            kept: std::mem::take(&mut frame.kept),
            generator: std::mem::take(&mut frame.generator),
            ip: std::mem::take(&mut frame.ip),
            base: frame.base,
            stack_base: frame.stack_base,
            floor: frame.floor,
            role: std::mem::take(&mut frame.role),
        });
        (frame.code_ref, frame.func) = (Ref::NULL, Ref::NULL);
        (frame.globals, frame.builtins) = (Ref::NULL, Ref::NULL);
        (frame.base, frame.stack_base, frame.floor) = (0, 0, 0);
    }

    /// Runs a code object of a module, `exec` or `eval` to its end.
    ///
    /// # Errors
    /// Whatever it raises.
    pub fn run_code(&mut self, code_ref: Ref, globals: Ref, namespace: Ref) -> Res<Owned> {
        self.run_code_with(code_ref, globals, namespace, Ref::NULL)
    }

    /// The same with a closure for the code's free variables.
    ///
    /// # Errors
    /// Whatever it raises.
    pub fn run_code_with(&mut self, code_ref: Ref, globals: Ref, namespace: Ref, closure: Ref) -> Res<Owned> {
        self.step()?;
        if self.budget.depth >= self.budget.recursion || self.native_depth >= HOST_DEPTH {
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        let code = self.code(code_ref);
        let builtins = self.builtins_of(globals);
        for r in [code_ref, globals, builtins, namespace] {
            if !r.is_null() {
                self.heap.inc(r);
            }
        }
        let at = self.stack.len() as u32;
        self.push_frame(code);
        let frame = &mut self.frame;
        (frame.code_ref, frame.namespace) = (code_ref, namespace);
        (frame.globals, frame.builtins) = (globals, builtins);
        (frame.base, frame.floor) = (at, at);
        self.add_closure(closure);
        self.native_depth += 1;
        let result = self.run();
        self.native_depth -= 1;
        result
    }

    /// The builtins that code with these globals sees.
    pub fn builtins_of(&mut self, globals: Ref) -> Ref {
        match self.dict_get_text(globals, self.names.builtins) {
            Some(found) => match self.heap.layout(found) {
                Layout::Module => self.own_dict(found),
                Layout::Dict => found,
                _ => self.builtins,
            },
            None => self.builtins,
        }
    }

    // ---- native functions -------------------------------------------------------------------------------------

    /// A native function called by a native function: its arguments are borrowed and not counted on the stack.
    fn call_native_directly(
        &mut self,
        callable: Ref,
        def: &'static crate::native::NativeDef,
        bound: Ref,
        owner: Ref,
        this: Ref,
        args: &[Ref],
        names: Ref,
    ) -> Res<Owned> {
        if self.native_depth >= HOST_DEPTH {
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        self.native_depth += 1;
        let base = self.stack.len();
        if !bound.is_null() && def.binds() {
            self.stack.push(bound);
        }
        self.stack.extend(this.some());
        self.stack.extend_from_slice(args);
        let result = match self.check_native_receiver(def, bound, owner, base, names) {
            Ok(()) => self.bind_native_arguments(def, callable, base, names, true),
            Err(stop) => Err(stop),
        };
        let end = self.stack.len();
        let result = match result {
            Ok(keywords) => {
                let args = Args { base: base as u32, len: (end - base) as u32, keywords, callee: callable };
                (def.run)(self, args)
            }
            Err(stop) => Err(stop),
        };
        // Only what the function held is the machine's to release.
        if self.stack.len() > end {
            let held = self.stack.split_off(end);
            self.release_all(held);
        }
        self.stack.truncate(base);
        self.native_depth -= 1;
        result
    }

    fn call_native(&mut self, at: usize, callable: Ref, names: Ref) -> Res<Owned> {
        let Some((def, this, owner)) =
            self.heap.get::<NativeBody>(callable).and_then(|body| Some((body.def?, body.this, body.owner)))
        else {
            self.cut(at);
            return Err(self.type_error("not a native function"));
        };
        if !this.is_null() && def.binds() {
            self.heap.inc(this);
            let old = std::mem::replace(&mut self.stack[at + 1], this);
            if !old.is_null() {
                self.stack.insert(at + 2, old);
            }
        }
        let start = if self.stack[at + 1].is_null() { at + 2 } else { at + 1 };
        let result = match self.check_native_receiver(def, this, owner, start, names) {
            Ok(()) => match self.bind_native_arguments(def, callable, start, names, false) {
                Ok(keywords) => {
                    let args =
                        Args { base: start as u32, len: (self.stack.len() - start) as u32, keywords, callee: callable };
                    (def.run)(self, args)
                }
                Err(stop) => Err(stop),
            },
            Err(stop) => Err(stop),
        };
        self.cut_call(at);
        result
    }

    /// Ends a native call: what the function held goes first, then its arguments in order, then the callable.
    fn cut_call(&mut self, at: usize) {
        const FEW: usize = 6;
        let count = self.stack.len() - (at + 1);
        if count == 2 {
            let (second, first) = (self.pop(), self.pop());
            self.release_maybe(first);
            self.release_maybe(second);
        } else if count > FEW {
            let dead = self.stack.split_off(at + 1);
            self.release_all(dead);
        } else {
            let mut dead = [Ref::NULL; FEW];
            dead[..count].copy_from_slice(&self.stack[at + 1..]);
            self.stack.truncate(at + 1);
            self.release_all(dead.into_iter().take(count));
        }
        self.cut(at);
    }

    // ---- classes ----------------------------------------------------------------------------------------------

    fn call_class(&mut self, at: usize, class: Ref, names: Ref, caller: Caller) -> Res<Called> {
        let meta = self.heap.class_of(class);
        let type_class = self.class(Ty::Type);
        if meta != type_class
            && let Some(call) = self.lookup(meta, self.names.call)
            && self.heap.layout(call) != Layout::Native
        {
            if self.heap.layout(call) == Layout::Function {
                return self.call_instance(at, call, names, caller);
            }
            let bound = match self.bind(call, class, meta) {
                Ok(bound) => bound,
                Err(stop) => {
                    self.cut(at);
                    return Err(stop);
                }
            };
            self.stack[at] = bound.into_ref();
            self.release_ref(class);
            return self.call_at(at, names, caller);
        }
        self.instantiate(at, class, names, caller)
    }

    /// `type.__call__`: makes the object and initialises it.
    pub fn instantiate(&mut self, at: usize, class: Ref, names: Ref, caller: Caller) -> Res<Called> {
        let start = if self.stack[at + 1].is_null() { at + 2 } else { at + 1 };
        let count = self.stack.len() - start;
        if class == self.class(Ty::Type) && count == 1 && names.is_null() {
            let result = self.share(self.heap.class_of(self.stack[start]));
            self.cut_call(at);
            return Ok(Called::Value(result));
        }
        if class == self.class(Ty::Str) && count == 1 && names.is_null() && start == at + 2 {
            let made = self.str_object(self.stack[start]);
            self.cut_call(at);
            return made.map(Called::Value);
        }
        let new = self.lookup(class, self.names.new).unwrap_or(Ref::NULL);
        let init = self.lookup(class, self.names.init).unwrap_or(Ref::NULL);
        let plain_new = !new.is_null() && self.is_object_new(new);
        if plain_new && self.heap.layout(init) == Layout::Function && start == at + 2 {
            let instance = match self.new_instance(class) {
                Ok(instance) => instance,
                Err(stop) => {
                    self.cut(at);
                    return Err(stop);
                }
            };
            return self.call_init(at, instance, init, names, caller);
        }
        if start == at + 2
            && names.is_null()
            && !plain_new
            && let Some(made) = self.instantiate_built_in(at, class, new, init)
        {
            return made.map(Called::Value);
        }
        let args: Vec<Ref> = self.stack[start..].to_vec();
        let made = self.make_and_init(class, new, init, &args, names);
        self.cut_call(at);
        made.map(Called::Value)
    }

    /// Makes an object of a built-in class whose `__new__` does everything: the class takes the receiver's place in
    /// front of the arguments. Nothing if it is not that simple.
    fn instantiate_built_in(&mut self, at: usize, class: Ref, new: Ref, init: Ref) -> Option<Res<Owned>> {
        let def = self.heap.get::<NativeBody>(new)?.def?;
        if def.role != crate::native::Role::New || self.native_depth >= HOST_DEPTH {
            return None;
        }
        if crate::object::exception::is_plain(def, self.heap.get::<NativeBody>(init)?.def?) {
            let args = self.stack[at + 2..].iter().map(|&arg| self.heap.share(arg)).collect();
            let made = self.new_exception_of(class, args);
            self.cut_call(at);
            return Some(Ok(made));
        }
        if !self.is_object_init(init) {
            return None;
        }
        self.native_depth += 1;
        // Like all that one native function hands to another, the class is not counted there.
        self.stack[at + 1] = class;
        let bound = self.bind_native_arguments(def, new, at + 1, Ref::NULL, false);
        let end = self.stack.len();
        let made = bound.and_then(|keywords| {
            (def.run)(self, Args { base: at as u32 + 1, len: (end - at - 1) as u32, keywords, callee: new })
        });
        if self.stack.len() > end {
            let held = self.stack.split_off(end);
            self.release_all(held);
        }
        self.stack[at + 1] = Ref::NULL;
        self.native_depth -= 1;
        let made = made.and_then(|made| self.init_other(made, class, at + 2));
        self.cut_call(at);
        Some(made)
    }

    /// `__new__` may give an object of another class than it was asked for: that class's `__init__` is called.
    fn init_other(&mut self, made: Owned, class: Ref, start: usize) -> Res<Owned> {
        let made_class = self.heap.class_of(made.get());
        if made_class == class || !self.is_subclass(made_class, class) {
            return Ok(made);
        }
        let args = self.stack[start..].to_vec();
        self.init_made(made, made_class, &args, Ref::NULL)
    }

    /// Enters a Python `__init__`; the new object waits at `at + 1`.
    fn call_init(&mut self, at: usize, instance: Owned, init: Ref, names: Ref, caller: Caller) -> Res<Called> {
        // The object lies below the call of `__init__`: class, object, then callable, receiver, arguments.
        let this = instance.get();
        self.stack[at + 1] = instance.into_ref();
        self.heap.inc(init);
        self.heap.inc(this);
        self.stack.extend([init, this]);
        self.stack[at + 2..].rotate_right(2);
        let _ = caller;
        match self.call_function(at + 2, init, Ref::NULL, names, Caller::Native) {
            Ok(called) => {
                self.frame.floor = at as u32;
                self.frame.role = FrameRole::Init;
                Ok(called)
            }
            Err(stop) => {
                self.cut(at);
                Err(stop)
            }
        }
    }

    fn make_and_init(&mut self, class: Ref, new: Ref, init: Ref, args: &[Ref], names: Ref) -> Res<Owned> {
        if new.is_null() || self.heap.get::<TypeBody>(class).is_none() {
            let text = format!("cannot create '{}' instances", self.type_name(class));
            return Err(self.type_error(text));
        }
        if self.is_object_new(new) && !args.is_empty() {
            self.check_object_args(class, init)?;
        }
        let mut with_class = Vec::with_capacity(args.len() + 1);
        with_class.push(class);
        with_class.extend_from_slice(args);
        let new = self.bind(new, Ref::NULL, class)?;
        let made = self.call_keywords(new.get(), Ref::NULL, &with_class, names);
        self.release(new);
        let made = made?;
        if self.profile.other_class_not_initialised && !self.is_instance_of(made.get(), class) {
            return Ok(made);
        }
        let made_class = self.heap.class_of(made.get());
        self.init_made(made, made_class, args, names)
    }

    /// Calls the `__init__` of a new object's class.
    fn init_made(&mut self, made: Owned, made_class: Ref, args: &[Ref], names: Ref) -> Res<Owned> {
        let Some(init) = self.lookup(made_class, self.names.init) else { return Ok(made) };
        if self.is_object_init(init) {
            return Ok(made);
        }
        let this = self.hold(made);
        match self.heap.layout(init) {
            Layout::Function | Layout::Native => {
                let result = self.call_keywords(init, this, args, names)?;
                self.check_init_result(result)?;
            }
            _ => {
                let bound = self.bind(init, this, made_class)?;
                let result = self.call_keywords(bound.get(), Ref::NULL, args, names);
                self.release(bound);
                let result = result?;
                self.check_init_result(result)?;
            }
        }
        match self.stack.pop() {
            Some(top) => Ok(Owned::adopt(top)),
            None => Ok(self.none()),
        }
    }

    /// An `__init__` that [`Vm::call_init`] entered has given this: the object that waits below its call, which ends.
    pub(super) fn end_init(&mut self, result: Owned, floor: u32) -> Res<Owned> {
        let made = Owned::adopt(self.pop());
        let checked = self.check_init_result(result);
        self.cut(floor as usize);
        match checked {
            Ok(()) => Ok(made),
            Err(stop) => {
                self.release(made);
                Err(stop)
            }
        }
    }

    /// `__init__` must give None.
    ///
    /// # Errors
    /// TypeError if it does not.
    pub fn check_init_result(&mut self, result: Owned) -> Res<()> {
        if result.get() == self.single.none || !self.profile.init_result_checked {
            self.release(result);
            return Ok(());
        }
        let name = self.class_name(result.get());
        self.release(result);
        Err(self.type_error(format!("__init__() should return None, not '{name}'")))
    }

    /// A new instance of a class whose layout is decided by `object`.
    ///
    /// # Errors
    /// TypeError for a class with abstract methods.
    pub fn new_instance(&mut self, class: Ref) -> Res<Owned> {
        let Some(body) = self.heap.get::<TypeBody>(class) else { return Err(self.type_error("not a class")) };
        let (kind, slots, abstract_methods) = (body.instance_kind, body.slot_count as usize, body.abstract_methods);
        if abstract_methods {
            return Err(self.abstract_error(class));
        }
        match self.heap.kind(kind).layout {
            Layout::Instance => {
                let room = self.heap.get_mut::<TypeBody>(class).map_or(0, |body| {
                    body.instances = body.instances.saturating_add(1);
                    let room = body.shared_keys.room();
                    let left = body.shared_keys.add_instance();
                    match (body.has_dict, self.profile.sizes.values_inside) {
                        (false, _) => 0,
                        (true, true) => room,
                        (true, false) => left,
                    }
                });
                Ok(self.heap.alloc(kind, InstanceBody { slots: no_slots(slots), room, ..InstanceBody::default() }))
            }
            Layout::Unit => Ok(self.heap.alloc_unit(kind)),
            _ => {
                let text = format!(
                    "object.__new__({0}) is not safe, use {1}.__new__()",
                    self.type_name(class),
                    self.solid_base_name(class)
                );
                Err(self.type_error(text))
            }
        }
    }

    /// The text of a bytes object.
    pub fn as_bytes(&self, value: Ref) -> Option<&[u8]> {
        self.heap.get::<BytesBody>(value).map(|body| body.data.as_slice())
    }
}

/// So many slots without a value.
#[inline]
fn no_slots(count: usize) -> Vec<Ref> {
    if count == 0 { Vec::new() } else { vec![Ref::NULL; count] }
}

impl Code {
    /// Whether so many positional arguments are just the parameters.
    #[inline]
    pub fn takes_exactly(&self, count: usize) -> bool {
        count == self.arg_count as usize && self.kwonly_count == 0 && !self.varargs && !self.varkw
    }
}
