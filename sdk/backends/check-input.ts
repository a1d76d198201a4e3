import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';

/** @throws GptletError when tokens do not fit the model, since kernels would read beside their buffers in silence. */
export function checkInput(config: ModelConfig, tokenIds: Uint32Array, position: number): void {
  const { nCtx, vocabSize } = config;
  if (tokenIds.length === 0) throw new GptletError('INVALID_OPTION', 'There are no tokens to run. Pass at least one.');
  if (!Number.isInteger(position) || position < 0) {
    throw new GptletError('INVALID_OPTION', `Position ${position} is not a whole number from 0 on.`);
  }
  if (position + tokenIds.length > nCtx) {
    throw new GptletError(
      'CONTEXT_OVERFLOW',
      `${tokenIds.length} tokens from position ${position} on do not fit the model's context of ${nCtx}. Shorten the prompt.`,
    );
  }
  for (const id of tokenIds) {
    if (id >= vocabSize)
      throw new GptletError('INVALID_OPTION', `Token id ${id} is outside the vocabulary of ${vocabSize}.`);
  }
}

/** @throws GptletError for a sequence that the KV cache has no place for, of `count` that there are. */
export function checkSlot(slot: number, count: number): void {
  if (Number.isInteger(slot) && slot >= 0 && slot < count) return;
  throw new GptletError('INVALID_OPTION', `There is no slot ${slot}, only ${count}. Call reserveSlots first.`);
}

/** @throws GptletError for an adapter that is not among those kept. */
export function checkAdapter(id: number | undefined, kept: { has(id: number): boolean }): void {
  if (id === undefined || kept.has(id)) return;
  throw new GptletError('INVALID_OPTION', `There is no adapter ${id}. Add it first, or leave the option out.`);
}

/** @throws GptletError where the KV cache no longer `reaches` what a token at `position` attends to. */
export function checkReach(reaches: boolean, position: number): void {
  if (reaches) return;
  throw new GptletError(
    'INVALID_OPTION',
    `What a token at position ${position} attends to is not in the KV cache any more. Begin again at position 0.`,
  );
}
