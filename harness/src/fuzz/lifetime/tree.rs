//! Programs as trees of steps, and how they are drawn.
//!
//! Invariant: a step names nothing. It holds [`Pick`]s, which are resolved among what is bound where the step is
//! printed, so every tree is a valid program, and so is every tree with steps taken out of it.

use proptest::collection::vec;
use proptest::prelude::*;

/// A choice among as many things as there turn out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pick(pub u8);

impl Pick {
    /// The chosen one, if there is any.
    pub fn of<T>(self, things: &[T]) -> Option<&T> {
        things.get(usize::from(self.0).checked_rem(things.len())?)
    }
}

/// A new object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// An instance with a `__dict__` and a finaliser.
    Instance,
    /// An instance with slots and a finaliser.
    Slotted,
    /// An instance whose finaliser makes it reachable again.
    Undead,
    /// A list, tuple or dict of what is picked.
    List(Vec<Pick>),
    /// See [`Value::List`].
    Tuple(Vec<Pick>),
    /// See [`Value::List`].
    Dict(Vec<Pick>),
    /// A set of one instance.
    Set(Pick),
    /// A list made by a comprehension over two picked things.
    Comprehension(Pick, Pick),
    /// A lambda that reads a name of its scope.
    Closure(Pick),
    /// A lambda with a default.
    Default(Pick),
    /// A bound method of an instance.
    Method(Pick),
    /// A generator that has yielded once and holds what is picked.
    Generator(Pick),
    /// A generator that has not begun and holds what is picked.
    Unstarted(Pick),
    /// An exception, caught, whose traceback holds a frame that holds what is picked.
    Error(Pick),
    /// A weak reference to an instance or a set; with a callback that prints.
    Weak(Pick, bool),
    /// A shallow or a deep copy of a list or dict.
    Copy(Pick, bool),
    /// A slice of all of a list or tuple.
    Slice(Pick),
    /// An iterator that has given one item.
    Iterator(Pick),
}

/// A thing done to an object, or asked of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// `name = value`
    Make(Pick, Value),
    /// `name = other`
    Alias(Pick, Pick),
    /// `a, b = b, a`
    Swap(Pick, Pick),
    /// `del name`
    Delete(Pick),
    /// `object.x = other`
    SetAttribute(Pick, Pick),
    /// `object.x = None`
    ClearAttribute(Pick),
    /// `container.append(other)`, `container['k'] = other`
    Put(Pick, Pick),
    /// `container += [other]`, `container |= {'k': other}`
    Extend(Pick, Pick),
    /// `container.pop()`, if there is anything
    Take(Pick),
    /// `del container[first]`, if there is anything
    Remove(Pick),
    /// `del list[::2]`
    Thin(Pick),
    /// `list.insert(0, other)`
    Insert(Pick, Pick),
    /// `list[len(list):] = list`
    Double(Pick),
    /// `container.clear()`
    Clear(Pick),
    /// `container[:] = [other]`
    Replace(Pick, Pick),
    /// `next(generator, None)`
    Resume(Pick),
    /// `generator.close()`
    Close(Pick),
    /// `generator.throw(KeyError)`, caught
    Throw(Pick),
    /// `print(getrefcount(name))`
    Count(Pick),
    /// `print(getsizeof(name))`
    Size(Pick),
    /// `print(getsizeof(instance.__dict__))`
    DictSize(Pick),
    /// `print(gc.is_tracked(name))`
    Tracked(Pick),
    /// `print(len(gc.get_referrers(name)))`, of an instance
    Referrers(Pick),
    /// `print(len(gc.get_referents(name)))`
    Referents(Pick),
    /// `print(weak() is None)`
    Ask(Pick),
    /// `print(gc.collect())`
    Collect,
    /// A function with parameters, called once with what is picked; what it returns is bound.
    Call(Vec<Pick>, Vec<Step>, Pick, Pick),
    /// A loop of two turns over the picked thing.
    Loop(Pick, Vec<Step>),
    /// A body that ends in an exception, which is caught.
    Try(Vec<Step>, bool),
}

fn pick() -> impl Strategy<Value = Pick> {
    (0u8..24).prop_map(Pick)
}

fn value() -> impl Strategy<Value = Value> {
    let some = || vec(pick(), 0..3);
    prop_oneof![
        6 => Just(Value::Instance),
        2 => Just(Value::Slotted),
        1 => Just(Value::Undead),
        3 => some().prop_map(Value::List),
        2 => some().prop_map(Value::Tuple),
        2 => some().prop_map(Value::Dict),
        1 => pick().prop_map(Value::Set),
        1 => (pick(), pick()).prop_map(|(a, b)| Value::Comprehension(a, b)),
        2 => pick().prop_map(Value::Closure),
        1 => pick().prop_map(Value::Default),
        1 => pick().prop_map(Value::Method),
        2 => pick().prop_map(Value::Generator),
        1 => pick().prop_map(Value::Unstarted),
        2 => pick().prop_map(Value::Error),
        2 => (pick(), any::<bool>()).prop_map(|(of, callback)| Value::Weak(of, callback)),
        1 => (pick(), any::<bool>()).prop_map(|(of, deep)| Value::Copy(of, deep)),
        1 => pick().prop_map(Value::Slice),
        1 => pick().prop_map(Value::Iterator),
    ]
}

fn plain_step() -> impl Strategy<Value = Step> {
    let two = || (pick(), pick());
    prop_oneof![
        12 => (pick(), value()).prop_map(|(to, value)| Step::Make(to, value)),
        3 => two().prop_map(|(to, from)| Step::Alias(to, from)),
        1 => two().prop_map(|(a, b)| Step::Swap(a, b)),
        4 => pick().prop_map(Step::Delete),
        4 => two().prop_map(|(object, value)| Step::SetAttribute(object, value)),
        1 => pick().prop_map(Step::ClearAttribute),
        3 => two().prop_map(|(into, what)| Step::Put(into, what)),
        1 => two().prop_map(|(into, what)| Step::Extend(into, what)),
        1 => pick().prop_map(Step::Take),
        1 => pick().prop_map(Step::Remove),
        1 => pick().prop_map(Step::Thin),
        1 => two().prop_map(|(into, what)| Step::Insert(into, what)),
        1 => pick().prop_map(Step::Double),
        1 => pick().prop_map(Step::Clear),
        1 => two().prop_map(|(into, what)| Step::Replace(into, what)),
        1 => pick().prop_map(Step::Resume),
        1 => pick().prop_map(Step::Close),
        1 => pick().prop_map(Step::Throw),
        5 => pick().prop_map(Step::Count),
        2 => pick().prop_map(Step::Size),
        1 => pick().prop_map(Step::DictSize),
        1 => pick().prop_map(Step::Tracked),
        1 => pick().prop_map(Step::Referrers),
        1 => pick().prop_map(Step::Referents),
        1 => pick().prop_map(Step::Ask),
        2 => Just(Step::Collect),
    ]
}

/// One step, with bodies nested at most twice.
fn step() -> impl Strategy<Value = Step> {
    plain_step().prop_recursive(2, 24, 6, |inner| {
        let body = || vec(inner.clone(), 1..6);
        prop_oneof![
            6 => inner.clone(),
            3 => (vec(pick(), 0..3), body(), pick(), pick())
                .prop_map(|(given, body, result, to)| Step::Call(given, body, result, to)),
            1 => (pick(), body()).prop_map(|(over, body)| Step::Loop(over, body)),
            1 => (body(), any::<bool>()).prop_map(|(body, kept)| Step::Try(body, kept)),
        ]
    })
}

/// The steps of a program.
pub fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 2..longest.max(3))
}

/// Every way to make these steps smaller at one place, the boldest first: a run of steps taken out, a body put in the
/// place of what holds it, and the same inside of bodies.
pub fn smaller(steps: &[Step]) -> Vec<Vec<Step>> {
    let with = |at: usize, until: usize, middle: &[Step]| -> Vec<Step> {
        steps.iter().take(at).chain(middle).chain(steps.iter().skip(until)).cloned().collect()
    };
    let mut found = Vec::new();
    let mut run = steps.len();
    while run > 0 {
        found.extend((0..=steps.len() - run).step_by(run).map(|at| with(at, at + run, &[])));
        run /= 2;
    }
    for (at, step) in steps.iter().enumerate() {
        let Some(body) = step.body() else { continue };
        found.push(with(at, at + 1, body));
        found.extend(smaller(body).into_iter().map(|body| with(at, at + 1, &[step.with_body(body)])));
    }
    found
}

impl Step {
    /// The steps inside, if it holds any.
    fn body(&self) -> Option<&[Step]> {
        match self {
            Step::Call(_, body, _, _) | Step::Loop(_, body) | Step::Try(body, _) => Some(body),
            Step::Make(..)
            | Step::Alias(..)
            | Step::Swap(..)
            | Step::Delete(_)
            | Step::SetAttribute(..)
            | Step::ClearAttribute(_)
            | Step::Put(..)
            | Step::Extend(..)
            | Step::Take(_)
            | Step::Remove(_)
            | Step::Thin(_)
            | Step::Insert(..)
            | Step::Double(_)
            | Step::Clear(_)
            | Step::Replace(..)
            | Step::Resume(_)
            | Step::Close(_)
            | Step::Throw(_)
            | Step::Count(_)
            | Step::Size(_)
            | Step::DictSize(_)
            | Step::Tracked(_)
            | Step::Referrers(_)
            | Step::Referents(_)
            | Step::Ask(_)
            | Step::Collect => None,
        }
    }

    /// The same around other steps.
    fn with_body(&self, steps: Vec<Step>) -> Step {
        let mut copy = self.clone();
        if let Step::Call(_, body, _, _) | Step::Loop(_, body) | Step::Try(body, _) = &mut copy {
            *body = steps;
        }
        copy
    }
}
