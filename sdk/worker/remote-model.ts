import { proxy } from 'comlink';
import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from '../loaded-model/gpt-model.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { checkArgument } from '../options/check-argument.ts';
import { abortSignal, object, optional } from '../options/kinds.ts';
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

  forward(tokenIds: Uint32Array | readonly number[], options: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.#query('forward', tokenIds, options);
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.#query('scoreBatch', inputs, options);
  }

  embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return this.#query('embed', text, options);
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.#query('inspect', prompt, options);
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.#query('classifyIdsBatch', sequences, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #query<K extends keyof Queries>(
    name: K,
    input: Parameters<Queries[K]>[0],
    options: { signal?: AbortSignal },
  ): Promise<Awaited<ReturnType<Queries[K]>>> {
    checkArgument('options', options, object);
    checkArgument('signal', options.signal, optional(abortSignal));
    const { signal, ...cloneable } = options;
    return this.call<never, Awaited<ReturnType<Queries[K]>>>(signal, undefined, (host, id, port) =>
      host.query(id, name, [input, cloneable] as never, port),
    );
  }
}
