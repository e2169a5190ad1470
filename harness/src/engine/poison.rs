//! Ten ways in which one program can poison the next that runs in the same process.
//!
//! Each is a program that leaves something behind and one that prints whether it finds it. An engine that keeps its
//! programs apart shows none; one that runs them in a fresh namespace of one process shows most.

use super::capability::{prints, runs};
use super::{Engine, Limits};

/// A way, and whether the engine lets it through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leak {
    /// What is left behind.
    pub name: &'static str,
    /// Whether it reaches the next program; nothing if the engine cannot do it at all.
    pub leaks: Option<bool>,
}

/// What is left behind, the program that does it, and an expression that is true where it is found.
pub const POISONS: [(&str, &str, &str, &str); 10] = [
    ("a global name", "poison = 1", "", "'poison' in globals()"),
    ("a builtin", "import builtins\nbuiltins.poison = 1", "import builtins", "hasattr(builtins, 'poison')"),
    ("a module", "import sys\nsys.modules['poison'] = sys", "import sys", "'poison' in sys.modules"),
    ("sys.path", "import sys\nsys.path.append('/poison')", "import sys", "'/poison' in sys.path"),
    ("the recursion limit", "import sys\nsys.setrecursionlimit(777)", "import sys", "sys.getrecursionlimit() == 777"),
    ("the collector's state", "import gc\ngc.disable()", "import gc", "not gc.isenabled()"),
    (
        "warning filters",
        "import warnings\nwarnings.simplefilter('error', UserWarning)",
        "import warnings",
        "('error', None, UserWarning, None, 0) in warnings.filters",
    ),
    ("an attribute of a module", "import math\nmath.pi = 3", "import math", "math.pi == 3"),
    ("the environment", "import os\nos.environ['POISON'] = '1'", "import os", "'POISON' in os.environ"),
    ("the current folder", "import os\nos.chdir('/')", "import os", "os.getcwd() == '/'"),
];

/// Tries every way on an engine.
pub fn leaks(engine: &mut dyn Engine, limits: &Limits) -> Vec<Leak> {
    let mut found = Vec::new();
    for (name, poison, import, test) in POISONS {
        let before = prints(engine, &format!("{import}\nprint({test})"), limits);
        let can = before.as_deref().map(str::trim) == Some("False") && runs(engine, poison, limits) == Some(true);
        let leaks = can.then(|| prints(engine, &format!("{import}\nprint({test})"), limits));
        found.push(Leak { name, leaks: leaks.map(|after| after.as_deref().map(str::trim) != Some("False")) });
    }
    found
}
