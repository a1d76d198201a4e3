import { type CheckedGenerateOptions, resolveGenerateOptions } from './generate-options.ts';
import { nothingGenerated, type RunGeneration } from './generation.ts';
import type { Prompt } from './gpt-model.ts';
import type { ModelCalls } from './model-calls.ts';

/** Loads a model that drafts, or finds the one that was loaded before. */
export type LoadDraft = (id: string, signal: AbortSignal) => Promise<ModelCalls>;

/** The run behind `generate`, of options that have been checked. */
export const generationRun =
  (calls: ModelCalls, prompt: Prompt, options: CheckedGenerateOptions, loadDraft: LoadDraft): RunGeneration =>
  async (onPart, signal) => {
    const { draft } = options;
    const resolved = resolveGenerateOptions(options, calls.generationDefaults, calls.config.eosTokenIds);
    if (draft === undefined || draft === 'prompt') return calls.generate(prompt, resolved, onPart, signal);
    let port: MessagePort;
    try {
      const { connectDraft } = await import('./connect-draft.ts');
      port = await connectDraft(calls, draft, (id) => loadDraft(id, signal));
    } catch (error) {
      if (signal.aborted && error === signal.reason) return nothingGenerated(0, 0);
      throw error;
    }
    return calls.generate(prompt, { ...resolved, draft: port }, onPart, signal);
  };
