import { fitMultiplyAdd, unshareMemory } from '../../backends/wasm/fit-kernels.ts';
import { compileModule } from '../../platform/compile-module.ts';

/** Gives the module's bytes, new ones at each call. */
export type LoadGradients = () => Promise<Uint8Array<ArrayBuffer>>;

/** The exports of wasm/gradients/index.ts; `program` is an address. */
export interface GradientExports {
  run(program: number): void;
  wake(program: number): void;
}

/** The kernels of a training for this engine: for shared or for unshared memory, and whether they may use relaxed multiply-adds. */
export async function loadGradients(
  shared: boolean,
  load: LoadGradients,
): Promise<{ readonly module: WebAssembly.Module; readonly relaxed: boolean }> {
  const bytes = await load();
  const relaxed = fitMultiplyAdd(bytes);
  if (!shared) unshareMemory(bytes);
  return { module: await compileModule(bytes, 'training'), relaxed };
}
