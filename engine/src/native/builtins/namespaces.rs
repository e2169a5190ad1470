//! Namespaces and code: `globals`, `locals`, `compile`, `eval`, `exec`.

use crate::code::{CompileMode, compile_under};
use crate::heap::{ByteArrayBody, Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::object::number::Int;
use crate::scope::Inherited;
use crate::vm::{Res, Ty, Vm};

/// The functions.
pub static FUNCTIONS: &[NativeDef] = &[
    function("breakpoint", 0, 0, breakpoint).any(),
    function("compile", 3, 6, compile).named(
        &["source", "filename", "mode", "flags", "dont_inherit", "optimize", "_feature_version"],
        0,
        6,
        3,
    ),
    function("eval", 0, 0, eval).any(),
    function("exec", 0, 0, exec).any(),
    function("globals", 0, 0, globals),
    function("locals", 0, 0, locals),
];

fn globals(vm: &mut Vm, _: Args) -> Res<Owned> {
    match vm.caller_globals() {
        Some(globals) => Ok(vm.share(globals)),
        None => Ok(vm.none()),
    }
}

fn locals(vm: &mut Vm, _: Args) -> Res<Owned> {
    vm.current_locals()
}

impl Vm {
    /// The future features of the running code.
    fn inherited(&self) -> Inherited {
        let flag = self.profile.code_flag_future_annotations;
        Inherited { future_annotations: self.frame.code.flags & flag != 0, is_text: false, optimize: 0 }
    }

    /// The source text in an argument of `compile`, `eval` or `exec`; nothing for another object.
    fn source_text(&self, source: Ref) -> Option<Vec<u8>> {
        if let Some(text) = self.heap.text(source) {
            return Some(text.to_utf8_lossless().into_owned());
        }
        match self.heap.get::<ByteArrayBody>(source) {
            Some(body) => Some(body.data.clone()),
            None => self.buffer_of(source).map(|bytes| bytes.into_owned()),
        }
    }
}

fn compile(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (source, filename, mode) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let mode = match vm.as_text(mode) {
        Some(text) if text.is("exec") => CompileMode::Exec,
        Some(text) if text.is("eval") => CompileMode::Eval,
        Some(text) if text.is("single") => CompileMode::Single,
        Some(_) => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
        None => {
            let which = vm.argument_name(3, "mode");
            return Err(vm.bad_argument("compile", &which, "str", mode));
        }
    };
    let inherited = compile_flags(vm, args)?;
    let filename = match vm.as_bytes(filename) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None if vm.heap.layout(filename) == Layout::Str => vm.show(filename),
        None => {
            let text = format!("expected str, bytes or os.PathLike object, not {}", vm.class_name(filename));
            return Err(vm.type_error(text));
        }
    };
    if vm.heap.layout(source) == Layout::Code {
        return Ok(vm.share(source));
    }
    encodable(vm, source)?;
    let Some(text) = vm.source_text(source) else {
        return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
    };
    let inherited = Inherited { is_text: vm.heap.text(source).is_some(), ..inherited };
    compile_text(vm, &text, mode, &filename, false, inherited)
}

/// The flags of `compile` and what it inherits from its caller.
fn compile_flags(vm: &mut Vm, args: Args) -> Res<Inherited> {
    let (flags, dont_inherit, optimize) = (args.get(vm, 3), args.get(vm, 4), args.get(vm, 5));
    let flags = if flags.is_null() { Int::Small(0) } else { vm.index(flags)? };
    let alone = !dont_inherit.is_null() && vm.truth(dont_inherit)?;
    let optimize = if optimize.is_null() { Int::Small(-1) } else { vm.index(optimize)? };
    let Some(optimize) = level_of(&optimize) else {
        return Err(vm.value_error("compile(): invalid optimize value"));
    };
    // The parser's flags and those of the `__future__` features.
    const KNOWN: i64 = 0x0fff_ff00;
    const ONLY_AST: i64 = 0x400;
    let annotations = match flags {
        Int::Small(flags) if flags & ONLY_AST != 0 => return Err(vm.unavailable("compile() to a tree")),
        Int::Small(flags) if flags & !KNOWN == 0 => flags & i64::from(vm.profile.code_flag_future_annotations) != 0,
        Int::Small(_) | Int::Big(_) => return Err(vm.value_error("compile(): unrecognised flags")),
    };
    let from_caller = if alone { Inherited::default() } else { vm.inherited() };
    Ok(Inherited { future_annotations: annotations || from_caller.future_annotations, is_text: false, optimize })
}

/// The level that is meant; -1 is the interpreter's own, which is 0.
fn level_of(optimize: &Int) -> Option<u8> {
    match optimize {
        Int::Small(level @ -1..=2) => Some(u8::try_from(*level).unwrap_or(0)),
        Int::Small(_) | Int::Big(_) => None,
    }
}

fn compile_text(
    vm: &mut Vm,
    source: &[u8],
    mode: CompileMode,
    filename: &str,
    direct: bool,
    inherited: Inherited,
) -> Res<Owned> {
    match compile_under(source, mode, &vm.profile, inherited) {
        Ok(compiled) => {
            if !compiled.warnings.is_empty() {
                let text = String::from_utf8_lossy(source).into_owned();
                vm.warn_of_code(&compiled.warnings, &text, filename, 1)?;
            }
            Ok(vm.load_unit(&compiled.unit, filename, direct))
        }
        Err(issue) => {
            let text = String::from_utf8_lossy(source).into_owned();
            Err(vm.raise_syntax(&issue, &text, filename))
        }
    }
}

/// The text of a str cannot be compiled when it has lone surrogates.
fn encodable(vm: &mut Vm, source: Ref) -> Res<()> {
    vm.ask_utf8(source);
    let Some(text) = vm.heap.text(source) else { return Ok(()) };
    if std::str::from_utf8(&text.to_utf8_lossless()).is_ok() {
        return Ok(());
    }
    let encode = vm.intern_str("encode");
    let encoded = vm.call_method(source, encode.get(), &[]);
    vm.release(encode);
    let encoded = encoded?;
    vm.release(encoded);
    Ok(())
}

fn is_mapping(vm: &mut Vm, value: Ref) -> bool {
    let class = vm.heap.class_of(value);
    vm.lookup(class, vm.names.getitem).is_some()
}

/// Source, globals, locals and closure of `eval` and `exec`; NULL where not given. Which can be given by keyword depends
/// on the version.
fn run_arguments(vm: &mut Vm, args: Args, name: &str) -> Res<[Ref; 4]> {
    let given = args.rest(vm, 0);
    let keywords = args.keyword_pairs(vm);
    if given.is_empty() || given.len() > 3 {
        let (word, bound) = if given.is_empty() { ("at least", 1) } else { ("at most", 3) };
        let ending = if bound == 1 { "" } else { "s" };
        let named = vm.profile.exec_keywords || (name == "exec" && vm.profile.exec_closure);
        let text = if named {
            // The closure of `exec` is by keyword only.
            let positional = if bound == 1 || name == "exec" { "positional " } else { "" };
            format!("{name}() takes {word} {bound} {positional}argument{ending} ({} given)", given.len())
        } else {
            format!("{name} expected {word} {bound} argument{ending}, got {}", given.len())
        };
        return Err(vm.type_error(text));
    }
    let mut found = [Ref::NULL; 4];
    found[..given.len()].copy_from_slice(&given);
    for (keyword, value) in keywords {
        let keyword = vm.show(keyword);
        let place = match keyword.as_str() {
            "globals" if vm.profile.exec_keywords => Some(1),
            "locals" if vm.profile.exec_keywords => Some(2),
            "closure" if name == "exec" && vm.profile.exec_closure => Some(3),
            _ => None,
        };
        match place {
            Some(at) if found[at].is_null() => found[at] = value,
            Some(at) => {
                let text = format!("argument for {name}() given by name ('{keyword}') and position ({})", at + 1);
                return Err(vm.type_error(text));
            }
            None if vm.profile.exec_keywords || (name == "exec" && vm.profile.exec_closure) => {
                let text = vm.profile.native_keyword_error.text(name, &keyword);
                return Err(vm.type_error(text));
            }
            None => return Err(vm.type_error(format!("{name}() takes no keyword arguments"))),
        }
    }
    Ok(found)
}

/// Globals and locals of `eval` and `exec`, held.
fn spaces(vm: &mut Vm, globals: Ref, locals: Ref, name: &str) -> Res<(Ref, Ref)> {
    let none_given = |vm: &Vm, r: Ref| vm.is_none_or_missing(r);
    if name == "eval" && !none_given(vm, locals) && !is_mapping(vm, locals) {
        return Err(vm.type_error("locals must be a mapping"));
    }
    if none_given(vm, globals) {
        let own = vm.caller_globals().unwrap_or(vm.builtins);
        if !none_given(vm, locals) {
            return Ok((own, locals));
        }
        let made = vm.current_locals()?;
        let made = vm.hold(made);
        return Ok((own, made));
    }
    if vm.heap.layout(globals) != Layout::Dict {
        let text = if name == "exec" {
            format!("exec() globals must be {}, not {}", vm.profile.globals_type_text, vm.class_name(globals))
        } else if is_mapping(vm, globals) {
            "globals must be a real dict; try eval(code, {}, mapping)".to_string()
        } else {
            format!("globals must be {}", vm.profile.globals_type_text)
        };
        return Err(vm.type_error(text));
    }
    if none_given(vm, locals) {
        return Ok((globals, globals));
    }
    if !is_mapping(vm, locals) {
        let text = format!("locals must be a mapping or None, not {}", vm.class_name(locals));
        return Err(vm.type_error(text));
    }
    Ok((globals, locals))
}

fn add_builtins(vm: &mut Vm, globals: Ref) -> Res<()> {
    if vm.dict_get_text(globals, vm.names.builtins).is_none() {
        if vm.is_instance_of(globals, vm.class(crate::vm::Ty::FrozenDict)) {
            return Err(vm.type_error("cannot assign __builtins__ to frozendict globals"));
        }
        let (name, builtins) = (vm.share(vm.names.builtins), vm.share(vm.frame.builtins.some().unwrap_or(vm.builtins)));
        vm.dict_insert_new(globals, name, builtins);
    }
    Ok(())
}

fn eval(vm: &mut Vm, args: Args) -> Res<Owned> {
    let [source, globals, locals, _] = run_arguments(vm, args, "eval")?;
    let (globals, locals) = spaces(vm, globals, locals, "eval")?;
    add_builtins(vm, globals)?;
    if vm.heap.layout(source) == Layout::Code {
        if !vm.code(source).freevars.is_empty() {
            return Err(vm.type_error("code object passed to eval() may not contain free variables"));
        }
        return vm.run_code(source, globals, locals);
    }
    encodable(vm, source)?;
    let Some(text) = vm.source_text(source) else {
        return Err(vm.type_error("eval() arg 1 must be a string, bytes or code object"));
    };
    let is_text = vm.heap.text(source).is_some();
    let skip = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    run_text(vm, &text[skip..], is_text, CompileMode::Eval, globals, locals)
}

fn exec(vm: &mut Vm, args: Args) -> Res<Owned> {
    let [source, globals, locals, closure] = run_arguments(vm, args, "exec")?;
    let (globals, locals) = spaces(vm, globals, locals, "exec")?;
    add_builtins(vm, globals)?;
    let result = if vm.heap.layout(source) == Layout::Code {
        exec_code(vm, source, globals, locals, closure)
    } else {
        encodable(vm, source)?;
        let Some(text) = vm.source_text(source) else {
            return Err(vm.type_error("exec() arg 1 must be a string, bytes or code object"));
        };
        if !vm.is_none_or_missing(closure) {
            return Err(vm.type_error("closure can only be used when source is a code object"));
        }
        let is_text = vm.heap.text(source).is_some();
        run_text(vm, &text, is_text, CompileMode::Exec, globals, locals)
    };
    let value = result?;
    vm.release(value);
    Ok(vm.none())
}

fn exec_code(vm: &mut Vm, code: Ref, globals: Ref, locals: Ref, closure: Ref) -> Res<Owned> {
    let wanted = vm.code(code).freevars.len();
    if vm.is_none_or_missing(closure) {
        if wanted > 0 {
            let text = if vm.profile.exec_closure {
                format!("code object requires a closure of exactly length {wanted}")
            } else {
                "code object passed to exec() may not contain free variables".to_string()
            };
            return Err(vm.type_error(text));
        }
        return vm.run_code(code, globals, locals);
    }
    if wanted == 0 {
        return Err(vm.type_error("cannot use a closure with this code object"));
    }
    let cells = vm.tuple_items(closure).to_vec();
    if cells.len() != wanted || cells.iter().any(|&cell| vm.heap.layout(cell) != Layout::Cell) {
        return Err(vm.type_error(format!("code object requires a closure of exactly length {wanted}")));
    }
    vm.run_code_with(code, globals, locals, closure)
}

/// Runs a text directly: the parser's arena keeps its constants meanwhile.
fn run_text(vm: &mut Vm, source: &[u8], is_text: bool, mode: CompileMode, globals: Ref, locals: Ref) -> Res<Owned> {
    let arena = vm.arena.len();
    let inherited = Inherited { is_text, ..vm.inherited() };
    let code = match compile_text(vm, source, mode, "<string>", true, inherited) {
        Ok(code) => code,
        Err(stop) => {
            vm.release_arena(arena);
            return Err(stop);
        }
    };
    let result = vm.run_code(code.get(), globals, locals);
    vm.release(code);
    vm.release_arena(arena);
    result
}

/// Calls what `sys.breakpointhook` is.
fn breakpoint(vm: &mut Vm, args: Args) -> Res<Owned> {
    let name = vm.intern_str("breakpointhook");
    let hook = vm.sys_attribute(name.get());
    vm.release(name);
    let Some(hook) = hook else {
        return Err(vm.raise(Ty::RuntimeError, "lost sys.breakpointhook"));
    };
    let hook = vm.share(hook);
    let (given, names) = (args.rest(vm, 0), args.keyword_names(vm));
    let values: Vec<Ref> =
        given.into_iter().chain(args.keyword_pairs(vm).into_iter().map(|(_, value)| value)).collect();
    let names = vm.tuple_of(&names);
    let given = if vm.tuple_items(names.get()).is_empty() { Ref::NULL } else { names.get() };
    let result = vm.call_keywords(hook.get(), Ref::NULL, &values, given);
    vm.release_list(vec![names, hook]);
    result
}
