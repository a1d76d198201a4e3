import type { PlannedTensor } from './tensor-plan.ts';

/** The types of planned tensors, that of the most elements first. */
export function countTypes(tensors: readonly Pick<PlannedTensor, 'stored' | 'rows' | 'columns'>[]): string[] {
  const elements = new Map<string, number>();
  for (const { stored, rows, columns } of tensors) {
    elements.set(stored.type, (elements.get(stored.type) ?? 0) + rows * columns);
  }
  return [...elements].sort(([, a], [, b]) => b - a).map(([type]) => type);
}
