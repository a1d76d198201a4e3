import type { LabelScore } from '../generation/classifier-tasks.ts';
import type { HeadConfig } from '../model/config.ts';

/** exp(x) / Σ exp(x), with the logits divided by `temperature` (calibration) first. */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const max = Math.max(...scaled);
  const exponentials = scaled.map((logit) => Math.exp(logit - max));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

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
