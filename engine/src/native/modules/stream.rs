//! `sys.stdout` and `sys.stderr`: text files that write into the session's output.

use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    method("write", 1, 1, write),
    method("flush", 0, 0, |vm, _| Ok(vm.none())),
    method("isatty", 0, 0, |vm, _| Ok(vm.bool(false))),
    method("writable", 0, 0, |vm, _| Ok(vm.bool(true))),
    method("readable", 0, 0, |vm, _| Ok(vm.bool(false))),
    method("fileno", 0, 0, fileno),
    slot("__repr__", 0, repr),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[
    getter("encoding", |vm, _| Ok(vm.new_str("utf-8"))),
    getter("errors", |vm, _| Ok(vm.new_str("strict"))),
    getter("closed", |vm, _| Ok(vm.bool(false))),
    getter("name", |vm, this| {
        let name = if vm.is_stderr(this) { "<stderr>" } else { "<stdout>" };
        Ok(vm.new_str(name))
    }),
];

fn write(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, text) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(text) != Layout::Str {
        let text = format!("write() argument must be str, not {}", vm.class_name(text));
        return Err(vm.type_error(text));
    }
    vm.write_to(this, text)?;
    let length = vm.as_text(text).map_or(0, |text| text.len());
    Ok(vm.new_size(length))
}

fn fileno(vm: &mut Vm, args: Args) -> Res<Owned> {
    let number = if vm.is_stderr(args.get(vm, 0)) { 2 } else { 1 };
    Ok(vm.new_int(number))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let name = if vm.is_stderr(args.get(vm, 0)) { "stderr" } else { "stdout" };
    Ok(vm.new_str(&format!("<_io.TextIOWrapper name='<{name}>' mode='w' encoding='utf-8'>")))
}

impl Vm {
    /// A stream of the session: 1 is stdout, 2 is stderr.
    pub fn new_stream(&mut self, number: i64) -> Owned {
        self.heap.alloc(Ty::TextIo.kind(), RecordBody { numbers: vec![number], ..RecordBody::default() })
    }

    /// Whether the object is one of the session's own streams.
    pub fn is_own_stream(&self, file: Ref) -> bool {
        self.is_exact(file, Ty::TextIo)
    }

    /// Whether it is stderr.
    pub fn is_stderr(&self, file: Ref) -> bool {
        self.heap.get::<RecordBody>(file).is_some_and(|body| body.numbers.first() == Some(&2))
    }
}
