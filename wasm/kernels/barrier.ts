/** Looks this often before it sleeps: some tens of microseconds, longer than a well balanced part takes. */
const SPINS: i32 = 20000;

// M is what threads share: a model, or the program of a training (wasm/gradients/machine.ts).

/** Sleeps until the i32 at `at` is no longer `old`; spins first, because most waits are shorter than a wake-up. */
export function waitWhile<M>(m: M, at: usize, old: i32): void {
  let spins = 0;
  while (atomic.load<i32>(at) == old) {
    if (++spins < SPINS) continue;
    // Counted first: whoever changes the value reads the count afterwards, and wakes only if it must.
    const sleepers = changetype<usize>(m) + offsetof<M>('sleepers');
    atomic.add<i32>(sleepers, 1);
    atomic.wait<i32>(at, old, -1);
    atomic.sub<i32>(sleepers, 1);
  }
}

/** Adds one to the i32 at `at` and wakes those who wait for it. */
export function advance<M>(m: M, at: usize): void {
  atomic.add<i32>(at, 1);
  if (atomic.load<i32>(changetype<usize>(m) + offsetof<M>('sleepers')) > 0) atomic.notify(at, -1);
}

/** Returns when all threads have come here; what they wrote before is seen by all after, and nothing is taken. */
export function barrier<M>(m: M): void {
  const threads = m.threads;
  if (threads == 1) {
    m.taken = 0;
    return;
  }
  const count = changetype<usize>(m) + offsetof<M>('barrierCount');
  const generation = changetype<usize>(m) + offsetof<M>('barrierGeneration');
  const old = atomic.load<i32>(generation);
  if (atomic.add<i32>(count, 1) == threads - 1) {
    atomic.store<i32>(count, 0);
    atomic.store<i32>(changetype<usize>(m) + offsetof<M>('taken'), 0);
    advance<M>(m, generation);
  } else waitWhile<M>(m, generation, old);
}
