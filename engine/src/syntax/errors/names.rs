//! What CPython calls an expression that stands where none can.

use super::{Report, TextRange};
use crate::rules::SyntaxTexts;
use crate::syntax::ast;
use ruff_python_parser::{Mode, ParseOptions};

impl Report<'_> {
    /// CPython's word for the expression at this range.
    pub(super) fn name_at(&self, range: TextRange) -> &'static str {
        let text = format!("({})", self.slice(range));
        let parsed = ruff_python_parser::parse_unchecked(&text, ParseOptions::from(Mode::Expression));
        match parsed.into_syntax() {
            ast::Mod::Expression(expression) => self.name_of(&expression.body),
            ast::Mod::Module(_) => "expression",
        }
    }

    fn name_of(&self, expression: &ast::Expr) -> &'static str {
        let new = self.texts() >= SyntaxTexts::Detailed;
        match expression {
            ast::Expr::Attribute(_) => "attribute",
            ast::Expr::Subscript(_) => "subscript",
            ast::Expr::Starred(_) => "starred",
            ast::Expr::Name(_) => "name",
            ast::Expr::List(_) => "list",
            ast::Expr::Tuple(_) => "tuple",
            ast::Expr::Lambda(_) => "lambda",
            ast::Expr::Call(_) => "function call",
            ast::Expr::BoolOp(_) | ast::Expr::BinOp(_) | ast::Expr::UnaryOp(_) if new => "expression",
            ast::Expr::BoolOp(_) | ast::Expr::BinOp(_) | ast::Expr::UnaryOp(_) => "operator",
            ast::Expr::Generator(_) => "generator expression",
            ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => "yield expression",
            ast::Expr::Await(_) => "await expression",
            ast::Expr::ListComp(_) => "list comprehension",
            ast::Expr::SetComp(_) => "set comprehension",
            ast::Expr::DictComp(_) => "dict comprehension",
            ast::Expr::Dict(_) if new => "dict literal",
            ast::Expr::Dict(_) => "dict display",
            ast::Expr::Set(_) => "set display",
            ast::Expr::FString(_) => "f-string expression",
            ast::Expr::TString(_) => "t-string expression",
            ast::Expr::NoneLiteral(_) => "None",
            ast::Expr::BooleanLiteral(literal) if literal.value => "True",
            ast::Expr::BooleanLiteral(_) => "False",
            ast::Expr::EllipsisLiteral(_) if new => "ellipsis",
            ast::Expr::EllipsisLiteral(_) => "Ellipsis",
            ast::Expr::StringLiteral(_) | ast::Expr::BytesLiteral(_) | ast::Expr::NumberLiteral(_) => "literal",
            ast::Expr::Compare(_) => "comparison",
            ast::Expr::If(_) => "conditional expression",
            ast::Expr::Named(_) => "named expression",
            ast::Expr::Slice(_) | ast::Expr::IpyEscapeCommand(_) => "expression",
        }
    }

    /// Whether CPython takes `=` behind the expression at this range for a mistyped `==`: behind operands, not behind
    /// comparisons and the like.
    pub(super) fn may_mean_equal(&self, range: TextRange) -> bool {
        let text = format!("({})", self.slice(range));
        let parsed = ruff_python_parser::parse_unchecked(&text, ParseOptions::from(Mode::Expression));
        let ast::Mod::Expression(expression) = parsed.into_syntax() else { return false };
        match *expression.body {
            ast::Expr::UnaryOp(ref unary) => unary.op != ast::UnaryOp::Not,
            ast::Expr::Compare(_)
            | ast::Expr::BoolOp(_)
            | ast::Expr::If(_)
            | ast::Expr::Lambda(_)
            | ast::Expr::List(_)
            | ast::Expr::Tuple(_)
            | ast::Expr::Generator(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::BooleanLiteral(_) => false,
            _ => true,
        }
    }
}
