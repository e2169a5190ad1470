//! Warnings of built-in operations, shown as python3 shows them without options.

use super::{Res, Ty, Vm};

impl Vm {
    /// Warns at the instruction that is running: a line on stderr, once a place. A DeprecationWarning is shown only
    /// where `__main__` is to blame.
    ///
    /// # Errors
    /// None so far: nothing turns warnings into exceptions.
    pub fn warn(&mut self, category: Ty, text: &str) -> Res<()> {
        let main = self
            .dict_get_text(self.frame.globals, self.names.name)
            .and_then(|name| self.heap.text(name))
            .is_some_and(|name| name.as_str() == Some("__main__"));
        if category == Ty::DeprecationWarning && !main {
            return Ok(());
        }
        let line = self.frame.code.locations.get(self.frame.ip as usize).map_or(0, |at| at.line);
        let shown = format!(
            "{}:{line}: {}: {text}\n",
            self.show(self.frame.code.filename),
            self.type_name(self.class(category))
        );
        let known = self.out.stderr.windows(shown.len()).any(|written| written == shown.as_bytes());
        if !known {
            self.out.stderr.extend_from_slice(shown.as_bytes());
        }
        Ok(())
    }
}
