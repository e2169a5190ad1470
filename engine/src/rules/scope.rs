//! Names: where they are looked up, which frame they live in, and what `locals()`, frames and code objects show of it.

use super::room;

/// The order in which the blocks of a `try` statement are compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TryOrder {
    /// `finally`, body, handlers, `else`.
    FinallyFirst,
    /// Body, handlers, `else`, `finally`.
    HandlersFirst,
    /// Body, `else`, handlers, `finally`.
    ElseFirst,
}

/// What `locals()` shows inside a comprehension that runs in the frame of a module or class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ComprehensionLocals {
    /// A copy of the namespace with the comprehension's own names.
    Added,
    /// The comprehension's own names.
    Alone,
}

/// Where CPython puts the errors of its symbol table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeErrorPlace {
    /// At the block for parameters, star imports and yields; one column to the left for `:=`.
    Block,
    /// At the node.
    Node,
}

/// What `from __future__ import annotations` does to an annotation's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FutureAnnotations {
    /// They are names of the scope around.
    SameScope,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused, the word in quotes.
    OwnScopeQuoted,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused.
    OwnScope,
}

room! { scope

    /// The names of the exceptions in `builtins` come by how far they are from `BaseException`, until 3.10 by subject.
    builtin_exceptions_by_depth "scoping.builtins.order": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// A list, set or dict comprehension runs in the frame of the code around it.
    comprehensions_inlined "scoping.comprehension.inlined": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Annotations are not evaluated when a function, class or module is defined.
    annotations_lazy "scoping.annotation.lazy": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Under the future import an annotation is a scope of its own, in which nothing can be bound.
    future_annotations "scoping.annotation.future": FutureAnnotations {
        py(8, 0) => FutureAnnotations::SameScope, py(10, 0) => FutureAnnotations::OwnScopeQuoted,
        py(12, 0) => FutureAnnotations::OwnScope;
        faults { "same-scope": FutureAnnotations::SameScope }
    }

    /// Errors about scopes point at the node that is wrong.
    scope_error_place "scoping.error.place": ScopeErrorPlace {
        py(8, 0) => ScopeErrorPlace::Block, py(10, 0) => ScopeErrorPlace::Node;
        faults { "block": ScopeErrorPlace::Block }
    }

    /// An unknown future feature is reported at its own name.
    future_error_at_name "scoping.error.future-place": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "statement": false, "name": true }
    }

    /// What a name in a function's parameter list is called when it occurs twice.
    duplicate_parameter_word "scoping.error.duplicate-parameter": &'static str {
        py(8, 0) => "argument", py(15, 0) => "parameter";
        faults { "argument": "argument", "parameter": "parameter" }
    }

    /// The blocks of a `try` are compiled in this order, which is the order of `co_varnames`.
    try_order "scoping.varnames.try-order": TryOrder {
        py(8, 0) => TryOrder::FinallyFirst, py(9, 0) => TryOrder::HandlersFirst, py(11, 0) => TryOrder::ElseFirst;
        faults { "handlers-first": TryOrder::HandlersFirst, "else-first": TryOrder::ElseFirst }
    }

    /// A declaration in the `else` of a `try` counts as standing before its handlers.
    else_declared_first "scoping.declaration.else-first": bool {
        py(8, 0) => true, py(13, 0) => false;
        faults { "never": false, "always": true }
    }

    /// In `co_cellvars` the cells that have a place among the variables come first, in their order there.
    cells_in_frame_order "scoping.cells.frame-order": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "sorted": false, "frame-order": true }
    }

    /// Every class with a function in it makes the cell through which annotations see the class.
    class_namespace_cell "scoping.class.namespace-cell": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false }
    }

    /// The first line of a module's code is that of its first statement, and else 1.
    module_line_of_statement "scoping.code.module-line": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `assert` finds AssertionError by its name.
    assertion_error_by_name "scoping.assert.by-name": bool {
        py(8, 0) => true, py(9, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `co_flags` says that a code has neither cells nor free variables.
    code_flag_no_free "scoping.code.flag-no-free": bool {
        py(8, 0) => true, py(11, 0) => false;
        faults { "never": false, "always": true }
    }

    /// The flag in `co_flags` for `from __future__ import annotations`.
    code_flag_future_annotations "scoping.code.flag-annotations": u32 {
        py(8, 0) => 0x10_0000, py(8, 3) => 0x100_0000;
        faults { "old": 0x10_0000 }
    }

    /// The flag in `co_flags` for a docstring.
    code_flag_docstring "scoping.code.flag-docstring": u32 {
        py(8, 0) => 0, py(14, 0) => 0x400_0000;
        faults { "none": 0, "always": 0x400_0000 }
    }

    /// The flag in `co_flags` for a function written in a class.
    code_flag_method "scoping.code.flag-method": u32 {
        py(8, 0) => 0, py(14, 0) => 0x800_0000;
        faults { "none": 0, "always": 0x800_0000 }
    }

    /// A class without annotations has an empty `__annotations__` of its own.
    class_annotations_on_demand "scoping.annotation.class-own": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// `locals()` in a function is a new dict each time.
    locals_are_snapshots "scoping.locals.snapshot": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// `exec` takes a closure.
    exec_closure "scoping.exec.closure": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// `eval` and `exec` take their namespaces by keyword.
    exec_keywords "scoping.exec.keywords": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// `locals()` of a function names its cells after its other variables.
    locals_cells_last "scoping.locals.cells-last": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }

    /// What `locals()` is inside a comprehension that runs in the frame of a module or class.
    comprehension_locals "scoping.locals.comprehension": ComprehensionLocals {
        py(8, 0) => ComprehensionLocals::Added, py(13, 0) => ComprehensionLocals::Alone;
        faults { "added": ComprehensionLocals::Added, "alone": ComprehensionLocals::Alone } }

    /// Names that a program has added to `f_locals` can be removed again.
    frame_names_removable "scoping.frame.remove-added": bool {
        py(8, 0) => false, py(13, 1) => true; faults { "always": true, "never": false } }
}
