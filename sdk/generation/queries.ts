import type { Engine } from '../backends/engine.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import { noTokenizer } from '../errors/no-tokenizer.ts';
import type { QueryAnswer, QueryInput, QueryName, QueryOptions } from '../loaded-model/model-calls.ts';
import type { CallContext } from './model-parts.ts';
import { checkIds, promptIds } from './prompt-ids.ts';
import { scoreBatch } from './score-batch.ts';
import { scoreInput, summarise } from './scoring.ts';
import { sharedPrefix } from './shared-prefix.ts';

/** How each query is answered. */
export type AnswerQueries = {
  readonly [Name in QueryName]: (
    context: CallContext,
    input: QueryInput<Name>,
    options: QueryOptions<Name>,
    signal: AbortSignal | undefined,
  ) => Promise<QueryAnswer<Name>>;
};

/** The answers of a model that can all that {@link GptModel} has. */
export const answerQueries: AnswerQueries = {
  async forward(context, tokenIds, _options, signal) {
    const { logits } = await freshPass(context, checkIds(tokenIds, context.config), { logits: 'all', signal });
    return logits as Float32Array;
  },

  async scoreBatch({ kvSequence, config, tokenizer = noTokenizer() }, inputs, options, signal) {
    checkBatch(inputs);
    const tokens = inputs.map((input) => scoreInput(input, tokenizer, config.bosTokenId));
    const logprobs = await scoreBatch(kvSequence, config, tokens, options, signal);
    return tokens.map(({ tokenIds, countFrom }, i) => summarise(tokenIds.subarray(countFrom), logprobs[i], tokenizer));
  },

  async embed(context, text, { pooling, normalize }, signal) {
    const C = context.config.nEmbd;
    const { hidden } = await freshPass(context, promptIds(text, context), {
      logits: 'none',
      hidden: pooling === 'mean' ? 'all' : 'last',
      signal,
    });
    const rows = (hidden as Float32Array).length / C;
    const mean = new Float32Array(C);
    for (let r = 0; r < rows; r++) for (let c = 0; c < C; c++) mean[c] += (hidden as Float32Array)[r * C + c] / rows;
    if (!normalize) return mean;
    const length = Math.hypot(...mean);
    return length > 0 ? mean.map((value) => value / length) : mean;
  },

  async inspect(context, prompt, options, signal) {
    const tokenIds = promptIds(prompt, context);
    const { attention, hiddenStates } = await freshPass(context, tokenIds, { logits: 'none', inspect: true, signal });
    return {
      tokenIds,
      ...(options.attention === false ? {} : { attention }),
      ...(options.hiddenStates === false ? {} : { hiddenStates }),
    };
  },

  async classifyIdsBatch({ kvSequence, config, head }, sequences, _options, signal) {
    if (!head) {
      throw new GptletError(
        'UNSUPPORTED_MODEL',
        'This checkpoint has only a language-model head; load one that was fine-tuned for classification, or use zeroShot.',
      );
    }
    checkBatch(sequences);
    const checked = sequences.map((tokenIds) => checkIds(tokenIds, config));
    if (checked.length === 0) return [];
    const shared = sharedPrefix(checked, Math.min(...checked.map(({ length }) => length)) - 1);
    const rests = checked.map((tokenIds) => tokenIds.subarray(shared));
    const results = await kvSequence.forwardBatch(checked[0].subarray(0, shared), rests, {
      logits: 'none',
      hidden: 'last',
      signal,
    });
    return results.map(({ hidden }) => head.logits(hidden as Float32Array));
  },
};

/** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
function freshPass(
  { engine, kvSequence }: CallContext,
  tokenIds: Uint32Array,
  options: Parameters<Engine['forward']>[2],
): ReturnType<Engine['forward']> {
  options?.signal?.throwIfAborted();
  kvSequence.clear();
  return engine.forward(tokenIds, 0, options);
}

function checkBatch(given: unknown): void {
  if (!Array.isArray(given)) throw invalid('the batch', given, 'an array');
}
