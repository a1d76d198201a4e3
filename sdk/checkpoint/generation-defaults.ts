import { GptletError } from '../errors/gptlet-error.ts';
import type { GenerationDefaults } from '../model/generation-defaults.ts';

/**
 * Reads generation_config.json. `do_sample: false` means greedy, and the sampling values beside it are then not used.
 * Absent it says nothing, so gptlet's own defaults hold (the hub's code would be greedy, and GPT-2 would loop).
 *
 * @throws GptletError BAD_CHECKPOINT for a value of the wrong type or out of its range.
 */
export function readGenerationDefaults(raw: Readonly<Record<string, unknown>>): GenerationDefaults {
  const number = (name: string, from: number, to: number, whole = false): number | undefined => {
    const value = raw[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !(value >= from && value <= to) || (whole && !Number.isInteger(value))) {
      throw bad(name, value, `${whole ? 'a whole number' : 'a number'} from ${from} to ${to}`);
    }
    return value;
  };
  const sample = raw['do_sample'] ?? true;
  if (typeof sample !== 'boolean') throw bad('do_sample', sample, 'true or false');
  const temperature = number('temperature', 0, 1e6);
  const defaults: GenerationDefaults = {
    maxNewTokens: number('max_new_tokens', 1, 1e9, true),
    minNewTokens: number('min_new_tokens', 0, 1e9, true),
    temperature: sample ? temperature : 0,
    ...(sample && {
      topK: number('top_k', 0, 1e9, true),
      topP: number('top_p', 0, 1),
      minP: number('min_p', 0, 1),
      // A mass of 0 would leave no token to draw: as if not given.
      typicalP: number('typical_p', 0, 1) || undefined,
    }),
    repetitionPenalty: number('repetition_penalty', 1e-6, 1e6),
    noRepeatNgramSize: number('no_repeat_ngram_size', 0, 1e6, true),
    eosTokenIds: tokenIds(raw['eos_token_id'] ?? undefined),
  };
  return Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined));
}

function tokenIds(value: unknown): number[] | undefined {
  if (value === undefined) return undefined;
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  if (!ids.every((id) => Number.isSafeInteger(id) && (id as number) >= 0))
    throw bad('eos_token_id', value, 'a token id or a list of them');
  return ids as number[];
}

const bad = (name: string, value: unknown, wanted: string): GptletError =>
  new GptletError(
    'BAD_CHECKPOINT',
    `generation_config.json: ${name} is ${JSON.stringify(value)?.slice(0, 100)}; it must be ${wanted}.`,
  );
