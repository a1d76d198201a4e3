import type { BufferSpec } from '../plan.ts';
import type { Vector, View } from '../step.ts';

/** The buffers of a plan, each made when it is first asked for, as large as the largest that asks. */
export class PlannedMemory {
  readonly #lengths = new Map<string, { length: number; type: BufferSpec['type'] }>();
  readonly #mostTokens: number;

  constructor(mostTokens: number) {
    this.#mostTokens = mostTokens;
  }

  /** (mostTokens, width) */
  tokens(name: string, width: number): View {
    return { ...this.vector(name, this.#mostTokens * width), stride: width };
  }

  vector(name: string, length: number, type: BufferSpec['type'] = 'f32'): Vector {
    this.#lengths.set(name, { length: Math.max(length, this.#lengths.get(name)?.length ?? 0), type });
    return { buffer: name, offset: 0 };
  }

  get buffers(): BufferSpec[] {
    return Array.from(this.#lengths, ([name, spec]) => ({ name, ...spec }));
  }
}

/** A view of the values from `first` on of each row. */
export const columnsFrom = (view: View, first: number): View => ({ ...view, offset: view.offset + first });

/** A view of the rows from `first` on. */
export const rowsFrom = (view: View, first: number): View => ({ ...view, offset: view.offset + first * view.stride });
