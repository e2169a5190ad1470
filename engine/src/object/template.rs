//! Template strings (PEP 750): templates, their interpolations, and the iterator over both.

use crate::code::Conversion;
use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, member, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of templates.
pub static METHODS: &[NativeDef] = &[
    new(new_template),
    slot("__iter__", 0, |vm, args| {
        let template = args.get(vm, 0);
        let parts = vec![vm.share(template).into_ref()];
        Ok(vm.heap.alloc(Ty::TemplateIterator.kind(), RecordBody { parts, numbers: vec![0], dict: Ref::NULL }))
    }),
    slot("__repr__", 0, |vm, args| {
        let this = args.get(vm, 0);
        let (strings, fields) = (vm.repr(part(vm, this, STRINGS))?, vm.repr(part(vm, this, FIELDS))?);
        let (strings, fields) = (strings.to_string_lossy(), fields.to_string_lossy());
        Ok(vm.new_str(&format!("Template(strings={strings}, interpolations={fields})")))
    }),
    slot("__add__", 1, concatenate),
    slot("__radd__", 1, |vm, _| Ok(vm.share(vm.single.not_implemented))),
];

/// The attributes of templates.
pub static ATTRS: &[GetSetDef] = &[
    member("strings", |vm, this| shared(vm, this, STRINGS)),
    member("interpolations", |vm, this| shared(vm, this, FIELDS)),
    getter("values", |vm, this| {
        let fields = vm.tuple_items(part(vm, this, FIELDS)).to_vec();
        let values: Vec<Ref> = fields.into_iter().map(|field| part(vm, field, VALUE)).collect();
        Ok(vm.tuple_of(&values))
    }),
];

/// The methods of interpolations.
pub static INTERPOLATION: &[NativeDef] = &[
    new(new_interpolation),
    slot("__repr__", 0, |vm, args| {
        let this = args.get(vm, 0);
        let mut texts = Vec::new();
        for at in [VALUE, EXPRESSION, CONVERSION, SPEC] {
            texts.push(vm.repr(part(vm, this, at))?.to_string_lossy().into_owned());
        }
        Ok(vm.new_str(&format!("Interpolation({})", texts.join(", "))))
    }),
];

/// The attributes of interpolations.
pub static INTERPOLATION_ATTRS: &[GetSetDef] = &[
    member("value", |vm, this| shared(vm, this, VALUE)),
    member("expression", |vm, this| shared(vm, this, EXPRESSION)),
    member("conversion", |vm, this| shared(vm, this, CONVERSION)),
    member("format_spec", |vm, this| shared(vm, this, SPEC)),
];

/// The methods of the iterator: strings that are not empty and interpolations, in turns.
pub static ITERATOR: &[NativeDef] = &[slot("__iter__", 0, super::generator::itself), slot("__next__", 0, next)];

const STRINGS: usize = 0;
const FIELDS: usize = 1;

const VALUE: usize = 0;
const EXPRESSION: usize = 1;
const CONVERSION: usize = 2;
const SPEC: usize = 3;

/// A part, borrowed.
fn part(vm: &Vm, this: Ref, at: usize) -> Ref {
    let found = vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(at).copied());
    found.and_then(Ref::some).unwrap_or(vm.single.none)
}

fn shared(vm: &mut Vm, this: Ref, at: usize) -> Res<Owned> {
    let found = part(vm, this, at);
    Ok(vm.share(found))
}

fn make(vm: &mut Vm, ty: Ty, parts: Vec<Owned>) -> Owned {
    let parts = parts.into_iter().map(Owned::into_ref).collect();
    vm.heap.alloc(ty.kind(), RecordBody { parts, numbers: Vec::new(), dict: Ref::NULL })
}

/// `Template(*args)`: neighbouring strings become one, and between two interpolations stands an empty one.
fn new_template(vm: &mut Vm, args: Args) -> Res<Owned> {
    if !args.keyword_names(vm).is_empty() {
        return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
    }
    let mut strings: Vec<Owned> = Vec::new();
    let mut fields: Vec<Ref> = Vec::new();
    let mut last_was_string = false;
    for given in args.rest(vm, 1) {
        if vm.heap.layout(given) == Layout::Str {
            if let Some(last) = if last_was_string { strings.pop() } else { None } {
                let joined = vm.binary_op(crate::code::BinOp::Add, last.get(), given);
                vm.release(last);
                match joined {
                    Ok(joined) => strings.push(joined),
                    Err(stop) => {
                        vm.release_list(strings);
                        return Err(stop);
                    }
                }
            } else {
                strings.push(vm.share(given));
            }
            last_was_string = true;
        } else if vm.is_exact(given, Ty::Interpolation) {
            if !last_was_string {
                strings.push(vm.new_str(""));
            }
            fields.push(given);
            last_was_string = false;
        } else {
            vm.release_list(strings);
            let text = format!(
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                vm.class_name(given)
            );
            return Err(vm.type_error(text));
        }
    }
    if !last_was_string {
        strings.push(vm.new_str(""));
    }
    let strings = vm.new_tuple(strings);
    let fields = vm.tuple_of(&fields);
    Ok(make(vm, Ty::Template, vec![strings, fields]))
}

/// `Interpolation(value, expression='', conversion=None, format_spec='')`
fn new_interpolation(vm: &mut Vm, args: Args) -> Res<Owned> {
    const NAMES: [&str; 4] = ["value", "expression", "conversion", "format_spec"];
    let given = args.rest(vm, 1);
    if given.len() > 4 {
        let text = format!("Interpolation() takes at most 4 arguments ({} given)", args.len() - 1);
        return Err(vm.type_error(text));
    }
    let mut found = [Ref::NULL; 4];
    found[..given.len()].copy_from_slice(&given);
    for (name, value) in args.keyword_pairs(vm) {
        let name = vm.show(name);
        match NAMES.iter().position(|known| *known == name) {
            Some(at) if found[at].is_null() => found[at] = value,
            Some(at) => {
                let text = format!("argument for Interpolation() given by name ('{name}') and position ({})", at + 1);
                return Err(vm.type_error(text));
            }
            None => {
                let text = vm.profile.native_keyword_error.text("Interpolation", &name);
                return Err(vm.type_error(text));
            }
        }
    }
    let [value, expression, conversion, spec] = found;
    if value.is_null() {
        return Err(vm.type_error("Interpolation() missing required argument 'value' (pos 1)"));
    }
    for (name, text) in [("expression", expression), ("conversion", conversion), ("format_spec", spec)] {
        let missing = text.is_null() || name == "conversion" && text == vm.single.none;
        if !missing && vm.heap.layout(text) != Layout::Str {
            let text = format!("Interpolation() argument '{name}' must be str, not {}", vm.class_name(text));
            return Err(vm.type_error(text));
        }
    }
    let conversion = conversion.some().filter(|&conversion| conversion != vm.single.none);
    if let Some(conversion) = conversion
        && !matches!(vm.show(conversion).as_str(), "s" | "r" | "a")
    {
        return Err(vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
    }
    let text = |vm: &mut Vm, given: Ref| if given.is_null() { vm.new_str("") } else { vm.share(given) };
    let parts =
        vec![vm.share(value), text(vm, expression), vm.share(conversion.unwrap_or(vm.single.none)), text(vm, spec)];
    Ok(make(vm, Ty::Interpolation, parts))
}

/// `template + template`
fn concatenate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (left, right) = (args.get(vm, 0), args.get(vm, 1));
    if !vm.is_exact(right, Ty::Template) {
        let text = format!(
            "can only concatenate string.templatelib.Template (not \"{}\") to string.templatelib.Template",
            vm.qualified_type_name(vm.heap.class_of(right))
        );
        return Err(vm.type_error(text));
    }
    let mut strings = vm.tuple_items(part(vm, left, STRINGS)).to_vec();
    let more = vm.tuple_items(part(vm, right, STRINGS)).to_vec();
    let (Some(last), Some((first, more))) = (strings.pop(), more.split_first()) else {
        return Err(vm.raise(Ty::SystemError, "a template without strings"));
    };
    let joined = vm.binary_op(crate::code::BinOp::Add, last, *first)?;
    let mut all: Vec<Owned> = strings.into_iter().map(|text| vm.share(text)).collect();
    all.push(joined);
    all.extend(more.iter().map(|&text| vm.share(text)));
    let mut fields = vm.tuple_items(part(vm, left, FIELDS)).to_vec();
    fields.extend(vm.tuple_items(part(vm, right, FIELDS)).to_vec());
    let strings = vm.new_tuple(all);
    let fields = vm.tuple_of(&fields);
    Ok(make(vm, Ty::Template, vec![strings, fields]))
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let template = part(vm, this, 0);
    loop {
        let at = vm.heap.get::<RecordBody>(this).and_then(|body| body.numbers.first().copied()).unwrap_or(0);
        let index = usize::try_from(at / 2).unwrap_or(usize::MAX);
        let from = if at % 2 == 0 { STRINGS } else { FIELDS };
        let Some(&found) = vm.tuple_items(part(vm, template, from)).get(index) else {
            return Err(vm.raise_with(Ty::StopIteration, Vec::new()));
        };
        if let Some(number) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.first_mut()) {
            *number += 1;
        }
        if from == FIELDS || vm.as_text(found).is_some_and(|text| !text.is("")) {
            return Ok(vm.share(found));
        }
    }
}

impl Vm {
    /// `strings interpolations -- template`
    pub fn build_template(&mut self) {
        let parts = self.take_operands(2);
        let template = make(self, Ty::Template, parts);
        self.push(template);
    }

    /// `value text [spec] -- interpolation`
    pub fn build_interpolation(&mut self, conversion: Conversion, spec: bool) {
        let mut parts = self.take_operands(2 + u32::from(spec));
        let spec = if spec { parts.pop() } else { None };
        let spec = match spec {
            Some(spec) => spec,
            None => self.new_str(""),
        };
        parts.push(match conversion {
            Conversion::None => self.none(),
            Conversion::Str => self.new_str("s"),
            Conversion::Repr => self.new_str("r"),
            Conversion::Ascii => self.new_str("a"),
        });
        parts.push(spec);
        let interpolation = make(self, Ty::Interpolation, parts);
        self.push(interpolation);
    }
}
