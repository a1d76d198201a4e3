import type { AttentionGradientStep, AttentionStep } from '../step.ts';
import type { DispatchDraft } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';

/** What WebGPU grants a workgroup everywhere, in vec4f. */
const workgroupVectors = 16_384 / 16;

export function attention(step: AttentionStep, memory: PlanMemory): DispatchDraft[] {
  const common = attended(step, memory);
  return [
    {
      ...common,
      shader: 'attention',
      parts: ['attended', 'first-seen'],
      operands: { ...common.operands, starts: memory.input('sequenceStart'), out: memory.operand(step.out) },
      size: (rows) => [Math.ceil(rows / 64), step.nHead],
    },
  ];
}

export function attentionGradient(step: AttentionGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { nHead, nKvHead, rows, dOut, dQkv, out } = step;
  const common = attended(step, memory);
  const operands = {
    ...common.operands,
    dOut: memory.operand(dOut),
    dQkv: memory.operand(dQkv),
    means: memory.scratch(rows.most * nHead),
  };
  return [
    {
      ...common,
      shader: 'attention-queries',
      parts: ['attended', 'first-seen', 'attention-slopes'],
      operands: { ...operands, starts: memory.input('sequenceStart'), out: memory.operand(out) },
      size: (count) => [Math.ceil(count / 64), nHead],
    },
    {
      ...common,
      shader: 'attention-keys',
      parts: ['attended', 'attention-slopes'],
      operands: { ...operands, ends: memory.input('sequenceEnd') },
      size: (count) => [Math.ceil(count / 64), nKvHead],
    },
  ];
}

function attended(step: AttentionStep | AttentionGradientStep, memory: PlanMemory) {
  const { rows, nHead, nKvHead, headSize, window, scale, softCap, qkv, logSumExp } = step;
  // Of two tiles of vectors.
  const fitting = Math.floor(workgroupVectors / 2 / Math.ceil(headSize / 4));
  return {
    rows,
    constants: { HS: headSize, KEYS: Math.max(1, Math.min(memory.shared(16, 2), fitting)) },
    values: { nHead, nKvHead, window, scale, softCap },
    operands: { qkv: memory.operand(qkv), logSumExp: memory.operand(logSumExp) },
  };
}
