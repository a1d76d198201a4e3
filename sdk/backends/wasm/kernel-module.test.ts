import { describe, expect, it } from 'vitest';
import { unpackBytes } from '../../wasm-module/unpack-bytes.ts';
import { loadKernelModule, replaceRelaxedMultiplyAdd, unshareMemory } from './kernel-module.ts';
import { kernelsWasm } from './kernels-wasm.gen.ts';

describe('the kernel module', () => {
  it('holds exactly the relaxed multiply-adds of the f32 products, which can be replaced', async () => {
    const bytes = unpackBytes(kernelsWasm);
    // 16 in the matrix-vector kernel, 8 in the matrix-matrix one: more would mean that other bytes look like one.
    expect(replaceRelaxedMultiplyAdd(bytes)).toBe(24);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(replaceRelaxedMultiplyAdd(bytes)).toBe(0);
  });

  it('takes an unshared memory once the flag of its import is cleared', async () => {
    const bytes = unpackBytes(kernelsWasm);
    replaceRelaxedMultiplyAdd(bytes);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    await expect(WebAssembly.instantiate(bytes, { env: { memory } })).rejects.toThrow(/shared/);
    unshareMemory(bytes);
    await expect(WebAssembly.instantiate(bytes, { env: { memory } })).resolves.toBeTruthy();
  });

  it('is compiled once for each kind of memory', () => {
    expect(loadKernelModule(false)).toBe(loadKernelModule(false));
    expect(loadKernelModule(false)).not.toBe(loadKernelModule(true));
  });

  it('stays small', async () => {
    const stream = new Blob([unpackBytes(kernelsWasm)]).stream().pipeThrough(new CompressionStream('gzip'));
    expect((await new Response(stream).arrayBuffer()).byteLength).toBeLessThan(12_000);
  });
});
