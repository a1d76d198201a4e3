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
import { checkOptions, invalidOption, type OptionTypes } from '../options/check-options.ts';
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

  forward(tokenIds: Uint32Array | readonly number[], options: { signal?: AbortSignal } = {}): Promise<Float32Array> {
    return this.#query(options, { signal: 1 }, async () => {
      const { logits } = await this.#pass(checkIds(tokenIds, this.config), { logits: 'all', signal: options.signal });
      return logits as Float32Array;
    });
  }

  scoreBatch(inputs: readonly ScoreText[], options: ScoreOptions = {}): Promise<Score[]> {
    return this.#query(options, { stride: 1, signal: 1 }, async () => {
      const { tokenizer, config } = this;
      checkBatch(inputs);
      const tokens = inputs.map((input) => scoreInput(input, tokenizer, config.bosTokenId));
      const logprobs = await scoreBatch(this.kvSequence, config, tokens, options);
      return tokens.map(({ tokenIds, countFrom }, i) =>
        summarise(tokenIds.subarray(countFrom), logprobs[i], tokenizer),
      );
    });
  }

  embed(text: string, options: EmbedOptions = {}): Promise<Float32Array> {
    return this.#query(options, { pooling: "'last', 'mean'", normalize: 'type boolean', signal: 1 }, async () => {
      const C = this.config.nEmbd;
      const tokenIds = this.promptIds(text);
      const { hidden } = await this.#pass(tokenIds, {
        logits: 'none',
        hidden: options.pooling === 'mean' ? 'all' : 'last',
        signal: options.signal,
      });
      const rows = (hidden as Float32Array).length / C;
      const mean = new Float32Array(C);
      for (let r = 0; r < rows; r++) for (let c = 0; c < C; c++) mean[c] += (hidden as Float32Array)[r * C + c] / rows;
      if (!options.normalize) return mean;
      const length = Math.hypot(...mean);
      return length > 0 ? mean.map((value) => value / length) : mean;
    });
  }

  inspect(prompt: Prompt, options: InspectOptions = {}): Promise<Inspection> {
    return this.#query(options, { attention: 'type boolean', hiddenStates: 'type boolean', signal: 1 }, async () => {
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
    });
  }

  classifyIdsBatch(
    sequences: readonly (Uint32Array | readonly number[])[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Float32Array[]> {
    return this.#query(options, { signal: 1 }, async () => {
      const head = this.#head;
      if (!head) {
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          'This checkpoint has only a language-model head; load one that was fine-tuned for classification, or use zeroShot.',
        );
      }
      checkBatch(sequences);
      const checked = sequences.map((tokenIds) => checkIds(tokenIds, this.config));
      if (checked.length === 0) return [];
      const shared = sharedPrefix(checked, Math.min(...checked.map(({ length }) => length)) - 1);
      const rests = checked.map((tokenIds) => tokenIds.subarray(shared));
      const results = await this.kvSequence.forwardBatch(checked[0].subarray(0, shared), rests, {
        logits: 'none',
        hidden: 'last',
        signal: options.signal,
      });
      return results.map(({ hidden }) => head.logits(hidden as Float32Array));
    });
  }

  async #query<Options extends { signal?: AbortSignal }, T>(
    options: Options,
    types: OptionTypes<Options>,
    task: () => Promise<T>,
  ): Promise<T> {
    checkOptions(options, types);
    return this.run(task, options.signal);
  }

  /** One pass from position 0, outside the generation's prefix reuse: it overwrites slot 0. */
  #pass(tokenIds: Uint32Array, options: Parameters<Engine['forward']>[2]): ReturnType<Engine['forward']> {
    options?.signal?.throwIfAborted();
    this.kvSequence.clear();
    return this.#engine.forward(tokenIds, 0, options);
  }
}

function checkBatch(given: unknown): void {
  if (!Array.isArray(given)) throw invalidOption('the batch', given, 'an array');
}
