import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import {
  type CheckedGenerateOptions,
  type GenerateOptions,
  withoutContradictions,
} from '../loaded-model/generate-options.ts';
import { createGeneration, type Generation, nothingGenerated, type RunGeneration } from '../loaded-model/generation.ts';
import { generationRun } from '../loaded-model/generation-run.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import { fillLoadOptions, type LoadOptions, type ResolvedLoadOptions } from '../loading/load-options.ts';
import { checkOptions } from '../options/check-options.ts';
import { generateOptions, loadOptions, modelOptions, samplingOptions } from '../options/table.ts';
import { abortable } from '../platform/abortable.ts';
import { draftOptions } from './draft-options.ts';
import { loadIntoEmbeddedWorker, servedByEmbeddedWorker } from './embedded-worker.ts';
import { openCalls } from './open-calls.ts';

/** Options of `generate()` that are not the generation's own. */
export interface ModelOption {
  /** @default the embedded model */
  model?: ModelSource;
}

/** Models that `generate()` has loaded, by source and the options that make a difference. */
const loaded = new Map<string, Promise<ModelCalls>>();

/**
 * Continues `prompt` with the embedded model, or with `options.model`; loaded once, on first use.
 *
 * @example
 * for await (const { text } of generate('Once upon a time')) document.body.append(text);
 * const { text } = await generate('Once upon a time', { maxNewTokens: 40, temperature: 0 });
 */
export function generate(prompt: Prompt, options: GenerateOptions & ModelOption & LoadOptions = {}): Generation {
  return createGeneration(() => {
    const { source, load, generation } = separate(options);
    return { signal: generation.signal, run: runOf(prompt, source, load, generation) };
  });
}

function runOf(
  prompt: Prompt,
  source: ModelSource | undefined,
  load: ResolvedLoadOptions,
  generation: CheckedGenerateOptions,
): RunGeneration {
  return async (onPart, runSignal) => {
    const key = keyOf(source, load);
    // A model that does everything, once loaded, does the plain calls too.
    const embedded = servedByEmbeddedWorker(source, load, generation) && !(key && loaded.has(key));
    const open = (signal?: AbortSignal): Promise<ModelCalls> =>
      embedded ? loadIntoEmbeddedWorker({ ...load, signal }) : openCalls(source, { ...load, signal });
    const name = key && (embedded ? `${key} embedded` : key);
    const loading = name === undefined ? open(runSignal) : sharedModel(name, open);
    const own: Promise<ModelCalls>[] = name === undefined ? [loading] : [];
    const loadDraft = (id: string): Promise<ModelCalls> => {
      const draftLoad = draftOptions(load);
      const draftKey = keyOf(id, draftLoad);
      const draft =
        draftKey === undefined ? openCalls(id, draftLoad) : sharedModel(draftKey, () => openCalls(id, draftLoad));
      if (draftKey === undefined) own.push(draft);
      return abortable(draft, runSignal);
    };
    try {
      // The load goes on for the others that wait for it; only this caller leaves.
      const calls = await abortable(loading, runSignal);
      return await generationRun(calls, prompt, generation, loadDraft)(onPart, runSignal);
    } catch (error) {
      if (runSignal.aborted && !GptletError.isInstance(error)) return nothingGenerated(0, 0);
      // What has died is loaded again by the next call.
      const died = GptletError.isInstance(error) && error.code === 'WORKER_FAILED';
      if (died && name !== undefined && loaded.get(name) === loading) loaded.delete(name);
      throw error;
    } finally {
      // A model that cannot be found again is this call's alone.
      for (const model of own) void model.then((calls) => calls.dispose()).catch(() => {});
    }
  };
}

/** Checks all options at once, then each goes to its stage. The signal is the generation's: the load serves later calls too. */
function separate(options: GenerateOptions & ModelOption & LoadOptions): {
  source: ModelSource | undefined;
  load: ResolvedLoadOptions;
  generation: CheckedGenerateOptions;
} {
  const ofLoad = loadOptions();
  const all = { ...modelOptions(), ...ofLoad, ...generateOptions(), ...samplingOptions() };
  const { model: source, signal, ...both } = checkOptions(all, options);
  const load: LoadOptions = {};
  const generation: GenerateOptions = { signal };
  for (const [name, value] of Object.entries(both))
    Object.assign(Object.hasOwn(ofLoad, name) ? load : generation, { [name]: value });
  return { source, load: fillLoadOptions(load), generation: withoutContradictions(generation) };
}

/** Names a model to be found again; undefined for files and workers, which have no name. */
function keyOf(source: ModelSource | undefined, options: ResolvedLoadOptions): string | undefined {
  const { backend, dtype, threads, worker, hub } = options;
  const named = source === undefined || typeof source === 'string' || source instanceof URL;
  if (!named || (worker !== undefined && typeof worker !== 'boolean')) return undefined;
  return JSON.stringify([source?.toString() ?? null, backend, dtype, threads, worker, hub?.endpoint]);
}

function sharedModel(key: string, open: () => Promise<ModelCalls>): Promise<ModelCalls> {
  let model = loaded.get(key);
  if (!model) {
    model = open();
    loaded.set(key, model);
    // One failed load must not poison the next.
    model.catch(() => loaded.delete(key));
  }
  return model;
}
