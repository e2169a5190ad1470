//! Work on several threads, results in the order of the work.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does `work` for every task on `threads` threads, each with what `open` gives it, and returns the results in the
/// order of the tasks. `done` is told of each as it comes.
pub fn run<T: Sync, S, R: Send>(
    tasks: &[T],
    threads: usize,
    open: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
    done: impl Fn(&T, &R) + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(tasks.len()));
    let labour = || {
        let mut state = open();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { break };
            let result = work(&mut state, task);
            done(task, &result);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.clamp(1, tasks.len().max(1)) {
            scope.spawn(labour);
        }
        labour();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// As many threads as there are processors.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::run;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_keep_the_order_of_the_tasks() {
        let tasks: Vec<u64> = (0..50).collect();
        let told = AtomicUsize::new(0);
        for threads in [0, 1, 4, 100] {
            let opened = AtomicUsize::new(0);
            let results = run(
                &tasks,
                threads,
                || opened.fetch_add(1, Ordering::Relaxed),
                |_, task| {
                    std::thread::sleep(std::time::Duration::from_micros(100 - 2 * task));
                    task * 2
                },
                |_, _| {
                    told.fetch_add(1, Ordering::Relaxed);
                },
            );
            assert_eq!(results, tasks.iter().map(|task| task * 2).collect::<Vec<_>>());
            assert!(opened.into_inner() <= threads.max(1));
        }
        assert_eq!(told.into_inner(), 200);
        assert!(run(&[] as &[u8], 3, || (), |(), _| (), |_, ()| ()).is_empty());
    }
}
