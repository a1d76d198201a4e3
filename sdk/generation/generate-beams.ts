import { createSampler } from '../sampler/index.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { beamSearch } from './beam-search.ts';
import type { GenerateInput } from './generate-once.ts';
import type { GenerationPart, GenerationResult } from './generation.ts';
import { StopTexts } from './stop-texts.ts';

/** generate() with numBeams > 1: nothing streams until the search is over, then the best sequence comes at once. */
export async function generateBeams(
  input: GenerateInput,
  bannedSequences: readonly Uint32Array[],
  onPart: (part: GenerationPart) => void,
  signal: AbortSignal,
): Promise<GenerationResult> {
  const { options, tokenizer, config, engine, kvSequence, promptIds } = input;
  const sampler = await createSampler({ ...options.sampling, temperature: 0 });
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
    const sequences = beams.slice(0, options.numSequences).map(({ tokenIds, score }) => ({
      text: shown(tokenIds, tokenizer, options.stop),
      tokenIds: [...tokenIds],
      score,
    }));
    const best = sequences[0] ?? { text: '', tokenIds: [] };
    onPart({ text: best.text, tokenIds: best.tokenIds });
    const decodeMs = performance.now() - prefilledAt;
    const generatedTokens = best.tokenIds.length;
    return {
      text: best.text,
      tokenIds: best.tokenIds,
      finishReason: beams[0]?.finished ? 'stop' : 'length',
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
    const prefillMs = performance.now() - started;
    return {
      text: '',
      tokenIds: [],
      finishReason: 'aborted',
      usage: { promptTokens, cachedTokens: 0, generatedTokens: 0 },
      timings: { prefillMs, decodeMs: 0, tokensPerSecond: 0 },
    };
  }
}

function shown(tokenIds: readonly number[], tokenizer: Tokenizer | undefined, stop: readonly string[]): string {
  if (!tokenizer) return '';
  const watcher = new StopTexts(stop);
  const { text, stopped } = watcher.push(tokenizer.decode(tokenIds));
  return stopped ? text : text + watcher.flush();
}
