// What the host writes before a run (sdk/gradients/wasm/plan-memory.ts has the same fields in the same order): pointers are byte addresses.

/** What all threads share. */
@unmanaged
export class Program {
  threads: i32;
  taken: i32; // parts that threads have taken since the last barrier, for kernels that do not deal them
  barrierCount: i32;
  barrierGeneration: i32;
  sleepers: i32;
  jobGeneration: i32;
  quit: i32;
  ready: i32;
  relaxed: i32; // whether this engine has relaxed multiply-adds
  machines: usize; // (threads) Machine
  // The run.
  steps: usize; // words of the phase
  end: usize;
  tokens: i32; // N
  outputs: i32; // H
  dropoutSeed: i32;
  learningRate: f32;
  correction1: f32;
  correction2: f32;
}

/** One thread. */
@unmanaged
export class Machine {
  program: Program;
  thread: i32;
  threads: i32;
  scratch: usize; // of this thread alone: as many bytes as the hungriest step asked for
  shared: usize; // the same for all threads together
}

/** How a step's words begin; those of its kernel follow. */
@unmanaged
export class Step {
  kernel: i32;
  bytes: i32; // to the next step
  rowsOf: i32; // 0: `most` rows, 1: of tokens, 2: of outputs
  first: i32;
  most: i32;
}

/** Where thread `thread` of `threads` begins with `count` things: it ends where the next one begins. */
// @ts-ignore: decorator
@inline
export function partOf(count: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>count * thread) / threads);
}

/** Byte at which thread `thread` of `threads` begins in a row of `width` values that threads divide: a multiple of a cache line. */
export function columnOf(width: i32, thread: i32, threads: i32): usize {
  return <usize>min(width, partOf((width + 15) >> 4, thread, threads) << 4) << 2;
}
