import { openSampler, type Sampler } from '../sampler/create-sampler.ts';
import type { DraftAnswer, DraftQuestion } from './draft-port.ts';
import type { KvSequence } from './kv-sequence.ts';
import type { CallContext } from './model-parts.ts';
import type { Queue } from './queue.ts';

/** Has a model draft for another one: answers {@link DraftQuestion}s on a port, in its turns, until the other side closes it. */
export function serveDrafts(context: () => CallContext, queue: Queue, port: MessagePort): void {
  const history: number[] = [];
  let sampler: Sampler | undefined;
  const answer = async ({ begin, added, most, randomState }: DraftQuestion): Promise<DraftAnswer> => {
    if (begin) {
      history.length = 0;
      sampler = await openSampler(begin.sampling);
      sampler.promptLength = begin.promptLength;
    }
    for (let i = 0; i < added.length; i++) history.push(added[i]);
    // Whoever waits for tokens does better without a draft than with one that comes after other calls.
    if (!sampler || (most > 0 && !queue.isIdle) || history.length + most > context().config.nCtx)
      return { tokenIds: [] };
    const drawing = sampler;
    drawing.randomState = randomState;
    return { tokenIds: await queue.run(() => draft(context().kvSequence, drawing, history, most)) };
  };
  port.onmessage = ({ data }: MessageEvent<DraftQuestion>) => {
    void answer(data)
      .catch(() => undefined)
      .then((reply) => port.postMessage(reply));
  };
}

/** The `most` tokens that this model would choose after `history`. */
async function draft(
  kvSequence: KvSequence,
  sampler: Sampler,
  history: readonly number[],
  most: number,
): Promise<readonly number[]> {
  // Whatever other calls ask of this model, it drafts as it is.
  kvSequence.use(undefined);
  const tokens = Uint32Array.from(history);
  if (most === 0) {
    await kvSequence.prefill(tokens, { logits: 'none' });
    return [];
  }
  if (sampler.options.temperature === 0 && kvSequence.mostCandidates > 0) {
    const before = tokens.subarray(0, -1);
    if (kvSequence.cachedPrefix(tokens) === before.length) kvSequence.rewind(before.length);
    else await kvSequence.prefill(before, { logits: 'none' });
    return [...(await kvSequence.decodeGreedy(history[history.length - 1], most))];
  }
  let { logits } = await kvSequence.prefill(tokens);
  const drafted: number[] = [];
  while (true) {
    drafted.push(sampler.next(logits as Float32Array, [...history, ...drafted]).tokenId);
    if (drafted.length === most) return drafted;
    logits = await kvSequence.decode(drafted[drafted.length - 1]);
  }
}
