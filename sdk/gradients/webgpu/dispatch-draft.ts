import type { Rows } from '../step.ts';

/** Where an operand stands: from value `offset` of a GPU buffer on, in rows `stride` apart. */
export interface Operand {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly stride: number;
}

/** One dispatch of a step, before its kernel is compiled. */
export interface DispatchDraft {
  /** A file of shaders/gradients. */
  readonly shader: string;
  /** Of shaders/gradients/parts, besides `run` and, where the step has rows, `rows`. */
  readonly parts?: readonly string[];
  /** WGSL constants, u32. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Members of the kernel's struct Task, but for what rows and operands say. */
  readonly values: Readonly<Record<string, number | boolean>>;
  /** By the names of the variables in the WGSL; what a step does without is undefined. */
  readonly operands: Readonly<Record<string, Operand | undefined>>;
  readonly rows?: Rows;
  /** Workgroups for so many rows. */
  readonly size: (rows: number) => readonly [number, number];
}

/** Workgroups of kernels whose lanes take values in turn: enough for any GPU. */
const mostInTurn = 4096;

/** Workgroups of 64 lanes, each with a value of a row. */
export const byValue =
  (width: number): DispatchDraft['size'] =>
  (rows) => [Math.ceil(width / 64), rows];

/** Workgroups that take blocks of `length` values in turn. */
export const inTurn = (length: number, block: number): DispatchDraft['size'] => {
  const groups = Math.max(1, Math.min(mostInTurn, Math.ceil(length / block)));
  return () => [groups, 1];
};
