import type { Architecture, ModelConfig } from '../config.ts';
import type { BiasedLayer } from '../weight-shapes.ts';
import type { ConfigFields } from './config-fields.ts';

/** What a family's checkpoints call their tensors, without `transformer.` and what else may stand before all names. */
export interface TensorNames {
  /**
   * By canonical name without `blocks.<i>.`, and without `.weight` or `.bias`; several are the thirds of the joint
   * query-key-value weight.
   */
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  /** Whose biases a training may have done without: then the files have none of that kind, and they count as zeros. */
  readonly mayLackBiasesOf: readonly BiasedLayer[];
  /** Buffers that some versions of the hub's code saved beside the weights. */
  readonly ignored: readonly string[];
  readonly ignoredInBlock: readonly string[];
  /** Whether block matrices are stored (inputs, outputs), as the hub's Conv1D does. */
  readonly conv1d: boolean;
}

/** Everything but the family's name, and the head on top, which all families share. */
export type FamilyConfig = Omit<ModelConfig, 'architecture' | 'head'>;

/** One lineage of checkpoints: how its config.json and its tensor names read. */
export interface ModelFamily {
  readonly architecture: Architecture;
  /** `model_type` in config.json. */
  readonly modelType: string;
  /** What the class names in `architectures` begin with: `GPT2` of `GPT2LMHeadModel`. */
  readonly classPrefix: string;
  readonly tensorNames: TensorNames;
  readConfig(fields: ConfigFields): FamilyConfig;
}
