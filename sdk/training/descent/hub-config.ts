import { GptletError } from '../../errors/gptlet-error.ts';
import type { HeadConfig } from '../../model/config.ts';
import { hubClasses, languageModelClass } from '../../model/families/hub-classes.ts';
import type { ClassEnd } from '../../model/families/model-family.ts';
import { type RawConfig, type ReadConfig, readConfig } from '../../model/families/read-config.ts';
import type { Evaluation } from '../evaluation.ts';
import { labelEntries } from '../label-entries.ts';
import type { Task } from '../task-examples.ts';

/** What a training says in config.json. */
export interface HubConfigParts {
  readonly architecture: keyof typeof hubClasses;
  readonly vocabSize: number;
  /** Whether the body came without a head for next tokens, for which its embedding stands in. */
  readonly headless?: boolean;
  readonly task: Task;
  /** Absent of text, and where the head is not among the checkpoint's weights. */
  readonly head?: HeadConfig;
  readonly evaluation?: Evaluation;
  readonly warnings?: readonly string[];
}

const classEnds: Readonly<Record<HeadConfig['kind'], ClassEnd>> = {
  'sequence-classification': 'ForSequenceClassification',
  'token-classification': 'ForTokenClassification',
  // A choice's head is a layer of one label over each answer: the hub has no other class for it that all families have.
  'multiple-choice': 'ForSequenceClassification',
};

/** Of how a body was stored or made smaller, which is not so any more. */
const stale = ['quantization_config', 'dtype', 'auto_map', 'problem_type', 'id2label', 'label2id', 'num_labels'];

/** The body's config.json with what was trained. */
export function hubConfig(raw: RawConfig, parts: HubConfigParts): RawConfig {
  const { architecture, vocabSize, headless, task, head, ...found } = parts;
  const [modelType, prefix] = hubClasses[architecture];
  const kept = Object.fromEntries(Object.entries(raw).filter(([name]) => !stale.includes(name)));
  const said = [raw['architectures']].flat()[0];
  const isLanguageModel = typeof said === 'string' && /(LMHeadModel|ForCausalLM)$/.test(said);
  const own = head ? prefix + classEnds[head.kind] : isLanguageModel ? said : languageModelClass(architecture);
  const { evaluation, warnings } = found;
  return {
    ...kept,
    model_type: raw['model_type'] ?? modelType,
    architectures: [own],
    torch_dtype: 'float32',
    vocab_size: vocabSize,
    ...(headless && { tie_word_embeddings: true }),
    ...(head && labelEntries(head)),
    gptlet: { ...head?.inputFormat, task, ...(evaluation && { evaluation }), ...(warnings && { warnings }) },
  };
}

/** What a config.json says, whichever family's. @throws GptletError UNSUPPORTED_MODEL, BAD_CHECKPOINT */
export async function readAnyConfig(raw: RawConfig): Promise<ReadConfig> {
  if (raw['model_type'] === undefined)
    throw new GptletError(
      'UNSUPPORTED_MODEL',
      'The model came without a config.json, which its trained copy has to have; load it with loadModel().',
    );
  return readConfig(raw) ?? (await import('../../model/families/read-later-config.ts')).readLaterConfig(raw);
}
