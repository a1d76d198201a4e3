import { nothingGenerated } from '../loaded-model/generation.ts';
import { beamSearch } from './beam-search.ts';
import { decodeInput } from './decode-input.ts';
import { measures } from './decode-loop.ts';
import type { Generate } from './model-parts.ts';
import { PartAssembler } from './part-assembler.ts';

/** generate() with numBeams > 1: nothing streams until the search is over, then the best sequence comes at once. */
export const generateBeams: Generate = async (input, onPart, signal) => {
  const { options, tokenizer, promptIds } = input;
  const search = await decodeInput(input, signal, { ...options.sampling, temperature: 0 });
  const started = performance.now();
  try {
    const { beams, cachedTokens, prefilledAt } = await beamSearch(search);
    const ends = beams.slice(0, options.numSequences).map((beam) => {
      const assembler = new PartAssembler(tokenizer, promptIds, options, () => {});
      const stopped = beam.tokenIds.some((tokenId) => assembler.push(tokenId, undefined));
      assembler.end(stopped);
      const { text, tokenIds } = assembler;
      return { sequence: { text, tokenIds, score: beam.score }, stopped: stopped || beam.finished };
    });
    const sequences = ends.map(({ sequence }) => sequence);
    const best = sequences[0] ?? { text: '', tokenIds: [] };
    onPart({ text: best.text, tokenIds: best.tokenIds });
    return {
      text: best.text,
      tokenIds: best.tokenIds,
      finishReason: ends[0]?.stopped ? 'stop' : 'length',
      ...measures(promptIds, cachedTokens, best.tokenIds, started, prefilledAt),
      sequences,
    };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return nothingGenerated(promptIds.length, performance.now() - started);
  }
};
