import { proxy, transfer } from 'comlink';
import { GptletError } from '../api/errors.ts';
import type { Dtype } from '../backends/engine.ts';
import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { GenerateOptions } from '../generation/generate-options.ts';
import {
  createGeneration,
  type Generation,
  type GenerationPart,
  type GenerationResult,
} from '../generation/generation.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from '../generation/gpt-model.ts';
import { noTokenizer } from '../generation/no-tokenizer.ts';
import type { LoadProgress, LocalLoadOptions } from '../loading/load-options.ts';
import type { ModelConfig } from '../model/config.ts';
import { checkSignal } from '../platform/check-signal.ts';
import { restoreTokenizer } from '../tokenizer/snapshot.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { errorTexts, withTexts } from './error-texts.ts';
import type { RunningWorker } from './greet.ts';
import { fromOutcome, type Outcome } from './outcome.ts';
import type { Host, ModelInfo, ModelState, PortMessage, Queries } from './protocol.ts';
import { cloneableSource } from './source.ts';
import { startWorker, type WorkerOption } from './start-worker.ts';

/** Loads a model in a worker. A load that fails or is aborted leaves no worker behind. */
export async function loadRemoteModel(
  source: ModelSource,
  options: LocalLoadOptions,
  workerOption: WorkerOption,
): Promise<GptModel> {
  const { signal, onProgress, cache, ...rest } = options;
  const cloneable = { ...rest, cache: cache !== false };
  const own = typeof cache === 'object' ? cache : undefined;
  signal?.throwIfAborted();
  const worker = await startWorker(
    workerOption,
    options.backend !== 'wasm' && (options.backend === 'webgpu' || hasWebGpu()),
  );
  // Beside the model's files, not before them.
  void errorTexts();
  try {
    const info = await call<LoadProgress, ModelInfo>(worker, signal, onProgress, (port) =>
      worker.host.load(cloneableSource(source), cloneable, port, own && proxy(own), own?.budgetBytes),
    );
    return new RemoteModel(worker, info);
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
  worker: RunningWorker<Host>,
  signal: AbortSignal | undefined,
  onNews: ((news: News) => void) | undefined,
  send: (port: MessagePort) => Promise<void>,
  onState?: (state: ModelState) => void,
): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const abort = (): void => port1.postMessage('abort');
  const outcome = new Promise<Outcome<T>>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<PortMessage<News, T>>) => {
      if ('news' in data) onNews?.(data.news);
      else {
        if (data.state) onState?.(data.state);
        resolve(data.outcome);
      }
    };
  });
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  // Comlink's own answer is awaited for its rejection alone: arguments that cannot be cloned.
  const sent = send(transfer(port2, [port2])).then(() => outcome);
  return Promise.race([sent, worker.failed])
    .then(async (outcome) => fromOutcome('error' in outcome ? { error: await withTexts(outcome.error) } : outcome))
    .catch((error) => {
      // The caller's own reason, of which the worker knows nothing.
      const { name, message } = error as Error;
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

/** A model on the other side of the worker boundary. */
class RemoteModel implements GptModel {
  readonly #worker: RunningWorker<Host>;
  #info: ModelInfo;
  #tokenizer: Tokenizer | undefined;
  #disposing: Promise<void> | undefined;

  constructor(worker: RunningWorker<Host>, info: ModelInfo) {
    this.#worker = worker;
    this.#info = info;
  }

  get config(): ModelConfig {
    return this.#info.config;
  }

  get backend(): 'webgpu' | 'wasm' {
    return this.#info.backend;
  }

  get dtype(): Dtype {
    return this.#info.dtype;
  }

  get bytes(): { readonly weights: number; readonly kvCache: number } {
    return this.#info.bytes;
  }

  get tokenizer(): Tokenizer {
    const tokenizer = this.#tokenizer ?? restoreTokenizer(this.#info.tokenizer ?? noTokenizer());
    this.#tokenizer = tokenizer;
    return tokenizer;
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    const { signal, ...cloneable } = options;
    return createGeneration(
      (onPart, runSignal) =>
        this.#call<GenerationPart, GenerationResult>(runSignal, onPart, (host, id, port) =>
          host.generate(id, prompt, cloneable, port),
        ),
      signal,
    );
  }

  forward(tokenIds: Uint32Array | readonly number[], { signal }: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.#query('forward', [tokenIds], signal);
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], { signal, ...options }: ScoreOptions = {}): Promise<Score[]> {
    return this.#query('scoreBatch', [inputs, options], signal);
  }

  embed(text: string, { signal, ...options }: EmbedOptions = {}): Promise<Float32Array> {
    return this.#query('embed', [text, options], signal);
  }

  inspect(prompt: Prompt, { signal, ...options }: InspectOptions = {}): Promise<Inspection> {
    return this.#query('inspect', [prompt, options], signal);
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.#query('classifyIdsBatch', [sequences], signal);
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.#call<never, void>(undefined, undefined, (host, id, port) => host.dispose(id, port))
      // A worker that has failed holds nothing any more.
      .catch(() => {})
      .finally(() => this.#worker.terminate());
    return this.#disposing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #query<K extends keyof Queries>(
    name: K,
    args: Parameters<Queries[K]>,
    signal: AbortSignal | undefined,
  ): Promise<Awaited<ReturnType<Queries[K]>>> {
    return this.#call(signal, undefined, (host, id, port) => host.query(id, name, args as never, port));
  }

  async #call<News, T>(
    signal: AbortSignal | undefined,
    onNews: ((news: News) => void) | undefined,
    send: (host: RunningWorker<Host>['host'], id: number, port: MessagePort) => Promise<void>,
  ): Promise<T> {
    checkSignal(signal);
    signal?.throwIfAborted();
    if (this.#disposing) throw new GptletError('DISPOSED', 'The model was disposed; load it again with loadModel().');
    return call<News, T>(
      this.#worker,
      signal,
      onNews,
      (port) => send(this.#worker.host, this.#info.id, port),
      (state) => {
        this.#info = { ...this.#info, ...state };
      },
    );
  }
}
