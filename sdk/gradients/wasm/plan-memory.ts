import { quantisedRowBytes } from '../../quantising/quantised-rows.ts';
import type { MatrixSpec, TrainingPlan } from '../plan.ts';
import type { MatrixName, Vector, View } from '../step.ts';
import { machineBytes, programBytes } from './machine-structs.ts';

/** A matrix in memory: rows of f32, or of integers as `QuantisedRows` has them, and a bf16 scale for each `group` of inputs. */
export interface MatrixPlace {
  readonly spec: MatrixSpec;
  readonly address: number;
  readonly rowBytes: number;
  /** (rows, K / group); 0 in f32, and so are the next ones. */
  readonly scales: number;
  readonly scaleBytes: number;
  readonly group: number;
}

const dtypes = { f32: 0, q8: 1, q4: 2 } as const;

/**
 * Where things of a plan stand in its WebAssembly memory: what threads share, buffers, matrices, then (added while steps are encoded) the
 * steps' words, and scratch. Everything begins at a cache line.
 */
export class PlanMemory {
  /** Address of the struct that threads share; below stands what the kernels' module brings along. */
  readonly program = 4096;
  readonly machines: number;
  readonly matrices: ReadonlyMap<MatrixName, MatrixPlace>;
  readonly #buffers: ReadonlyMap<string, number>;
  #end: number;
  #scratch = 0;
  #shared = 0;

  constructor(plan: TrainingPlan, threads: number) {
    this.#end = this.program + programBytes;
    this.machines = this.place(machineBytes * threads);
    this.#buffers = new Map(plan.buffers.map(({ name, length }) => [name, this.place(4 * length)]));
    this.matrices = new Map(plan.matrices.map((spec) => [spec.name, this.#placeMatrix(spec)]));
  }

  /** Bytes taken so far. */
  get end(): number {
    return this.#end;
  }

  /** Most scratch that a step asked for: of each thread, and of all together. */
  get scratchBytes(): { readonly own: number; readonly shared: number } {
    return { own: this.#scratch, shared: this.#shared };
  }

  /** Sets memory aside. Loads of four values may reach beyond the last one, so that a cache line more is taken. */
  place(bytes: number): number {
    const address = Math.ceil(this.#end / 64) * 64;
    this.#end = address + bytes + 64;
    return address;
  }

  /** The step being encoded wants so many bytes of scratch: `own` for each thread, `shared` for all of them together. */
  askScratch(own: number, shared = 0): void {
    this.#scratch = Math.max(this.#scratch, own);
    this.#shared = Math.max(this.#shared, shared);
  }

  /** Address of a value of a buffer that every plan has. */
  input(buffer: string, offset = 0): number {
    const address = this.#buffers.get(buffer);
    if (address === undefined) throw new Error(`The plan has no buffer ${buffer}.`);
    return address + 4 * offset;
  }

  /** Six words: a matrix from row `first` on, as MatrixRows (wasm/gradients/matrix-rows.ts) has it. */
  matrix(name: MatrixName, first = 0): number[] {
    const found = this.matrices.get(name);
    if (!found) throw new Error(`The plan has no matrix ${name}.`);
    const { spec, address, rowBytes, scales, scaleBytes, group } = found;
    return [
      ...[dtypes[spec.dtype], address + first * rowBytes, rowBytes],
      ...[scales + first * scaleBytes, scaleBytes, group],
    ];
  }

  /** Address of values; 0 where there are none. */
  vector(vector: Vector | undefined): number {
    return vector ? this.input(vector.buffer, vector.offset) : 0;
  }

  /** Two words: address, and bytes from row to row; both 0 where there are none. */
  view(view: View | undefined): [address: number, stride: number] {
    return [this.vector(view), 4 * (view?.stride ?? 0)];
  }

  #placeMatrix(spec: MatrixSpec): MatrixPlace {
    if (spec.dtype === 'f32') {
      return { spec, address: this.vector(spec), rowBytes: 4 * spec.columns, scales: 0, scaleBytes: 0, group: 0 };
    }
    const { rows, group, K } = spec;
    const rowBytes = quantisedRowBytes(spec.dtype, K);
    const scaleBytes = (2 * K) / group;
    const address = this.place(rows * rowBytes);
    return { spec, address, rowBytes, scales: this.place(rows * scaleBytes), scaleBytes, group };
  }
}
