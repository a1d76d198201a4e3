import { show } from '../errors/show.ts';
import type { ModelConfig } from '../model/config.ts';
import type { LabelledTexts } from './labelled-texts.ts';

/** What is doubtful in examples, in words; `cut` are those that did not fit the context. */
export function doubts(data: LabelledTexts, cut: readonly number[], { nCtx }: ModelConfig): string[] {
  const found = cutExamples(cut, nCtx, 'truncation says what is kept');
  const contradictory = contradictions(data);
  if (contradictory.length > 0)
    found.push(`The same text has different labels in ${list(contradictory)}; one of them is taken for wrong.`);
  if (data.kind === 'one label') {
    const rare = data.labels.filter((_, k) => data.targets.filter((target) => target === k).length === 1);
    if (rare.length > 0)
      found.push(
        `${rare.map(show).join(', ')} ${rare.length > 1 ? 'have' : 'has'} one example only, too few to learn from or to judge by.`,
      );
  }
  return found;
}

/** What was cut, in words: nothing of nothing. */
export function cutExamples(cut: readonly number[], most: number, hint: string): string[] {
  if (cut.length === 0) return [];
  const [are, were] = cut.length > 1 ? ['examples are', 'were'] : ['example is', 'was'];
  return [`${cut.length} ${are} longer than the context of ${most} tokens and ${were} cut (${list(cut)}); ${hint}.`];
}

/** Examples whose text stood before with another target. */
function contradictions({ inputs, targets }: LabelledTexts): number[] {
  const seen = new Map<string, string>();
  return inputs.flatMap((tuples, i) => {
    const text = JSON.stringify(tuples);
    const target = String(targets[i]);
    const before = seen.get(text);
    if (before === undefined) seen.set(text, target);
    return before === undefined || before === target ? [] : [i];
  });
}

const list = (indices: readonly number[]): string =>
  `${indices
    .slice(0, 5)
    .map((i) => `examples[${i}]`)
    .join(', ')}${indices.length > 5 ? '…' : ''}`;
