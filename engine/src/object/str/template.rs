//! `str.format` and `str.format_map`.

use super::writer::Writer;
use crate::heap::{Owned, Ref};
use crate::native::Args;
use crate::object::format::fields::{
    Conversion, Field, First, MOST_LEVELS, Numbering, Parts, Step, TOO_DEEP, split_name,
};
use crate::object::number::NumberError;
use crate::object::repr::escape_non_ascii;
use crate::object::text::Text;
use crate::vm::{Res, Ty, Vm};

/// Where the values of the fields come from.
enum Values {
    /// Arguments of `format`: by position and by keyword.
    Given(Vec<Ref>, Vec<(Ref, Ref)>),
    /// The mapping of `format_map`.
    Mapping(Ref),
}

fn checked<T>(vm: &mut Vm, result: Result<T, NumberError>) -> Res<T> {
    result.map_err(|error| vm.number_error(error))
}

/// `s.format(*args, **kwargs)`
pub fn format(vm: &mut Vm, args: Args) -> Res<Owned> {
    let values = Values::Given(args.rest(vm, 1), args.keyword_pairs(vm));
    run(vm, args.get(vm, 0), &values)
}

/// `s.format_map(mapping)`
pub fn format_map(vm: &mut Vm, args: Args) -> Res<Owned> {
    run(vm, args.get(vm, 0), &Values::Mapping(args.get(vm, 1)))
}

fn run(vm: &mut Vm, format: Ref, values: &Values) -> Res<Owned> {
    let text = vm.text_of(format).clone();
    let writer = build(vm, &text, Some(format), values, MOST_LEVELS, &mut Numbering::default())?;
    Ok(writer.finish(vm))
}

/// Puts the parts of a format together. `whole` is the object whose text it is.
fn build(
    vm: &mut Vm,
    text: &Text,
    whole: Option<Ref>,
    values: &Values,
    levels: u8,
    numbering: &mut Numbering,
) -> Res<Writer> {
    if levels == 0 {
        return Err(vm.value_error(TOO_DEEP));
    }
    let mut writer = Writer::default();
    let mut parts = Parts::new(text);
    let mut next = checked(vm, parts.next_part())?;
    while let Some(part) = next {
        let ended = matches!(parts.clone().next_part(), Ok(None));
        if let Some(whole) = whole
            && part.literal.len() == text.len()
        {
            writer.object(vm, whole, true);
        } else {
            writer.text(&part.literal);
        }
        if let Some(field) = part.field {
            let shown = render(vm, &field, values, levels, numbering)?;
            let shown = vm.hold(shown);
            writer.object(vm, shown, ended);
        }
        vm.check_room(writer.len() as u128)?;
        next = checked(vm, parts.next_part())?;
    }
    Ok(writer)
}

/// The text of a field's value, as an object.
fn render(vm: &mut Vm, field: &Field, values: &Values, levels: u8, numbering: &mut Numbering) -> Res<Owned> {
    let value = field_value(vm, &field.name, values, numbering)?;
    let value = vm.hold(value);
    let conversion = checked(vm, field.conversion())?;
    let converted = match conversion {
        Conversion::None => vm.share(value),
        Conversion::Str => vm.str_object(value)?,
        Conversion::Repr => vm.repr_object(value)?,
        Conversion::Ascii => {
            let text = escape_non_ascii(&vm.repr(value)?);
            vm.new_text(text)
        }
    };
    let converted = vm.hold(converted);
    let spec = if field.nested {
        build(vm, &field.spec, None, values, levels - 1, numbering)?.into_text(vm)
    } else {
        field.spec.clone()
    };
    if spec.is_empty() && vm.is_exact(converted, Ty::Str) {
        return Ok(vm.share(converted));
    }
    let spec = vm.new_text(spec);
    let spec = vm.hold(spec);
    vm.format(converted, spec)
}

/// The value that a field's name leads to.
fn field_value(vm: &mut Vm, name: &Text, values: &Values, numbering: &mut Numbering) -> Res<Owned> {
    let split = split_name(name, numbering);
    let (first, mut steps) = checked(vm, split)?;
    let mut value = first_value(vm, first, values)?;
    loop {
        let step = match steps.next_step() {
            Ok(Some(step)) => step,
            Ok(None) => return Ok(value),
            Err(error) => {
                vm.release(value);
                return Err(vm.number_error(error));
            }
        };
        let object = vm.hold(value);
        value = match step {
            Step::Attribute(name) => {
                let name = vm.new_text(name);
                let name = vm.hold(name);
                vm.get_attr(object, name)?
            }
            Step::Index(index) => {
                let index = vm.new_size(index);
                let index = vm.hold(index);
                vm.get_item(object, index)?
            }
            Step::Key(key) => {
                let key = vm.new_text(key);
                let key = vm.hold(key);
                vm.get_item(object, key)?
            }
        };
    }
}

fn first_value(vm: &mut Vm, first: First, values: &Values) -> Res<Owned> {
    match (first, values) {
        (First::Index(at), Values::Given(positional, _)) => match positional.get(at) {
            Some(&value) => Ok(vm.share(value)),
            None => {
                let text = format!("Replacement index {at} out of range for positional args tuple");
                Err(vm.raise(Ty::IndexError, text))
            }
        },
        (First::Index(_), Values::Mapping(_)) => Err(vm.value_error("Format string contains positional fields")),
        (First::Name(name), Values::Given(_, keywords)) => {
            match keywords.iter().find(|(keyword, _)| *vm.text_of(*keyword) == name) {
                Some(&(_, value)) => Ok(vm.share(value)),
                None => {
                    let key = vm.new_text(name);
                    Err(vm.raise_with(Ty::KeyError, vec![key]))
                }
            }
        }
        (First::Name(name), Values::Mapping(mapping)) => {
            let key = vm.new_text(name);
            let key = vm.hold(key);
            vm.get_item(*mapping, key)
        }
    }
}
