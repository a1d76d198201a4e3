import type { HeadConfig } from '../config.ts';
import { badValue, unsupported } from './config-error.ts';
import type { ConfigFields } from './config-fields.ts';
import type { ModelFamily } from './model-family.ts';

const problemTypes = ['single_label_classification', 'multi_label_classification', 'regression'] as const;

/**
 * Reads `architectures` (the hub's class name) and what the head needs with it.
 *
 * @returns undefined where nothing but a language-model head (tied or not) stands on the hidden states
 * @throws GptletError UNSUPPORTED_MODEL for a class whose head gptlet does not know.
 */
export function readHead(
  fields: ConfigFields,
  { classPrefixes, classes: ends }: Pick<ModelFamily, 'classPrefixes' | 'classes'>,
): HeadConfig | undefined {
  const classes = fields.value('architectures') ?? [];
  const className: unknown = Array.isArray(classes) ? classes[0] : classes;
  // Known whatever the head: the hub writes label names into every config.
  const id2label = fields.value('id2label');
  const problemType = fields.value('problem_type');
  if (className === undefined) return undefined;
  const kind = ends.find((end) => classPrefixes.some((prefix) => prefix + end === className));
  switch (kind) {
    case 'LMHeadModel':
    case 'ForCausalLM':
    case 'Model':
      return undefined;
    case 'ForSequenceClassification': {
      const names = labels(fields, id2label);
      return {
        kind: 'sequence-classification',
        labels: names,
        // As the hub takes it: one label that is not said to be anything is a value.
        problemType: checkedProblemType(problemType) ?? (names.length === 1 ? 'regression' : undefined),
        bias: false,
      };
    }
    case 'ForTokenClassification':
      return {
        kind: 'token-classification',
        labels: labels(fields, id2label),
        bias: fields.flag('token_classification_bias', true),
      };
    case 'DoubleHeadsModel':
      checkSummary(fields);
      return { kind: 'multiple-choice', labels: ['score'], bias: true };
    default:
      throw unsupported(
        `architectures is ${JSON.stringify(classes)?.slice(0, 200)}, which gptlet does not run. For this model_type it runs ` +
          `${ends.map((end) => classPrefixes[0] + end).join(', ')}.`,
      );
  }
}

function labels(fields: ConfigFields, id2label: unknown): string[] {
  const count = fields.optionalCount(['num_labels', '_num_labels'], 'width');
  // The hub leaves out what equals its default: two labels by these names.
  if (id2label === undefined) return Array.from({ length: count ?? 2 }, (_, id) => `LABEL_${id}`);
  const entries = typeof id2label === 'object' ? Object.entries(id2label as object) : [];
  const names: (string | undefined)[] = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [id, name] of entries) {
    if (/^\d+$/.test(id) && Number(id) < names.length && ['string', 'number'].includes(typeof name))
      names[Number(id)] = String(name);
  }
  if (names.length === 0 || names.includes(undefined)) {
    throw badValue('id2label', id2label, 'give a name to each of the ids 0, 1, … without a gap');
  }
  return names as string[];
}

function checkedProblemType(value: unknown): HeadConfig['problemType'] {
  if (value === undefined) return undefined;
  const known = problemTypes.find((type) => type === value);
  if (known) return known;
  throw unsupported(`problem_type is ${JSON.stringify(value)}; gptlet knows ${problemTypes.join(', ')}.`);
}

/** The double-heads model's second head is the hub's "sequence summary", of which we run the form that GPT used. */
function checkSummary(fields: ConfigFields): void {
  const type = fields.string('summary_type', 'cls_index');
  const activation = fields.value('summary_activation');
  const projected = fields.flag('summary_use_proj', true) && fields.flag('summary_proj_to_labels', true);
  if (!['cls_index', 'last'].includes(type) || activation !== undefined || !projected) {
    throw unsupported(
      `the multiple-choice head has summary_type '${type}', summary_activation ${JSON.stringify(activation ?? null)}, projection to labels ${projected}; ` +
        `gptlet runs 'cls_index' or 'last', null and true.`,
    );
  }
}
