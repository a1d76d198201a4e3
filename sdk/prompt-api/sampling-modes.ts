import type { ChatOptions } from '../loaded-model/chat-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LanguageModelSamplingMode } from './dictionaries.ts';

/** By how much the temperature differs from what the model's makers recommend. The specification leaves it to whoever implements. */
const factors: Readonly<Record<LanguageModelSamplingMode, number>> = {
  'most-predictable': 0,
  predictable: 0.5,
  'slightly-predictable': 0.75,
  balanced: 1,
  'slightly-creative': 1.15,
  creative: 1.3,
  'most-creative': 1.6,
};

export const samplingModes: readonly LanguageModelSamplingMode[] = Object.keys(factors) as LanguageModelSamplingMode[];

/** Sampling as a mode has it. A model that is recommended to be greedy is creative from temperature 1 on. */
export function samplingOf(
  mode: LanguageModelSamplingMode,
  { generationDefaults }: Pick<GptModel, 'generationDefaults'>,
  { temperature: own }: ChatOptions,
): Pick<ChatOptions, 'temperature'> {
  const recommended = own ?? generationDefaults.temperature;
  if (mode === 'balanced') return own === undefined ? {} : { temperature: own };
  const factor = factors[mode];
  return { temperature: (recommended || (factor > 1 ? 1 : (recommended ?? 1))) * factor };
}
