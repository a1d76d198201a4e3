import type { LabelScore } from '../loaded-model/classifier-tasks.ts';
import { softmax } from '../loaded-model/softmax.ts';
import type { HeadConfig } from '../model/config.ts';

/** Logits of one sequence as labels with scores, best first. */
export function scoreLabels(logits: ArrayLike<number>, head: HeadConfig, temperature: number): LabelScore[] {
  const scores =
    head.problemType === 'regression'
      ? Array.from(logits)
      : head.problemType === 'multi_label_classification'
        ? Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit / temperature)))
        : softmax(logits, temperature);
  return scores
    .map((score, id) => ({ label: head.labels[id] ?? `LABEL_${id}`, score }))
    .sort((a, b) => b.score - a.score);
}
