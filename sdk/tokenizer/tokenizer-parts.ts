import { asObject } from './parse-json.ts';
import { kindOfPattern } from './split-pattern.ts';
import type { Template, TokenizerPlan } from './tokenizer-definition.ts';

export type Json = Record<string, unknown>;

/** What a tokenizer.json says but for its tokens and merges, as it stands there. */
export interface TokenizerParts {
  readonly model: Json;
  readonly normalizer: unknown;
  readonly pre_tokenizer: unknown;
  readonly post_processor: unknown;
  readonly decoder: unknown;
}

/**
 * Reads parts of every kind, and what tokenizer_config.json puts around a text; of vocab.json and merges.txt there is a
 * plan already. @throws GptletError BAD_TOKENIZER, which names what is not supported
 */
export type ReadParts = (parts: TokenizerParts | TokenizerPlan, config: Json) => Promise<TokenizerPlan>;

export const noTemplate: Template<never> = { before: [], between: [], after: [] };

/** A plan that does nothing but split. */
export const plainPlan = (kind: TokenizerPlan['kind'], addPrefixSpace: boolean): TokenizerPlan => ({
  kind,
  addPrefixSpace,
  normalization: [],
  splits: [],
  template: noTemplate,
});

/**
 * The plan of parts as most byte-level files have them; undefined for all others, which parts/read-parts.ts reads or
 * refuses: it is loaded for those alone. A config that says what goes around a text is heard instead of the post-processor.
 */
export function commonPlan(parts: TokenizerParts, configSays: boolean): TokenizerPlan | undefined {
  const { model, normalizer, pre_tokenizer: first, post_processor: post, decoder } = parts;
  const isPlain = (part: unknown): boolean => part == null || asObject(part)?.type === 'ByteLevel';
  const bare = ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix', 'fuse_unk', 'byte_fallback'];
  const list = asObject(first)?.pretokenizers;
  const steps: Json[] = Array.isArray(list) ? list : [first];
  const byteLevel = steps.at(-1);
  const form = asObject(normalizer)?.type;
  if (
    model.type !== 'BPE' ||
    bare.some((name) => model[name]) ||
    !(isPlain(post) || configSays) ||
    !isPlain(decoder) ||
    (normalizer != null && form !== 'NFC') ||
    byteLevel?.type !== 'ByteLevel' ||
    steps.length > 2
  )
    return undefined;
  const addPrefixSpace = byteLevel.add_prefix_space === true;
  const ownPattern = byteLevel.use_regex !== false;
  let kind: TokenizerPlan['kind'] | undefined = ownPattern ? 'gpt2' : 'none';
  if (steps.length === 2) {
    const { type, pattern, behavior, invert } = steps[0] ?? {};
    const covers = behavior === (invert ? 'Removed' : 'Isolated');
    if (type !== 'Split' || !covers || ownPattern || addPrefixSpace) return undefined;
    kind = kindOfPattern(String(asObject(pattern)?.Regex));
  }
  return kind && { ...plainPlan(kind, addPrefixSpace), normalization: form ? ['NFC'] : [] };
}
