//! All skeletons in an order: how many there are of a size, and which one has a number.
//!
//! Invariant: two numbers of one size are two different skeletons, and none is left out. Names are counted up to
//! renaming: the first is `a`, and a new one is the next letter.

use super::tree::{Form, NAMES, Name, Node, Scope};
use std::sync::LazyLock;

/// The most nodes that are counted.
pub const LARGEST: usize = 6;

/// The most nodes, and the most names at their places.
const END: usize = LARGEST + 1;

/// How many there are, by nodes and by places for a name.
type Table = [[u64; END]; END];

struct Counts {
    /// One node with what is in it, in a body and in an expression.
    trees: [Table; 2],
    /// Nodes beside each other.
    rows: [Table; 2],
}

static COUNTS: LazyLock<Counts> = LazyLock::new(count);

fn forms(in_expression: bool) -> &'static [Form] {
    if in_expression { &Form::EXPRESSIONS } else { &Form::ALL }
}

fn scopes(in_expression: bool) -> &'static [Scope] {
    if in_expression { &Scope::EXPRESSIONS } else { &Scope::ALL }
}

fn at(table: &Table, size: usize, places: usize) -> u64 {
    table.get(size).and_then(|row| row.get(places)).copied().unwrap_or(0)
}

fn add(table: &mut Table, size: usize, places: usize, count: u64) {
    if let Some(cell) = table.get_mut(size).and_then(|row| row.get_mut(places)) {
        *cell += count;
    }
}

fn count() -> Counts {
    let mut counts = Counts { trees: [[[0; END]; END]; 2], rows: [[[0; END]; END]; 2] };
    for rows in &mut counts.rows {
        add(rows, 0, 0, 1);
    }
    for size in 1..END {
        for kind in [true, false] {
            if size == 1 {
                add(&mut counts.trees[usize::from(kind)], 1, 1, forms(kind).len() as u64);
            }
            for scope in scopes(kind) {
                let own = usize::from(scope.has_name());
                for places in 0..END - own {
                    let inner = at(&counts.rows[usize::from(scope.holds_expressions())], size - 1, places);
                    add(&mut counts.trees[usize::from(kind)], size, places + own, inner);
                }
            }
        }
        for kind in [0, 1] {
            for first in 1..=size {
                for places in 0..END {
                    for own in 0..=places {
                        let count =
                            at(&counts.trees[kind], first, own) * at(&counts.rows[kind], size - first, places - own);
                        add(&mut counts.rows[kind], size, places, count);
                    }
                }
            }
        }
    }
    counts
}

/// In how many ways so many places can be named, when this many names are in use.
fn patterns(places: usize, used: u8) -> u64 {
    if places == 0 {
        return 1;
    }
    let again = u64::from(used) * patterns(places - 1, used);
    if used < NAMES { again + patterns(places - 1, used + 1) } else { again }
}

/// How many skeletons have so many nodes.
pub fn of_size(size: usize) -> u64 {
    (0..END).map(|places| at(&COUNTS.rows[0], size, places) * patterns(places, 0)).sum()
}

/// The skeleton with this number among those of its size; numbers beyond the last one begin again.
pub fn skeleton(size: usize, number: u64) -> Vec<Node> {
    let mut left = number.checked_rem(of_size(size)).unwrap_or(0);
    for places in 0..END {
        let named = patterns(places, 0);
        let here = at(&COUNTS.rows[0], size, places) * named;
        if left < here {
            let mut names = naming(places, left % named);
            return row(false, size, places, left / named, &mut names);
        }
        left -= here;
    }
    Vec::new()
}

/// The names of the places, the last one first.
fn naming(places: usize, number: u64) -> Vec<Name> {
    let mut names = Vec::with_capacity(places);
    let (mut left, mut used) = (number, 0);
    for place in 0..places {
        let rest = patterns(places - place - 1, used);
        let again = u64::from(used) * rest;
        if left < again {
            names.push(u8::try_from(left / rest).unwrap_or(0));
            left %= rest;
        } else {
            left -= again;
            names.push(used);
            used += 1;
        }
    }
    names.reverse();
    names
}

fn row(kind: bool, size: usize, places: usize, number: u64, names: &mut Vec<Name>) -> Vec<Node> {
    let counts = &*COUNTS;
    let (trees, rows) = (&counts.trees[usize::from(kind)], &counts.rows[usize::from(kind)]);
    let mut left = number;
    for first in 1..=size {
        for own in 0..=places {
            let after = at(rows, size - first, places - own);
            let here = at(trees, first, own) * after;
            if left < here {
                let mut nodes = vec![tree(kind, first, own, left / after, names)];
                nodes.extend(row(kind, size - first, places - own, left % after, names));
                return nodes;
            }
            left -= here;
        }
    }
    Vec::new()
}

fn tree(kind: bool, size: usize, places: usize, number: u64, names: &mut Vec<Name>) -> Node {
    let mut left = number;
    if size == 1 && places == 1 {
        let all = forms(kind);
        if let Some(form) = usize::try_from(left).ok().and_then(|at| all.get(at)) {
            return Node::Leaf(*form, names.pop().unwrap_or(0));
        }
        left -= all.len() as u64;
    }
    for scope in scopes(kind).iter().filter(|scope| usize::from(scope.has_name()) <= places) {
        let inner_places = places - usize::from(scope.has_name());
        let here = at(&COUNTS.rows[usize::from(scope.holds_expressions())], size - 1, inner_places);
        if left < here {
            let own = if scope.has_name() { names.pop().unwrap_or(0) } else { 0 };
            return Node::Scope(*scope, own, row(scope.holds_expressions(), size - 1, inner_places, left, names));
        }
        left -= here;
    }
    Node::Leaf(Form::Use, 0)
}

#[cfg(test)]
mod tests {
    use super::super::print::program;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_number_is_another_skeleton() {
        for size in 1..=2 {
            let count = of_size(size);
            let texts: HashSet<String> = (0..count).map(|number| format!("{:?}", skeleton(size, number))).collect();
            assert_eq!(texts.len() as u64, count, "{size}");
        }
        assert_eq!(of_size(1), 19 + 16);
        assert_eq!([0, 1, 2, 3, 4].map(|places| patterns(places, 0)), [1, 1, 2, 5, 14]);
    }

    #[test]
    fn all_patterns_of_names_are_there() {
        let bodies: HashSet<String> = (0..of_size(2)).map(|number| program(&skeleton(2, number), false)).collect();
        for wanted in
            ["a = 1\nprint(a)\n", "a = 1\nprint(b)\n", "[print(a) for a in [1]]\n", "[print(b) for a in [1]]\n"]
        {
            let renamed = wanted.replace('b', "c").replace('a', "b").replace('c', "a");
            assert!(bodies.contains(wanted) || bodies.contains(&renamed), "{wanted}");
        }
    }

    #[test]
    fn large_numbers_are_skeletons_too() {
        for number in 0..50 {
            let nodes = skeleton(LARGEST, number * (of_size(LARGEST) / 50));
            let mut count = 0;
            for node in &nodes {
                node.walk(&mut |_| count += 1);
            }
            assert_eq!(count, LARGEST);
        }
    }
}
