import { canRun } from 'gptlet';
import { contextTokens } from './sizes.js';

/**
 * What is measured once: a size, on a backend, with weights of a kind.
 * @typedef {{ size: import('./sizes.js').Size, backend: 'wasm' | 'webgpu', dtype: import('gptlet').Dtype,
 *   threads: number | undefined, memoryBytes: number }} Case
 *
 * @typedef {{ dtypes: readonly import('gptlet').Dtype[], engines: readonly string[] }} Wishes
 *   engines: 'webgpu', and 'wasm 1' or any other number of threads
 */

/** What a page of a phone gets before it is ended, where the browser does not tell how much memory there is. */
const phoneBytes = 1e9;

/**
 * All that was wished for and fits in memory, and for each size the most memory one of its cases takes (undefined where none
 * fits, and then why).
 *
 * @param {readonly { size: import('./sizes.js').Size, files: import('gptlet').ModelFiles }[]} models
 * @param {Wishes} wishes
 */
export async function plan(models, { dtypes, engines }) {
  return Promise.all(
    models.map(async ({ size, files }) => {
      /** @type {Case[]} */
      const cases = [];
      let why = '';
      for (const engine of engines) {
        const [backend, threads] = /** @type {['wasm' | 'webgpu', string?]} */ (engine.split(' '));
        for (const dtype of dtypes) {
          if (dtype === 'f16' && backend === 'wasm') continue;
          const told = await canRun(files, { backend, dtype, contextLength: contextTokens });
          const tooMuch = told.runs ? tooMuchForPhone(told.memoryBytes) : told.why;
          if (tooMuch) why = tooMuch;
          else
            cases.push({
              size,
              backend,
              dtype,
              threads: threads ? Number(threads) : undefined,
              memoryBytes: told.memoryBytes,
            });
        }
      }
      return { size, files, cases, why, memoryBytes: Math.max(0, ...cases.map(({ memoryBytes }) => memoryBytes)) };
    }),
  );
}

/** @param {number} bytes */
function tooMuchForPhone(bytes) {
  const isPhone = matchMedia('(pointer: coarse)').matches && !('deviceMemory' in navigator);
  return isPhone && bytes > phoneBytes ? 'It needs more memory than a page gets on most phones.' : undefined;
}
