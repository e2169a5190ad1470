//! The loop: fetches instructions and does what they say. Everything longer than a few lines stands elsewhere.

use super::call::{Called, Caller};
use super::{FrameRole, Res, Stop, Ty, Vm};
use crate::code::{BinOp, Conversion, Instr, UnOp};
use crate::heap::{CellBody, Owned, Ref};
use crate::rules::ConstLoad;
use std::rc::Rc;

/// Leaves the instruction with a failure.
macro_rules! attempt {
    ($op:lifetime, $value:expr) => {
        match $value {
            Ok(value) => value,
            Err(stop) => break $op Err(stop),
        }
    };
}

/// Goes on elsewhere; every way back is a step of the budget, so that no loop is free.
macro_rules! jump {
    ($op:lifetime, $vm:expr, $ip:ident, $to:expr) => {
        let to = $to as usize;
        if to < $ip {
            attempt!($op, $vm.safe_point());
        }
        $ip = to;
    };
}

impl Vm {
    #[inline]
    pub(super) fn pop(&mut self) -> Ref {
        self.stack.pop().unwrap_or(Ref::NULL)
    }

    /// The n-th entry of the stack from the top, 0 being the top.
    #[inline]
    pub(super) fn peek(&self, n: usize) -> Ref {
        let at = self.stack.len().wrapping_sub(n + 1);
        self.stack.get(at).copied().unwrap_or(Ref::NULL)
    }

    #[inline]
    pub fn push(&mut self, value: Owned) {
        self.stack.push(value.into_ref());
    }

    /// Pops two operands, keeps them alive while `run` works, releases them and pushes the result.
    #[inline]
    fn binary(&mut self, right_first: bool, run: impl FnOnce(&mut Vm, Ref, Ref) -> Res<Owned>) -> Res<()> {
        let (left, right) = (self.peek(1), self.peek(0));
        let result = run(self, left, right);
        self.drop_pair(right_first);
        let result = result?;
        self.push(result);
        Ok(())
    }

    /// Pops and releases two operands in the order of the rule.
    #[inline]
    fn drop_pair(&mut self, right_first: bool) {
        let (left, right) = (self.peek(1), self.peek(0));
        self.stack.truncate(self.stack.len().saturating_sub(2));
        let (first, second) = if right_first { (right, left) } else { (left, right) };
        self.release_maybe(first);
        self.release_maybe(second);
    }

    #[inline]
    fn unary(&mut self, run: impl FnOnce(&mut Vm, Ref) -> Res<Owned>) -> Res<()> {
        let value = self.peek(0);
        let result = run(self, value);
        self.stack.pop();
        self.release_maybe(value);
        let result = result?;
        self.push(result);
        Ok(())
    }

    /// Runs the frame that was entered last until it ends; gives back its value.
    ///
    /// # Errors
    /// Whatever leaves the frame.
    pub fn run(&mut self) -> Res<Owned> {
        let depth = self.frames.len();
        let mut code = Rc::clone(&self.frame.code);
        let mut ip = self.frame.ip as usize;
        let mut base = self.frame.base as usize;
        loop {
            let Some(mut instr) = code.fused.get(ip) else {
                let stop = self.raise(Ty::SystemError, "code without return");
                self.unwind(stop, depth, false)?;
                code = Rc::clone(&self.frame.code);
                ip = self.frame.ip as usize;
                base = self.frame.base as usize;
                continue;
            };
            if let Instr::Fused(fused) = *instr {
                if let Some(next) = self.run_fused(fused, &code, base, ip) {
                    ip = next;
                    continue;
                }
                instr = code.instrs.get(ip).unwrap_or(&Instr::Nop);
            }
            self.frame.ip = ip as u32;
            ip += 1;
            let mut reraise = false;
            let outcome: Result<(), Stop> = 'op: {
                match *instr {
                    Instr::Nop | Instr::Fused(_) => {}
                    Instr::PushNull => self.stack.push(Ref::NULL),
                    Instr::Pop => {
                        let value = self.pop();
                        self.release_maybe(value);
                    }
                    Instr::Copy(n) => {
                        let value = self.peek(n as usize - 1);
                        if !value.is_null() {
                            self.heap.inc(value);
                        }
                        self.stack.push(value);
                    }
                    Instr::Swap(n) => {
                        let top = self.stack.len() - 1;
                        self.stack.swap(top, top + 1 - n as usize);
                    }
                    Instr::LoadConst(at) => {
                        let value = code.consts[at as usize];
                        self.heap.inc(value);
                        self.stack.push(if self.profile.const_load == ConstLoad::Borrowed {
                            value.borrowed()
                        } else {
                            value
                        });
                    }
                    Instr::LoadFast(at) | Instr::LoadFastCheck(at) => {
                        let value = self.stack[base + at as usize];
                        if value.is_null() {
                            break 'op Err(self.unbound_local(code.local_names[at as usize]));
                        }
                        self.heap.inc(value);
                        // What was borrowed into the local is borrowed from it.
                        self.stack.push(value);
                    }
                    Instr::LoadFastBorrow(at) => {
                        let value = self.stack[base + at as usize];
                        if value.is_null() {
                            break 'op Err(self.unbound_local(code.local_names[at as usize]));
                        }
                        self.heap.inc(value);
                        self.stack.push(value.borrowed());
                    }
                    Instr::LoadFastAndClear(at) => {
                        let value = std::mem::replace(&mut self.stack[base + at as usize], Ref::NULL);
                        self.stack.push(value);
                    }
                    Instr::StoreFast(at) => {
                        let value = self.pop();
                        let old = std::mem::replace(&mut self.stack[base + at as usize], value);
                        self.release_maybe(old);
                    }
                    Instr::DeleteFast(at) => {
                        let old = std::mem::replace(&mut self.stack[base + at as usize], Ref::NULL);
                        if old.is_null() {
                            break 'op Err(self.unbound_local(code.local_names[at as usize]));
                        }
                        self.release_ref(old);
                    }
                    Instr::MakeCell(at) => {
                        let value = std::mem::replace(&mut self.stack[base + at as usize], Ref::NULL);
                        let cell = self.new_cell(value.plain()).into_ref();
                        self.stack[base + at as usize] = cell;
                    }
                    Instr::LoadClosure(at) => {
                        let cell = self.stack[base + at as usize];
                        self.heap.inc(cell);
                        self.stack.push(cell);
                    }
                    Instr::LoadDeref(at) => {
                        let cell = self.stack[base + at as usize];
                        let value = self.heap.get::<CellBody>(cell).map_or(Ref::NULL, |body| body.value);
                        if value.is_null() {
                            if self.profile.unbound_cells_raise {
                                break 'op Err(self.unbound_cell(at));
                            }
                            let none = self.none();
                            self.push(none);
                        } else {
                            self.heap.inc(value);
                            self.stack.push(value);
                        }
                    }
                    Instr::StoreDeref(at) => {
                        let value = self.pop().plain();
                        let cell = self.stack[base + at as usize];
                        self.set_cell(cell, value);
                    }
                    Instr::DeleteDeref(at) => {
                        let cell = self.stack[base + at as usize];
                        if self.heap.get::<CellBody>(cell).is_none_or(|body| body.value.is_null()) {
                            break 'op Err(self.unbound_cell(at));
                        }
                        if self.profile.del_empties_cells {
                            self.set_cell(cell, Ref::NULL);
                        }
                    }
                    Instr::LoadFromDictOrDeref(at) => {
                        attempt!('op, self.load_from_mapping_or_cell(at));
                    }
                    Instr::LoadFromDictOrGlobals(at) => {
                        attempt!('op, self.load_from_mapping_or_globals(code.names[at as usize]));
                    }
                    Instr::LoadName(at) => {
                        let value = attempt!('op, self.load_name(code.names[at as usize]));
                        self.push(value);
                    }
                    Instr::StoreName(at) => {
                        let value = Owned::adopt(self.pop());
                        attempt!('op, self.store_name(code.names[at as usize], value));
                    }
                    Instr::DeleteName(at) => attempt!('op, self.delete_name(code.names[at as usize])),
                    Instr::LoadGlobal(at) => {
                        let value = attempt!('op, self.load_global(code.names[at as usize]));
                        self.push(value);
                    }
                    Instr::StoreGlobal(at) => {
                        let value = Owned::adopt(self.pop());
                        let globals = self.frame.globals;
                        let stored = self.dict_set(globals, code.names[at as usize], value.get());
                        self.release(value);
                        attempt!('op, stored);
                    }
                    Instr::DeleteGlobal(at) => {
                        let (globals, name) = (self.frame.globals, code.names[at as usize]);
                        if !attempt!('op, self.dict_remove(globals, name)) {
                            break 'op Err(self.name_error(name));
                        }
                    }
                    Instr::LoadLocals => {
                        let space = self.frame.namespace;
                        if space.is_null() {
                            break 'op Err(self.raise(Ty::SystemError, "no locals"));
                        }
                        self.heap.inc(space);
                        self.stack.push(space);
                    }
                    Instr::LoadBuildClass => {
                        let name = self.names.build_class;
                        let builtins = self.frame.builtins;
                        match attempt!('op, self.dict_get(builtins, name)) {
                            Some(value) => {
                                let value = self.share(value);
                                self.push(value);
                            }
                            None => break 'op Err(self.raise(Ty::NameError, "__build_class__ not found")),
                        }
                    }
                    Instr::LoadAssertionError => {
                        let class = self.class(Ty::AssertionError);
                        let class = self.share(class);
                        self.push(class);
                    }
                    Instr::LoadNotImplementedError => {
                        let class = self.class(Ty::NotImplementedError);
                        let class = self.share(class);
                        self.push(class);
                    }
                    Instr::LoadAttr(at) => {
                        let name = code.names[at as usize];
                        attempt!('op, self.unary(|vm, object| vm.get_attr(object, name)));
                    }
                    Instr::LoadMethod(at) => attempt!('op, self.load_method(code.names[at as usize])),
                    Instr::LoadSuperAttr(of) => {
                        attempt!('op, self.load_super(code.names[of.name() as usize], of.given(), false));
                    }
                    Instr::LoadSuperMethod(of) => {
                        attempt!('op, self.load_super(code.names[of.name() as usize], of.given(), true));
                    }
                    Instr::StoreAttr(at) => {
                        let name = code.names[at as usize];
                        let (value, object) = (self.peek(1), self.peek(0));
                        let result = match self.store_known(object, name, value) {
                            Some(old) => {
                                self.release_maybe(old);
                                Ok(())
                            }
                            None => {
                                let before = self.shape_before(object);
                                self.set_attr_learning(object, name, value, before)
                            }
                        };
                        self.drop_operands(2);
                        attempt!('op, result);
                    }
                    Instr::DeleteAttr(at) => {
                        let object = self.peek(0);
                        let result = self.set_attr(object, code.names[at as usize], Ref::NULL);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::BinarySubscr => {
                        attempt!('op, self.binary(self.profile.operand_release.operations, Vm::get_item))
                    }
                    Instr::StoreSubscr => {
                        let (value, container, key) = (self.peek(2), self.peek(1), self.peek(0));
                        let result = self.set_item(container, key, value);
                        self.drop_operands(3);
                        attempt!('op, result);
                    }
                    Instr::DeleteSubscr => {
                        let (container, key) = (self.peek(1), self.peek(0));
                        let result = self.delete_item(container, key);
                        self.drop_operands(2);
                        attempt!('op, result);
                    }
                    Instr::BuildSlice(n) => {
                        let step = if n == 3 { Owned::adopt(self.pop()) } else { self.none() };
                        let stop = Owned::adopt(self.pop());
                        let start = Owned::adopt(self.pop());
                        let slice = self.new_slice(start, stop, step);
                        self.push(slice);
                    }
                    Instr::BinaryOp(BinOp::Add) | Instr::InplaceOp(BinOp::Add) if self.concat_in_place(&code, ip) => {}
                    Instr::BinaryOp(op) => {
                        attempt!('op, self.binary(self.profile.operand_release.operations, |vm, a, b| vm.binary_op(op, a, b)))
                    }
                    Instr::InplaceOp(op) => {
                        attempt!('op, self.binary(self.profile.operand_release.operations, |vm, a, b| vm.inplace_op(op, a, b)))
                    }
                    Instr::UnaryOp(UnOp::Not) => {
                        let value = self.peek(0);
                        let truth = self.truth(value);
                        self.drop_operands(1);
                        let result = !attempt!('op, truth);
                        let result = self.bool(result);
                        self.push(result);
                    }
                    Instr::UnaryOp(op) => attempt!('op, self.unary(|vm, a| vm.unary_op(op, a))),
                    Instr::Compare(op) => {
                        attempt!('op, self.binary(self.profile.operand_release.comparisons, |vm, a, b| vm.compare(a, b, op)))
                    }
                    Instr::IsOp(negated) => {
                        let (left, right) = (self.peek(1), self.peek(0));
                        let same = left == right || (!self.profile.is_by_identity && self.same_number(left, right));
                        let answer = same != negated;
                        self.drop_pair(self.profile.operand_release.comparisons);
                        let answer = self.bool(answer);
                        self.push(answer);
                    }
                    Instr::ContainsOp(negated) => {
                        let (item, container) = (self.peek(1), self.peek(0));
                        let answer = self.contains(container, item);
                        self.drop_pair(self.profile.operand_release.comparisons);
                        let answer = attempt!('op, answer) != negated;
                        let answer = self.bool(answer);
                        self.push(answer);
                    }
                    Instr::BuildTuple(n) => {
                        let items = self.take_operands(n);
                        let tuple = self.new_tuple(items);
                        self.push(tuple);
                    }
                    Instr::BuildList(n) => {
                        let items = self.take_operands(n);
                        let list = self.new_list(items);
                        self.push(list);
                    }
                    Instr::BuildSet(n) => attempt!('op, self.build_set(n)),
                    Instr::BuildMap(n) => attempt!('op, self.build_map(n)),
                    Instr::BuildConstKeyMap(n) => attempt!('op, self.build_const_key_map(n)),
                    Instr::BuildString(n) => self.build_string(n),
                    Instr::ListAppend(n) => {
                        let item = Owned::adopt(self.pop());
                        let list = self.peek(n as usize - 1);
                        self.list_append(list, item);
                    }
                    Instr::SetAdd(n) => {
                        let (item, set) = (self.peek(0), self.peek(n as usize));
                        let result = self.set_add(set, item);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::MapAdd(n) => {
                        let (key, value, dict) = (self.peek(1), self.peek(0), self.peek(n as usize + 1));
                        let result = self.dict_set(dict, key, value);
                        self.drop_operands(2);
                        attempt!('op, result);
                    }
                    Instr::ListExtend(n) => {
                        let (items, list) = (self.peek(0), self.peek(n as usize));
                        let result = self.list_extend_display(list, items);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::SetUpdate(n) => {
                        let (items, set) = (self.peek(0), self.peek(n as usize));
                        let result = self.set_update(set, items);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::DictUpdate(n) => {
                        let (mapping, dict) = (self.peek(0), self.peek(n as usize));
                        let result = self.dict_update_display(dict, mapping);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::DictMerge(n) => {
                        let (mapping, dict) = (self.peek(0), self.peek(n as usize));
                        let callable = self.peek(n as usize + 3);
                        let result = self.dict_merge_keywords(dict, mapping, callable);
                        self.drop_operands(1);
                        attempt!('op, result);
                    }
                    Instr::FormatValue { conversion, spec } => attempt!('op, self.format_value(conversion, spec)),
                    Instr::BuildInterpolation { conversion, spec } => {
                        self.build_interpolation(conversion, spec);
                    }
                    Instr::BuildTemplate => self.build_template(),
                    Instr::UnpackSequence(n) => attempt!('op, self.unpack(n as usize)),
                    Instr::UnpackEx { before, after } => {
                        attempt!('op, self.unpack_star(usize::from(before), usize::from(after)));
                    }
                    Instr::Jump(to) => {
                        jump!('op, self, ip, to);
                    }
                    Instr::PopJumpIfFalse(to) => {
                        let value = self.pop();
                        let truth = self.truth(value);
                        self.release_ref(value);
                        if !attempt!('op, truth) {
                            jump!('op, self, ip, to);
                        }
                    }
                    Instr::PopJumpIfTrue(to) => {
                        let value = self.pop();
                        let truth = self.truth(value);
                        self.release_ref(value);
                        if attempt!('op, truth) {
                            jump!('op, self, ip, to);
                        }
                    }
                    Instr::PopJumpIfNone(to) => {
                        let value = self.pop();
                        let none = value == self.single.none;
                        self.release_ref(value);
                        if none {
                            jump!('op, self, ip, to);
                        }
                    }
                    Instr::PopJumpIfNotNone(to) => {
                        let value = self.pop();
                        let none = value == self.single.none;
                        self.release_ref(value);
                        if !none {
                            jump!('op, self, ip, to);
                        }
                    }
                    Instr::JumpIfFalseOrPop(to) => {
                        let value = self.peek(0);
                        if attempt!('op, self.truth(value)) {
                            self.drop_operands(1);
                        } else {
                            jump!('op, self, ip, to);
                        }
                    }
                    Instr::JumpIfTrueOrPop(to) => {
                        let value = self.peek(0);
                        if attempt!('op, self.truth(value)) {
                            jump!('op, self, ip, to);
                        } else {
                            self.drop_operands(1);
                        }
                    }
                    Instr::GetIter => attempt!('op, self.unary(Vm::iter)),
                    Instr::GetYieldFromIter => attempt!('op, self.yield_from_iter()),
                    Instr::ForIter(to) => {
                        let iterator = self.peek(0);
                        match attempt!('op, self.next(iterator)) {
                            Some(item) => self.push(item),
                            None => {
                                self.drop_operands(1);
                                ip = to as usize;
                            }
                        }
                    }
                    Instr::Call(n) => {
                        let at = self.stack.len() - n as usize - 2;
                        let checks = !self.collection_due() || !self.skips_collector(self.stack[at]);
                        match attempt!('op, self.call_at(at, Ref::NULL, Caller::Python)) {
                            Called::Value(value) => {
                                self.push(value);
                                if checks && self.collection_due() {
                                    attempt!('op, self.collect_if_due());
                                }
                            }
                            Called::Frame => {
                                code = Rc::clone(&self.frame.code);
                                ip = 0;
                                base = self.frame.base as usize;
                            }
                        }
                    }
                    Instr::CallKw(n) => {
                        // The names stay alive: they are a constant of the calling code.
                        let names = self.pop();
                        let at = self.stack.len() - n as usize - 2;
                        let called = self.call_at(at, names, Caller::Python);
                        self.release_ref(names);
                        match attempt!('op, called) {
                            Called::Value(value) => self.push(value),
                            Called::Frame => {
                                code = Rc::clone(&self.frame.code);
                                ip = 0;
                                base = self.frame.base as usize;
                            }
                        }
                    }
                    Instr::CallEx(keywords) => match attempt!('op, self.call_ex(keywords)) {
                        Called::Value(value) => self.push(value),
                        Called::Frame => {
                            code = Rc::clone(&self.frame.code);
                            ip = 0;
                            base = self.frame.base as usize;
                        }
                    },
                    Instr::MakeFunction(parts) => self.make_function(parts),
                    Instr::Return => {
                        let mut value = Owned::adopt(self.pop());
                        let entered = self.frames.len() == depth;
                        let frame = self.leave_frame();
                        match frame.role {
                            FrameRole::Call => {}
                            FrameRole::Init => match self.end_init(value, frame.floor) {
                                Ok(made) => value = made,
                                Err(stop) if entered => return Err(stop),
                                Err(stop) => break 'op Err(stop),
                            },
                            FrameRole::Generator => self.finish_generator(frame.generator),
                        }
                        if entered {
                            return Ok(value);
                        }
                        self.push(value);
                        code = Rc::clone(&self.frame.code);
                        ip = self.frame.ip as usize + 1;
                        base = self.frame.base as usize;
                    }
                    Instr::ReturnGenerator => {
                        let made = self.make_generator();
                        if self.frames.len() < depth {
                            return made;
                        }
                        let generator = attempt!('op, made);
                        self.push(generator);
                        code = Rc::clone(&self.frame.code);
                        ip = self.frame.ip as usize + 1;
                        base = self.frame.base as usize;
                    }
                    Instr::Yield => {
                        let value = Owned::adopt(self.pop());
                        self.suspend();
                        return Ok(value);
                    }
                    Instr::Send(to) => {
                        if attempt!('op, self.send_to_delegate()) {
                            ip = to as usize;
                        }
                    }
                    Instr::GetAwaitable(of) => attempt!('op, self.unary(|vm, value| vm.awaitable_of(value, of))),
                    Instr::GetAiter => attempt!('op, self.unary(Vm::async_iter)),
                    Instr::GetAnext => attempt!('op, self.async_next()),
                    Instr::EndAsyncFor => {
                        let exception = Owned::adopt(self.pop());
                        let class = self.class(Ty::StopAsyncIteration);
                        if self.is_instance_of(exception.get(), class) {
                            self.release(exception);
                            self.drop_operands(1);
                        } else {
                            let old = std::mem::replace(&mut self.raised, exception.into_ref());
                            self.release_maybe(old);
                            reraise = true;
                            break 'op Err(Stop::Raised);
                        }
                    }
                    Instr::CleanupThrow => {
                        let exception = Owned::adopt(self.pop());
                        let class = self.class(Ty::StopIteration);
                        if self.is_instance_of(exception.get(), class) {
                            let value = self.stop_iteration_value(exception.get());
                            self.release(exception);
                            self.drop_operands(1);
                            self.push(value);
                        } else {
                            let old = std::mem::replace(&mut self.raised, exception.into_ref());
                            self.release_maybe(old);
                            reraise = true;
                            break 'op Err(Stop::Raised);
                        }
                    }
                    Instr::Raise(operands) => {
                        reraise = operands == 0;
                        break 'op Err(self.raise_statement(operands));
                    }
                    Instr::Reraise => {
                        let exception = self.pop();
                        let old = std::mem::replace(&mut self.raised, exception);
                        self.release_maybe(old);
                        reraise = true;
                        break 'op Err(Stop::Raised);
                    }
                    Instr::PushExcInfo => self.push_handled(),
                    Instr::PopExcept => self.pop_handled(),
                    Instr::CheckExcMatch => {
                        let (exception, class) = (self.peek(1), self.peek(0));
                        let answer = self.exception_matches(exception, class);
                        self.drop_operands(1);
                        let answer = attempt!('op, answer);
                        let answer = self.bool(answer);
                        self.push(answer);
                    }
                    Instr::CheckEgMatch => attempt!('op, self.match_exception_group()),
                    Instr::BeforeWith(exit) => attempt!('op, self.enter_with(false, exit)),
                    Instr::BeforeAsyncWith(exit) => attempt!('op, self.enter_with(true, exit)),
                    Instr::WithExceptStart(exit) => attempt!('op, self.call_exit_with_exception(exit)),
                    Instr::ImportName(at) => attempt!('op, self.import_statement(code.names[at as usize])),
                    Instr::ImportLazy(at) => self.lazy_import(code.names[at as usize]),
                    Instr::ImportFrom(at) => attempt!('op, self.import_from(code.names[at as usize])),
                    Instr::SetupAnnotations => attempt!('op, self.setup_annotations()),
                    Instr::MatchSequence => {
                        let subject = self.peek(0);
                        let answer = self.is_match_sequence(subject);
                        let answer = self.bool(answer);
                        self.push(answer);
                    }
                    Instr::MatchMapping => {
                        let subject = self.peek(0);
                        let answer = self.is_match_mapping(subject);
                        let answer = self.bool(answer);
                        self.push(answer);
                    }
                    Instr::MatchKeys => attempt!('op, self.match_keys()),
                    Instr::MatchClass(n) => attempt!('op, self.match_class(n as usize)),
                    Instr::GetLen => {
                        let value = self.peek(0);
                        let length = attempt!('op, self.length(value));
                        let length = self.new_size(length);
                        self.push(length);
                    }
                    Instr::Intrinsic(which) => attempt!('op, self.intrinsic(which)),
                }
                Ok(())
            };
            if let Err(stop) = outcome {
                self.unwind(stop, depth, reraise)?;
                code = Rc::clone(&self.frame.code);
                ip = self.frame.ip as usize;
                base = self.frame.base as usize;
            }
        }
    }

    /// Pops and releases the operands of an instruction, the deepest first.
    #[inline]
    pub(super) fn drop_operands(&mut self, n: usize) {
        match n {
            1 => {
                let value = self.pop();
                self.release_maybe(value);
            }
            2 => {
                let (second, first) = (self.pop(), self.pop());
                self.release_maybe(first);
                self.release_maybe(second);
            }
            3 => {
                let (third, second, first) = (self.pop(), self.pop(), self.pop());
                self.release_maybe(first);
                self.release_maybe(second);
                self.release_maybe(third);
            }
            _ => {
                let at = self.stack.len().saturating_sub(n);
                let dead: Vec<Ref> = self.stack.split_off(at);
                self.release_all(dead);
            }
        }
    }

    /// Takes the n topmost entries off the stack, in order.
    pub fn take_operands(&mut self, n: u32) -> Vec<Owned> {
        let at = self.stack.len().saturating_sub(n as usize);
        self.stack.split_off(at).into_iter().map(Owned::adopt).collect()
    }

    /// Puts a counted value (or NULL) into a cell.
    pub fn set_cell(&mut self, cell: Ref, value: Ref) {
        let old = match self.heap.get_mut::<CellBody>(cell) {
            Some(body) => std::mem::replace(&mut body.value, value),
            None => value,
        };
        self.release_maybe(old);
    }

    fn format_value(&mut self, conversion: Conversion, spec: bool) -> Res<()> {
        let count = 1 + usize::from(spec);
        let value = self.peek(usize::from(spec));
        let spec_object = if spec { self.peek(0) } else { Ref::NULL };
        let result = self.format_field(value, conversion, spec_object);
        self.drop_operands(count);
        let result = result?;
        self.push(result);
        Ok(())
    }
}
