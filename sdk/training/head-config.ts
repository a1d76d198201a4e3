import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { HeadConfig, InputFormatConfig, ModelConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';
import type { LabelledTexts } from './labelled-texts.ts';

/** As given. Between two texts that nothing would part, the token that ends a text. */
export function inputFormatFor(
  { inputs }: Pick<LabelledTexts, 'inputs'>,
  { startToken, delimiterToken, extractToken, truncation }: FineTuneOptions,
  { tokenizer, config }: Pick<GptModel, 'tokenizer' | 'config'>,
): InputFormatConfig | undefined {
  const isPair = inputs.some((tuples) => tuples.some((texts) => texts.length > 1));
  const usual = isPair && tokenizer.template.between.length === 0 ? endOfText(tokenizer, config) : undefined;
  const named = Object.entries({ startToken, delimiterToken: delimiterToken ?? usual, extractToken, truncation });
  const said = named.filter(([, value]) => value != null);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as InputFormatConfig);
}

function endOfText({ specialTokens }: Tokenizer, { eosTokenIds }: ModelConfig): string | undefined {
  for (const [name, id] of specialTokens) if (eosTokenIds.includes(id)) return name;
  return undefined;
}

const problemTypes = {
  'one label': 'single_label_classification',
  labels: 'multi_label_classification',
  value: 'regression',
  answer: undefined,
} as const;

export function headConfig(
  { kind, labels }: Pick<LabelledTexts, 'kind' | 'labels'>,
  inputFormat: InputFormatConfig | undefined,
): HeadConfig {
  const problemType = problemTypes[kind];
  return {
    kind: kind === 'answer' ? 'multiple-choice' : 'sequence-classification',
    labels,
    ...(problemType && { problemType }),
    bias: false,
    ...(inputFormat && { inputFormat }),
  };
}
