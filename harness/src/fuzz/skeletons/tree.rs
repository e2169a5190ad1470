//! Skeletons of nested scopes: statements that bind, unbind or read a name, and scopes that hold them.
//!
//! Invariant: a scope of expressions holds only what can stand in an expression, so every tree can be printed, and so
//! can every tree that [`smaller`] makes of it.

/// What happens to one name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `print(a)`
    Use,
    /// `a = 1`
    Assign,
    /// `(a := 1)`
    Walrus,
    /// `a += 1`
    Augmented,
    /// `del a`
    Delete,
    /// `global a`
    Global,
    /// `nonlocal a`
    Nonlocal,
    /// `for a in [1]: pass`
    For,
    /// `[a] = [1]`
    Unpack,
    /// `with memoryview(b'') as a: pass`
    With,
    /// `import sys as a`
    Import,
    /// `except ValueError as a: pass`
    Except,
    /// `def a(): pass`
    Def,
    /// `class a: pass`
    Class,
    /// `case a: pass`
    Match,
    /// `a: int`
    Annotated,
    /// `a: int = 1`
    AnnotatedAssign,
    /// `type a = int`
    Alias,
    /// `print('a' in locals())`
    Local,
}

impl Form {
    /// All that can stand in a body, the plainest first.
    pub const ALL: [Form; 19] = [
        Form::Use,
        Form::Assign,
        Form::Walrus,
        Form::Augmented,
        Form::Delete,
        Form::Global,
        Form::Nonlocal,
        Form::For,
        Form::Unpack,
        Form::With,
        Form::Import,
        Form::Except,
        Form::Def,
        Form::Class,
        Form::Match,
        Form::Annotated,
        Form::AnnotatedAssign,
        Form::Alias,
        Form::Local,
    ];

    /// All that can stand in an expression.
    pub const EXPRESSIONS: [Form; 3] = [Form::Use, Form::Walrus, Form::Local];

    /// The first minor version whose syntax has it.
    pub const fn since(self) -> u8 {
        match self {
            Form::Match => 10,
            Form::Alias => 12,
            _ => 8,
        }
    }

    /// It binds the name to something that is no number.
    pub const fn binds_object(self) -> bool {
        matches!(self, Form::With | Form::Import | Form::Except | Form::Def | Form::Class | Form::Alias)
    }
}

/// What holds other nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// A function, called at once.
    Function,
    /// A function, called at the end of what is around it.
    Later,
    /// A function with the name as parameter.
    Parameter,
    /// A class body.
    Class,
    /// A generator function, exhausted at once.
    Generator,
    /// A text that is executed.
    Exec,
    /// A function with the name as type parameter.
    TypeFunction,
    /// A class with the name as type parameter.
    TypeClass,
    /// A lambda, called at once.
    Lambda,
    /// A lambda with the name as parameter.
    LambdaParameter,
    /// A list comprehension with the name as target.
    List,
    /// A set comprehension.
    Set,
    /// A dict comprehension.
    Dict,
    /// A generator expression.
    Lazy,
    /// A list comprehension that holds its nodes in the iterable.
    ListOver,
    /// A list comprehension that holds its nodes in the condition.
    ListIf,
}

impl Scope {
    /// All that can stand in a body, the plainest first.
    pub const ALL: [Scope; 16] = [
        Scope::Function,
        Scope::Later,
        Scope::Parameter,
        Scope::Class,
        Scope::Generator,
        Scope::Exec,
        Scope::TypeFunction,
        Scope::TypeClass,
        Scope::List,
        Scope::Set,
        Scope::Dict,
        Scope::Lazy,
        Scope::ListOver,
        Scope::ListIf,
        Scope::Lambda,
        Scope::LambdaParameter,
    ];

    /// All that can stand in an expression.
    pub const EXPRESSIONS: [Scope; 8] = [
        Scope::List,
        Scope::Set,
        Scope::Dict,
        Scope::Lazy,
        Scope::ListOver,
        Scope::ListIf,
        Scope::Lambda,
        Scope::LambdaParameter,
    ];

    /// It holds expressions, not statements.
    pub const fn holds_expressions(self) -> bool {
        match self {
            Scope::Function
            | Scope::Later
            | Scope::Parameter
            | Scope::Class
            | Scope::Generator
            | Scope::Exec
            | Scope::TypeFunction
            | Scope::TypeClass => false,
            Scope::Lambda
            | Scope::LambdaParameter
            | Scope::List
            | Scope::Set
            | Scope::Dict
            | Scope::Lazy
            | Scope::ListOver
            | Scope::ListIf => true,
        }
    }

    /// It binds a name itself.
    pub const fn has_name(self) -> bool {
        !matches!(self, Scope::Function | Scope::Later | Scope::Class | Scope::Generator | Scope::Exec | Scope::Lambda)
    }

    /// The first minor version whose syntax has it.
    pub const fn since(self) -> u8 {
        match self {
            Scope::TypeFunction | Scope::TypeClass => 12,
            _ => 8,
        }
    }

    /// A comprehension that 3.12 compiles into the function around it.
    pub const fn is_inlined(self) -> bool {
        matches!(self, Scope::List | Scope::Set | Scope::Dict | Scope::ListOver | Scope::ListIf)
    }
}

/// A name, by its number.
pub type Name = u8;

/// The most different names of a skeleton.
pub const NAMES: u8 = 3;

/// A statement or expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    /// Something happens to a name.
    Leaf(Form, Name),
    /// A scope; its name means nothing where the scope has none.
    Scope(Scope, Name, Vec<Node>),
}

impl Node {
    /// Calls `visit` for this node and all below it.
    pub fn walk(&self, visit: &mut impl FnMut(&Node)) {
        visit(self);
        if let Node::Scope(_, _, inner) = self {
            for node in inner {
                node.walk(visit);
            }
        }
    }

    /// The same with other names.
    fn renamed(&self, from: Name, to: Name) -> Node {
        let name = |own: Name| if own == from { to } else { own };
        match self {
            Node::Leaf(form, own) => Node::Leaf(*form, name(*own)),
            Node::Scope(scope, own, inner) => {
                Node::Scope(*scope, name(*own), inner.iter().map(|node| node.renamed(from, to)).collect())
            }
        }
    }

    /// The plainer nodes that could stand in its place alone.
    fn plainer(&self, in_expression: bool) -> Vec<Node> {
        match self {
            Node::Leaf(form, name) => {
                let plain: &[Form] = if in_expression { &Form::EXPRESSIONS } else { &Form::ALL };
                let plain = plain.iter().take_while(|plain| *plain != form).take(2);
                plain.map(|plain| Node::Leaf(*plain, *name)).collect()
            }
            Node::Scope(scope, name, inner) => {
                let all: &[Scope] = if in_expression { &Scope::EXPRESSIONS } else { &Scope::ALL };
                let same = |plain: &&Scope| plain.holds_expressions() == scope.holds_expressions();
                let plain = all.iter().take_while(|plain| *plain != scope).filter(same).take(1);
                plain.map(|plain| Node::Scope(*plain, *name, inner.clone())).collect()
            }
        }
    }
}

/// Every way to make these nodes smaller at one place, the boldest first.
pub fn smaller(nodes: &[Node]) -> Vec<Vec<Node>> {
    let mut found = in_place(nodes, false);
    for from in (1..NAMES).rev() {
        let mut used = false;
        for node in nodes {
            node.walk(&mut |node| {
                used |= match node {
                    Node::Leaf(_, name) => *name == from,
                    Node::Scope(scope, name, _) => scope.has_name() && *name == from,
                };
            });
        }
        if used {
            found.extend((0..from).map(|to| nodes.iter().map(|node| node.renamed(from, to)).collect()));
        }
    }
    found
}

fn in_place(nodes: &[Node], in_expression: bool) -> Vec<Vec<Node>> {
    let with = |at: usize, until: usize, middle: &[Node]| -> Vec<Node> {
        nodes.iter().take(at).chain(middle).chain(nodes.iter().skip(until)).cloned().collect()
    };
    let mut found = Vec::new();
    let mut run = nodes.len();
    while run > 0 {
        found.extend((0..=nodes.len() - run).step_by(run).map(|at| with(at, at + run, &[])));
        run /= 2;
    }
    for (at, node) in nodes.iter().enumerate() {
        if let Node::Scope(scope, name, inner) = node {
            found.push(with(at, at + 1, inner));
            let inner = in_place(inner, scope.holds_expressions());
            found.extend(inner.into_iter().map(|inner| with(at, at + 1, &[Node::Scope(*scope, *name, inner)])));
        }
        found.extend(node.plainer(in_expression).into_iter().map(|plain| with(at, at + 1, &[plain])));
    }
    found
}

/// Whether there is a comprehension that may be compiled into the function around it.
pub fn has_inlined(nodes: &[Node]) -> bool {
    let mut any = false;
    for node in nodes {
        node.walk(&mut |node| any |= matches!(node, Node::Scope(scope, ..) if scope.is_inlined()));
    }
    any
}
