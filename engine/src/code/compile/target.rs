//! Assignment targets: each takes the value on top of the stack.

use super::{Compiler, Done};
use crate::code::instr::Instr;
use crate::scope::BlockKind;
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, TextRange, deeper};

impl<'a> Compiler<'a> {
    pub(super) fn store(&mut self, target: &'a Expr) -> Done {
        let at = target.range();
        match target {
            Expr::Name(name) => {
                self.store_name(&name.id, at);
                Ok(())
            }
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value)?;
                let name = self.attr_index(&attribute.attr);
                self.note_static_attribute(attribute);
                self.emit(at, Instr::StoreAttr(name));
                Ok(())
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value)?;
                self.expr(&subscript.slice)?;
                self.emit(at, Instr::StoreSubscr);
                Ok(())
            }
            Expr::Tuple(tuple) => deeper(|| self.unpack(&tuple.elts, at)),
            Expr::List(list) => deeper(|| self.unpack(&list.elts, at)),
            Expr::Starred(starred) => {
                Err(self.issue("starred assignment target must be in a list or tuple", starred.range()))
            }
            other => Err(self.issue("cannot assign to expression", other.range())),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], at: TextRange) -> Done {
        self.emit_unpack(targets, Expr::is_starred_expr, at)?;
        for target in targets {
            match target {
                Expr::Starred(starred) => self.store(&starred.value)?,
                target => self.store(target)?,
            }
        }
        Ok(())
    }

    /// Takes a sequence apart for these targets or patterns.
    pub(super) fn emit_unpack<T>(&mut self, items: &[T], starred: fn(&T) -> bool, at: TextRange) -> Done {
        let mut stars = items.iter().enumerate().filter(|(_, item)| starred(item)).map(|(index, _)| index);
        let Some(before) = stars.next() else {
            self.emit(at, Instr::UnpackSequence(items.len() as u32));
            return Ok(());
        };
        if stars.next().is_some() {
            return Err(self.issue("multiple starred expressions in assignment", at));
        }
        let after = items.len() - before - 1;
        // CPython allows 2^24 names after the star; here both counts are a byte, and more is refused alike.
        match (u8::try_from(before), u8::try_from(after)) {
            (Ok(before), Ok(after)) => {
                self.emit(at, Instr::UnpackEx { before, after });
                Ok(())
            }
            _ => Err(self.issue("too many expressions in star-unpacking assignment", at)),
        }
    }

    /// `self.x = …` in a method makes `x` one of the class's static attributes (3.13).
    pub(super) fn note_static_attribute(&mut self, attribute: &ast::ExprAttribute) {
        if !self.profile.static_attributes {
            return;
        }
        let Expr::Name(object) = &*attribute.value else { return };
        if object.id.as_str() != "self" {
            return;
        }
        let class = self.bodies.iter_mut().rev().skip(1).find(|body| body.block.kind == BlockKind::Class);
        if let Some(class) = class
            && !class.static_attributes.iter().any(|name| name == attribute.attr.as_str())
        {
            class.static_attributes.push(attribute.attr.as_str().into());
        }
    }
}
