//! Turning values into text: the format-spec mini-language, `%`-formatting, `str.format` fields, and the layout
//! of floats that they and `repr` share. Nothing here calls Python; the VM supplies `str()` and `repr()` texts.

pub mod double;
pub mod fields;
pub mod printf;
pub mod printf_error;
pub mod spec;
pub mod value;
