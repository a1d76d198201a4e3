import type { TensorPart } from '../model/tensor.ts';
import type { Phase, RunParameters, TrainingPlan } from './plan.ts';

/** A plan in memory, on one kind of machine. Calls must not overlap. */
export interface Executor {
  readonly backend: 'webgpu' | 'wasm';
  /** Bytes held. */
  readonly bytes: number;
  /**
   * Takes a part of a weight by its canonical name, where the plan has it: frozen, quantised (`part.quantised` as it is, else quantised here as the
   * engines do), or a parameter's first value. Others are ignored.
   */
  setTensor(part: TensorPart): void | Promise<void>;
  /** Values into a buffer of the plan; before the first write all are 0. */
  write(buffer: string, values: Float32Array | Int32Array | Uint32Array, offset?: number): void;
  read(buffer: string, offset: number, length: number): Promise<Float32Array>;
  /** Runs phases in order. Resolves when the machine has done them, or with the next `read`. */
  run(phases: readonly Phase[], parameters: RunParameters): Promise<void>;
  dispose(): void;
}

/** Each kind of machine exports one of these. */
export type CreateExecutor = (plan: TrainingPlan, options: ExecutorOptions) => Promise<Executor>;

export interface ExecutorOptions {
  /** WASM only; by default as many as the machine and its page allow. */
  readonly threads?: number;
}
