import { type CheckedGenerateOptions, resolveGenerateOptions } from './generate-options.ts';
import type { RunGeneration } from './generation.ts';
import type { Prompt } from './gpt-model.ts';
import type { ModelCalls } from './model-calls.ts';

/** The run behind `generate`, of options that have been checked. */
export const generationRun =
  (calls: ModelCalls, prompt: Prompt, options: CheckedGenerateOptions): RunGeneration =>
  async (onPart, signal) => {
    const resolved = resolveGenerateOptions(options, calls.generationDefaults, calls.config.eosTokenIds);
    return calls.generate(prompt, resolved, onPart, signal);
  };
