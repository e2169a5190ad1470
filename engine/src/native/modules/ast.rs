//! `_ast`: whether a text is a literal, for `ast.literal_eval`.

use crate::heap::Ref;
use crate::native::{NativeDef, function};
use crate::syntax::ast::{self, Expr, Number, Operator, Stmt, UnaryOp};
use crate::syntax::{SourceKind, deeper, parse};
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[function("is_literal", 1, 1, |vm, args| {
    let source = vm.text_of(args.get(vm, 0)).to_utf8_lossless().into_owned();
    // A text that cannot be parsed is refused where it is evaluated.
    let literal = match parse(&source, 1, SourceKind::Expression, &vm.profile, true) {
        Ok(parsed) => matches!(&parsed.suite[..], [Stmt::Expr(statement)] if is_literal(&statement.value)),
        Err(_) => true,
    };
    Ok(vm.bool(literal))
})];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_ast", def);
    }
    Ok(())
}

fn is_literal(expr: &Expr) -> bool {
    let all = |items: &[Expr]| deeper(|| items.iter().all(is_literal));
    match expr {
        Expr::Tuple(tuple) => all(&tuple.elts),
        Expr::List(list) => all(&list.elts),
        Expr::Set(set) => all(&set.elts),
        Expr::Dict(dict) => deeper(|| {
            dict.items.iter().all(|item| item.key.as_ref().is_some_and(is_literal) && is_literal(&item.value))
        }),
        Expr::Call(call) => {
            matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "set") && call.arguments.is_empty()
        }
        Expr::BinOp(ast::ExprBinOp { op: Operator::Add | Operator::Sub, left, right, .. }) => {
            is_signed_number(left) && matches!(&**right, Expr::NumberLiteral(number) if is_imaginary(number))
        }
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        number => is_signed_number(number),
    }
}

fn is_imaginary(number: &ast::ExprNumberLiteral) -> bool {
    matches!(number.value, Number::Complex { .. })
}

fn is_signed_number(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp(operation) => {
            matches!(operation.op, UnaryOp::UAdd | UnaryOp::USub) && deeper(|| is_signed_number(&operation.operand))
        }
        other => matches!(other, Expr::NumberLiteral(_)),
    }
}
