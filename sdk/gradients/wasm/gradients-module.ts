import { unshareMemory } from '../../backends/wasm/fit-kernels.ts';
import { compileModule } from '../../platform/compile-module.ts';

/** Gives a module's bytes, new ones at each call; 'plain' is for engines without relaxed multiply-add. */
export type LoadGradients = (name: 'relaxed' | 'plain') => Promise<Uint8Array<ArrayBuffer>>;

/** The exports of wasm/gradients/index.ts; `program` is an address. */
export interface GradientExports {
  run(program: number): void;
  wake(program: number): void;
}

/** The kernels of a training for shared or for unshared memory; engines accept their atomics on both. */
export async function loadGradients(shared: boolean, load: LoadGradients): Promise<WebAssembly.Module> {
  const bytes = await load(hasRelaxedMultiplyAdd() ? 'relaxed' : 'plain');
  if (!shared) unshareMemory(bytes);
  return compileModule(bytes, 'training');
}

/** () -> v128: three constants into f32x4.relaxed_madd. */
const probe = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
];

const hasRelaxedMultiplyAdd = (): boolean => WebAssembly.validate(Uint8Array.from(probe));
