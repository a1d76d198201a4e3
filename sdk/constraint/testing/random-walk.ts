import type { Sampler } from '../../sampler/create-sampler.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { Constraint } from '../constraint.ts';
import { EOS } from './byte-tokenizer.ts';

/** Generates under the mask from noise, as the generation loop does, and gives the text; throws on half a character. */
export function randomWalk(begin: Constraint, sampler: Sampler, tokenizer: Tokenizer, maxTokens: number): string {
  const ids: number[] = [];
  const constraint = begin.fork();
  for (let i = 0; i < maxTokens && !constraint.isComplete(); i++) {
    sampler.setMask(constraint.mask(maxTokens - i));
    const { tokenId } = sampler.next(new Float32Array(tokenizer.vocabSize));
    constraint.accept(tokenId);
    if (tokenId !== EOS) ids.push(tokenId);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(tokenizer.decodeBytes(ids));
}
