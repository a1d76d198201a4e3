import { describe, expect, it } from 'vitest';
import { type PackedBytes, unpackBytes } from '../../platform/unpack-bytes.ts';
import { replaceRelaxedMultiplyAdd, unshareMemory } from './fit-kernels.ts';
import { importKernels } from './import-kernels.ts';
import { loadKernelModule } from './kernel-module.ts';
import { kernelsF32Wasm } from './kernels-f32-wasm.gen.ts';
import { kernelsQ4PairsWasm } from './kernels-q4-pairs-wasm.gen.ts';
import { kernelsQ4PlainWasm } from './kernels-q4-plain-wasm.gen.ts';
import { kernelsQ4Wasm } from './kernels-q4-wasm.gen.ts';
import { kernelsQ8FamiliesWasm } from './kernels-q8-families-wasm.gen.ts';
import { kernelsQ8PairsWasm } from './kernels-q8-pairs-wasm.gen.ts';
import { kernelsQ8PlainWasm } from './kernels-q8-plain-wasm.gen.ts';
import { kernelsQ8Wasm } from './kernels-q8-wasm.gen.ts';

/** Those that every engine with SIMD compiles, f32 after its relaxed multiply-adds were replaced. */
const texts = { f32: kernelsF32Wasm, q8: kernelsQ8PlainWasm, q4: kernelsQ4PlainWasm };

describe('the kernel modules', () => {
  it('of f32 holds exactly the relaxed multiply-adds of its products, which can be replaced', async () => {
    const bytes = unpackBytes(texts.f32);
    // 16 in the matrix-vector kernel, 8 in the matrix-matrix one: more would mean that other bytes look like one.
    expect(replaceRelaxedMultiplyAdd(bytes)).toBe(24);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(replaceRelaxedMultiplyAdd(bytes)).toBe(0);
  });

  it('of q8 and q4 for every engine hold none, nor byte products', () => {
    for (const dtype of ['q8', 'q4'] as const) expect(replaceRelaxedMultiplyAdd(unpackBytes(texts[dtype]))).toBe(0);
  });

  it.each(['f32', 'q8', 'q4'] as const)('of %s takes an unshared memory once the flag is cleared', async (dtype) => {
    const bytes = unpackBytes(texts[dtype]);
    replaceRelaxedMultiplyAdd(bytes);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    await expect(WebAssembly.instantiate(bytes, { env: { memory } })).rejects.toThrow(/shared/);
    unshareMemory(bytes);
    await expect(WebAssembly.instantiate(bytes, { env: { memory } })).resolves.toBeTruthy();
  });

  it('are compiled once for each kind of weights and of memory', () => {
    const load = (dtype: 'q8' | 'q4', shared: boolean, paper = true) =>
      loadKernelModule(dtype, shared, paper, importKernels);
    expect(load('q8', false)).toBe(load('q8', false));
    expect(load('q8', false)).not.toBe(load('q8', true));
    expect(load('q8', false)).not.toBe(load('q4', false));
    expect(load('q8', false)).not.toBe(load('q8', false, false));
    expect(load('q4', false)).toBe(load('q4', false, false));
  });

  it('stay small, most of all the one that is part of each worker', async () => {
    const zipped = async (text: PackedBytes): Promise<number> => {
      const stream = new Blob([unpackBytes(text)]).stream().pipeThrough(new CompressionStream('gzip'));
      return (await new Response(stream).arrayBuffer()).byteLength;
    };
    expect(await zipped(kernelsQ8Wasm)).toBeLessThan(7900);
    const others = [kernelsQ8FamiliesWasm, kernelsQ8PairsWasm, kernelsQ4Wasm, kernelsQ4PairsWasm];
    for (const text of [...Object.values(texts), ...others]) expect(await zipped(text)).toBeLessThan(9150);
  });
});
