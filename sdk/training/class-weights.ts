import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import { checkArgument } from '../options/check-argument.ts';
import { number } from '../options/kinds.ts';
import { countLabels } from './doubts.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';
import type { LabelledTexts } from './labelled-texts.ts';

/** Weights by label. `'balanced'`: examples ÷ (labels · examples of that label). @throws GptletError INVALID_OPTION */
export function readClassWeights(
  given: FineTuneOptions['classWeights'],
  data: LabelledTexts,
): readonly number[] | undefined {
  const { kind, labels, targets } = data;
  if (given == null) return undefined;
  if (kind !== 'one label')
    throw new GptletError('INVALID_OPTION', 'classWeights are for examples with one label each; leave them out.');
  if (given === 'balanced') {
    return countLabels(data).map((count) => targets.length / (labels.length * count));
  }
  for (const [label, weight] of Object.entries(given)) {
    checkArgument(`classWeights[${show(label)}]`, weight, number({ above: 0 }));
    if (!labels.includes(label))
      throw new GptletError(
        'INVALID_OPTION',
        `classWeights names ${show(label)}, which no example has; the labels are ${labels.map(show).join(', ')}.`,
      );
  }
  return labels.map((label) => given[label] ?? 1);
}
