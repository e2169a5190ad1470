//! Cutting a `str` up, putting pieces together, padding.

use super::{changed, exact, unshared};
use crate::heap::{Layout, ListBody, Owned, Ref};
use crate::native::Args;
use crate::object::table::list::Room;
use crate::object::text::split::Ends;
use crate::object::text::{Changed, Text};
use crate::vm::{Res, Ty, Vm};

/// The object for a piece of the receiver.
fn piece(vm: &mut Vm, this: Ref, piece: Changed) -> Owned {
    match piece {
        Changed::Same if vm.is_exact(this, Ty::Str) => vm.share(this),
        Changed::Same => {
            let text = vm.text_of(this).clone();
            vm.new_text(text)
        }
        Changed::New(text) => vm.new_text(text),
    }
}

fn separator(vm: &mut Vm, sep: Ref) -> Res<()> {
    if vm.heap.layout(sep) != Layout::Str {
        let text = format!("must be str, not {}", vm.class_name(sep));
        return Err(vm.type_error(text));
    }
    if vm.text_of(sep).is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok(())
}

/// `s.split(sep=None, maxsplit=-1)` and `rsplit`
pub fn split(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    let (this, sep, most) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let most = if most.is_null() { -1 } else { vm.size_argument(most)? };
    let most = usize::try_from(most).ok();
    let pieces = if vm.is_none_or_missing(sep) {
        vm.text_of(this).split_space(most, from_right)
    } else {
        if vm.heap.layout(sep) != Layout::Str {
            let text = format!("must be str or None, not {}", vm.class_name(sep));
            return Err(vm.type_error(text));
        }
        separator(vm, sep)?;
        vm.text_of(this).split(vm.text_of(sep), most, from_right)
    };
    let len = vm.text_of(this).len();
    let sep_len = if vm.is_none_or_missing(sep) { None } else { Some(vm.text_of(sep).len()) };
    let items = pieces.into_iter().map(|p| piece(vm, this, p)).collect();
    Ok(vm.list_of_split(items, len, sep_len, most))
}

/// `s.splitlines(keepends=False)`
pub fn splitlines(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, keep) = (args.get(vm, 0), args.get(vm, 1));
    let keep = if keep.is_null() { false } else { vm.keepends(keep)? };
    let pieces = vm.text_of(this).split_lines(keep);
    let items = pieces.into_iter().map(|p| piece(vm, this, p)).collect();
    Ok(vm.list_by_appending(items))
}

/// `sep.join(iterable)`
pub fn join(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (sep, iterable) = (args.get(vm, 0), args.get(vm, 1));
    let list = vm.fast_sequence(iterable, "can only join an iterable")?;
    let list = vm.hold(list);
    let items = vm.sequence_items(list);
    if let [only] = items[..]
        && vm.is_exact(only, Ty::Str)
    {
        return Ok(vm.share(only));
    }
    let mut room = 0u128;
    for (at, &item) in items.iter().enumerate() {
        match vm.heap.text(item) {
            Some(text) => room += text.len() as u128,
            None => {
                let text = format!("sequence item {at}: expected str instance, {} found", vm.class_name(item));
                return Err(vm.type_error(text));
            }
        }
    }
    room += vm.text_of(sep).len() as u128 * items.len().saturating_sub(1) as u128;
    if room > i64::MAX as u128 {
        return Err(vm.overflow("join() result is too long for a Python string"));
    }
    vm.check_room(room)?;
    let text = vm.text_of(sep).join(items.iter().map(|&item| vm.text_of(item)));
    Ok(unshared(vm, text))
}

impl Vm {
    /// A list or tuple as it is, or a new list of the items of any other iterable.
    ///
    /// # Errors
    /// TypeError with this text for what is not iterable; whatever iterating raises.
    pub fn fast_sequence(&mut self, iterable: Ref, text: &str) -> Res<Owned> {
        if self.is_exact(iterable, Ty::List) || self.is_exact(iterable, Ty::Tuple) {
            return Ok(self.share(iterable));
        }
        let iter = match self.iter(iterable) {
            Ok(iter) => iter,
            Err(stop) => {
                self.catch(stop, Ty::TypeError)?;
                return Err(self.type_error(text));
            }
        };
        let iter = self.hold(iter);
        let items = self.collect(iter)?;
        Ok(self.new_list(items))
    }

    /// A list of the pieces of a text of `len`, with the room that splitting makes.
    pub fn list_of_split(
        &mut self,
        items: Vec<Owned>,
        len: usize,
        sep_len: Option<usize>,
        most: Option<usize>,
    ) -> Owned {
        let mut room = Room::for_split(&self.profile, len, sep_len, most);
        items.iter().for_each(|_| room.push_split(&self.profile));
        self.list_with_room(items, room)
    }

    /// A list that was made by appending one item after the other.
    pub fn list_by_appending(&mut self, items: Vec<Owned>) -> Owned {
        let mut room = Room::default();
        items.iter().for_each(|_| room.add_one(&self.profile));
        self.list_with_room(items, room)
    }

    fn list_with_room(&mut self, items: Vec<Owned>, room: Room) -> Owned {
        let list = self.new_list(items);
        if let Some(body) = self.heap.get_mut::<ListBody>(list.get()) {
            body.allocated = room.allocated.max(body.items.len());
        }
        list
    }

    /// The `keepends` of `splitlines`.
    ///
    /// # Errors
    /// TypeError for what is no flag.
    pub fn keepends(&mut self, flag: Ref) -> Res<bool> {
        if self.profile.keepends_is_int { Ok(self.c_int_argument(flag)? != 0) } else { self.truth(flag) }
    }
}

/// `s.partition(sep)` and `rpartition`
pub fn partition(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    let (this, sep) = (args.get(vm, 0), args.get(vm, 1));
    separator(vm, sep)?;
    let (text, sep_text) = (vm.text_of(this), vm.text_of(sep));
    let parts = if from_right { text.rpartition(sep_text) } else { text.partition(sep_text) };
    let items = match parts {
        Some(parts) => vec![vm.new_text(parts.before), vm.share(sep), vm.new_text(parts.after)],
        None => {
            let (a, b) = (vm.share(vm.single.empty_str), vm.share(vm.single.empty_str));
            let whole = vm.share(this);
            if from_right { vec![a, b, whole] } else { vec![whole, a, b] }
        }
    };
    Ok(vm.new_filled_tuple(items))
}

/// `s.strip(chars=None)` and its one-sided forms
pub fn strip(vm: &mut Vm, args: Args, func: &str) -> Res<Owned> {
    let (this, chars) = (args.get(vm, 0), args.get(vm, 1));
    let ends = match func {
        "lstrip" => Ends::Left,
        "rstrip" => Ends::Right,
        _ => Ends::Both,
    };
    let chars = if vm.is_none_or_missing(chars) {
        None
    } else if vm.heap.layout(chars) == Layout::Str {
        Some(chars)
    } else {
        return Err(vm.type_error(format!("{func} arg must be None or str")));
    };
    let result = vm.text_of(this).strip(chars.map(|chars| vm.text_of(chars)), ends);
    Ok(changed(vm, this, result))
}

/// `s.center(width, fillchar=' ')`, `ljust`, `rjust`
pub fn pad(vm: &mut Vm, args: Args, func: &str, padded: fn(&Text, usize, u32) -> Changed) -> Res<Owned> {
    let (this, fill) = (args.get(vm, 0), args.get(vm, 2));
    let width = vm.size_argument(args.get(vm, 1))?;
    let fill = if fill.is_null() {
        u32::from(' ')
    } else if vm.heap.layout(fill) != Layout::Str {
        let text = format!("The fill character must be a unicode character, not {}", vm.class_name(fill));
        return Err(vm.type_error(text));
    } else {
        let text = vm.text_of(fill);
        match (text.len(), text.get(0)) {
            (1, Some(point)) => point,
            _ => return Err(vm.type_error("The fill character must be exactly one character long")),
        }
    };
    let _ = func;
    let width = usize::try_from(width).unwrap_or(0);
    vm.check_room(width as u128)?;
    let result = padded(vm.text_of(this), width, fill);
    Ok(padded_object(vm, this, result))
}

/// A padded text is built anew, even if it is one character.
fn padded_object(vm: &mut Vm, this: Ref, result: Changed) -> Owned {
    match result {
        Changed::Same => exact(vm, this),
        Changed::New(text) => unshared(vm, text),
    }
}

/// `s.zfill(width)`
pub fn zfill(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let width = vm.size_argument(args.get(vm, 1))?;
    let width = usize::try_from(width).unwrap_or(0);
    vm.check_room(width as u128)?;
    let result = vm.text_of(this).zfill(width);
    Ok(padded_object(vm, this, result))
}

/// `s.expandtabs(tabsize=8)`
pub fn expandtabs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, size) = (args.get(vm, 0), args.get(vm, 1));
    let size = if size.is_null() { 8 } else { vm.c_int_argument(size)? };
    let text = vm.text_of(this);
    let tabs = text.points().filter(|&point| point == 0x09).count();
    let room = text.len() as u128 + tabs as u128 * size.max(0) as u128;
    vm.check_room(room)?;
    let result = vm.text_of(this).expand_tabs(size);
    Ok(changed(vm, this, result))
}
