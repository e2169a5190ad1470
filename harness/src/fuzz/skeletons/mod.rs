//! Nested scopes and what happens to names in them: every small skeleton, and large ones at random.
//!
//! Every second number is the next skeleton in the order of sizes, the others are larger and drawn at random. Which
//! names are bound where is all that matters; a program may well be rejected by the compiler, which is one legal answer.

mod count;
mod print;
mod tree;

pub use print::program;
pub use tree::{Node, has_inlined, smaller};

use super::draw::{Draw, mix};
use tree::{Form, Scope};

/// The skeleton with this number. The small ones are the same for every seed, in another order.
pub fn skeleton(seed: u64, number: u64) -> Vec<Node> {
    if number % 2 == 1 {
        return random(&mut Draw::new(seed, number, 0));
    }
    let mut left = number / 2;
    for size in 1..=count::LARGEST {
        let all = count::of_size(size);
        if left < all || size == count::LARGEST {
            // A step without a common divisor with the count visits each number once.
            let step = (mix(seed) % all) | 1;
            let step = (0..).map(|more| step + 2 * more).find(|step| coprime(*step, all)).unwrap_or(1);
            let at = u128::from(left % all) * u128::from(step) + u128::from(mix(seed ^ 1) % all);
            return count::skeleton(size, u64::try_from(at % u128::from(all)).unwrap_or(0));
        }
        left -= all;
    }
    Vec::new()
}

const fn coprime(mut a: u64, mut b: u64) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// What a random skeleton is made of: few things each, so that they meet.
struct Swarm {
    names: u8,
    forms: Vec<Form>,
    inner_forms: Vec<Form>,
    scopes: Vec<Scope>,
    inner_scopes: Vec<Scope>,
    left: usize,
}

fn random(draw: &mut Draw) -> Vec<Node> {
    // What every program has goes deep only where little else comes between.
    let plain = draw.percent(40);
    let mut forms = vec![Form::Use, Form::Use];
    forms.push(if draw.percent(75) { Form::Assign } else { Form::Walrus });
    let mut scopes = vec![Scope::Function, draw.of(&Scope::ALL).unwrap_or(Scope::List)];
    if plain {
        scopes.extend(draw.of(&[Scope::List, Scope::List, Scope::Set, Scope::Lazy, Scope::Lambda, Scope::Class]));
    } else {
        forms.extend(draw.some(&Form::ALL[3..], 0, 3));
        scopes.extend(draw.some(&Scope::ALL, 1, 3));
    }
    let inner_forms: Vec<Form> = forms.iter().copied().filter(|form| Form::EXPRESSIONS.contains(form)).collect();
    let inner_scopes: Vec<Scope> = scopes.iter().copied().filter(|scope| scope.holds_expressions()).collect();
    let names = draw.of(if plain { &[1, 1, 2] } else { &[1, 2, 2, 3] }).unwrap_or(1);
    let mut swarm = Swarm { names, forms, inner_forms, scopes, inner_scopes, left: draw.between(4, 12) };
    // A name that is bound nowhere ends the program early.
    let mut nodes = Vec::new();
    for name in 0..names {
        if draw.percent(60) {
            nodes.push(Node::Leaf(Form::Assign, name));
        }
    }
    while swarm.left > 0 {
        nodes.push(node(draw, &mut swarm, 0, false));
    }
    if draw.percent(if plain { 70 } else { 30 }) { vec![Node::Scope(Scope::Function, 0, nodes)] } else { nodes }
}

fn node(draw: &mut Draw, swarm: &mut Swarm, depth: usize, in_expression: bool) -> Node {
    swarm.left = swarm.left.saturating_sub(1);
    let name = u8::try_from(draw.below(usize::from(swarm.names))).unwrap_or(0);
    let (forms, scopes) =
        if in_expression { (&swarm.inner_forms, &swarm.inner_scopes) } else { (&swarm.forms, &swarm.scopes) };
    let scope = if depth < 4 && draw.percent(45) { draw.of(scopes) } else { None };
    match scope {
        None => Node::Leaf(draw.of(forms).unwrap_or(Form::Use), name),
        Some(scope) => {
            let wanted = draw.between(0, 4).min(swarm.left);
            let inner = (0..wanted)
                .map_while(|_| (swarm.left > 0).then(|| node(draw, swarm, depth + 1, scope.holds_expressions())))
                .collect();
            Node::Scope(scope, if scope.has_name() { name } else { 0 }, inner)
        }
    }
}

/// The first minor version whose syntax has all of it.
pub fn since(nodes: &[Node]) -> u8 {
    let mut since = 8;
    for node in nodes {
        node.walk(&mut |node| {
            since = since.max(match node {
                Node::Leaf(form, _) => form.since(),
                Node::Scope(scope, ..) => scope.since(),
            });
        });
    }
    since
}
