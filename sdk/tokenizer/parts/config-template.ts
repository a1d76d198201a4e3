import { asObject } from '../parse-json.ts';
import type { Template } from '../tokenizer-definition.ts';
import type { Json } from '../tokenizer-parts.ts';

/**
 * What tokenizer_config.json puts around a text: where it says `add_bos_token` or `add_eos_token`, the hub's code takes
 * its word, also "false", over the post-processor of tokenizer.json, and the one that is missing for false. A token
 * that nothing names is not added; of GPT-2's class it is `<|endoftext|>`.
 */
export function configTemplate(config: Json): Template<string> | undefined {
  if (config.add_bos_token == null && config.add_eos_token == null) return undefined;
  const isGpt2 = String(config.tokenizer_class ?? 'GPT2Tokenizer').startsWith('GPT2Tokenizer');
  const tokensOf = (role: string): string[] => {
    const value = config[`${role}_token`];
    const token = asObject(value)?.content ?? (value === undefined && isGpt2 ? '<|endoftext|>' : value);
    return config[`add_${role}_token`] === true && typeof token === 'string' ? [token] : [];
  };
  const before = tokensOf('bos');
  const after = tokensOf('eos');
  return { before, between: [...after, ...before], after };
}
