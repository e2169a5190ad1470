//! Warnings of built-in operations and of the compiler. As long as no program has imported `warnings`, they are shown as
//! python3 shows them without options; then that module decides.

use super::{Res, Ty, Vm};
use crate::code::{Warning, WarningCategory};
use crate::heap::{Owned, Ref};
use crate::syntax::SyntaxIssue;

impl Vm {
    /// Warns at the instruction that is running: a line on stderr, once a place. A DeprecationWarning is shown only
    /// where `__main__` is to blame.
    ///
    /// # Errors
    /// The warning itself, where a filter says so.
    pub fn warn(&mut self, category: Ty, text: &str) -> Res<()> {
        let line = self.frame.code.locations.get(self.frame.ip as usize).map_or(0, |at| at.line);
        let file = self.show(self.frame.code.filename);
        let globals = self.frame.globals;
        let module = globals.some().and_then(|globals| self.dict_get_text(globals, self.names.name));
        let module = module.map_or_else(|| "<string>".to_string(), |name| self.show(name));
        self.warn_at(category, text, &file, line, Some(&module))
    }

    /// Gives the warnings of compiled code. `first_line` is the number of the text's first line.
    ///
    /// # Errors
    /// SyntaxError for a warning that a filter makes an error.
    pub fn warn_of_code(&mut self, warnings: &[Warning], source: &str, file: &str, first_line: u32) -> Res<()> {
        for warning in warnings {
            let category = match warning.category {
                WarningCategory::Syntax => Ty::SyntaxWarning,
                WarningCategory::Deprecation => Ty::DeprecationWarning,
            };
            let line = warning.line + first_line.saturating_sub(1);
            if let Err(stop) = self.warn_at(category, &warning.message, file, line, None) {
                self.catch(stop, category)?;
                let issue = SyntaxIssue {
                    class: "SyntaxError",
                    message: warning.message.clone(),
                    line,
                    column: 1,
                    end_line: line,
                    end_column: 1,
                };
                return Err(self.raise_syntax(&issue, source, file));
            }
        }
        Ok(())
    }

    fn warn_at(&mut self, category: Ty, text: &str, file: &str, line: u32, module: Option<&str>) -> Res<()> {
        if let Some(warnings) = self.dict_get_str(self.modules, "warnings") {
            return self.warn_by_module(warnings, category, text, file, line, module);
        }
        if category == Ty::DeprecationWarning && module != Some("__main__") {
            return Ok(());
        }
        let shown = format!("{file}:{line}: {}: {text}\n", self.type_name(self.class(category)));
        let known = self.out.stderr.windows(shown.len()).any(|written| written == shown.as_bytes());
        if !known {
            self.out.stderr.extend_from_slice(shown.as_bytes());
        }
        Ok(())
    }

    /// `warnings.warn_explicit(text, category, file, line, module)`
    fn warn_by_module(
        &mut self,
        warnings: Ref,
        category: Ty,
        text: &str,
        file: &str,
        line: u32,
        module: Option<&str>,
    ) -> Res<()> {
        let explicit = match self.get_attr_str(warnings, "warn_explicit") {
            Ok(function) => function,
            Err(stop) => return self.catch(stop, Ty::AttributeError),
        };
        let mut args = vec![self.new_str(text), self.share(self.class(category)), self.new_str(file)];
        args.push(self.new_int(i64::from(line)));
        args.push(match module {
            Some(module) => self.new_str(module),
            None => self.none(),
        });
        let given: Vec<Ref> = args.iter().map(Owned::get).collect();
        let result = self.call(explicit.get(), &given);
        self.release(explicit);
        self.release_list(args);
        match result {
            Ok(nothing) => {
                self.release(nothing);
                Ok(())
            }
            Err(stop) => Err(stop),
        }
    }
}
