//! Names of small programs, checked against CPython's `symtable` and code objects.

use super::{Access, BlockKind, Place, SymbolTable};
use crate::rules::{Profile, py};
use crate::syntax::parse_module;

fn table(minor: u8, source: &str) -> SymbolTable {
    let profile = Profile::of(py(minor, 0));
    let parsed = parse_module(source.as_bytes(), &profile).expect("parses");
    SymbolTable::build(&parsed, &profile).expect("has a table")
}

/// `kind name var(…) cell(…) free(…)` of every frame, outermost first.
fn frames(minor: u8, source: &str) -> Vec<String> {
    let table = table(minor, source);
    let frames = table.blocks.iter().filter(|block| !block.inlined);
    frames
        .map(|block| {
            let list = |names: &[String]| names.join(" ");
            format!("{}: {} | {} | {}", block.name, list(&block.varnames), list(&block.cellvars), list(&block.freevars))
        })
        .collect()
}

fn place(minor: u8, source: &str, block: &str, name: &str) -> Place {
    let table = table(minor, source);
    let id = table.blocks.iter().position(|b| b.name == block).expect("block");
    table.place(super::BlockId(id as u32), name)
}

#[test]
fn functions_and_cells() {
    let source = "def f(a, *r, k=1):\n x = a\n y = 2\n def g():\n  nonlocal y\n  return x, z\n return g\n";
    assert_eq!(frames(13, source), ["<module>:  |  | ", "f: a k r g | x y | ", "g:  |  | x y"]);
    assert_eq!(frames(10, "def f(b, a):\n lambda: (a, b)\n")[1], "f: b a | a b | ");
    assert_eq!(frames(11, "def f(b, a):\n lambda: (a, b)\n")[1], "f: b a | b a | ");
    assert_eq!(place(13, source, "g", "z"), Place::Global);
    assert_eq!(place(13, source, "g", "y"), Place::Free);
    assert_eq!(place(13, source, "f", "x"), Place::Cell);
    assert_eq!(place(13, source, "<module>", "f"), Place::Name);
}

#[test]
fn classes_do_not_pass_on_their_names() {
    let source = "def f(x):\n class C:\n  x = x\n  def m(self): return x, __class__, super\n";
    let table = table(13, source);
    let class = table.blocks.iter().find(|block| block.kind == BlockKind::Class).expect("class");
    let symbol = class.symbol("x").expect("symbol");
    assert_eq!((symbol.access, symbol.class_free), (Access::Local, true));
    assert!(class.needs_class_cell);
    assert_eq!((class.cellvars.join(" "), class.freevars.join(" ")), ("__class__".into(), "x".into()));
    assert_eq!(place(13, source, "C", "x"), Place::Name);
    assert_eq!(place(13, "def f(x):\n class C:\n  y = x\n", "C", "x"), Place::ClassFree);
}

#[test]
fn inlined_comprehensions_live_in_their_host() {
    let source = "def f(a):\n b = [x + a for x in a]\n return [lambda: i for i in b]\n";
    assert_eq!(frames(12, source), ["<module>:  |  | ", "f: a x b i | i | ", "<lambda>:  |  | i"]);
    assert_eq!(
        frames(11, source),
        ["<module>:  |  | ", "f: a b | a | ", "<listcomp>: .0 x |  | a", "<listcomp>: .0 | i | ", "<lambda>:  |  | i"]
    );
    assert_eq!(place(12, source, "<listcomp>", "a"), Place::Fast);
    assert_eq!(place(11, source, "<listcomp>", "a"), Place::Free);
    assert_eq!(frames(12, "[y for y in z]\n[lambda: y for y in z]")[0], "<module>: y | y | ");
    assert_eq!(place(12, "[y for x in z]", "<listcomp>", "y"), Place::Name);
    assert_eq!(place(12, "class C:\n [y for x in z]", "<listcomp>", "y"), Place::Global);
}

#[test]
fn a_comprehension_does_not_change_what_its_siblings_see() {
    // cpython#156664
    let source = "def t():\n x=3\n def f():\n  [x for x in [1]]\n  return [x for _ in [1]]\n";
    assert_eq!(frames(13, source)[2], "f: x _ |  | x");
    let table = table(13, source);
    let places: Vec<_> = (0..)
        .zip(&table.blocks)
        .filter(|(_, b)| b.inlined)
        .map(|(at, _)| table.place(super::BlockId(at), "x"))
        .collect();
    assert_eq!(places, [Place::Fast, Place::Free]);
}

#[test]
fn a_comprehension_does_not_hide_a_name_from_inner_functions() {
    // cpython#121377
    let source = "def f(x):\n def g():\n  [x for x in [9]]\n  def h(): return x\n  return h()\n";
    assert_eq!(frames(13, source)[1..], ["f: x g | x | ", "g: x h |  | x", "h:  |  | x"]);
    assert_eq!(place(13, source, "g", "x"), Place::Free);
    assert_eq!(place(13, source, "<listcomp>", "x"), Place::Fast);
}

#[test]
fn named_expressions_bind_outside_comprehensions() {
    let source = "def f():\n any((hit := i) for i in y)\n [[(deep := j) for j in k] for k in y]\n";
    assert_eq!(frames(11, source)[1], "f:  | deep hit | ");
    assert_eq!(frames(12, source)[1], "f: k j deep | hit | ");
    assert_eq!(place(12, "[(y := i) for i in x]", "<listcomp>", "y"), Place::Global);
}

#[test]
fn private_names() {
    let source = "class C:\n def m(self):\n  __x = 1\n  lambda: __x\n";
    assert_eq!(frames(13, source)[2], "m: self | _C__x | ");
}

#[test]
fn type_parameters() {
    let source = "class A[T]:\n def f[U: T](self, x: U): return T\n";
    let table = table(13, source);
    let names: Vec<_> = table.blocks.iter().map(|b| (b.kind, b.name.as_str())).collect();
    assert_eq!(
        names,
        [
            (BlockKind::Module, "<module>"),
            (BlockKind::TypeParams, "<generic parameters of A>"),
            (BlockKind::Class, "A"),
            (BlockKind::TypeParams, "<generic parameters of f>"),
            (BlockKind::Annotation, "U"),
            (BlockKind::Function, "f"),
        ]
    );
    assert!(table.blocks[2].needs_classdict);
    assert_eq!(table.blocks[1].cellvars, [".type_params", "T"]);
    assert_eq!(table.blocks[2].freevars, [".type_params", "T"]);
}

#[test]
fn lazy_annotations_see_the_class() {
    let source = "def f():\n class C:\n  T = int\n  x: T\n  def m(self, y: T): pass\n";
    let table = table(14, source);
    let annotations: Vec<_> = (0..)
        .zip(&table.blocks)
        .filter(|(_, b)| b.kind == BlockKind::Annotation)
        .map(|(at, _)| super::BlockId(at))
        .collect();
    assert_eq!(annotations.len(), 2);
    for id in annotations {
        assert_eq!(table.place(id, "T"), Place::ClassGlobal);
        assert_eq!(table.block(id).freevars, ["__classdict__"]);
    }
    assert!(frames(13, source).iter().all(|frame| !frame.starts_with("__annotate__")));
}

#[test]
fn an_error_deep_inside_ends_the_walk() {
    let profile = Profile::of(py(13, 0));
    for source in [
        "[x for x in (lambda a, a: 0)]",
        "for x in y:\n def f(a, a): pass",
        "if x:\n class A:\n  def f(a):\n   global a\n",
    ] {
        let parsed = parse_module(source.as_bytes(), &profile).expect("parses");
        assert!(SymbolTable::build(&parsed, &profile).is_err(), "{source}");
    }
}

#[test]
fn deep_and_long_programs_need_little_stack() {
    let programs = [
        format!("x = {}1", "1 + ".repeat(2800)),
        format!("x = {}1", "-".repeat(2800)),
        format!("x = {}1", "lambda: ".repeat(1400)),
        format!("x = a{}", ".b".repeat(2800)),
        format!("x = a{}", "()".repeat(2800)),
        format!("x = {}1{}", "[".repeat(200), "]".repeat(200)),
        format!("x = {}1{}", "[y for y in ".repeat(60), "]".repeat(60)),
        format!("if 1: pass\n{}", "elif 1: pass\n".repeat(5000)),
        (0..99).map(|i| format!("{}def f():\n", " ".repeat(i))).collect::<String>() + &" ".repeat(99) + "pass\n",
        "def f(x): return [x for x in (lambda: x)()]\n".repeat(2000),
    ];
    let run = move || {
        for source in programs {
            let profile = Profile::of(py(13, 0));
            let parsed = parse_module(source.as_bytes(), &profile).expect("parses");
            assert!(SymbolTable::build(&parsed, &profile).is_ok());
        }
    };
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(run).expect("thread");
    assert!(thread.join().is_ok());
}

#[test]
fn variables_stand_in_the_order_of_compilation() {
    let source = "def f():\n try:\n  a=1\n except E as b:\n  c=1\n else:\n  d=1\n finally:\n  e=1\n";
    let order = |minor| frames(minor, source)[1].clone();
    assert_eq!(order(8), "f: e a b c d |  | ");
    assert_eq!(order(9), "f: a b c d e |  | ");
    assert_eq!(order(11), "f: a d b c e |  | ");
    let source = "def f():\n (c := a) + (a := b)\n x: (y := 1) = 2\n {k: v for k, v in z}\n";
    assert_eq!(frames(13, source)[1], "f: a c x k v |  | ");
}
