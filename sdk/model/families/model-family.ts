import type { Architecture, HeadConfig, ModelConfig } from '../config.ts';
import type { BiasedLayer } from '../weight-shapes.ts';
import type { ConfigFields } from './config-fields.ts';

/** Rows of a stored tensor (of a vector: its values) that follow one another in a weight. */
export interface RowRun {
  /** The first of them in the file, and how far it is there from one to the next. */
  readonly from: number;
  readonly step: number;
  readonly count: number;
  /** Where the first belongs, counted from the first that the tensor fills. */
  readonly to: number;
}

/** What a family's checkpoints call their tensors, and how they hold them. */
export interface TensorNames {
  /** What stands before all names but those of heads, with its dot; wrappers may put more before all. */
  readonly body: string;
  /** What comes before a block's number. */
  readonly blocks: string;
  /**
   * By canonical name without `blocks.<i>.`, and without `.weight` or `.bias`. Several are the parts that the weight joins
   * (`WeightShape.joined`), each by itself in the file; a name that stands twice fills two weights.
   */
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  /** What newer or older code calls some of them. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** By the file's name of a module: where its rows go, if not one after the other. Families compute them in `rowRuns`. */
  readonly rowRuns?: Readonly<Record<string, readonly RowRun[]>>;
  /** The linear layer of each head. */
  readonly heads: Readonly<Record<HeadConfig['kind'], string>>;
  /** Whether files have norms' weights without the 1 that they are added to. */
  readonly normsFromOne?: boolean;
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

/** What reading a checkpoint's weights takes: plain data. */
export interface FamilyFiles {
  /** `model_type` in config.json. */
  readonly modelType: string;
  readonly tensorNames: TensorNames;
}

/** One lineage of checkpoints: how its config.json and its tensor names read. */
export interface ModelFamily extends FamilyFiles {
  readonly architecture: Architecture;
  /** What the class names in `architectures` begin with: `GPT2` of `GPT2LMHeadModel`. */
  readonly classPrefixes: readonly string[];
  /** How those class names may go on. */
  readonly classes: readonly ClassEnd[];
  /** Keys of config.json that change nothing in this family, beside those of every family. */
  readonly harmless?: readonly string[];
  readConfig(fields: ConfigFields): FamilyConfig;
  /** See {@link TensorNames.rowRuns}. */
  rowRuns?(config: FamilyConfig): Readonly<Record<string, readonly RowRun[]>>;
}

/** How the hub's class names end: by their heads. */
export type ClassEnd =
  | 'LMHeadModel'
  | 'ForCausalLM'
  | 'Model'
  | 'ForSequenceClassification'
  | 'ForTokenClassification'
  | 'DoubleHeadsModel';
