import { GptletError } from '../errors/gptlet-error.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { softmax } from '../loaded-model/softmax.ts';
import { resolveOptions } from '../options/check-options.ts';
import { zeroShotOptions } from '../options/table.ts';
import { rank } from './rank.ts';

export interface ZeroShotOptions {
  text: string;
  labels: readonly string[];
  /** Where `{text}` stands, the text goes; the label is scored after it. @default '{text}\nThis is about' */
  template?: string;
  /**
   * Divide by what the model says of each label when the text is empty, so that a label that is likely anyway
   * has no advantage. @default true
   */
  calibrate?: boolean;
  signal?: AbortSignal;
}

/**
 * Labels ranked by likelihood as the text's continuation (GPT-2: a task without training). Scores sum to 1.
 * Calibration by an empty input is that of Zhao et al., Calibrate Before Use, 2021.
 *
 * @throws GptletError INVALID_OPTION for an unknown option, fewer than two labels, a label given twice or empty, or a template without `{text}`
 * @example
 * const [best] = await zeroShot(model, { text: 'The goalkeeper was lucky.', labels: ['sport', 'music', 'food'] });
 */
export async function zeroShot(model: GptModel, options: ZeroShotOptions): Promise<{ label: string; score: number }[]> {
  const { text, labels, template, calibrate, signal } = resolveOptions(zeroShotOptions(), options);
  if (labels.length < 2) {
    const given = labels.length === 0 ? 'There are no labels' : `There is one label, '${labels[0]}'`;
    throw new GptletError('INVALID_OPTION', `${given}; give at least two to choose from.`);
  }
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated !== undefined)
    throw new GptletError('INVALID_OPTION', `The label '${repeated}' is given twice; labels must differ.`);
  if (labels.includes(''))
    throw new GptletError('INVALID_OPTION', `Label ${labels.indexOf('')} is empty; every label needs a text.`);
  if (!template.includes('{text}'))
    throw new GptletError('INVALID_OPTION', `The template '${template}' has no {text}; say where the text goes.`);
  const candidates = labels.map((label) => (label.startsWith(' ') ? label : ` ${label}`));
  const fill = (value: string): string => template.split('{text}').join(value);
  const normalize = calibrate ? 'unconditional' : 'none';
  const ranked = await rank(model, {
    context: fill(text),
    candidates,
    normalize,
    unconditionalContext: fill(''),
    signal,
  });
  const scores = softmax(ranked.map(({ score }) => score));
  return ranked.map(({ index }, i) => ({ label: labels[index], score: scores[i] }));
}
