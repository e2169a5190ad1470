//! The parts of an expression, in the order in which they are evaluated.

use super::ast;

/// Calls `visit` on the expressions directly inside one that opens no scope; a lambda or comprehension has no parts here.
/// Targets of `:=` come after their value.
pub(crate) fn try_parts<Stop>(
    expression: &ast::Expr,
    visit: &mut impl FnMut(&ast::Expr) -> Result<(), Stop>,
) -> Result<(), Stop> {
    match expression {
        ast::Expr::Named(named) => {
            visit(&named.value)?;
            visit(&named.target)
        }
        ast::Expr::Yield(yield_) => yield_.value.iter().try_for_each(|value| visit(value)),
        ast::Expr::YieldFrom(yield_) => visit(&yield_.value),
        ast::Expr::Await(await_) => visit(&await_.value),
        ast::Expr::BoolOp(op) => op.values.iter().try_for_each(visit),
        ast::Expr::BinOp(op) => {
            visit(&op.left)?;
            visit(&op.right)
        }
        ast::Expr::UnaryOp(op) => visit(&op.operand),
        ast::Expr::If(if_) => {
            visit(&if_.test)?;
            visit(&if_.body)?;
            visit(&if_.orelse)
        }
        ast::Expr::Dict(dict) => dict.items.iter().try_for_each(|item| {
            item.key.iter().try_for_each(&mut *visit)?;
            visit(&item.value)
        }),
        ast::Expr::Set(set) => set.elts.iter().try_for_each(visit),
        ast::Expr::Compare(compare) => {
            visit(&compare.left)?;
            compare.comparators.iter().try_for_each(visit)
        }
        ast::Expr::Call(call) => {
            visit(&call.func)?;
            call.arguments.args.iter().try_for_each(&mut *visit)?;
            call.arguments.keywords.iter().try_for_each(|keyword| visit(&keyword.value))
        }
        ast::Expr::FString(string) => {
            string.value.f_strings().try_for_each(|part| interpolations(&part.elements, visit))
        }
        ast::Expr::TString(string) => string.value.iter().try_for_each(|part| interpolations(&part.elements, visit)),
        ast::Expr::Attribute(attribute) => visit(&attribute.value),
        ast::Expr::Subscript(subscript) => {
            visit(&subscript.value)?;
            visit(&subscript.slice)
        }
        ast::Expr::Starred(starred) => visit(&starred.value),
        ast::Expr::List(list) => list.elts.iter().try_for_each(visit),
        ast::Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(visit),
        ast::Expr::Slice(slice) => {
            let parts = slice.lower.iter().chain(&slice.upper).chain(&slice.step);
            parts.into_iter().try_for_each(|part| visit(part))
        }
        ast::Expr::Lambda(_)
        | ast::Expr::ListComp(_)
        | ast::Expr::SetComp(_)
        | ast::Expr::DictComp(_)
        | ast::Expr::Generator(_)
        | ast::Expr::Name(_)
        | ast::Expr::StringLiteral(_)
        | ast::Expr::BytesLiteral(_)
        | ast::Expr::NumberLiteral(_)
        | ast::Expr::BooleanLiteral(_)
        | ast::Expr::NoneLiteral(_)
        | ast::Expr::EllipsisLiteral(_)
        | ast::Expr::IpyEscapeCommand(_) => Ok(()),
    }
}

/// The expressions of replacement fields, each followed by those of its format specification. Specifications nest only as
/// deep as brackets do.
fn interpolations<Stop>(
    elements: &ast::InterpolatedStringElements,
    visit: &mut impl FnMut(&ast::Expr) -> Result<(), Stop>,
) -> Result<(), Stop> {
    elements.interpolations().try_for_each(|element| {
        visit(&element.expression)?;
        element.format_spec.iter().try_for_each(|spec| interpolations(&spec.elements, visit))
    })
}
