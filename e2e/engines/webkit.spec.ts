import { checkEngine } from './checks.ts';
import { expect, test } from './engine-fixture.ts';

checkEngine('WebKit');

test('WebKit without WebGPU: probe() says so, auto takes the CPU, and asking for it is an error that helps', async ({
  tab,
}) => {
  const { webgpu, backend, error } = await tab.evaluate(async () => {
    const { loadModel, probe } = await import('/dist/index.js' as string);
    const model = await loadModel();
    const error = await loadModel(undefined, { backend: 'webgpu' }).catch(String);
    return { webgpu: (await probe()).webgpu ?? null, backend: model.backend, error };
  }, undefined);
  expect(webgpu).toBeNull();
  expect(backend).toBe('wasm');
  expect(error).toMatch(/backend 'wasm'/);
});

test('WebKit in an isolated page without shared memory: one thread, and probe() says so', async ({ tab }) => {
  const threads = await tab.evaluate(async () => {
    delete (globalThis as { SharedArrayBuffer?: unknown }).SharedArrayBuffer;
    const { probe } = await import('/dist/index.js' as string);
    return (await probe()).threads;
  }, undefined);
  expect(threads).toBe(1);
});
