import type { Engine, ForwardOptions } from '../backends/engine.ts';
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

  async embedBatch(context, inputs, { pooling, normalize }, signal) {
    checkBatch(inputs);
    const sequences = inputs.map((input) => promptIds(input, context));
    const hidden = await hiddenStates(context, sequences, pooling === 'mean' ? 'all' : 'last', signal);
    return hidden.map((rows) => {
      const mean = meanRow(rows, context.config.nEmbd);
      const length = normalize ? Math.hypot(...mean) : 0;
      return length > 0 ? mean.map((value) => value / length) : mean;
    });
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

  async classifyIdsBatch(context, sequences, _options, signal) {
    const { config, head } = context;
    if (!head) {
      throw new GptletError(
        'UNSUPPORTED_MODEL',
        'This checkpoint has only a language-model head; load one that was fine-tuned for classification, name an adapter that has a head, or use zeroShot.',
      );
    }
    checkBatch(sequences);
    const checked = sequences.map((tokenIds) => checkIds(tokenIds, config));
    const hidden = await hiddenStates(context, checked, 'last', signal);
    return hidden.map((row) => head.logits(row));
  },
};

/** Final hidden states of each sequence: the last one (C), or all (T, C). What all begin with goes through once where the last suffices. */
async function hiddenStates(
  { kvSequence }: CallContext,
  sequences: readonly Uint32Array[],
  hidden: 'last' | 'all',
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  if (sequences.length === 0) return [];
  signal?.throwIfAborted();
  const most = hidden === 'last' ? Math.min(...sequences.map(({ length }) => length)) - 1 : 0;
  const shared = sharedPrefix(sequences, most);
  const rests = sequences.map((tokenIds) => tokenIds.subarray(shared));
  const options = { logits: 'none', hidden, signal } as const;
  const results = await kvSequence.forwardBatch(sequences[0].subarray(0, shared), rests, options);
  return results.map((result) => result.hidden as Float32Array);
}

/** rows (T, C) -> their mean (C). */
function meanRow(rows: Float32Array, C: number): Float32Array {
  const T = rows.length / C;
  const mean = new Float32Array(C);
  for (let i = 0; i < rows.length; i++) mean[i % C] += rows[i] / T;
  return mean;
}

/** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
function freshPass(
  { engine, kvSequence }: CallContext,
  tokenIds: Uint32Array,
  options: ForwardOptions,
): ReturnType<Engine['forward']> {
  options.signal?.throwIfAborted();
  kvSequence.clear();
  return engine.forward(tokenIds, 0, { ...options, adapter: kvSequence.adapter });
}

function checkBatch(given: unknown): void {
  if (!Array.isArray(given)) throw invalid('the batch', given, 'an array');
}
