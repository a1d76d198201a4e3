import { modelDisposed } from '../errors/disposed.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LocalCalls } from '../generation/local-calls.ts';
import type { ResolvedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationPart, GenerationResult } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { AdapterName, ModelFiles, QueryName } from '../loaded-model/model-calls.ts';
import { type Loader, loadCalls } from '../loading/load-calls.ts';
import type { LoadProgress } from '../loading/load-options.ts';
import type { AdapterParts } from '../model/adapter.ts';
import { version } from '../platform/version.ts';
import type { TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import { holdLifeLock } from './life-lock.ts';
import { fromOutcome, toOutcome } from './outcome.ts';
import type {
  CacheCalls,
  CloneableLoadOptions,
  CloneableSource,
  Greeting,
  Host,
  ModelInfo,
  PageServices,
  PortMessage,
} from './protocol.ts';
import { sendPart, type TakePart } from './sent-part.ts';
import { restoreSource } from './source.ts';

/** What an entry makes its worker of. */
export interface WorkerMakeup {
  /** What it loads, with a page to ask for what few need. */
  loader(page: PageServices): Loader;
  /** What the page gets of a tokenizer, where it wants one. */
  copyTokenizer?(tokenizer: Tokenizer): TokenizerSnapshot;
}

/** Keeps the models of one worker and serves their calls, each over a port of its own. */
export class ModelHost implements Host {
  readonly #makeup: WorkerMakeup;
  readonly #models = new Map<number, LocalCalls>();
  #loader: Loader | undefined;
  #nextId = 1;
  /** Asked for at once: the browser takes a while to answer, and the page's first word waits for it. */
  readonly #lifeLock: Promise<string | undefined> = holdLifeLock();

  constructor(makeup: WorkerMakeup) {
    this.#makeup = makeup;
  }

  async hello(page: PageServices): Promise<Greeting> {
    this.#loader = this.#makeup.loader(page);
    return { version, lifeLock: await this.#lifeLock };
  }

  load(
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
    cacheCalls?: CacheCalls,
    budgetBytes?: number,
  ): void {
    serve<LoadProgress, ModelInfo>(port, async (signal, onProgress) => {
      if (!this.#loader) throw new GptletError('WORKER_FAILED', 'The worker was used before it was greeted.');
      const cache = cacheCalls ? remoteCache(cacheCalls, budgetBytes) : options.cache;
      const calls = await loadCalls(restoreSource(source), { ...options, cache, signal, onProgress }, this.#loader);
      const { config, generationDefaults, chatFormat, tokenizer, state } = calls;
      const id = this.#nextId++;
      this.#models.set(id, calls);
      return {
        id,
        config,
        generationDefaults,
        chatFormat,
        state,
        tokenizer: tokenizer && this.#makeup.copyTokenizer?.(tokenizer),
      };
    });
  }

  generate(id: number, prompt: Prompt, options: ResolvedGenerateOptions, port: MessagePort): void {
    this.#serveModel<GenerationPart, GenerationResult>(id, port, (calls, signal, onPart) =>
      calls.generate(prompt, options, onPart, signal),
    );
  }

  query(id: number, name: QueryName, input: unknown, options: object, port: MessagePort): void {
    this.#serveModel<never, unknown>(id, port, (calls, signal) =>
      calls.query(name, input as never, options as never, signal),
    );
  }

  addAdapter(id: number, parts: AdapterParts, name: AdapterName, port: MessagePort): void {
    this.#serveModel<never, string>(id, port, (calls, signal) => calls.addAdapter(parts, name, signal));
  }

  mergeAdapter(id: number, parts: AdapterParts, port: MessagePort): void {
    this.#serveModel<never, void>(id, port, (calls, signal) => calls.mergeAdapter(parts, signal));
  }

  removeAdapter(id: number, name: string, port: MessagePort): void {
    this.#serveModel<never, void>(id, port, (calls) => calls.removeAdapter(name));
  }

  serveDrafts(id: number, port: MessagePort): void {
    const calls = this.#models.get(id);
    if (calls) calls.serveDrafts(port);
    else port.close();
  }

  readWeights(id: number, onPart: TakePart, port: MessagePort): void {
    this.#serveModel<never, void>(id, port, (calls, signal) =>
      calls.readWeights(async (part) => fromOutcome(await onPart(sendPart(part))), signal),
    );
  }

  readFiles(id: number, port: MessagePort): void {
    this.#serveModel<never, ModelFiles>(id, port, (calls) => calls.readFiles());
  }

  dispose(id: number, port: MessagePort): void {
    serve<never, void>(port, async () => {
      const calls = this.#models.get(id);
      this.#models.delete(id);
      await calls?.dispose();
    });
  }

  #serveModel<News, T>(
    id: number,
    port: MessagePort,
    task: (calls: LocalCalls, signal: AbortSignal, onNews: (news: News) => void) => Promise<T>,
  ): void {
    serve<News, T>(
      port,
      async (signal, onNews) => {
        const calls = this.#models.get(id);
        if (!calls) throw modelDisposed();
        return task(calls, signal, onNews);
      },
      () => this.#models.get(id),
    );
  }
}

/**
 * Runs a task that its port can abort, sends its news and at last its outcome. The other side closes the port when it has
 * that: closed from here, Firefox loses what is still on its way.
 */
function serve<News, T>(
  port: MessagePort,
  task: (signal: AbortSignal, onNews: (news: News) => void) => Promise<T>,
  model: () => LocalCalls | undefined = () => undefined,
): void {
  const controller = new AbortController();
  const send = (message: PortMessage<News, T>, move: Transferable[] = []): void => port.postMessage(message, move);
  port.onmessage = () => controller.abort(new DOMException('The caller aborted.', 'AbortError'));
  void toOutcome(async () => task(controller.signal, (news) => send({ news }))).then((outcome) => {
    const value = 'value' in outcome && outcome.value;
    // Moved, not copied: logits of a long text are hundreds of MB, and nobody's but the caller's.
    const arrays = [value].flat().filter((each) => each instanceof Float32Array);
    send({ outcome, state: model()?.state }, [...new Set(arrays.map(({ buffer }) => buffer))]);
  });
}

/** A Comlink proxy answers to every name; the cache that is made of it has just its four calls. */
function remoteCache(calls: CacheCalls, budgetBytes: number | undefined): WeightCache {
  return {
    read: (name) => calls.read(name),
    write: (name, bytes) => calls.write(name, bytes),
    remove: (name) => calls.remove(name),
    names: () => calls.names(),
    budgetBytes,
  };
}
