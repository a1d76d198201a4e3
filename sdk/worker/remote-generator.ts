import { type Remote, transfer } from 'comlink';
import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import { modelDisposed } from '../errors/disposed.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import {
  createGeneration,
  type Generation,
  type GenerationPart,
  type GenerationResult,
} from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { LoadProgress, LocalLoadOptions } from '../loading/load-options.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import { errorTexts, withTexts } from './error-texts.ts';
import type { RunningWorker } from './greet.ts';
import { fromOutcome, type Outcome } from './outcome.ts';
import type {
  CloneableLoadOptions,
  CloneableSource,
  EmbeddedHost,
  GeneratorCalls,
  ModelInfo,
  ModelState,
  PortMessage,
} from './protocol.ts';
import { cloneableSource } from './source.ts';
import { startWorker, type WorkerOption } from './start-worker.ts';

/** Loads the embedded model, given by the addresses of its files, in a worker that does nothing but generate with it. */
export function loadRemoteGenerator(source: ModelSource, options: LocalLoadOptions): Promise<RemoteGenerator> {
  return loadInWorker<EmbeddedHost, RemoteGenerator>(
    { source, options, worker: true, generateOnly: true },
    (host, ...args) => host.load(...args),
    (worker, info) => new RemoteGenerator(worker, info),
  );
}

/** Starts a worker and has it load a model. A load that fails or is aborted leaves no worker behind. */
export async function loadInWorker<Calls extends GeneratorCalls, Model>(
  given: { source: ModelSource; options: LocalLoadOptions; worker: WorkerOption; generateOnly: boolean },
  load: (
    host: Remote<Calls>,
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
  ) => Promise<void>,
  wrapModel: (worker: RunningWorker<Calls>, info: ModelInfo) => Model,
): Promise<Model> {
  const { signal, onProgress, cache, ...rest } = given.options;
  signal?.throwIfAborted();
  const worker = await startWorker<Calls>(given.worker, {
    webGpu: rest.backend !== 'wasm' && (rest.backend === 'webgpu' || hasWebGpu()),
    generateOnly: given.generateOnly,
  });
  // Beside the model's files, not before them.
  void errorTexts();
  try {
    const info = await call<LoadProgress, ModelInfo>(worker, signal, onProgress, (port) =>
      load(worker.host, cloneableSource(given.source), { ...rest, cache: cache !== false }, port),
    );
    return wrapModel(worker, info);
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

/** A call with its own port: news from below go to `onNews`, the signal goes up, the outcome comes last. */
function call<News, T>(
  worker: RunningWorker<unknown>,
  signal: AbortSignal | undefined,
  onNews: ((news: News) => void) | undefined,
  send: (port: MessagePort) => Promise<void>,
  onState?: (state: ModelState) => void,
): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const abort = (): void => port1.postMessage('abort');
  const outcome = new Promise<Outcome<T>>((resolve, reject) => {
    port1.onmessage = ({ data }: MessageEvent<PortMessage<News, T>>) => {
      try {
        if ('news' in data) return onNews?.(data.news);
        if (data.state) onState?.(data.state);
        resolve(data.outcome);
      } catch (error) {
        reject(error);
      }
    };
  });
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  // Comlink's own answer is awaited for its rejection alone: arguments that cannot be cloned.
  const sent = Promise.all([outcome, send(transfer(port2, [port2]))]);
  return Promise.race([sent, worker.failed])
    .then(async ([outcome]) => fromOutcome('error' in outcome ? { error: await withTexts(outcome.error) } : outcome))
    .catch((error) => {
      // The caller's own reason, of which the worker knows nothing.
      const { name, message } = Object(error) as Error;
      if (name === 'AbortError') signal?.throwIfAborted();
      if (name !== 'DataCloneError') throw error;
      throw new GptletError('INVALID_OPTION', `What was given cannot be sent to the worker. ${message}`, {
        cause: error,
      });
    })
    .finally(() => {
      signal?.removeEventListener('abort', abort);
      port1.close();
    });
}

/** What generates on the other side of the worker boundary. */
export class RemoteGenerator<Calls extends GeneratorCalls = GeneratorCalls> {
  readonly #worker: RunningWorker<Calls>;
  protected info: ModelInfo;
  #disposing: Promise<void> | undefined;

  constructor(worker: RunningWorker<Calls>, info: ModelInfo) {
    this.#worker = worker;
    this.info = info;
  }

  get config(): ModelConfig {
    return this.info.config;
  }

  get backend(): 'webgpu' | 'wasm' {
    return this.info.backend;
  }

  get dtype(): Dtype {
    return this.info.dtype;
  }

  get bytes(): { readonly weights: number; readonly kvCache: number } {
    return this.info.bytes;
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration((onPart, runSignal) => {
      const { signal: _, ...cloneable } = options;
      return this.call<GenerationPart, GenerationResult>(runSignal, onPart, (host, id, port) =>
        host.generate(id, prompt, cloneable, port),
      );
    }, options);
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.call<never, void>(undefined, undefined, (host, id, port) => host.dispose(id, port))
      // A worker that has failed holds nothing any more.
      .catch(() => {})
      .finally(() => this.#worker.terminate());
    return this.#disposing;
  }

  protected async call<News, T>(
    signal: AbortSignal | undefined,
    onNews: ((news: News) => void) | undefined,
    send: (host: Remote<Calls>, id: number, port: MessagePort) => Promise<void>,
  ): Promise<T> {
    signal?.throwIfAborted();
    if (this.#disposing) throw modelDisposed();
    return call<News, T>(
      this.#worker,
      signal,
      onNews,
      (port) => send(this.#worker.host, this.info.id, port),
      (state) => {
        this.info = { ...this.info, ...state };
      },
    );
  }
}
