import type { DecodeInput } from './decode-input.ts';
import { DraftSource } from './draft-source.ts';
import type { KvSequence } from './kv-sequence.ts';
import { ModelDrafter } from './model-drafter.ts';
import type { GenerateInput } from './model-parts.ts';
import { PassCosts } from './pass-costs.ts';
import { PromptDrafter } from './prompt-drafter.ts';

/** Puts the drafts of a call before its source of tokens. What passes take is remembered from call to call. */
export function draftsFor(): (input: GenerateInput) => DecodeInput['withDrafts'] {
  const costsOf = new WeakMap<KvSequence, PassCosts>();
  return ({ options: { draft }, kvSequence, config }) => {
    if (draft === undefined) return undefined;
    const costs = costsOf.get(kvSequence) ?? new PassCosts();
    costsOf.set(kvSequence, costs);
    return (plain, input) => {
      const drafter =
        draft === 'prompt' ? new PromptDrafter() : new ModelDrafter(draft, input.sampler, config.vocabSize);
      return new DraftSource(plain, input, drafter, costs);
    };
  };
}
