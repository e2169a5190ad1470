//! `str.translate` and `str.maketrans`.

use crate::heap::{DictBody, Layout, Owned, Ref};
use crate::native::Args;
use crate::object::number::Int;
use crate::object::text::TextBuilder;
use crate::vm::{Res, Ty, Vm};

/// `s.translate(table)`
pub fn translate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, table) = (args.get(vm, 0), args.get(vm, 1));
    let points: Vec<u32> = vm.text_of(this).points().collect();
    let mut out = TextBuilder::with_capacity(points.len());
    for point in points {
        vm.step()?;
        let key = vm.new_int(i64::from(point));
        let found = vm.get_item(table, key.get());
        vm.release(key);
        match found {
            Ok(value) => {
                let result = substitute(vm, value.get(), &mut out);
                vm.release(value);
                result?;
            }
            Err(stop) => {
                vm.catch(stop, Ty::LookupError)?;
                out.push(point);
            }
        }
    }
    Ok(vm.new_text(out.finish()))
}

fn substitute(vm: &mut Vm, value: Ref, out: &mut TextBuilder) -> Res<()> {
    if value == vm.single.none {
        return Ok(());
    }
    if let Some(text) = vm.heap.text(value) {
        out.push_text(text);
        return Ok(());
    }
    match vm.as_int(value) {
        Some(Int::Small(point @ 0..0x11_0000)) => {
            out.push(point as u32);
            Ok(())
        }
        Some(_) => Err(vm.value_error("character mapping must be in range(0x110000)")),
        None => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

/// `str.maketrans(x, y, z)`
pub fn maketrans(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (x, y, z) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let made = vm.new_dict();
    let made = vm.hold(made);
    if y.is_null() {
        from_dict(vm, made, x)?;
    } else {
        from_texts(vm, made, x, y, z)?;
    }
    Ok(vm.share(made))
}

fn from_dict(vm: &mut Vm, made: Ref, source: Ref) -> Res<()> {
    if !vm.is_exact(source, Ty::Dict) {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    }
    let entries: Vec<(Ref, Ref)> = match vm.heap.get::<DictBody>(source) {
        Some(body) => body.table.iter().map(|entry| (entry.key, entry.value)).collect(),
        None => Vec::new(),
    };
    for (key, value) in entries {
        let key = if vm.heap.layout(key) == Layout::Str {
            let text = vm.text_of(key);
            match (text.len(), text.get(0)) {
                (1, Some(point)) => vm.new_int(i64::from(point)),
                _ => return Err(vm.value_error("string keys in translate table must be of length 1")),
            }
        } else if vm.as_int(key).is_some() {
            vm.share(key)
        } else {
            return Err(vm.type_error("keys in translate table must be strings or integers"));
        };
        let key = vm.hold(key);
        vm.dict_set(made, key, value)?;
    }
    Ok(())
}

fn from_texts(vm: &mut Vm, made: Ref, x: Ref, y: Ref, z: Ref) -> Res<()> {
    vm.expect_str(y, "maketrans", "argument 2")?;
    if !z.is_null() {
        vm.expect_str(z, "maketrans", "argument 3")?;
    }
    if vm.heap.layout(x) != Layout::Str {
        let text = "first maketrans argument must be a string if there is a second argument";
        return Err(vm.type_error(text));
    }
    let from: Vec<u32> = vm.text_of(x).points().collect();
    let to: Vec<u32> = vm.text_of(y).points().collect();
    if from.len() != to.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    for (&from, &to) in from.iter().zip(&to) {
        let key = vm.new_int(i64::from(from));
        let key = vm.hold(key);
        let value = vm.new_int(i64::from(to));
        let value = vm.hold(value);
        vm.dict_set(made, key, value)?;
    }
    if !z.is_null() {
        let deleted: Vec<u32> = vm.text_of(z).points().collect();
        for point in deleted {
            let key = vm.new_int(i64::from(point));
            let key = vm.hold(key);
            vm.dict_set(made, key, vm.single.none)?;
        }
    }
    Ok(())
}
