//! `gc`.

use crate::heap::{Layout, List, Owned, PERMANENT, Ref, flag};
use crate::native::{Args, NativeDef, function};
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("collect", 0, 1, collect).named(&["generation"], 0, 1, 0),
    function("enable", 0, 0, |vm, _| {
        vm.collector.enabled = true;
        Ok(vm.none())
    }),
    function("disable", 0, 0, |vm, _| {
        vm.collector.enabled = false;
        Ok(vm.none())
    }),
    function("isenabled", 0, 0, |vm, _| {
        let enabled = vm.collector.enabled;
        Ok(vm.bool(enabled))
    }),
    function("get_threshold", 0, 0, get_threshold),
    function("set_threshold", 1, 3, set_threshold),
    function("get_count", 0, 0, get_count),
    function("is_tracked", 1, 1, is_tracked),
    function("is_finalized", 1, 1, is_finalized),
    function("get_referrers", 0, 0, get_referrers).any(),
    function("get_referents", 0, 0, get_referents).any(),
    function("freeze", 0, 0, freeze),
    function("unfreeze", 0, 0, |vm, _| {
        vm.heap.gc.merge(List::Generation(PERMANENT), List::Generation(2));
        Ok(vm.none())
    }),
    function("get_freeze_count", 0, 0, |vm, _| {
        let count = vm.heap.gc.len(List::Generation(PERMANENT));
        Ok(vm.new_size(count))
    }),
    function("set_debug", 1, 1, set_debug),
    function("get_debug", 0, 0, |vm, _| {
        let debug = vm.collector.debug;
        Ok(vm.new_int(debug))
    }),
    function("get_stats", 0, 0, get_stats),
    function("get_objects", 0, 1, get_objects).named(&["generation"], 0, 1, 0),
];

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        if !vm.profile.has_member("gc", def.name) {
            continue;
        }
        vm.add_function(dict, "gc", def);
    }
    for (name, value) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        let value = vm.new_int(value);
        vm.put(dict, name, value);
    }
    let garbage = vm.new_list(Vec::new());
    vm.put(dict, "garbage", garbage);
    let callbacks = vm.new_list(Vec::new());
    vm.put(dict, "callbacks", callbacks);
    Ok(())
}

fn collect(vm: &mut Vm, args: Args) -> Res<Owned> {
    let generation = args.get(vm, 0);
    let generation = if generation.is_null() { 2 } else { vm.index_of(generation)? };
    let Some(generation) = usize::try_from(generation).ok().filter(|&generation| generation <= 2) else {
        return Err(vm.value_error("invalid generation"));
    };
    let count = vm.collect_garbage(generation)?;
    Ok(vm.new_size(count))
}

fn get_threshold(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let parts = vm.collector.thresholds.map(|part| vm.new_int(i64::from(part)));
    Ok(vm.new_tuple(Vec::from(parts)))
}

fn set_threshold(vm: &mut Vm, args: Args) -> Res<Owned> {
    for at in 0..args.len() {
        let value = vm.index_of(args.get(vm, at))?;
        vm.collector.thresholds[at] = u32::try_from(value).unwrap_or(0);
    }
    Ok(vm.none())
}

fn freeze(vm: &mut Vm, _args: Args) -> Res<Owned> {
    vm.freeze();
    Ok(vm.none())
}

fn set_debug(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.collector.debug = vm.index_of(args.get(vm, 0))?;
    Ok(vm.none())
}

fn get_stats(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let mut generations = Vec::new();
    for stats in vm.collector.stats {
        let dict = vm.new_dict();
        for (key, value) in [("collections", stats.collections), ("collected", stats.collected), ("uncollectable", 0)] {
            let value = vm.new_size(value);
            vm.put(dict.get(), key, value);
        }
        vm.put_candidates(dict.get(), stats.candidates);
        generations.push(dict);
    }
    Ok(vm.new_list(generations))
}

fn get_count(vm: &mut Vm, _args: Args) -> Res<Owned> {
    let parts = vm.heap.gc.counts.map(|part| vm.new_int(i64::from(part)));
    Ok(vm.new_filled_tuple(Vec::from(parts)))
}

fn is_tracked(vm: &mut Vm, args: Args) -> Res<Owned> {
    let tracked = vm.heap.has(args.get(vm, 0), flag::TRACKED);
    Ok(vm.bool(tracked))
}

fn is_finalized(vm: &mut Vm, args: Args) -> Res<Owned> {
    let finalized = vm.heap.has(args.get(vm, 0), flag::FINALIZED);
    Ok(vm.bool(finalized))
}

fn get_referrers(vm: &mut Vm, args: Args) -> Res<Owned> {
    let targets = args.rest(vm, 0);
    let mut found = Vec::new();
    for generation in (0..=2).rev() {
        for object in vm.heap.gc.members(List::Generation(generation)) {
            let mut refers = false;
            vm.heap.edges(object, &mut |_, to| refers |= targets.contains(&to));
            if refers {
                found.push(object);
            }
        }
    }
    Ok(vm.list_of(&found))
}

fn get_referents(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mut found = Vec::new();
    for object in args.rest(vm, 0) {
        vm.heap.traverse(object, &mut |to| {
            if !matches!(vm.heap.layout(to), Layout::Free) {
                found.push(to);
            }
        });
    }
    Ok(vm.list_of(&found))
}

fn get_objects(vm: &mut Vm, args: Args) -> Res<Owned> {
    let generation = args.get(vm, 0);
    let chosen = if generation.is_null() || generation == vm.single.none {
        None
    } else {
        let number = vm.index_of(generation)?;
        let Some(number) = usize::try_from(number).ok().filter(|&number| number <= 2) else {
            return Err(
                vm.value_error("generation parameter must be less than the number of available generations (3)")
            );
        };
        Some(number)
    };
    let mut found = Vec::new();
    for generation in (0..=2).rev() {
        if chosen.is_none_or(|chosen| chosen == generation) {
            found.extend(vm.heap.gc.members(List::Generation(generation)));
        }
    }
    Ok(vm.list_of(&found))
}
