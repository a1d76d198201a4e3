import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import { createGeneration, type Generation, nothingGenerated, type RunGeneration } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { checkArgument } from '../options/check-argument.ts';
import { abortSignal, object, optional } from '../options/kinds.ts';
import { loadOptions } from '../options/table.ts';
import { type Generator, isSimple, loadGenerator, loadModel } from './load-model.ts';
import type { LoadOptions, ModelOption } from './options.ts';

/** Models that `generate()` has loaded, by source and the options that make a difference. */
const loaded = new Map<string, Promise<Generator>>();

/**
 * Continues `prompt` with the embedded model, or with `options.model`; loaded once, on first use.
 *
 * @example
 * for await (const { text } of generate('Once upon a time')) document.body.append(text);
 * const { text } = await generate('Once upon a time', { maxNewTokens: 40, temperature: 0 });
 */
export function generate(prompt: Prompt, options: GenerateOptions & ModelOption & LoadOptions = {}): Generation {
  return createGeneration(() => {
    checkArgument('options', options, object);
    checkArgument('signal', options.signal, optional(abortSignal));
    return { signal: options.signal, run: runOf(prompt, options) };
  });
}

function runOf(prompt: Prompt, options: GenerateOptions & ModelOption & LoadOptions): RunGeneration {
  return async (onPart, runSignal) => {
    const { model, signal: _, ...both } = options;
    const source = model ?? undefined;
    const load: LoadOptions = {};
    const rest: GenerateOptions = {};
    for (const [name, value] of Object.entries(both))
      if (value !== null) Object.assign(Object.hasOwn(loadOptions, name) ? load : rest, { [name]: value });
    resolveLoadOptions(load);
    let key = keyOf(source, load);
    // A model that does everything, once loaded, does the simple calls too.
    const simple = isSimple(source, load, rest) && !(key && loaded.has(key));
    const open = (more?: LoadOptions): Promise<Generator> =>
      simple ? loadGenerator({ ...load, ...more }) : loadModel(source, { ...load, ...more });
    if (simple) key += ' simple';
    const loading = key === undefined ? open({ signal: runSignal }) : sharedModel(key, open);
    try {
      const model = await abortable(loading, runSignal);
      const run = model.generate(prompt, { ...rest, signal: runSignal });
      for await (const part of run) onPart(part);
      return await run;
    } catch (error) {
      if (runSignal.aborted && !GptletError.isInstance(error)) return nothingGenerated(0, 0);
      // What has died is loaded again by the next call.
      const died = GptletError.isInstance(error) && error.code === 'WORKER_FAILED';
      if (died && key !== undefined && loaded.get(key) === loading) loaded.delete(key);
      throw error;
    } finally {
      // A model that cannot be found again is this call's alone.
      if (key === undefined) void loading.then((model) => model.dispose()).catch(() => {});
    }
  };
}

/** The load goes on for the others that wait for it; only this caller leaves. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Names a model to be found again; undefined for files and workers, which have no name. */
function keyOf(source: ModelSource | undefined, options: LoadOptions): string | undefined {
  const { backend, dtype, threads, worker, hub } = options;
  const named = source === undefined || typeof source === 'string' || source instanceof URL;
  if (!named || (worker !== undefined && typeof worker !== 'boolean')) return undefined;
  return JSON.stringify([source?.toString() ?? null, backend, dtype, threads, worker, hub?.endpoint]);
}

function sharedModel(key: string, open: () => Promise<Generator>): Promise<Generator> {
  let model = loaded.get(key);
  if (!model) {
    model = open();
    loaded.set(key, model);
    // One failed load must not poison the next.
    model.catch(() => loaded.delete(key));
  }
  return model;
}
