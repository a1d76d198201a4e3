import { resolveOptions } from '../options/check-options.ts';
import { installLanguageModelOptions } from '../options/table.ts';
import { createLanguageModel, type LanguageModelSettings } from './create-language-model.ts';

export interface InstallOptions extends LanguageModelSettings {
  /** Whether to take the place of a browser's own. @default false */
  readonly force?: boolean;
}

/**
 * Puts the Prompt API's `LanguageModel` on `globalThis` where there is none, with a model of one's own behind it.
 *
 * @returns puts back what was there, and frees a model that was loaded from a source
 * @throws GptletError INVALID_OPTION
 * @example
 * installLanguageModel({ model: 'HuggingFaceTB/SmolLM2-135M-Instruct' });
 * const session = await LanguageModel.create();
 */
export function installLanguageModel({ force: given, ...settings }: InstallOptions): () => Promise<void> {
  const { force } = resolveOptions(installLanguageModelOptions(), { force: given });
  const { LanguageModel, dispose } = createLanguageModel(settings);
  const before = Object.getOwnPropertyDescriptor(globalThis, 'LanguageModel');
  if (before && !force) return async () => {};
  const value = { value: LanguageModel, configurable: true, writable: true };
  Object.defineProperty(globalThis, 'LanguageModel', value);
  return async () => {
    // Unless somebody else has put theirs there since.
    if ((globalThis as { LanguageModel?: unknown }).LanguageModel === LanguageModel) {
      if (before) Object.defineProperty(globalThis, 'LanguageModel', before);
      else Reflect.deleteProperty(globalThis, 'LanguageModel');
    }
    await dispose();
  };
}
