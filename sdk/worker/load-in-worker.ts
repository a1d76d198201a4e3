import { proxy } from 'comlink';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { LoadProgress, LocalLoadOptions } from '../loading/load-options.ts';
import type { TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import { portCall } from './port-call.ts';
import { PortCalls, type RestoreTokenizer } from './port-calls.ts';
import type { ModelInfo } from './protocol.ts';
import { cloneableSource } from './source.ts';
import { startWorker, type WorkerOption } from './start-worker.ts';

/** Which worker loads, and how its tokenizer becomes the page's. */
export interface WorkerChoice {
  readonly worker: WorkerOption;
  /** Whether the embedded worker will do, which knows one model and one way of generating. */
  readonly embedded: boolean;
  readonly readyTokenizer?: (snapshot: TokenizerSnapshot) => Promise<RestoreTokenizer>;
}

/** Starts a worker and has it load a model. A load that fails or is aborted leaves no worker behind. */
export async function loadInWorker(
  source: ModelSource,
  options: LocalLoadOptions,
  { worker: option, embedded, readyTokenizer }: WorkerChoice,
): Promise<PortCalls> {
  const { signal, onProgress, cache, ...rest } = options;
  signal?.throwIfAborted();
  const worker = await startWorker(option, {
    webGpu: rest.backend !== 'wasm' && (rest.backend === 'webgpu' || hasWebGpu()),
    embedded,
  });
  const own = typeof cache === 'object' ? cache : undefined;
  const cloneable = { ...rest, cache: cache !== false };
  // What is on its way when the load is aborted comes later than its end.
  const tell = (progress: LoadProgress): void => {
    if (!signal?.aborted) onProgress?.(progress);
  };
  try {
    const info = await portCall<LoadProgress, ModelInfo>(worker, signal, tell, (port) =>
      worker.host.load(cloneableSource(source), cloneable, port, own && proxy(own), own?.budgetBytes),
    );
    const tokenizer = info.tokenizer && (await readyTokenizer?.(info.tokenizer));
    // The worker may have been done before it was told.
    signal?.throwIfAborted();
    return new PortCalls(worker, info, tokenizer);
  } catch (error) {
    worker.terminate();
    signal?.throwIfAborted();
    throw error;
  }
}

/** Whether the browser knows WebGPU at all; only the worker finds out whether an adapter is worth using. */
function hasWebGpu(): boolean {
  return Boolean((globalThis.navigator as Navigator | undefined)?.gpu);
}
