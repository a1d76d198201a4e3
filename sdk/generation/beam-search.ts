import { yieldToEventLoop } from '../platform/event-loop.ts';
import type { DecodeInput } from './decode-input.ts';
import { tokenRestrictions } from './token-restrictions.ts';

/** A sequence with its summed log-probability and, once finished, its length-penalised score. */
export interface Beam {
  readonly tokenIds: readonly number[];
  readonly logprobSum: number;
  readonly score: number;
  readonly finished: boolean;
}

interface LiveBeam {
  readonly tokenIds: number[];
  readonly logprobSum: number;
  readonly slot: number;
  readonly logits: Float32Array;
}

interface Candidate {
  readonly beam: LiveBeam;
  readonly tokenId: number;
  readonly logprobSum: number;
}

/**
 * Beam search as the hub's `generate(num_beams=…)` does it: of the 2·numBeams best continuations those that end
 * the text and are among the first numBeams become finished sequences, the best numBeams others go on. A
 * score is the summed log-probability divided by (generated length)^lengthPenalty.
 *
 * @returns finished sequences and, where the length ran out, those that were still going; best first.
 */
export async function beamSearch(
  input: DecodeInput,
): Promise<{ beams: Beam[]; cachedTokens: number; prefilledAt: number }> {
  const { engine, kvSequence, promptIds, options, limit, signal } = input;
  const { numBeams } = options;
  engine.reserveSlots(numBeams);
  signal.throwIfAborted();
  const { logits, cachedTokens } = await kvSequence.prefill(promptIds, { signal });
  const prefilledAt = performance.now();
  // From here on slot 0 holds one of the beams, not what the sequence remembers.
  kvSequence.clear();
  let live: LiveBeam[] = [{ tokenIds: [], logprobSum: 0, slot: 0, logits: (logits as Float32Array).slice() }];
  const finished: Beam[] = [];

  for (let length = 1; length <= limit; length++) {
    await yieldToEventLoop();
    signal.throwIfAborted();
    const next: Candidate[] = [];
    bestContinuations(input, live).forEach((candidate, rank) => {
      const ends = options.stopTokenIds.has(candidate.tokenId);
      if (ends && rank < numBeams)
        keepBest(
          finished,
          finish(candidate.beam.tokenIds, candidate.logprobSum, length, options.lengthPenalty),
          numBeams,
        );
      if (!ends && next.length < numBeams) next.push(candidate);
    });
    if (next.length === 0) {
      live = [];
      break;
    }
    const bestPossible = next[0].logprobSum / length ** options.lengthPenalty;
    const enough =
      finished.length === numBeams && (options.earlyStopping || finished[numBeams - 1].score >= bestPossible);
    live = await advance(input, next, promptIds.length + length - 1, numBeams, enough || length === limit);
    if (enough) {
      live = [];
      break;
    }
  }
  for (const beam of live)
    keepBest(
      finished,
      { ...finish(beam.tokenIds, beam.logprobSum, beam.tokenIds.length, options.lengthPenalty), finished: false },
      numBeams,
    );
  return { beams: finished, cachedTokens, prefilledAt };
}

/** The 2·numBeams best one-token continuations of all beams, best first. */
function bestContinuations(input: DecodeInput, live: readonly LiveBeam[]): Candidate[] {
  const { sampler, promptIds, options } = input;
  const restrict = tokenRestrictions(input);
  const wanted = 2 * options.numBeams;
  const best: Candidate[] = [];
  for (const beam of live) {
    const history = [...promptIds, ...beam.tokenIds];
    sampler.setMask(restrict(history, beam.tokenIds.length));
    const scores = sampler.scores(beam.logits, history);
    for (let tokenId = 0; tokenId < scores.length; tokenId++) {
      const logprobSum = beam.logprobSum + scores[tokenId];
      if (best.length === wanted && !(logprobSum > best[wanted - 1].logprobSum)) continue;
      if (logprobSum === Number.NEGATIVE_INFINITY) continue;
      let at = best.length;
      while (at > 0 && logprobSum > best[at - 1].logprobSum) at--;
      best.splice(at, 0, { beam, tokenId, logprobSum });
      if (best.length > wanted) best.pop();
    }
  }
  return best;
}

/** Gives every chosen continuation a slot of the KV cache, copying where a beam goes on in two ways, and runs its token. */
async function advance(
  { engine, kvSequence }: DecodeInput,
  chosen: readonly Candidate[],
  position: number,
  numBeams: number,
  last: boolean,
): Promise<LiveBeam[]> {
  const { adapter } = kvSequence;
  const taken = new Set(chosen.map(({ beam }) => beam.slot));
  const free = Array.from({ length: numBeams }, (_, slot) => slot).filter((slot) => !taken.has(slot));
  const inherited = new Set<number>();
  const placed = chosen.map((candidate) => {
    const { slot } = candidate.beam;
    if (!inherited.has(slot)) {
      inherited.add(slot);
      return { candidate, slot };
    }
    const copy = free.pop() as number;
    if (!last) engine.copySlot(slot, copy, position);
    return { candidate, slot: copy };
  });
  const advanced: LiveBeam[] = [];
  for (const { candidate, slot } of placed) {
    const { beam, tokenId, logprobSum } = candidate;
    const logits = last
      ? beam.logits
      : ((await engine.forward(Uint32Array.of(tokenId), position, { slot, adapter })).logits as Float32Array).slice();
    advanced.push({ tokenIds: [...beam.tokenIds, tokenId], logprobSum, slot, logits });
  }
  return advanced;
}

function finish(tokenIds: readonly number[], logprobSum: number, length: number, lengthPenalty: number): Beam {
  return { tokenIds, logprobSum, score: logprobSum / Math.max(1, length) ** lengthPenalty, finished: true };
}

/** Keeps the `most` best, best first; the earlier of equals stays. */
function keepBest(beams: Beam[], beam: Beam, most: number): void {
  let at = beams.length;
  while (at > 0 && beam.score > beams[at - 1].score) at--;
  beams.splice(at, 0, beam);
  if (beams.length > most) beams.pop();
}
