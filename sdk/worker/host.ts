import { GptletError } from '../api/errors.ts';
import type { GenerateOptions } from '../generation/generate-options.ts';
import type { GenerationPart } from '../generation/generation.ts';
import type { Prompt } from '../generation/gpt-model.ts';
import type { LocalModel } from '../generation/local-model.ts';
import { loadLocalModel } from '../loading/load-local-model.ts';
import type { LoadProgress } from '../loading/load-options.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import { setPage } from './by-page/page.ts';
import type { PageServices } from './by-page/page-services.ts';
import { holdLifeLock } from './life-lock.ts';
import { toOutcome } from './outcome.ts';
import type {
  CacheCalls,
  CloneableLoadOptions,
  CloneableSource,
  Greeting,
  Host,
  ModelInfo,
  ModelState,
  PortMessage,
  Queries,
} from './protocol.ts';
import { restoreSource } from './source.ts';
import { version } from './version.ts';

/** Keeps the models of one worker. */
export class WorkerHost implements Host {
  readonly #models = new Map<number, LocalModel>();
  #nextId = 1;
  #lifeLock: Promise<string | undefined> | undefined;

  async hello(page: PageServices): Promise<Greeting> {
    setPage(page);
    this.#lifeLock ??= holdLifeLock();
    return { version, lifeLock: await this.#lifeLock };
  }

  load(
    source: CloneableSource,
    options: CloneableLoadOptions,
    port: MessagePort,
    calls?: CacheCalls,
    budgetBytes?: number,
  ): void {
    serve<LoadProgress, ModelInfo>(port, async (signal, onProgress) => {
      const cache = calls ? remoteCache(calls, budgetBytes) : options.cache;
      const model = await loadLocalModel(restoreSource(source), { ...options, cache, signal, onProgress });
      const id = this.#nextId++;
      this.#models.set(id, model);
      const tokenizer = model.hasTokenizer ? snapshotTokenizer(model.tokenizer) : undefined;
      return { id, config: model.config, tokenizer, ...stateOf(model) };
    });
  }

  generate(id: number, prompt: Prompt, options: Omit<GenerateOptions, 'signal'>, port: MessagePort): void {
    serve<GenerationPart, unknown>(
      port,
      (signal, onPart) => this.#model(id).generationRun(prompt, options)(onPart, signal),
      () => this.#models.get(id),
    );
  }

  query<K extends keyof Queries>(id: number, name: K, args: Parameters<Queries[K]>, port: MessagePort): void {
    serve<never, unknown>(
      port,
      (signal) => {
        const [input, options] = args as unknown as [never, object?];
        return this.#model(id)[name](input, { ...options, signal });
      },
      () => this.#models.get(id),
    );
  }

  dispose(id: number, port: MessagePort): void {
    serve<never, void>(port, async () => {
      const model = this.#models.get(id);
      this.#models.delete(id);
      await model?.dispose();
    });
  }

  #model(id: number): LocalModel {
    const model = this.#models.get(id);
    if (!model) throw new GptletError('DISPOSED', 'The model was disposed; load it again with loadModel().');
    return model;
  }
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

const stateOf = ({ backend, dtype, bytes }: LocalModel): ModelState => ({ backend, dtype, bytes });

/**
 * Runs a task that its port can abort, sends its news and at last its outcome. The other side closes the port when it has
 * that: closed from here, Firefox loses what is still on its way.
 */
function serve<News, T>(
  port: MessagePort,
  task: (signal: AbortSignal, onNews: (news: News) => void) => Promise<T>,
  model: () => LocalModel | undefined = () => undefined,
): void {
  const controller = new AbortController();
  const send = (message: PortMessage<News, T>): void => port.postMessage(message);
  port.onmessage = () => controller.abort(new DOMException('The caller aborted.', 'AbortError'));
  void toOutcome(async () => task(controller.signal, (news) => send({ news }))).then((outcome) => {
    const used = model();
    send({ outcome, state: used && stateOf(used) });
  });
}
