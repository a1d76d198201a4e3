// Forward and backward passes of a training. The host lays out one memory per plan (sdk/gradients/wasm/plan-memory.ts), writes each
// phase's steps into it as words, and then runs phases: `run` on the calling thread, `serve` on every other.
import { advance, waitWhile } from '../kernels/barrier';
import { Program } from './machine';
import { runSteps } from './program';

/** Runs the phase that the program's fields name; returns when it is done on all threads. */
export function run(program: Program): void {
  wake(program);
  runSteps(program, 0);
}

/** Life of a thread 1 … threads - 1: waits for phases, runs its part, until told to quit. */
export function serve(program: Program, thread: i32): void {
  const generation = changetype<usize>(program) + offsetof<Program>('jobGeneration');
  let old = atomic.load<i32>(generation);
  atomic.add<i32>(changetype<usize>(program) + offsetof<Program>('ready'), 1);
  while (true) {
    waitWhile<Program>(program, generation, old);
    old++;
    if (atomic.load<i32>(changetype<usize>(program) + offsetof<Program>('quit'))) return;
    runSteps(program, thread);
  }
}

/** Wakes the threads so that they run a phase, or see `quit`. */
export function wake(program: Program): void {
  advance<Program>(program, changetype<usize>(program) + offsetof<Program>('jobGeneration'));
}
