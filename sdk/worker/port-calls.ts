import { proxy, type Remote, transfer } from 'comlink';
import type { ModelCalls, ModelState } from '../loaded-model/model-calls.ts';
import type { AdapterParts } from '../model/adapter.ts';
import type { ChatFormat } from '../model/chat-format.ts';
import type { ModelConfig } from '../model/config.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { RunningWorker } from './greet.ts';
import { toOutcome } from './outcome.ts';
import { portCall } from './port-call.ts';
import type { Host, ModelInfo } from './protocol.ts';
import type { TakePart } from './sent-part.ts';

/** Makes a tokenizer of what the worker copied of its own, when it is asked for. */
export type RestoreTokenizer = () => Tokenizer;

/** A model on the other side of the worker boundary. */
export class PortCalls implements ModelCalls {
  readonly config: ModelConfig;
  readonly generationDefaults: GenerationDefaults;
  readonly chatFormat: ChatFormat | undefined;
  state: ModelState;
  readonly #worker: RunningWorker<Host>;
  readonly #id: number;
  #restoreTokenizer: RestoreTokenizer | undefined;
  #tokenizer: Tokenizer | undefined;

  constructor(worker: RunningWorker<Host>, info: ModelInfo, restore: RestoreTokenizer | undefined) {
    const { id, config, generationDefaults, chatFormat, state } = info;
    this.#worker = worker;
    this.#id = id;
    this.config = config;
    this.generationDefaults = generationDefaults;
    this.chatFormat = chatFormat;
    this.state = state;
    this.#restoreTokenizer = restore;
  }

  get tokenizer(): Tokenizer | undefined {
    // Most pages never ask for it.
    if (this.#restoreTokenizer) this.#tokenizer = this.#restoreTokenizer();
    this.#restoreTokenizer = undefined;
    return this.#tokenizer;
  }

  generate: ModelCalls['generate'] = (prompt, options, onPart, signal) => {
    const { draft } = options;
    const sent = typeof draft === 'object' ? transfer(options, [draft]) : options;
    return this.#call(signal, onPart, (host, port) => host.generate(this.#id, prompt, sent, port));
  };

  serveDrafts(port: MessagePort): void {
    // A worker that is no more drafts nothing.
    void this.#worker.host.serveDrafts(this.#id, transfer(port, [port])).catch(() => {});
  }

  query: ModelCalls['query'] = (name, input, options, signal) =>
    this.#call(signal, undefined, (host, port) => host.query(this.#id, name, input, options, port));

  addAdapter: ModelCalls['addAdapter'] = (parts, name, signal) =>
    this.#call(signal, undefined, (host, port) => host.addAdapter(this.#id, moved(parts), name, port));

  mergeAdapter: ModelCalls['mergeAdapter'] = (parts, signal) =>
    this.#call(signal, undefined, (host, port) => host.mergeAdapter(this.#id, moved(parts), port));

  removeAdapter: ModelCalls['removeAdapter'] = (name) =>
    this.#call(undefined, undefined, (host, port) => host.removeAdapter(this.#id, name, port));

  readWeights: ModelCalls['readWeights'] = async (onPart, signal) => {
    const { receivePart } = await import('./receive-part.ts');
    const take: TakePart = proxy((part) => toOutcome(async () => onPart(receivePart(part))));
    return this.#call(signal, undefined, (host, port) => host.readWeights(this.#id, take, port));
  };

  readFiles: ModelCalls['readFiles'] = () =>
    this.#call(undefined, undefined, (host, port) => host.readFiles(this.#id, port));

  async dispose(): Promise<void> {
    // A worker that has failed holds nothing any more.
    await this.#call<never, void>(undefined, undefined, (host, port) => host.dispose(this.#id, port)).catch(() => {});
    this.#worker.terminate();
  }

  #call<News, T>(
    signal: AbortSignal | undefined,
    onNews: ((news: News) => void) | undefined,
    send: (host: Remote<Host>, port: MessagePort) => Promise<void>,
  ): Promise<T> {
    return portCall<News, T>(
      this.#worker,
      signal,
      onNews,
      (port) => send(this.#worker.host, port),
      (state) => {
        this.state = state;
      },
    );
  }
}

/** An adapter on its way to the worker: not copied, nobody else needs it. */
function moved(parts: AdapterParts): AdapterParts {
  const { adapter, head } = parts;
  const arrays = [...adapter.pairs.flatMap(({ a, b }) => [a, b]), ...(head ? [head.weight] : [])];
  return transfer(parts, [...new Set(arrays.map(({ buffer }) => buffer))]);
}
