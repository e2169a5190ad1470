//! `_tracemalloc`: how much memory all objects take. `tracemalloc` itself is the Python source `lib/tracemalloc.py`.

use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[function("total", 0, 0, total)];

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_tracemalloc", def);
    }
    Ok(())
}

fn total(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let bytes = vm.heap.objects().map(|object| vm.memory_of(object)).sum();
    Ok(vm.new_size(bytes))
}
