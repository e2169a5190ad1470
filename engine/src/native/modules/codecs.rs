//! `_codecs`: text to bytes and back by a codec's name.

use crate::heap::Ref;
use crate::native::{NativeDef, function};
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("encode", 1, 3, |vm, args| {
        let (object, encoding, errors) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
        vm.expect_str(object, "encode", "argument 1")?;
        vm.encode(object, encoding, errors)
    })
    .named(&["obj", "encoding", "errors"], 0, 3, 1),
    function("decode", 1, 3, |vm, args| {
        let (object, encoding, errors) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
        vm.decode(object, encoding, errors)
    })
    .named(&["obj", "encoding", "errors"], 0, 3, 1),
];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_codecs", def);
    }
    Ok(())
}
