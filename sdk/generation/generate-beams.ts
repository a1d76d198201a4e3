import { type GenerationPart, type GenerationResult, nothingGenerated } from '../loaded-model/generation.ts';
import { openSampler } from '../sampler/create-sampler.ts';
import { beamSearch } from './beam-search.ts';
import type { GenerateInput } from './model-parts.ts';
import { PartAssembler } from './part-assembler.ts';

/** generate() with numBeams > 1: nothing streams until the search is over, then the best sequence comes at once. */
export async function generateBeams(
  input: GenerateInput,
  bannedSequences: readonly Uint32Array[],
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
): Promise<GenerationResult> {
  const { options, tokenizer, config, engine, kvSequence, promptIds } = input;
  const sampler = await openSampler({ ...options.sampling, temperature: 0 });
  sampler.promptLength = promptIds.length;
  const started = performance.now();
  const promptTokens = promptIds.length;
  try {
    const search = {
      engine,
      kvSequence,
      promptIds,
      options,
      sampler,
      signal,
      bannedSequences,
      vocabSize: config.vocabSize,
      nCtx: config.nCtx,
      constraint: undefined,
    };
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
    const decodeMs = performance.now() - prefilledAt;
    const generatedTokens = best.tokenIds.length;
    return {
      text: best.text,
      tokenIds: best.tokenIds,
      finishReason: ends[0]?.stopped ? 'stop' : 'length',
      usage: { promptTokens, cachedTokens, generatedTokens },
      timings: {
        prefillMs: prefilledAt - started,
        decodeMs,
        tokensPerSecond: decodeMs > 0 ? (generatedTokens * 1000) / decodeMs : 0,
      },
      sequences,
    };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return nothingGenerated(promptTokens, performance.now() - started);
  }
}
