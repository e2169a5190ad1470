//! `import` and `from … import`.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Intrinsic};
use crate::code::pool::Value;
use crate::scope::BlockKind;
use crate::syntax::ast;
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(super) fn import(&mut self, import: &'a ast::StmtImport) -> Done {
        let at = import.range();
        if import.is_lazy {
            return self.lazy_import(import);
        }
        for alias in &import.names {
            self.load_const(at, &Value::Int(0.into()));
            self.load_const(at, &Value::None);
            let name = self.attr_index(&alias.name);
            self.emit(at, Instr::ImportName(name));
            match &alias.asname {
                Some(asname) => self.import_as(&alias.name, asname, at),
                None => {
                    let first = alias.name.as_str().split('.').next().unwrap_or("");
                    self.store_name(first, at);
                }
            }
        }
        Ok(())
    }

    /// `import a.b.c as d` takes `b` from `a` and `c` from `b`.
    fn import_as(&mut self, name: &str, asname: &str, at: TextRange) {
        let mut attributes = name.split('.').skip(1).peekable();
        let dotted = attributes.peek().is_some();
        while let Some(attribute) = attributes.next() {
            let index = self.name_index(attribute);
            self.emit(at, Instr::ImportFrom(index));
            if attributes.peek().is_some() {
                self.emit(at, Instr::Swap(2));
                self.emit(at, Instr::Pop);
            }
        }
        self.store_name(asname, at);
        if dotted {
            self.emit(at, Instr::Pop);
        }
    }

    /// `lazy import a.b`, `lazy import a.b as c`
    fn lazy_import(&mut self, import: &'a ast::StmtImport) -> Done {
        let at = import.range();
        for alias in &import.names {
            self.load_const(at, &Value::Int(0.into()));
            let what = if alias.asname.is_some() { Value::Tuple(Vec::new()) } else { Value::None };
            self.load_const(at, &what);
            let name = self.attr_index(&alias.name);
            self.emit(at, Instr::ImportLazy(name));
            match &alias.asname {
                Some(asname) => self.store_name(asname, at),
                None => self.store_name(alias.name.as_str().split('.').next().unwrap_or(""), at),
            }
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, import: &'a ast::StmtImportFrom) -> Done {
        let at = import.range();
        if import.is_lazy {
            for alias in &import.names {
                self.load_const(at, &Value::Int(import.level.into()));
                self.load_const(at, &Value::Tuple(vec![Value::text(alias.name.as_str())]));
                let module = self.attr_index(import.module.as_ref().map_or("", |module| module.as_str()));
                self.emit(at, Instr::ImportLazy(module));
                self.store_name(alias.asname.as_ref().unwrap_or(&alias.name), at);
            }
            return Ok(());
        }
        self.load_const(at, &Value::Int(import.level.into()));
        let names = import.names.iter().map(|alias| Value::text(alias.name.as_str())).collect();
        self.load_const(at, &Value::Tuple(names));
        let module = self.attr_index(import.module.as_ref().map_or("", |module| module.as_str()));
        self.emit(at, Instr::ImportName(module));
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                if self.this().block.kind != BlockKind::Module {
                    return Err(self.issue("import * only allowed at module level", at));
                }
                self.emit(at, Instr::Intrinsic(Intrinsic::ImportStar));
                return Ok(());
            }
            let name = self.attr_index(&alias.name);
            self.emit(at, Instr::ImportFrom(name));
            self.store_name(alias.asname.as_ref().unwrap_or(&alias.name), at);
        }
        self.emit(nowhere(), Instr::Pop);
        Ok(())
    }
}
