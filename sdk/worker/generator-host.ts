import { modelDisposed } from '../errors/disposed.ts';
import type { LocalGenerator } from '../generation/local-generator.ts';
import type { CheckedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationPart } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { LoadProgress, LocalLoadOptions } from '../loading/load-options.ts';
import { version } from '../platform/version.ts';
import type { TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import { setPage } from './by-page/page.ts';
import type { PageServices } from './by-page/page-services.ts';
import { holdLifeLock } from './life-lock.ts';
import { toOutcome } from './outcome.ts';
import type { CloneableLoadOptions, GeneratorCalls, Greeting, ModelInfo, ModelState, PortMessage } from './protocol.ts';

/** Keeps the models of one worker: what all workers do. */
export class GeneratorHost<Model extends LocalGenerator> implements GeneratorCalls {
  readonly #models = new Map<number, Model>();
  #nextId = 1;
  #lifeLock: Promise<string | undefined> | undefined;

  async hello(page: PageServices): Promise<Greeting> {
    setPage(page);
    this.#lifeLock ??= holdLifeLock();
    return { version, lifeLock: await this.#lifeLock };
  }

  generate(id: number, prompt: Prompt, options: Omit<CheckedGenerateOptions, 'signal'>, port: MessagePort): void {
    this.serveModel<GenerationPart, unknown>(id, port, (model, signal, onPart) =>
      model.generationRun(prompt, options)(onPart, signal),
    );
  }

  dispose(id: number, port: MessagePort): void {
    serve<never, void>(port, async () => {
      const model = this.#models.get(id);
      this.#models.delete(id);
      await model?.dispose();
    });
  }

  /** @param copyTokenizer what the page gets of the tokenizer */
  protected serveLoad(
    port: MessagePort,
    options: CloneableLoadOptions,
    load: (options: LocalLoadOptions) => Promise<Model>,
    copyTokenizer: (model: Model) => TokenizerSnapshot | undefined = () => undefined,
  ): void {
    serve<LoadProgress, ModelInfo>(port, async (signal, onProgress) => {
      const model = await load({ ...options, signal, onProgress });
      const id = this.#nextId++;
      this.#models.set(id, model);
      return { id, config: model.config, tokenizer: copyTokenizer(model), ...stateOf(model) };
    });
  }

  protected serveModel<News, T>(
    id: number,
    port: MessagePort,
    task: (model: Model, signal: AbortSignal, onNews: (news: News) => void) => Promise<T>,
  ): void {
    serve<News, T>(
      port,
      async (signal, onNews) => {
        const model = this.#models.get(id);
        if (!model) throw modelDisposed();
        return task(model, signal, onNews);
      },
      () => this.#models.get(id),
    );
  }
}

const stateOf = ({ backend, dtype, bytes }: LocalGenerator): ModelState => ({ backend, dtype, bytes });

/**
 * Runs a task that its port can abort, sends its news and at last its outcome. The other side closes the port when it has
 * that: closed from here, Firefox loses what is still on its way.
 */
function serve<News, T>(
  port: MessagePort,
  task: (signal: AbortSignal, onNews: (news: News) => void) => Promise<T>,
  model: () => LocalGenerator | undefined = () => undefined,
): void {
  const controller = new AbortController();
  const send = (message: PortMessage<News, T>): void => port.postMessage(message);
  port.onmessage = () => controller.abort(new DOMException('The caller aborted.', 'AbortError'));
  void toOutcome(async () => task(controller.signal, (news) => send({ news }))).then((outcome) => {
    const used = model();
    send({ outcome, state: used && stateOf(used) });
  });
}
