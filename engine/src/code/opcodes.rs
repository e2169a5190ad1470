//! The instructions of a code object by CPython's names: what `dis` shows, and how many bytes they take.
//!
//! The engine's instructions have the shape of CPython's; here they are split, joined and put in order as the version does
//! it. Nothing runs by these names.

use super::Location;
use super::instr::{BinOp, Conversion, Instr, Intrinsic, UnOp};
use crate::heap::Code;
use crate::rules::{CallNames, Opcodes};
use rustc_hash::FxHashMap;

/// An instruction by CPython's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Op {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub operand: Operand,
}

/// What an instruction is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Nothing.
    Nothing,
    /// A constant.
    Const(u32),
    /// A name.
    Name(u32),
    /// A local.
    Local(u32),
    /// A number.
    Number(u32),
}

/// How a constant is loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConstForm {
    /// From `co_consts`.
    Plain,
    /// The same, of True.
    True,
    /// A small int, which the instruction holds.
    SmallInt,
    /// One that all code shares.
    Common,
}

/// The instructions by name, without caches.
pub fn ops(code: &Code, form: &dyn Fn(u32) -> ConstForm, rules: &Opcodes) -> Vec<Op> {
    let (instrs, locations) = (&code.instrs[..], &code.locations[..]);
    let (out, nulls, loop_ends, calls) = (Vec::new(), FxHashMap::default(), FxHashMap::default(), Vec::new());
    let mut writer = Writer { instrs, locations, form, rules, out, nulls, loop_ends, calls };
    writer.place_nulls();
    writer.place_loop_ends();
    let built = if rules.unpack_builds { writer.unpacked() } else { FxHashMap::default() };
    if rules.resume && instrs.first() != Some(&Instr::ReturnGenerator) {
        writer.put("RESUME", Operand::Number(0));
    }
    for (at, &instr) in instrs.iter().enumerate() {
        if let Some(&count) = writer.loop_ends.get(&at) {
            (0..count).for_each(|_| rules.end_for.iter().for_each(|name| writer.plain(name)));
        }
        if let Some(&count) = writer.nulls.get(&at) {
            (0..count).for_each(|_| writer.put("PUSH_NULL", Operand::Nothing));
        }
        match built.get(&at) {
            Some(&Some(name)) => writer.put(name, Operand::Number(2)),
            Some(None) => {}
            None => writer.write(at, instr),
        }
    }
    if rules.pairs { joined(writer.out) } else { writer.out }
}

/// The bytes that the instructions take, caches included.
pub fn size(ops: &[Op], rules: &Opcodes) -> usize {
    let told = || rules.caches.iter().copied().flatten();
    let caches = |op: &Op| told().find(|(name, _)| *name == op.name).map_or(0, |(_, places)| *places);
    ops.iter().map(|op| 2 * (1 + caches(op))).sum()
}

struct Writer<'a> {
    instrs: &'a [Instr],
    locations: &'a [Location],
    form: &'a dyn Fn(u32) -> ConstForm,
    rules: &'a Opcodes,
    out: Vec<Op>,
    /// Where empty places are put that lie under what is called.
    nulls: FxHashMap<usize, usize>,
    /// How many loops over iterators end at a place.
    loop_ends: FxHashMap<usize, usize>,
    /// Of each call that is being prepared: whether a method is called.
    calls: Vec<bool>,
}

impl Writer<'_> {
    fn put(&mut self, name: &'static str, operand: Operand) {
        self.out.push(Op { name, operand });
    }

    fn plain(&mut self, name: &'static str) {
        self.put(name, Operand::Nothing);
    }

    /// Finds where the code of each called value begins, if the empty place comes before it.
    fn place_nulls(&mut self) {
        if !self.rules.null_first {
            return;
        }
        for (at, _) in self.instrs.iter().enumerate().filter(|(_, instr)| **instr == Instr::PushNull) {
            if at > 0 && matches!(self.instrs.get(at - 1), Some(Instr::LoadGlobal(_))) {
                continue;
            }
            *self.nulls.entry(self.value_before(at)).or_default() += 1;
        }
    }

    fn place_loop_ends(&mut self) {
        for instr in self.instrs {
            if let Instr::ForIter(end) = instr {
                *self.loop_ends.entry(*end as usize).or_default() += 1;
            }
        }
    }

    /// The first instruction of those that make the value on top before this one.
    fn value_before(&self, at: usize) -> usize {
        let mut wanted = 1;
        for (index, instr) in self.instrs.iter().enumerate().take(at).rev() {
            let effect = instr.effect();
            wanted = (wanted + effect.pops).saturating_sub(effect.pushes);
            if wanted == 0 {
                return index;
            }
        }
        at
    }

    /// Displays with stars where they are built at once: the instructions that are left out, and the last one of each,
    /// which builds.
    fn unpacked(&self) -> FxHashMap<usize, Option<&'static str>> {
        let mut found = FxHashMap::default();
        for (at, instr) in self.instrs.iter().enumerate() {
            let name = match instr {
                Instr::BuildList(0) => "BUILD_LIST_UNPACK",
                Instr::BuildSet(0) => "BUILD_SET_UNPACK",
                Instr::BuildMap(0) => "BUILD_MAP_UNPACK",
                _ => continue,
            };
            let parts = self.extended(at);
            let stars = |at: &usize| {
                matches!(self.instrs[*at], Instr::ListExtend(1) | Instr::SetUpdate(1) | Instr::DictUpdate(1))
            };
            let Some(&last) = parts.last().filter(|_| parts.iter().any(stars)) else { continue };
            found.insert(at, None);
            found.extend(parts.iter().map(|&part| (part, None)));
            if self.instrs.get(last + 1) == Some(&Instr::Intrinsic(Intrinsic::ListToTuple)) {
                found.insert(last + 1, Some("BUILD_TUPLE_UNPACK"));
            } else {
                found.insert(last, Some(name));
            }
        }
        found
    }

    /// The instructions that put something into the collection that the one at `start` makes.
    fn extended(&self, start: usize) -> Vec<usize> {
        let mut parts = Vec::new();
        let mut above = 0;
        for (at, instr) in self.instrs.iter().enumerate().skip(start + 1) {
            let effect = instr.effect();
            let extends = matches!(
                instr,
                Instr::ListExtend(1)
                    | Instr::ListAppend(1)
                    | Instr::SetUpdate(1)
                    | Instr::SetAdd(1)
                    | Instr::DictUpdate(1)
            );
            if extends && above == 1 {
                parts.push(at);
                above = 0;
                continue;
            }
            if effect.pops > above || instr.target().is_some() {
                break;
            }
            above = above - effect.pops + effect.pushes;
        }
        parts
    }

    fn write(&mut self, at: usize, instr: Instr) {
        let rules = self.rules;
        match instr {
            Instr::Nop | Instr::Fused(_) => {}
            Instr::PushNull => {
                self.calls.push(false);
                let of_global = matches!(self.before(at), Some(Instr::LoadGlobal(_)));
                if rules.calls == CallNames::One && !rules.null_first && !of_global {
                    self.plain("PUSH_NULL");
                }
            }
            Instr::Pop => self.plain("POP_TOP"),
            Instr::Copy(2) if !rules.swap && self.before(at) == Some(Instr::Swap(2)) => self.plain("ROT_THREE"),
            Instr::Copy(_) if !rules.swap => self.plain("DUP_TOP"),
            Instr::Copy(n) => self.put("COPY", Operand::Number(n)),
            Instr::Swap(n) if !rules.swap => self.turn(at, n),
            Instr::Swap(n) => self.put("SWAP", Operand::Number(n)),
            Instr::LoadConst(index) => {
                let name = match (self.form)(index) {
                    ConstForm::Plain | ConstForm::True => "LOAD_CONST",
                    ConstForm::SmallInt => "LOAD_SMALL_INT",
                    ConstForm::Common => "LOAD_COMMON_CONSTANT",
                };
                self.put(name, Operand::Const(index));
            }
            Instr::LoadMethod(index) => {
                self.calls.push(true);
                self.put(if rules.load_method { "LOAD_METHOD" } else { "LOAD_ATTR" }, Operand::Name(index));
            }
            Instr::LoadSuperMethod(name) => {
                self.calls.push(true);
                self.put("LOAD_SUPER_ATTR", Operand::Name(name.name()));
            }
            Instr::Call(count) => {
                let method = self.calls.pop().unwrap_or_default();
                match rules.calls {
                    CallNames::ByKind if method => self.put("CALL_METHOD", Operand::Number(count)),
                    CallNames::ByKind => self.put("CALL_FUNCTION", Operand::Number(count)),
                    CallNames::InTwo => {
                        self.put("PRECALL", Operand::Number(count));
                        self.put("CALL", Operand::Number(count));
                    }
                    CallNames::One => self.put("CALL", Operand::Number(count)),
                }
            }
            Instr::CallKw(count) => {
                self.calls.pop();
                match rules.calls {
                    CallNames::ByKind => self.put("CALL_FUNCTION_KW", Operand::Number(count)),
                    CallNames::InTwo | CallNames::One => self.put("CALL_KW", Operand::Number(count)),
                }
            }
            Instr::CallEx(kwargs) => {
                self.calls.pop();
                if rules.star_null && !kwargs {
                    self.plain("PUSH_NULL");
                }
                self.put("CALL_FUNCTION_EX", Operand::Number(u32::from(kwargs)));
            }
            Instr::UnaryOp(UnOp::Not) => self.not(),
            Instr::BinarySubscr if self.slices() => {
                self.out.pop();
                self.plain("BINARY_SLICE");
            }
            Instr::BinarySubscr if rules.subscript_op => self.plain("BINARY_OP"),
            Instr::BinaryOp(op) => self.plain(if rules.binary_op { "BINARY_OP" } else { binary(op) }),
            Instr::InplaceOp(op) => self.plain(if rules.binary_op { "BINARY_OP" } else { inplace(op) }),
            Instr::IsOp(_) => self.plain(if rules.is_op { "IS_OP" } else { "COMPARE_OP" }),
            Instr::ContainsOp(_) => self.plain(if rules.is_op { "CONTAINS_OP" } else { "COMPARE_OP" }),
            Instr::FormatValue { conversion, spec } if rules.format_steps => {
                if conversion != Conversion::None {
                    self.plain("CONVERT_VALUE");
                }
                self.plain(if spec { "FORMAT_WITH_SPEC" } else { "FORMAT_SIMPLE" });
            }
            // The peephole optimiser takes a test away that is always true.
            Instr::PopJumpIfFalse(_) if !rules.resume && self.tests_true() => {
                self.out.pop();
            }
            Instr::PopJumpIfFalse(_) => self.branch("POP_JUMP_IF_FALSE", "POP_JUMP_FORWARD_IF_FALSE"),
            Instr::PopJumpIfTrue(_) => self.branch("POP_JUMP_IF_TRUE", "POP_JUMP_FORWARD_IF_TRUE"),
            Instr::JumpIfFalseOrPop(_) => self.keeping("JUMP_IF_FALSE_OR_POP", "POP_JUMP_IF_FALSE"),
            Instr::JumpIfTrueOrPop(_) => self.keeping("JUMP_IF_TRUE_OR_POP", "POP_JUMP_IF_TRUE"),
            Instr::Jump(target) => {
                let back = (target as usize) <= at;
                self.plain(match (rules.resume, back) {
                    (true, true) => "JUMP_BACKWARD",
                    (true, false) => "JUMP_FORWARD",
                    (false, true) => "JUMP_ABSOLUTE",
                    (false, false) => "JUMP_FORWARD",
                });
            }
            Instr::MakeFunction(parts) => {
                if rules.function_names {
                    self.plain("LOAD_CONST");
                }
                self.plain("MAKE_FUNCTION");
                if rules.pairs {
                    let given = [parts.defaults, parts.kwdefaults, parts.annotations, parts.annotate, parts.closure];
                    let count = given.into_iter().filter(|part| *part).count();
                    (0..count).for_each(|_| self.plain("SET_FUNCTION_ATTRIBUTE"));
                }
            }
            Instr::Intrinsic(Intrinsic::ListToTuple) if rules.list_to_tuple => self.plain("LIST_TO_TUPLE"),
            Instr::Return => {
                let alone = rules.return_const && !self.is_target(at) && !self.is_shared(at);
                match self.out.last_mut() {
                    Some(last) if alone && last.name == "LOAD_CONST" => last.name = "RETURN_CONST",
                    _ => self.plain("RETURN_VALUE"),
                }
            }
            Instr::ReturnGenerator => {
                self.plain("RETURN_GENERATOR");
                if rules.resume {
                    self.plain("POP_TOP");
                    self.put("RESUME", Operand::Number(0));
                }
            }
            Instr::Yield => {
                self.plain("YIELD_VALUE");
                if rules.resume {
                    self.put("RESUME", Operand::Number(1));
                }
            }
            other => {
                let (name, operand) = same(other);
                self.put(name, operand);
            }
        }
    }

    /// The instruction before this one.
    fn before(&self, at: usize) -> Option<Instr> {
        at.checked_sub(1).and_then(|at| self.instrs.get(at)).copied()
    }

    /// Whether this return is one of several copies of one that was given different constants.
    fn is_shared(&self, at: usize) -> bool {
        let places = |at: usize| Some((self.locations.get(at)?, self.locations.get(at.checked_sub(1)?)?));
        let Some((place, value)) = places(at) else { return false };
        let returns = self.instrs.iter().enumerate().filter(|(_, instr)| **instr == Instr::Return);
        returns.filter_map(|(other, _)| places(other)).any(|(other, with)| other == place && with != value)
    }

    /// Whether a jump leads here.
    fn is_target(&self, at: usize) -> bool {
        self.instrs.iter().any(|instr| instr.target().is_some_and(|target| target as usize == at))
    }

    /// The stack is turned where there is no `SWAP`. A copy of what was turned under makes one turn of three.
    fn turn(&mut self, at: usize, n: u32) {
        let copies = n == 2 && self.instrs.get(at + 1) == Some(&Instr::Copy(2));
        self.plain(match (copies, n) {
            (true, _) => "DUP_TOP",
            (false, 2) => "ROT_TWO",
            (false, 3) => "ROT_THREE",
            (false, _) => "ROT_FOUR",
        });
    }

    /// Whether the two instructions before this one make the slice that is taken.
    fn slices(&self) -> bool {
        self.rules.binary_slice
            && self.out.last().is_some_and(|op| op.name == "BUILD_SLICE" && op.operand == Operand::Number(2))
    }

    /// Whether what was written last is a true constant.
    fn tests_true(&self) -> bool {
        match self.out.last() {
            Some(Op { name: "LOAD_CONST", operand: Operand::Const(index) }) => (self.form)(*index) == ConstForm::True,
            _ => false,
        }
    }

    /// Whether what was written last leaves True or False.
    fn leaves_bool(&self) -> bool {
        self.out
            .last()
            .is_some_and(|op| matches!(op.name, "COMPARE_OP" | "IS_OP" | "CONTAINS_OP" | "UNARY_NOT" | "TO_BOOL"))
    }

    fn truth(&mut self) {
        if self.rules.to_bool && !self.leaves_bool() {
            self.plain("TO_BOOL");
        }
    }

    fn not(&mut self) {
        if self.rules.to_bool && self.out.last().is_some_and(|op| op.name == "UNARY_NOT") {
            // Not twice leaves the truth value.
            self.out.pop();
            return;
        }
        self.truth();
        self.plain("UNARY_NOT");
    }

    fn branch(&mut self, name: &'static str, forward: &'static str) {
        self.truth();
        self.plain(if self.rules.directions { forward } else { name });
        if self.rules.subscript_op {
            self.plain("NOT_TAKEN");
        }
    }

    /// A jump that keeps the value if it is taken.
    fn keeping(&mut self, whole: &'static str, name: &'static str) {
        if self.rules.or_pop {
            return self.plain(whole);
        }
        self.put("COPY", Operand::Number(1));
        self.branch(name, name);
        self.plain("POP_TOP");
    }
}

/// Loads and stores of locals, two in one where they stand side by side.
fn joined(ops: Vec<Op>) -> Vec<Op> {
    let mut out: Vec<Op> = Vec::with_capacity(ops.len());
    for op in ops {
        let pair = out.last().and_then(|last| match (last.name, op.name) {
            ("LOAD_FAST", "LOAD_FAST") => Some("LOAD_FAST_LOAD_FAST"),
            ("LOAD_FAST_BORROW", "LOAD_FAST_BORROW") => Some("LOAD_FAST_BORROW_LOAD_FAST_BORROW"),
            ("STORE_FAST", "LOAD_FAST") => Some("STORE_FAST_LOAD_FAST"),
            ("STORE_FAST", "STORE_FAST") => Some("STORE_FAST_STORE_FAST"),
            _ => None,
        });
        match (pair, out.last_mut()) {
            (Some(name), Some(last)) => last.name = name,
            _ => out.push(op),
        }
    }
    out
}

fn binary(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "BINARY_ADD",
        BinOp::Sub => "BINARY_SUBTRACT",
        BinOp::Mul => "BINARY_MULTIPLY",
        BinOp::MatMul => "BINARY_MATRIX_MULTIPLY",
        BinOp::Div => "BINARY_TRUE_DIVIDE",
        BinOp::FloorDiv => "BINARY_FLOOR_DIVIDE",
        BinOp::Mod => "BINARY_MODULO",
        BinOp::Pow => "BINARY_POWER",
        BinOp::LShift => "BINARY_LSHIFT",
        BinOp::RShift => "BINARY_RSHIFT",
        BinOp::And => "BINARY_AND",
        BinOp::Or => "BINARY_OR",
        BinOp::Xor => "BINARY_XOR",
    }
}

fn inplace(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "INPLACE_ADD",
        BinOp::Sub => "INPLACE_SUBTRACT",
        BinOp::Mul => "INPLACE_MULTIPLY",
        BinOp::MatMul => "INPLACE_MATRIX_MULTIPLY",
        BinOp::Div => "INPLACE_TRUE_DIVIDE",
        BinOp::FloorDiv => "INPLACE_FLOOR_DIVIDE",
        BinOp::Mod => "INPLACE_MODULO",
        BinOp::Pow => "INPLACE_POWER",
        BinOp::LShift => "INPLACE_LSHIFT",
        BinOp::RShift => "INPLACE_RSHIFT",
        BinOp::And => "INPLACE_AND",
        BinOp::Or => "INPLACE_OR",
        BinOp::Xor => "INPLACE_XOR",
    }
}

/// Instructions that are named alike in every version that has them.
fn same(instr: Instr) -> (&'static str, Operand) {
    use Operand::{Local, Name, Nothing, Number};
    match instr {
        Instr::LoadFast(slot) => ("LOAD_FAST", Local(slot)),
        Instr::LoadFastBorrow(slot) => ("LOAD_FAST_BORROW", Local(slot)),
        Instr::LoadFastCheck(slot) => ("LOAD_FAST_CHECK", Local(slot)),
        Instr::LoadFastAndClear(slot) => ("LOAD_FAST_AND_CLEAR", Local(slot)),
        Instr::StoreFast(slot) => ("STORE_FAST", Local(slot)),
        Instr::DeleteFast(slot) => ("DELETE_FAST", Local(slot)),
        Instr::MakeCell(slot) => ("MAKE_CELL", Local(slot)),
        Instr::LoadClosure(slot) => ("LOAD_CLOSURE", Local(slot)),
        Instr::LoadDeref(slot) => ("LOAD_DEREF", Local(slot)),
        Instr::StoreDeref(slot) => ("STORE_DEREF", Local(slot)),
        Instr::DeleteDeref(slot) => ("DELETE_DEREF", Local(slot)),
        Instr::LoadFromDictOrDeref(slot) => ("LOAD_FROM_DICT_OR_DEREF", Local(slot)),
        Instr::LoadFromDictOrGlobals(name) => ("LOAD_FROM_DICT_OR_GLOBALS", Name(name)),
        Instr::LoadName(name) => ("LOAD_NAME", Name(name)),
        Instr::StoreName(name) => ("STORE_NAME", Name(name)),
        Instr::DeleteName(name) => ("DELETE_NAME", Name(name)),
        Instr::LoadGlobal(name) => ("LOAD_GLOBAL", Name(name)),
        Instr::StoreGlobal(name) => ("STORE_GLOBAL", Name(name)),
        Instr::DeleteGlobal(name) => ("DELETE_GLOBAL", Name(name)),
        Instr::LoadAttr(name) => ("LOAD_ATTR", Name(name)),
        Instr::LoadSuperAttr(name) => ("LOAD_SUPER_ATTR", Name(name.name())),
        Instr::StoreAttr(name) => ("STORE_ATTR", Name(name)),
        Instr::DeleteAttr(name) => ("DELETE_ATTR", Name(name)),
        Instr::ImportName(name) | Instr::ImportLazy(name) => ("IMPORT_NAME", Name(name)),
        Instr::ImportFrom(name) => ("IMPORT_FROM", Name(name)),
        Instr::LoadLocals => ("LOAD_LOCALS", Nothing),
        Instr::LoadBuildClass => ("LOAD_BUILD_CLASS", Nothing),
        Instr::LoadAssertionError => ("LOAD_ASSERTION_ERROR", Nothing),
        Instr::LoadNotImplementedError => ("LOAD_COMMON_CONSTANT", Nothing),
        Instr::BinarySubscr => ("BINARY_SUBSCR", Nothing),
        Instr::StoreSubscr => ("STORE_SUBSCR", Nothing),
        Instr::DeleteSubscr => ("DELETE_SUBSCR", Nothing),
        Instr::BuildSlice(count) => ("BUILD_SLICE", Number(count)),
        Instr::UnaryOp(UnOp::Pos) => ("UNARY_POSITIVE", Nothing),
        Instr::UnaryOp(UnOp::Neg) => ("UNARY_NEGATIVE", Nothing),
        Instr::UnaryOp(UnOp::Invert) => ("UNARY_INVERT", Nothing),
        Instr::Compare(_) => ("COMPARE_OP", Nothing),
        Instr::BuildTuple(count) => ("BUILD_TUPLE", Number(count)),
        Instr::BuildList(count) => ("BUILD_LIST", Number(count)),
        Instr::BuildSet(count) => ("BUILD_SET", Number(count)),
        Instr::BuildMap(count) => ("BUILD_MAP", Number(count)),
        Instr::BuildConstKeyMap(count) => ("BUILD_CONST_KEY_MAP", Number(count)),
        Instr::BuildString(count) => ("BUILD_STRING", Number(count)),
        Instr::ListAppend(depth) => ("LIST_APPEND", Number(depth)),
        Instr::SetAdd(depth) => ("SET_ADD", Number(depth)),
        Instr::MapAdd(depth) => ("MAP_ADD", Number(depth)),
        Instr::ListExtend(depth) => ("LIST_EXTEND", Number(depth)),
        Instr::SetUpdate(depth) => ("SET_UPDATE", Number(depth)),
        Instr::DictUpdate(depth) => ("DICT_UPDATE", Number(depth)),
        Instr::DictMerge(depth) => ("DICT_MERGE", Number(depth)),
        Instr::FormatValue { .. } => ("FORMAT_VALUE", Nothing),
        Instr::BuildInterpolation { .. } => ("BUILD_INTERPOLATION", Nothing),
        Instr::BuildTemplate => ("BUILD_TEMPLATE", Nothing),
        Instr::UnpackSequence(count) => ("UNPACK_SEQUENCE", Number(count)),
        Instr::UnpackEx { .. } => ("UNPACK_EX", Nothing),
        Instr::PopJumpIfNone(_) => ("POP_JUMP_IF_NONE", Nothing),
        Instr::PopJumpIfNotNone(_) => ("POP_JUMP_IF_NOT_NONE", Nothing),
        Instr::GetIter => ("GET_ITER", Nothing),
        Instr::GetYieldFromIter => ("GET_YIELD_FROM_ITER", Nothing),
        Instr::ForIter(_) => ("FOR_ITER", Nothing),
        Instr::Send(_) => ("SEND", Nothing),
        Instr::GetAwaitable(_) => ("GET_AWAITABLE", Nothing),
        Instr::GetAiter => ("GET_AITER", Nothing),
        Instr::GetAnext => ("GET_ANEXT", Nothing),
        Instr::EndAsyncFor => ("END_ASYNC_FOR", Nothing),
        Instr::CleanupThrow => ("CLEANUP_THROW", Nothing),
        Instr::Raise(count) => ("RAISE_VARARGS", Number(count)),
        Instr::Reraise => ("RERAISE", Nothing),
        Instr::PushExcInfo => ("PUSH_EXC_INFO", Nothing),
        Instr::PopExcept => ("POP_EXCEPT", Nothing),
        Instr::CheckExcMatch => ("CHECK_EXC_MATCH", Nothing),
        Instr::CheckEgMatch => ("CHECK_EG_MATCH", Nothing),
        Instr::BeforeWith(_) => ("BEFORE_WITH", Nothing),
        Instr::BeforeAsyncWith(_) => ("BEFORE_ASYNC_WITH", Nothing),
        Instr::WithExceptStart(_) => ("WITH_EXCEPT_START", Nothing),
        Instr::SetupAnnotations => ("SETUP_ANNOTATIONS", Nothing),
        Instr::MatchSequence => ("MATCH_SEQUENCE", Nothing),
        Instr::MatchMapping => ("MATCH_MAPPING", Nothing),
        Instr::MatchKeys => ("MATCH_KEYS", Nothing),
        Instr::MatchClass(count) => ("MATCH_CLASS", Number(count)),
        Instr::GetLen => ("GET_LEN", Nothing),
        Instr::Intrinsic(_) => ("CALL_INTRINSIC_1", Nothing),
        // The others are written by `Writer::write`.
        _ => ("NOP", Nothing),
    }
}
