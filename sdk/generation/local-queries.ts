import type { HeadWeights } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type {
  EmbedOptions,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions, resolveOptions } from '../options/check-options.ts';
import { list } from '../options/kinds.ts';
import { embedOptions, inspectOptions, passOptions, scoreOptions } from '../options/table.ts';
import { type GeneratorParts, LocalGenerator } from './local-generator.ts';
import { checkIds } from './prompt-ids.ts';
import { scoreBatch } from './score-batch.ts';
import { scoreInput, summarise } from './scoring.ts';
import { sharedPrefix } from './shared-prefix.ts';

/** What a worker asks a model over an engine: all calls of {@link LocalModel} that others do not come down to. */
export class LocalQueries extends LocalGenerator {
  readonly #engine: Engine;
  readonly #head: HeadWeights | undefined;

  constructor({ head, ...parts }: GeneratorParts & { readonly head?: HeadWeights }) {
    super(parts);
    this.#engine = parts.engine;
    this.#head = head;
  }

  async forward(
    tokenIds: Uint32Array | readonly number[],
    given: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    const { signal } = checkOptions(passOptions, given);
    return this.run(async () => {
      const { logits } = await this.#pass(checkIds(tokenIds, this.config), { logits: 'all', signal });
      return logits as Float32Array;
    }, signal);
  }

  async scoreBatch(inputs: readonly ScoreText[], given: ScoreOptions = {}): Promise<Score[]> {
    const options = checkOptions(scoreOptions, given);
    return this.run(async () => {
      const { tokenizer, config } = this;
      checkArgument('the batch', inputs, list);
      const tokens = inputs.map((input) => scoreInput(input, tokenizer, config.bosTokenId));
      const logprobs = await scoreBatch(this.kvSequence, config, tokens, options);
      return tokens.map(({ tokenIds, countFrom }, i) =>
        summarise(tokenIds.subarray(countFrom), logprobs[i], tokenizer),
      );
    }, options.signal);
  }

  async embed(text: string, given: EmbedOptions = {}): Promise<Float32Array> {
    const { pooling, normalize, signal } = resolveOptions(embedOptions, given);
    return this.run(async () => {
      const C = this.config.nEmbd;
      const tokenIds = this.promptIds(text);
      const { hidden } = await this.#pass(tokenIds, {
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
    }, signal);
  }

  async inspect(prompt: Prompt, given: InspectOptions = {}): Promise<Inspection> {
    const wanted = resolveOptions(inspectOptions, given);
    return this.run(async () => {
      const tokenIds = this.promptIds(prompt);
      const { attention, hiddenStates } = await this.#pass(tokenIds, {
        logits: 'none',
        inspect: true,
        signal: wanted.signal,
      });
      return {
        tokenIds,
        ...(wanted.attention && { attention }),
        ...(wanted.hiddenStates && { hiddenStates }),
      };
    }, wanted.signal);
  }

  async classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    given: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    const { signal } = checkOptions(passOptions, given);
    return this.run(async () => {
      const head = this.#head;
      if (!head) {
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          'This checkpoint has only a language-model head; load one that was fine-tuned for classification, or use zeroShot.',
        );
      }
      checkArgument('the batch', sequences, list);
      const checked = sequences.map((tokenIds) => checkIds(tokenIds, this.config));
      if (checked.length === 0) return [];
      const shared = sharedPrefix(checked, Math.min(...checked.map(({ length }) => length)) - 1);
      const rests = checked.map((tokenIds) => tokenIds.subarray(shared));
      const results = await this.kvSequence.forwardBatch(checked[0].subarray(0, shared), rests, {
        logits: 'none',
        hidden: 'last',
        signal,
      });
      return results.map(({ hidden }) => head.logits(hidden as Float32Array));
    }, signal);
  }

  /** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
  #pass(tokenIds: Uint32Array, options: Parameters<Engine['forward']>[2]): ReturnType<Engine['forward']> {
    options?.signal?.throwIfAborted();
    this.kvSequence.clear();
    return this.#engine.forward(tokenIds, 0, options);
  }
}
