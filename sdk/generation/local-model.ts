import { GptletError } from '../api/errors.ts';
import type { Engine } from '../backends/engine.ts';
import { invalidOption } from '../sampler/resolve-sampling-options.ts';
import type { GenerateOptions } from './generate-options.ts';
import { createGeneration, type Generation } from './generation.ts';
import type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from './gpt-model.ts';
import type { HeadWeights } from './head-weights.ts';
import { type GeneratorParts, LocalGenerator } from './local-generator.ts';
import { checkIds } from './prompt-ids.ts';
import { scoreBatch } from './score-batch.ts';
import { scoreInput, summarise } from './scoring.ts';
import { sharedPrefix } from './shared-prefix.ts';

/** A model in the thread that calls it: the whole of {@link GptModel} over an engine. */
export class LocalModel extends LocalGenerator implements GptModel {
  readonly #engine: Engine;
  readonly #head: HeadWeights | undefined;

  constructor({ head, ...parts }: GeneratorParts & { readonly head?: HeadWeights }) {
    super(parts);
    this.#engine = parts.engine;
    this.#head = head;
  }

  generate(prompt: Prompt, options: GenerateOptions = {}): Generation {
    return createGeneration(this.generationRun(prompt, options), options.signal);
  }

  forward(tokenIds: Uint32Array | readonly number[], options: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.run(async () => {
      const { logits } = await this.#pass(checkIds(tokenIds, this.config), { logits: 'all', signal: options.signal });
      return logits as Float32Array;
    }, options.signal);
  }

  async score(input: ScoreText, options: ScoreOptions = {}): Promise<Score> {
    return (await this.scoreBatch([input], options))[0];
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.run(async () => {
      const { tokenizer, config } = this;
      const tokens = inputs.map((input) => scoreInput(input, tokenizer, config.bosTokenId));
      const logprobs = await scoreBatch(this.kvSequence, config, tokens, options);
      return tokens.map(({ tokenIds, countFrom }, i) =>
        summarise(tokenIds.subarray(countFrom), logprobs[i], tokenizer),
      );
    }, options.signal);
  }

  embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return this.run(async () => {
      const { pooling = 'last' } = options;
      if (pooling !== 'last' && pooling !== 'mean') throw invalidOption('pooling', pooling, "'last' or 'mean'");
      const C = this.config.nEmbd;
      const tokenIds = this.promptIds(text);
      const { hidden } = await this.#pass(tokenIds, {
        logits: 'none',
        hidden: pooling === 'mean' ? 'all' : 'last',
        signal: options.signal,
      });
      const rows = (hidden as Float32Array).length / C;
      const mean = new Float32Array(C);
      for (let r = 0; r < rows; r++) for (let c = 0; c < C; c++) mean[c] += (hidden as Float32Array)[r * C + c] / rows;
      if (!options.normalize) return mean;
      const length = Math.hypot(...mean);
      return length > 0 ? mean.map((value) => value / length) : mean;
    }, options.signal);
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.run(async () => {
      const tokenIds = this.promptIds(prompt);
      const { attention, hiddenStates } = await this.#pass(tokenIds, {
        logits: 'none',
        inspect: true,
        signal: options.signal,
      });
      return {
        tokenIds,
        ...(options.attention === false ? {} : { attention }),
        ...(options.hiddenStates === false ? {} : { hiddenStates }),
      };
    }, options.signal);
  }

  async classifyIds(
    tokenIds: Uint32Array | readonly number[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    return (await this.classifyIdsBatch([tokenIds], options))[0];
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.run(async () => {
      const head = this.#head;
      if (!head) {
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          'This checkpoint has only a language-model head; load one that was fine-tuned for classification, or use zeroShot.',
        );
      }
      const checked = sequences.map((tokenIds) => checkIds(tokenIds, this.config));
      if (checked.length === 0) return [];
      const shared = sharedPrefix(checked, Math.min(...checked.map(({ length }) => length)) - 1);
      const rests = checked.map((tokenIds) => tokenIds.subarray(shared));
      const options = { logits: 'none', hidden: 'last', signal } as const;
      const results = await this.kvSequence.forwardBatch(checked[0].subarray(0, shared), rests, options);
      return results.map(({ hidden }) => head.logits(hidden as Float32Array));
    }, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
  #pass(tokenIds: Uint32Array, options: Parameters<Engine['forward']>[2]): ReturnType<Engine['forward']> {
    options?.signal?.throwIfAborted();
    this.kvSequence.clear();
    return this.#engine.forward(tokenIds, 0, options);
  }
}
