import { gptletSubject } from './gptlet-subject.mjs';

/**
 * gptlet's engine with seeded weights: on WebGPU in the page, on the CPU in a worker of its own, where it may wait for its
 * threads.
 */
export async function load(options) {
  if (options.backend === 'webgpu') return gptletSubject(options);
  const worker = new Worker(new URL('./gptlet-worker.mjs', import.meta.url), { type: 'module' });
  const call = (name, ...args) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.value));
      worker.postMessage({ name, args });
    });
  const loaded = await call('load', options);
  return {
    ...loaded,
    run: (tokens, count) => call('run', tokens, count),
    headShare: (position, count) => call('headShare', position, count),
  };
}
