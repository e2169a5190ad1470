//! `_collections`: the containers that are made in Rust. `collections` itself is the Python source `lib/collections.py`.

use crate::heap::Ref;
use crate::vm::{Res, Ty, Vm};

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for (name, ty) in [
        ("deque", Ty::Deque),
        ("_deque_iterator", Ty::DequeIterator),
        ("_deque_reverse_iterator", Ty::DequeReverseIterator),
    ] {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    let pairs = vm.bool(!vm.profile.ordered_dict_as_dict);
    vm.put(dict, "_ordered_pairs", pairs);
    let module = vm.import("_defaultdict", Ref::NULL, Ref::NULL, 0)?;
    let class = vm.dict_get_str(vm.own_dict(module.get()), "defaultdict").unwrap_or(vm.single.none);
    let class = vm.share(class);
    vm.put(dict, "defaultdict", class);
    vm.release(module);
    Ok(())
}
