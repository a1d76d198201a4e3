import { GptletError } from '../api/errors.ts';
import type { GptModel } from '../generation/gpt-model.ts';
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

/** Labels ranked by likelihood as the text's continuation (GPT-2: a task without training). Scores sum to 1. */
export async function zeroShot(model: GptModel, options: ZeroShotOptions): Promise<{ label: string; score: number }[]> {
  const { text, labels, template = '{text}\nThis is about', calibrate = true, signal } = options;
  if (labels.length === 0) throw new GptletError('INVALID_OPTION', 'There are no labels; give at least one.');
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated !== undefined)
    throw new GptletError('INVALID_OPTION', `The label '${repeated}' is given twice; labels must differ.`);
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
  const best = ranked[0].score;
  const sum = ranked.reduce((total, { score }) => total + Math.exp(score - best), 0);
  return ranked.map(({ index, score }) => ({ label: labels[index], score: Math.exp(score - best) / sum }));
}
