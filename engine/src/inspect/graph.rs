//! Alias graphs: the text of a value in which an object that is reached twice carries a label.
//!
//! `&n` labels a mutable object at its first visit, `*n` refers back; numbers follow the order of first visits over
//! all roots. Atoms, tuples and frozensets carry no label. Functions, classes and modules are not entered.

use crate::heap::{
    ByteArrayBody, DictBody, FunctionBody, InstanceBody, Layout, ListBody, ModuleBody, NativeBody, Ref, SetBody,
    TypeBody,
};
use crate::vm::{Ty, Vm};
use rustc_hash::FxHashMap;

/// Nesting deeper than this is cut off.
const DEEPEST: usize = 200;

struct Walk<'vm> {
    vm: &'vm mut Vm,
    /// How often each object that can carry a label is reached.
    visits: FxHashMap<Ref, u32>,
    labels: FxHashMap<Ref, usize>,
}

impl Vm {
    /// The alias graphs of these values, with one numbering over all of them.
    pub fn alias_graph(&mut self, roots: &[Ref]) -> Vec<String> {
        let mut walk = Walk { vm: self, visits: FxHashMap::default(), labels: FxHashMap::default() };
        for &root in roots {
            walk.count(root, 0);
        }
        roots.iter().map(|&root| walk.show(root, 0)).collect()
    }

    /// The alias graphs of names of `__main__`.
    pub fn graph_of_names(&mut self, names: &[&str]) -> Vec<Option<String>> {
        let Some(main) = self.dict_get_str(self.modules, "__main__") else { return vec![None; names.len()] };
        let dict = self.own_dict(main);
        let values: Vec<Option<Ref>> = names.iter().map(|name| self.dict_get_str(dict, name)).collect();
        let roots: Vec<Ref> = values.iter().copied().flatten().collect();
        let mut graphs = self.alias_graph(&roots).into_iter();
        values.into_iter().map(|value| value.and_then(|_| graphs.next())).collect()
    }
}

impl Walk<'_> {
    fn labelled(&self, r: Ref) -> bool {
        match self.vm.heap.layout(r) {
            Layout::List | Layout::Dict | Layout::ByteArray | Layout::Instance | Layout::Function => true,
            Layout::Set => !self.frozen(r),
            _ if self.atom(r) => false,
            Layout::Tuple => false,
            _ => true,
        }
    }

    fn frozen(&self, r: Ref) -> bool {
        self.vm.is_instance_of(r, self.vm.class(Ty::FrozenSet))
    }

    fn atom(&self, r: Ref) -> bool {
        if matches!(self.vm.heap.layout(r), Layout::Type | Layout::Module | Layout::Native) {
            return true;
        }
        let exact = [
            Ty::NoneType,
            Ty::Bool,
            Ty::Int,
            Ty::BigInt,
            Ty::Float,
            Ty::Complex,
            Ty::Str,
            Ty::Bytes,
            Ty::Range,
            Ty::Slice,
            Ty::EllipsisType,
            Ty::NotImplementedType,
        ];
        exact.iter().any(|&ty| self.vm.is_exact(r, ty))
    }

    /// What the object is entered for: names are empty for items.
    fn parts(&self, r: Ref) -> Vec<(String, Ref)> {
        let heap = &self.vm.heap;
        let plain = |items: &[Ref]| items.iter().map(|&item| (String::new(), item)).collect();
        if self.atom(r) {
            return Vec::new();
        }
        match heap.layout(r) {
            Layout::List => heap.get::<ListBody>(r).map_or(Vec::new(), |body| plain(&body.items)),
            Layout::Tuple => plain(self.vm.tuple_items(r)),
            Layout::Dict => heap.get::<DictBody>(r).map_or(Vec::new(), |body| {
                body.table.iter().flat_map(|entry| [(String::new(), entry.key), (String::new(), entry.value)]).collect()
            }),
            Layout::Set => heap
                .get::<SetBody>(r)
                .map_or(Vec::new(), |body| body.table.iter().map(|(_, key)| (String::new(), key)).collect()),
            Layout::Instance => self.attributes(r),
            _ => Vec::new(),
        }
    }

    fn attributes(&self, r: Ref) -> Vec<(String, Ref)> {
        let heap = &self.vm.heap;
        let Some(body) = heap.get::<InstanceBody>(r) else { return Vec::new() };
        let mut parts: Vec<(String, Ref)> = if body.dict.is_null() {
            let names = heap.shapes.names(body.shape);
            names.iter().zip(&body.values).map(|(&name, &value)| (self.vm.show(name), value)).collect()
        } else {
            self.vm.dict_items(body.dict).into_iter().map(|(key, value)| (self.vm.show(key), value)).collect()
        };
        let slots = self.vm.all_slot_names(heap.class_of(r));
        parts.extend(slots.into_iter().zip(body.slots.iter().copied()));
        parts.retain(|(_, value)| !value.is_null());
        parts
    }

    fn count(&mut self, r: Ref, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        if self.labelled(r) {
            let visits = self.visits.entry(r).or_insert(0);
            *visits += 1;
            if *visits > 1 {
                return;
            }
        }
        for (_, part) in self.parts(r) {
            self.count(part, depth + 1);
        }
    }

    fn show(&mut self, r: Ref, depth: usize) -> String {
        if depth > DEEPEST {
            return "...".to_string();
        }
        let mut prefix = String::new();
        if self.labelled(r) && self.visits.get(&r).is_some_and(|&visits| visits > 1) {
            if let Some(label) = self.labels.get(&r) {
                return format!("*{label}");
            }
            let label = self.labels.len() + 1;
            self.labels.insert(r, label);
            prefix = format!("&{label} ");
        }
        prefix + &self.content(r, depth)
    }

    fn content(&mut self, r: Ref, depth: usize) -> String {
        let name = self.vm.class_name(r);
        if self.atom(r) {
            return self.atom_text(r);
        }
        let layout = self.vm.heap.layout(r);
        let parts = self.parts(r);
        let mut shown: Vec<String> = Vec::new();
        for (label, part) in &parts {
            let text = self.show(*part, depth + 1);
            shown.push(if label.is_empty() { text } else { format!("{label}={text}") });
        }
        match layout {
            Layout::List => format!("[{}]", shown.join(", ")),
            Layout::Tuple if shown.len() == 1 => format!("({},)", shown[0]),
            Layout::Tuple => format!("({})", shown.join(", ")),
            Layout::Dict => {
                let pairs: Vec<String> = shown.chunks(2).map(|pair| pair.join(": ")).collect();
                format!("{{{}}}", pairs.join(", "))
            }
            Layout::Set => {
                shown.sort();
                match (self.frozen(r), shown.is_empty()) {
                    (true, true) => "frozenset()".to_string(),
                    (true, false) => format!("frozenset({{{}}})", shown.join(", ")),
                    (false, true) => "set()".to_string(),
                    (false, false) => format!("{{{}}}", shown.join(", ")),
                }
            }
            Layout::ByteArray => {
                let data = self.vm.heap.get::<ByteArrayBody>(r).map(|body| body.data.clone()).unwrap_or_default();
                crate::object::repr::bytearray_repr("bytearray", &data)
            }
            Layout::Instance => format!("{name}({})", shown.join(", ")),
            Layout::Function => {
                let func = self.vm.heap.get::<FunctionBody>(r).map_or(Ref::NULL, |body| body.name);
                format!("<function {}>", self.vm.show(func))
            }
            _ => format!("<{name}>"),
        }
    }

    fn atom_text(&mut self, r: Ref) -> String {
        match self.vm.heap.layout(r) {
            Layout::Type => {
                let name = self.vm.heap.get::<TypeBody>(r).map_or(Ref::NULL, |body| body.name);
                format!("<class {}>", self.vm.show(name))
            }
            Layout::Module => {
                let dict = self.vm.heap.get::<ModuleBody>(r).map_or(Ref::NULL, |body| body.dict);
                let name = self.vm.dict_get_text(dict, self.vm.names.name).unwrap_or(Ref::NULL);
                format!("<module {}>", self.vm.show(name))
            }
            Layout::Native => {
                let name = self.vm.heap.get::<NativeBody>(r).and_then(|body| body.def).map_or("?", |def| def.name);
                format!("<builtin {name}>")
            }
            _ => match self.vm.repr(r) {
                Ok(text) => text.to_string_lossy().into_owned(),
                Err(_) => "<?>".to_string(),
            },
        }
    }
}
