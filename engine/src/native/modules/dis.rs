//! `_dis`: the instructions of code objects by CPython's names.

use crate::code::opcodes::{self, ConstForm, Op, Operand};
use crate::heap::{Code, Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::rules::InlineConstants;
use crate::vm::{Res, Ty, Vm};

static FUNCTIONS: &[NativeDef] = &[function("instructions", 1, 1, instructions)];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_dis", def);
    }
    Ok(())
}

impl Vm {
    /// The instructions of code by name.
    pub fn named_instructions(&self, code: &Code) -> Vec<Op> {
        opcodes::ops(code, &|index| self.const_form(code, index), &self.profile.opcodes)
    }

    /// How a constant is loaded.
    fn const_form(&self, code: &Code, index: u32) -> ConstForm {
        let inline = self.profile.inline_constants;
        let single = &self.single;
        let value = match code.consts.get(index as usize) {
            Some(&value) if inline != InlineConstants::None => value,
            Some(&value) if value == single.true_ => return ConstForm::True,
            _ => return ConstForm::Plain,
        };
        let small = self.is_exact(value, Ty::Int).then(|| self.heap.int_word(value));
        let common = [single.none, single.true_, single.false_, single.empty_str].contains(&value) || small == Some(-1);
        match small {
            Some(0..=255) => ConstForm::SmallInt,
            _ if common && inline == InlineConstants::Common => ConstForm::Common,
            _ => ConstForm::Plain,
        }
    }
}

/// Pairs of a name and what the instruction is about, in a list.
fn instructions(vm: &mut Vm, args: Args) -> Res<Owned> {
    let code = args.get(vm, 0);
    if vm.heap.layout(code) != Layout::Code {
        return Err(vm.type_error("a code object is needed"));
    }
    let code = vm.code(code);
    let mut out = Vec::new();
    for op in vm.named_instructions(&code) {
        let known = |list: &[Ref], at: u32| list.get(at as usize).copied().unwrap_or(vm.single.none);
        let value = match op.operand {
            Operand::Nothing => vm.none(),
            Operand::Number(number) => vm.new_int(i64::from(number)),
            Operand::Const(at) => {
                let value = known(&code.consts, at);
                vm.share(value)
            }
            Operand::Name(at) => {
                let value = known(&code.names, at);
                vm.share(value)
            }
            Operand::Local(at) => {
                let value = known(&code.local_names, at);
                vm.share(value)
            }
        };
        let name = vm.intern_str(op.name);
        out.push(vm.new_tuple(vec![name, value]));
    }
    Ok(vm.new_list(out))
}
