import type { AdaptedLinear, LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Rows, Vector, View } from '../step.ts';
import type { PlanOptions } from './plan-options.ts';
import { PlannedMemory } from './planned-memory.ts';
import { PlannedWeights } from './planned-weights.ts';

/** What all parts of a plan are made with. Sub-layers count from 0: block i has the mixer 2 i and the feed-forward layer 2 i + 1. */
export class Graph {
  readonly options: PlanOptions;
  readonly config: ModelConfig;
  readonly memory: PlannedMemory;
  readonly weights: PlannedWeights;
  /** Every token of a run. */
  readonly rows: Rows;
  /** The sub-layer below which nothing is trained: -1 where the embedding is, Infinity where no sub-layer is. */
  readonly lowest: number;

  constructor(options: PlanOptions) {
    this.options = options;
    this.config = options.config;
    this.memory = new PlannedMemory(options.mostTokens);
    this.weights = new PlannedWeights(options, this.memory);
    this.rows = { of: 'tokens', first: 0, most: options.mostTokens };
    const { method } = options;
    this.lowest = method.kind === 'full' ? -1 : Math.min(...method.slots.map(subLayerOf));
  }

  /** What enters block i, (N, C); block nLayer is what follows the last one. Kept of each block where gradients go through it. */
  stream(block: number): View {
    const name = this.#goesBack(block) || block === this.config.nLayer ? `blocks.${block}.stream` : 'stream';
    return this.memory.tokens(name, this.config.nEmbd);
  }

  /** What a block's backward pass needs of its forward pass, (N, width). */
  kept(block: number, name: string, width: number): View {
    const isOwn = this.#goesBack(block) && !this.options.checkpointing;
    return this.memory.tokens(isOwn ? `blocks.${block}.${name}` : `block.${name}`, width);
  }

  /** Mean and 1 / deviation of `groups` vectors a token. */
  keptStats(block: number, name: string, groups = 1): Vector {
    const { buffer, offset } = this.kept(block, `${name}.stats`, 2 * groups);
    return { buffer, offset };
  }

  /** Room for a value that is soon read and then no more, (N, width): one for all that give it the same name. */
  temporary(name: string, width: number): View {
    return this.memory.tokens(`temporary.${name}`, width);
  }

  slots(block: number, linear: AdaptedLinear): readonly LoraSlot[] {
    const { method } = this.options;
    return method.kind === 'full' ? [] : method.slots.filter((slot) => slot.block === block && slot.linear === linear);
  }

  /** Whether a linear layer of a block has gradients of its own, for which its input has to be there. */
  learns(block: number, linear: AdaptedLinear): boolean {
    return this.weights.learns(`blocks.${block}.${linear}.weight`) || this.slots(block, linear).length > 0;
  }

  #goesBack(block: number): boolean {
    return 2 * block + 1 >= this.lowest;
  }
}

const subLayerOf = ({ block, linear }: LoraSlot): number => 2 * block + (linear.startsWith('mlp.') ? 1 : 0);
