import { show } from '../errors/show.ts';
import type { ModelConfig } from '../model/config.ts';
import type { LabelledTexts } from './labelled-texts.ts';
import type { Pacer } from './pacer.ts';

/** What is doubtful in examples, in words; `cut` are those that did not fit the context. */
export async function doubts(
  data: LabelledTexts,
  cut: readonly number[],
  { nCtx }: ModelConfig,
  pacer: Pacer,
): Promise<string[]> {
  const found = cutExamples(cut, nCtx, 'truncation says what is kept');
  const contradictory = await contradictions(data, pacer);
  if (contradictory.length > 0)
    found.push(`The same text has different labels in ${list(contradictory)}; one of them is taken for wrong.`);
  if (data.kind === 'one label') {
    const counts = countLabels(data);
    const rare = data.labels.filter((_, k) => counts[k] === 1);
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

/** How many examples each label has. */
export function countLabels({ labels, targets }: Pick<LabelledTexts, 'labels' | 'targets'>): number[] {
  const counts = labels.map(() => 0);
  for (const target of targets) counts[target as number]++;
  return counts;
}

/** Examples whose text stood before with another target. */
async function contradictions({ inputs, targets }: LabelledTexts, pacer: Pacer): Promise<number[]> {
  const seen = new Map<string, string>();
  const found: number[] = [];
  for (const [i, tuples] of inputs.entries()) {
    const text = tuples.map((texts) => texts.join('\0')).join('\n\0');
    const target = String(targets[i]);
    const before = seen.get(text);
    if (before === undefined) seen.set(text, target);
    else if (before !== target) found.push(i);
    if (pacer.isDue) await pacer.rest();
  }
  return found;
}

const list = (indices: readonly number[]): string =>
  `${indices
    .slice(0, 5)
    .map((i) => `examples[${i}]`)
    .join(', ')}${indices.length > 5 ? '…' : ''}`;
