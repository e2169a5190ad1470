//! Error texts that moved between versions: one enum a message, the value says which wording is in force.

/// "local variable … " of UnboundLocalError.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnboundLocalText {
    /// `local variable 'x' referenced before assignment`
    Referenced,
    /// `cannot access local variable 'x' where it is not associated with a value`
    Associated,
}

impl UnboundLocalText {
    /// The message for a name.
    pub fn text(self, name: &str) -> String {
        match self {
            UnboundLocalText::Referenced => format!("local variable '{name}' referenced before assignment"),
            UnboundLocalText::Associated => {
                format!("cannot access local variable '{name}' where it is not associated with a value")
            }
        }
    }
}

/// NameError for an empty cell of an enclosing function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnboundFreeText {
    /// `free variable 'x' referenced before assignment in enclosing scope`
    Referenced,
    /// `cannot access free variable 'x' where it is not associated with a value in enclosing scope`
    Associated,
}

impl UnboundFreeText {
    /// The message for a name.
    pub fn text(self, name: &str) -> String {
        match self {
            UnboundFreeText::Referenced => {
                format!("free variable '{name}' referenced before assignment in enclosing scope")
            }
            UnboundFreeText::Associated => format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            ),
        }
    }
}

/// A property without the function that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyErrorText {
    /// `can't set attribute`
    Short,
    /// `can't set attribute 'x'`
    Named,
    /// `property 'x' of 'C' object has no setter`
    Full,
}

impl PropertyErrorText {
    /// The message; `what` is `getter`, `setter` or `deleter`.
    pub fn text(self, what: &str, name: Option<String>, class: &str) -> String {
        let verb = match what {
            "getter" => "unreadable attribute",
            "setter" => "can't set attribute",
            _ => "can't delete attribute",
        };
        match (self, name) {
            (PropertyErrorText::Short, _) | (PropertyErrorText::Named, None) => verb.to_string(),
            (PropertyErrorText::Named, Some(name)) => format!("{verb} '{name}'"),
            (PropertyErrorText::Full, Some(name)) => format!("property '{name}' of '{class}' object has no {what}"),
            (PropertyErrorText::Full, None) => format!("property of '{class}' object has no {what}"),
        }
    }
}

/// An instance of a class with abstract methods is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbstractErrorText {
    /// `… with abstract methods f, g`
    With,
    /// `… with abstract method f` or `… with abstract methods f, g`
    WithNumber,
    /// `… without an implementation for abstract methods 'f', 'g'`
    Without,
}

impl AbstractErrorText {
    /// The message for a class and its abstract methods.
    pub fn text(self, class: &str, methods: &[String]) -> String {
        let plural = if methods.len() == 1 { "" } else { "s" };
        match self {
            AbstractErrorText::With => {
                format!("Can't instantiate abstract class {class} with abstract methods {}", methods.join(", "))
            }
            AbstractErrorText::WithNumber => {
                format!("Can't instantiate abstract class {class} with abstract method{plural} {}", methods.join(", "))
            }
            AbstractErrorText::Without => format!(
                "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {}",
                methods.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

/// A keyword that a built-in function does not take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NativeKeywordText {
    /// `'x' is an invalid keyword argument for f()`
    Invalid,
    /// `f() got an unexpected keyword argument 'x'`
    Unexpected,
}

impl NativeKeywordText {
    /// The message for a function and a keyword.
    pub fn text(self, function: &str, keyword: &str) -> String {
        match self {
            NativeKeywordText::Invalid => format!("'{keyword}' is an invalid keyword argument for {function}()"),
            NativeKeywordText::Unexpected => format!("{function}() got an unexpected keyword argument '{keyword}'"),
        }
    }
}

/// `await` of something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AwaitErrorText {
    /// `object X can't be used in 'await' expression`
    Object,
    /// `'X' object can't be awaited`
    Quoted,
}

impl AwaitErrorText {
    /// The message for a class.
    pub fn text(self, class: &str) -> String {
        match self {
            AwaitErrorText::Object => format!("object {class} can't be used in 'await' expression"),
            AwaitErrorText::Quoted => format!("'{class}' object can't be awaited"),
        }
    }
}

/// A `__weakref__` slot where there is one already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakrefSlotText {
    /// With the two reasons that it may have.
    Either,
    /// With the one reason.
    GotOne,
}

impl WeakrefSlotText {
    /// The message.
    pub fn text(self) -> &'static str {
        match self {
            WeakrefSlotText::Either => "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0",
            WeakrefSlotText::GotOne => "__weakref__ slot disallowed: we already got one",
        }
    }
}

/// `super(C, x)` for an `x` that is no `C`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SuperErrorText {
    /// Without names.
    Plain,
    /// With the names of both classes.
    Named,
}

impl SuperErrorText {
    /// The message for the class and the object's class.
    pub fn text(self, class: &str, object: &str) -> String {
        let plain = "super(type, obj): obj must be an instance or subtype of type";
        match self {
            SuperErrorText::Plain => plain.to_string(),
            SuperErrorText::Named => {
                format!("super(type, obj): obj (instance of {object}) is not an instance or subtype of type ({class}).")
            }
        }
    }
}
