import { GptletError } from '../errors/gptlet-error.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import { defaultsOf } from '../options/check-options.ts';
import { generateOptions, samplingOptions } from '../options/table.ts';
import type { Dialect } from './connect-options.ts';

/** What servers call an option. */
const names: { readonly [Name in keyof GenerateOptions]?: readonly string[] } = {
  temperature: ['temperature'],
  topP: ['top_p'],
  presencePenalty: ['presence_penalty'],
  frequencyPenalty: ['frequency_penalty'],
  seed: ['seed'],
  // No part of OpenAI's protocol: of vLLM (vllm/entrypoints/openai/chat_completion/protocol.py) and SGLang
  // (python/sglang/srt/entrypoints/openai/protocol.py), the first and the last also of llama.cpp (tools/server/README.md).
  minP: ['min_p'],
  minNewTokens: ['min_tokens'],
  stopTokenIds: ['stop_token_ids'],
  repetitionPenalty: ['repetition_penalty', 'repeat_penalty'],
};

/** What no protocol has a field for, or only one server. */
const unasked = [
  'numBeams',
  'lengthPenalty',
  'earlyStopping',
  'numSequences',
  'noRepeatNgramSize',
  'typicalP',
  'adapter',
  'bannedTexts',
] as const;

/** OpenAI: a bias of -100 bans a token. */
const ban = -100;

/**
 * The fields of a request that say how to generate; only those of options that were given, and the limit.
 *
 * @param limit most tokens; undefined leaves it to the server
 * @throws GptletError INVALID_OPTION for an option that cannot be asked of a server
 */
export function requestFields(
  options: Readonly<GenerateOptions>,
  limit: number | undefined,
  dialect: Dialect,
): Record<string, unknown> {
  refuseUnasked(options);
  const fields: Record<string, unknown> = {};
  for (const [option, sent] of Object.entries(names)) {
    const value = options[option as keyof GenerateOptions];
    if (value !== undefined) for (const name of sent) fields[name] = value;
  }
  // Off is 0 with vLLM and llama.cpp, -1 with SGLang; the first two take -1 as well.
  if (options.topK !== undefined) fields['top_k'] = options.topK || -1;
  if (options.stop?.length) fields['stop'] = options.stop;
  const bans = (options.bannedTokenIds ?? []).map((id) => [id, ban]);
  if (options.logitBias || bans.length > 0)
    fields['logit_bias'] = { ...options.logitBias, ...Object.fromEntries(bans) };
  if (limit !== undefined) fields[dialect.limit] = limit;
  return fields;
}

function refuseUnasked(options: Readonly<GenerateOptions>): void {
  const defaults: Partial<GenerateOptions> = defaultsOf<GenerateOptions>({
    ...generateOptions(),
    ...samplingOptions(),
  });
  for (const name of unasked) {
    const value = options[name];
    if (value === undefined || String(value) === String(defaults[name])) continue;
    throw new GptletError('INVALID_OPTION', `${name} cannot be asked of a server; leave it out.`);
  }
}
