import type { Architecture, ModelConfig } from '../config.ts';
import type { ConfigFields } from './config-fields.ts';

/** What a family's checkpoints call their tensors, without the `transformer.` prefix. */
export interface TensorNames {
  /** Of the whole model, to canonical names. */
  readonly model: Readonly<Record<string, string>>;
  /**
   * Inside `h.<i>.`, to canonical names inside `blocks.<i>.`, both without `.weight` or `.bias`; a number is that third of
   * the joint query-key-value weight.
   */
  readonly block: Readonly<Record<string, string | 0 | 1 | 2>>;
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
