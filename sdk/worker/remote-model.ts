import { proxy } from 'comlink';
import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
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
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { restoreTokenizer } from '../tokenizer/snapshot.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Host, Queries } from './protocol.ts';
import { loadInWorker, RemoteGenerator } from './remote-generator.ts';
import type { WorkerOption } from './start-worker.ts';

/** Loads a model in a worker. A load that fails or is aborted leaves no worker behind. */
export function loadRemoteModel(
  source: ModelSource,
  options: LocalLoadOptions,
  worker: WorkerOption,
): Promise<GptModel> {
  const own = typeof options.cache === 'object' ? options.cache : undefined;
  return loadInWorker<Host, GptModel>(
    { source, options, worker, generateOnly: false },
    (host, ...args) => host.load(...args, own && proxy(own), own?.budgetBytes),
    (running, info) => new RemoteModel(running, info),
  );
}

/** A model on the other side of the worker boundary. */
class RemoteModel extends RemoteGenerator<Host> implements GptModel {
  #tokenizer: Tokenizer | undefined;

  get tokenizer(): Tokenizer {
    const tokenizer = this.#tokenizer ?? restoreTokenizer(this.info.tokenizer ?? noTokenizer());
    this.#tokenizer = tokenizer;
    return tokenizer;
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #query<K extends keyof Queries>(
    name: K,
    args: Parameters<Queries[K]>,
    signal: AbortSignal | undefined,
  ): Promise<Awaited<ReturnType<Queries[K]>>> {
    return this.call(signal, undefined, (host, id, port) => host.query(id, name, args as never, port));
  }
}
