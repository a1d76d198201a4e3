import { nearestName } from '../../options/nearest-name.ts';
import { unsupported } from './config-error.ts';
import { gemma } from './gemma.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gptJ } from './gpt-j.ts';
import { gptNeox } from './gpt-neox.ts';
import { lfm2 } from './lfm2.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import type { ModelFamily } from './model-family.ts';
import { olmo2 } from './olmo2.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';
import { paperFamilies, type RawConfig, type ReadConfig, readFamilyConfig } from './read-config.ts';
import { smollm3 } from './smollm3.ts';
import { starcoder2 } from './starcoder2.ts';

/** What came after GPT-3. */
export const laterFamilies: readonly ModelFamily[] = [
  ...[llama, mistral, smollm3, qwen2, qwen3, gemma, gemma2, gemma3],
  ...[olmo2, phi3, lfm2, gptNeox, gptJ, starcoder2],
];

/** Keys of tools that publish models of every family anew, which change nothing. */
const harmless = ['unsloth_fixed'];

/**
 * As `readConfig`, for all other models.
 *
 * @throws GptletError UNSUPPORTED_MODEL also for a `model_type` that gptlet does not run, with those that it does
 */
export function readLaterConfig(raw: RawConfig): ReadConfig {
  const modelType = raw['model_type'];
  const family = laterFamilies.find((each) => each.modelType === modelType);
  if (family) return readFamilyConfig(raw, { ...family, harmless: [...(family.harmless ?? []), ...harmless] });
  const known = [...paperFamilies, ...laterFamilies].map((each) => each.modelType);
  const nearest = typeof modelType === 'string' ? nearestName(modelType, known) : undefined;
  // What has several models in it has each one's config as a value.
  const parts = Object.keys(raw).filter((key) => /^(text|vision|audio|encoder|decoder)_config$/.test(key));
  throw unsupported(
    `model_type is ${JSON.stringify(modelType)?.slice(0, 100) ?? 'absent'}` +
      (parts.length > 0 ? `, a model of several parts (${parts.join(', ')}); take one of text alone` : '') +
      `. gptlet runs ${known.map((name) => `'${name}'`).join(', ')}.` +
      (nearest ? ` The nearest is '${nearest}'.` : ''),
  );
}
