import type { structs } from './layouts.gen.ts';

/** A struct of the kernels, as layouts.gen.ts describes it. */
interface StructLayout<F extends string> {
  readonly bytes: number;
  readonly offsets: { readonly [field in F]: number };
  readonly floats: readonly string[];
}

/** Fields of the struct through which a model is described to its kernels and jobs are given. */
export type ModelField = keyof typeof structs.Model.offsets;

/** Some of them with their values. */
export type ModelFields = { readonly [field in ModelField]?: number };

/** Some fields of a block's struct with their values. */
export type LayerFields = { readonly [field in keyof typeof structs.Layer.offsets]?: number };

/** Some fields of a matrix's struct with their values. */
export type LinearFields = { readonly [field in keyof typeof structs.Linear.offsets]?: number };

/** Writes those fields of a struct at `address` that `values` has. */
export function writeStruct<F extends string>(
  view: DataView,
  address: number,
  { offsets, floats }: StructLayout<F>,
  values: NoInfer<{ readonly [field in F]?: number }>,
): void {
  for (const field in offsets) {
    const value = values[field];
    if (value === undefined) continue;
    if (floats.includes(field)) view.setFloat32(address + offsets[field], value, true);
    else view.setInt32(address + offsets[field], value, true);
  }
}
