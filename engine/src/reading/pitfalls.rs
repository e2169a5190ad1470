//! Constructs that are known to surprise.
//!
//! Invariant: a pitfall is a statement about what the text means, and true whatever the program does. Where it depends on
//! how an object is used, the pitfall says what the text shows of that.

use super::lost::{lost_items, temporary_write};
use super::uses::{KEEPING, Keeps, Reads, Through, Uses, parameter_names, stores};
use super::{bytes, is_constant, name_of};
use crate::syntax::ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use crate::syntax::ast::{self, CmpOp, Expr, Parameters, Stmt};
use crate::syntax::{Parsed, Ranged, deeper};
use std::ops::Range;

/// A construct that is known to surprise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pitfall {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub trap: Trap,
}

/// What may surprise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trap {
    /// A default value that can be changed.
    MutableDefault {
        /// The function; `<lambda>` is one without a name.
        function: String,
        /// The parameter.
        parameter: String,
        /// `list`, `dict`, `set`, …
        kind: &'static str,
        /// What the function does with it.
        kept: Kept,
    },
    /// A function that is made in a loop, is kept, and reads variables of the loop.
    LateBinding {
        /// The variables.
        names: Vec<String>,
    },
    /// `is` beside a constant whose identity is not promised.
    IsConstant {
        /// `int`, `str`, …
        kind: &'static str,
    },
    /// `is` beside a display, which makes a new object.
    IsNew {
        /// `list`, `dict`, …
        kind: &'static str,
    },
    /// `[[]] * 2`
    SharedRepeat {
        /// What is repeated.
        kind: &'static str,
    },
    /// `dict.fromkeys(keys, [])`
    SharedValue {
        /// What all keys have.
        kind: &'static str,
    },
    /// `== None`
    EqualsNone,
    /// An object of the class that methods change through an instance.
    SharedAttribute {
        /// The class.
        class: String,
        /// The attribute.
        attribute: String,
        /// `list`, `dict`, …
        kind: &'static str,
    },
    /// A statement changes an object that only it has.
    LostWrite {
        /// The object may be a view of another one: whether anything is lost is for the run to tell.
        view: bool,
    },
    /// The variable of a loop is bound to another object, which nothing reads before the next item takes its place.
    LostItem {
        /// The variable.
        name: String,
        /// The name of what the loop goes through.
        items: Option<String>,
        /// By an augmented assignment, which changes some objects in place: that is for the run to tell.
        augmented: bool,
    },
}

/// What a function does with the default of a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It changes it.
    Changed,
    /// It gives it away: returns it, or stores it somewhere.
    Given,
    /// Nothing of the kind that the text shows.
    Read,
}

/// All of them, in the order of the text.
pub(super) fn pitfalls(parsed: &Parsed) -> Vec<Pitfall> {
    let mut finder = Finder { found: Vec::new(), loops: Vec::new() };
    parsed.suite.iter().for_each(|statement| finder.visit_stmt(statement));
    finder.found.extend(lost_items(&parsed.suite));
    finder.found.sort_by_key(|pitfall| pitfall.range.start);
    finder.found
}

/// What kind of object an expression makes that can be changed.
fn mutable(expression: &Expr) -> Option<&'static str> {
    match expression {
        Expr::List(_) | Expr::ListComp(_) => Some("list"),
        Expr::Dict(_) | Expr::DictComp(_) => Some("dict"),
        Expr::Set(_) | Expr::SetComp(_) => Some("set"),
        Expr::Call(call) => {
            let kinds = ["list", "dict", "set", "bytearray", "deque", "defaultdict", "OrderedDict", "Counter"];
            let name = name_of(&call.func)?;
            kinds.into_iter().find(|kind| *kind == name)
        }
        Expr::BinOp(op) if op.op == ast::Operator::Mult => {
            let lists = [&op.left, &op.right].into_iter().filter(|side| matches!(***side, Expr::List(_)));
            (lists.count() > 0).then_some("list")
        }
        _ => None,
    }
}

fn constant(expression: &Expr) -> Option<&'static str> {
    is_constant(expression).then_some(match expression {
        Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::Tuple(_) => "tuple",
        Expr::NumberLiteral(number) => kind_of_number(number),
        Expr::UnaryOp(op) => match &*op.operand {
            Expr::NumberLiteral(number) => kind_of_number(number),
            _ => "number",
        },
        _ => "value",
    })
}

fn kind_of_number(number: &ast::ExprNumberLiteral) -> &'static str {
    match number.value {
        ast::Number::Int(_) => "int",
        ast::Number::Float(_) => "float",
        ast::Number::Complex { .. } => "complex",
    }
}

struct Finder {
    found: Vec<Pitfall>,
    /// The targets of the loops around, in the function that is looked at.
    loops: Vec<String>,
}

impl Finder {
    fn add(&mut self, range: Range<usize>, trap: Trap) {
        self.found.push(Pitfall { range, trap });
    }

    fn defaults(&mut self, function: &str, parameters: &Parameters, uses: impl Fn(&str) -> Kept) {
        for one in parameters.iter_non_variadic_params() {
            let Some(default) = one.default() else { continue };
            if let Some(kind) = mutable(default) {
                let parameter = one.name().as_str().to_string();
                let kept = uses(&parameter);
                let trap = Trap::MutableDefault { function: function.to_string(), parameter, kind, kept };
                self.add(bytes(default.range()), trap);
            }
        }
    }

    /// A function that is kept beyond this turn of the loops around it.
    fn kept(&mut self, expression: &Expr) {
        match expression {
            Expr::Lambda(lambda) => {
                let mut reads = Reads::default();
                reads.visit_expr(&lambda.body);
                let own = lambda.parameters.iter().flat_map(|parameters| parameter_names(parameters));
                reads.bound.extend(own);
                self.late(bytes(lambda.range()), &reads);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.kept(item)),
            Expr::List(list) => list.elts.iter().for_each(|item| self.kept(item)),
            Expr::Dict(dict) => dict.items.iter().for_each(|item| self.kept(&item.value)),
            _ => {}
        }
    }

    fn late(&mut self, range: Range<usize>, reads: &Reads) {
        let mut names: Vec<String> = Vec::new();
        for name in self.loops.iter().filter(|name| reads.read.contains(name) && !reads.bound.contains(name)) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        if !names.is_empty() {
            self.add(range, Trap::LateBinding { names });
        }
    }

    /// Definitions directly in a loop's body whose function the body keeps.
    fn definitions(&mut self, body: &[Stmt]) {
        let mut keeps = Keeps::default();
        body.iter().for_each(|statement| keeps.visit_stmt(statement));
        for statement in body {
            if let Stmt::FunctionDef(def) = statement
                && keeps.names.contains(&def.name.as_str().to_string())
            {
                let mut reads = Reads::default();
                def.body.iter().for_each(|statement| reads.visit_stmt(statement));
                reads.bound.extend(parameter_names(&def.parameters));
                self.late(bytes(def.name.range()), &reads);
            }
        }
    }

    fn in_loop(&mut self, target: Option<&Expr>, walk: impl FnOnce(&mut Self)) {
        let before = self.loops.len();
        if let Some(target) = target {
            targets(target, &mut self.loops);
        }
        walk(self);
        self.loops.truncate(before);
    }

    fn comprehension(&mut self, generators: &[ast::Comprehension], parts: &[&Expr]) {
        let before = self.loops.len();
        generators.iter().for_each(|generator| targets(&generator.target, &mut self.loops));
        parts.iter().for_each(|part| self.kept(part));
        self.loops.truncate(before);
    }

    fn comparison(&mut self, compare: &ast::ExprCompare) {
        let mut left = &*compare.left;
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let range = bytes(compare.range());
            let side = |test: fn(&Expr) -> Option<&'static str>| test(left).or_else(|| test(right));
            match op {
                CmpOp::Is | CmpOp::IsNot => {
                    if let Some(kind) = side(display) {
                        self.add(range, Trap::IsNew { kind });
                    } else if let Some(kind) = side(constant) {
                        self.add(range, Trap::IsConstant { kind });
                    }
                }
                CmpOp::Eq | CmpOp::NotEq if [left, right].iter().any(|side| matches!(side, Expr::NoneLiteral(_))) => {
                    self.add(range, Trap::EqualsNone);
                }
                _ => {}
            }
            left = right;
        }
    }

    /// Attributes of a class that methods change through the instance and never replace.
    fn attributes(&mut self, class: &ast::StmtClassDef) {
        for statement in &class.body {
            let Stmt::Assign(assign) = statement else { continue };
            let ([target], Some(kind)) = (&assign.targets[..], mutable(&assign.value)) else { continue };
            let Some(attribute) = name_of(target) else { continue };
            let mut uses = Through { attribute, instance: "", changed: false, replaced: false };
            for method in &class.body {
                if let Stmt::FunctionDef(def) = method
                    && let Some(first) = def.parameters.iter_non_variadic_params().next()
                    && !def.decorator_list.iter().any(|one| name_of(&one.expression) == Some("classmethod"))
                {
                    uses.instance = first.name().as_str();
                    def.body.iter().for_each(|statement| uses.visit_stmt(statement));
                }
            }
            if uses.changed && !uses.replaced {
                let (class, attribute) = (class.name.as_str().to_string(), attribute.to_string());
                self.add(bytes(assign.range()), Trap::SharedAttribute { class, attribute, kind });
            }
        }
    }
}

impl<'a> SourceOrderVisitor<'a> for Finder {
    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.found.extend(temporary_write(statement));
        match statement {
            Stmt::FunctionDef(def) => {
                self.defaults(def.name.as_str(), &def.parameters, |parameter| {
                    let mut uses = Uses { parameter, kept: Kept::Read, rebound: false };
                    def.body.iter().for_each(|statement| uses.visit_stmt(statement));
                    if uses.rebound { Kept::Read } else { uses.kept }
                });
                let outer = std::mem::take(&mut self.loops);
                deeper(|| walk_stmt(self, statement));
                self.loops = outer;
                return;
            }
            Stmt::ClassDef(class) => self.attributes(class),
            Stmt::For(for_) => {
                self.visit_expr(&for_.iter);
                self.in_loop(Some(&for_.target), |this| {
                    this.definitions(&for_.body);
                    deeper(|| for_.body.iter().for_each(|statement| this.visit_stmt(statement)));
                });
                deeper(|| for_.orelse.iter().for_each(|statement| self.visit_stmt(statement)));
                return;
            }
            Stmt::Assign(assign) if stores(assign) => self.kept(&assign.value),
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults("<lambda>", parameters, |parameter| {
                        let mut uses = Uses { parameter, kept: Kept::Read, rebound: false };
                        uses.given(&lambda.body);
                        uses.visit_expr(&lambda.body);
                        uses.kept
                    });
                }
                let outer = std::mem::take(&mut self.loops);
                deeper(|| walk_expr(self, expression));
                self.loops = outer;
                return;
            }
            Expr::ListComp(comp) => self.comprehension(&comp.generators, &[&comp.elt]),
            Expr::SetComp(comp) => self.comprehension(&comp.generators, &[&comp.elt]),
            Expr::DictComp(comp) => self.comprehension(&comp.generators, &[&comp.value]),
            Expr::Compare(compare) => self.comparison(compare),
            Expr::BinOp(op) if op.op == ast::Operator::Mult => {
                for (sequence, times) in [(&op.left, &op.right), (&op.right, &op.left)] {
                    let items = match &**sequence {
                        Expr::List(list) => &list.elts,
                        Expr::Tuple(tuple) => &tuple.elts,
                        _ => continue,
                    };
                    if let Some(kind) = items.iter().find_map(mutable).filter(|_| !few(times)) {
                        self.add(bytes(op.range()), Trap::SharedRepeat { kind });
                    }
                }
            }
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func {
                    let method = attribute.attr.as_str();
                    if KEEPING.contains(&method) {
                        call.arguments.args.iter().for_each(|argument| self.kept(argument));
                    }
                    if method == "fromkeys"
                        && name_of(&attribute.value) == Some("dict")
                        && let Some(kind) = call.arguments.args.get(1).and_then(mutable)
                    {
                        self.add(bytes(call.range()), Trap::SharedValue { kind });
                    }
                }
            }
            _ => {}
        }
        deeper(|| walk_expr(self, expression));
    }
}

fn display(expression: &Expr) -> Option<&'static str> {
    let displayed = matches!(expression, Expr::List(_) | Expr::Dict(_) | Expr::Set(_));
    mutable(expression).filter(|_| displayed)
}

/// Whether a number of repetitions is written as 0 or 1.
fn few(times: &Expr) -> bool {
    match times {
        Expr::NumberLiteral(number) => {
            matches!(&number.value, ast::Number::Int(value) if value.as_u8().is_some_and(|value| value < 2))
        }
        Expr::UnaryOp(op) => op.op == ast::UnaryOp::USub,
        _ => false,
    }
}

/// The names that a target binds.
pub(super) fn targets(target: &Expr, out: &mut Vec<String>) {
    match target {
        Expr::Name(name) => out.push(name.id.as_str().to_string()),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|one| targets(one, out)),
        Expr::List(list) => list.elts.iter().for_each(|one| targets(one, out)),
        Expr::Starred(starred) => targets(&starred.value, out),
        _ => {}
    }
}
