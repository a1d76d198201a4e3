import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';
import { largestCapacity } from './kv-layout.ts';
import { planMemory, type WasmDtype } from './memory-layout.ts';
import { mostBytes } from './model-memory.ts';

/**
 * The config with the longest context that WebAssembly's memory can hold beside the weights, or the one asked for.
 *
 * @throws GptletError OUT_OF_MEMORY when what was asked for does not fit
 */
export function fitContext(
  config: ModelConfig,
  dtype: WasmDtype,
  threads: number,
  contextLength: number = Number.POSITIVE_INFINITY,
): ModelConfig {
  const nCtx = Math.min(config.nCtx, contextLength);
  const { cache } = planMemory({ ...config, nCtx }, dtype, threads);
  const fits = Math.min(nCtx, largestCapacity(cache, 1, nCtx, mostBytes));
  // Where not even one token fits, the weights are too large: creating the memory says so.
  if (fits === nCtx || fits === 0) return { ...config, nCtx };
  if (Number.isFinite(contextLength)) {
    throw new GptletError(
      'OUT_OF_MEMORY',
      `contextLength is ${contextLength}, but beside the weights WebAssembly's memory, which ends at 4294 MB, has room for ${fits} tokens. Ask for at most that many, or load the model with a smaller dtype.`,
    );
  }
  return { ...config, nCtx: fits };
}
