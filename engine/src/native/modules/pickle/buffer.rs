//! `PickleBuffer`: a wrapper that says "this may travel apart from the pickle". Its part is the wrapped object.

use crate::heap::{Layout, MemoryViewBody, RecordBody, Ref};
use crate::native::{Args, NativeDef, method, new};
use crate::vm::{Res, Ty, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(|vm: &mut Vm, args: Args| {
        let [object] = vm.new_arguments(args, "PickleBuffer", ["object"], 1)?;
        if object.is_null() {
            return Err(vm.type_error("PickleBuffer() takes exactly 1 argument (0 given)"));
        }
        if !vm.is_bytes_like(object) {
            let text = format!("a bytes-like object is required, not '{}'", vm.class_name(object));
            return Err(vm.type_error(text));
        }
        let kind = vm.instance_kind_of(args.get(vm, 0));
        let parts = vec![vm.share(object).into_ref()];
        Ok(vm.heap.alloc(kind, RecordBody { parts, ..RecordBody::default() }))
    }),
    method("raw", 0, 0, |vm, args| {
        let object = base(vm, args.get(vm, 0))?;
        let class = vm.class(Ty::MemoryView);
        vm.call(class, &[object])
    }),
    method("release", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let parts = vm.heap.get_mut::<RecordBody>(this).map(|body| std::mem::take(&mut body.parts));
        vm.release_all(parts.unwrap_or_default());
        Ok(vm.none())
    }),
];

/// The wrapped object.
///
/// # Errors
/// ValueError once it has been released.
pub(super) fn base(vm: &mut Vm, this: Ref) -> Res<Ref> {
    let found = vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.first().copied());
    found.ok_or_else(|| vm.value_error("operation forbidden on released PickleBuffer object"))
}

/// Whether a bytes-like object cannot be written through.
pub(super) fn is_readonly(vm: &Vm, object: Ref) -> bool {
    match vm.heap.layout(object) {
        Layout::Bytes => true,
        Layout::MemoryView => vm.heap.get::<MemoryViewBody>(object).is_some_and(|body| body.readonly),
        _ => false,
    }
}
