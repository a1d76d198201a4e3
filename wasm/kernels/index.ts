// The CPU transformer. The host lays out one memory per model (sdk/backends/wasm/memory-layout.ts), packs the
// weights into it, and then runs passes: `forward` on the calling thread, `serve` on every other.
import { advance, waitWhile } from './barrier';
import { pass } from './forward';
import { Model } from './structs';

export { byteProduct } from './byte-dots';
export { packRows } from './pack';
export { packQuantised } from './pack-quantised';

/** Runs the job that the model's fields describe; returns when it is done on all threads. */
export function forward(m: Model): void {
  if (m.threads > 1) advance(m, changetype<usize>(m) + offsetof<Model>('jobGeneration'));
  pass(m, 0);
}

/** Life of a thread 1 … threads - 1: waits for jobs, runs its part, until told to quit. */
export function serve(m: Model, thread: i32): void {
  const generation = changetype<usize>(m) + offsetof<Model>('jobGeneration');
  let old = atomic.load<i32>(generation);
  atomic.add<i32>(changetype<usize>(m) + offsetof<Model>('ready'), 1);
  while (true) {
    waitWhile(m, generation, old);
    old++;
    if (atomic.load<i32>(changetype<usize>(m) + offsetof<Model>('quit'))) return;
    pass(m, thread);
  }
}

/** Wakes the threads so that they see `quit`. */
export function wake(m: Model): void {
  advance(m, changetype<usize>(m) + offsetof<Model>('jobGeneration'));
}

// One kernel at a time, for the tests of this very module.
export { activate } from './activation';
export { attention } from './attention';
export { embed } from './embed';
export { layerNorm } from './layer-norm';
export { linear } from './linear';
