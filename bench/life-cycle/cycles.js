// Runs in the page: uses of a model over and over, and what they leave. Served with the built package.
import { loadModel } from '/dist/index.js';

/** Buffers that are neither destroyed nor on a destroyed device, of all devices made from now on. */
export function countGpuBuffers() {
  const alive = new Map();
  const after = (type, name, then) => {
    const original = type?.prototype[name];
    if (!original) return;
    type.prototype[name] = function (...args) {
      const result = original.apply(this, args);
      then(this, result);
      return result;
    };
  };
  after(globalThis.GPUDevice, 'createBuffer', (device, buffer) => alive.set(buffer, device));
  after(globalThis.GPUBuffer, 'destroy', (buffer) => alive.delete(buffer));
  after(globalThis.GPUDevice, 'destroy', (device) => {
    for (const [buffer, owner] of alive) if (owner === device) alive.delete(buffer);
  });
  return () => alive.size;
}

/** Starts a generation and aborts it after its first part, `count` times. Resolves when the model is idle again. */
export async function abortCycles(model, count) {
  for (let i = 0; i < count; i++) {
    const stop = new AbortController();
    // Long enough not to be over before a busy machine gives the page its turn.
    const long = { minNewTokens: 240, maxNewTokens: 240 };
    const run = model.generate('Once upon a time', { ...long, signal: stop.signal, seed: i });
    for await (const _ of run) stop.abort();
    const { finishReason } = await run;
    if (finishReason !== 'aborted') throw new Error(`cycle ${i} ended by ${finishReason}`);
  }
}

/** Loads the embedded model, asks it for a token and disposes of it, `count` times. */
export async function loadCycles(options, count) {
  for (let i = 0; i < count; i++) {
    const model = await loadModel(undefined, options);
    await model.generate('Once', { maxNewTokens: 1 });
    await model.dispose();
  }
}
