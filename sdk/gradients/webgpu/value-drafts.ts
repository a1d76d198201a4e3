import type { Activation } from '../../model/config.ts';
import type { ActivateGradientStep, ActivateStep, AddStep, DropoutStep, FillStep } from '../step.ts';
import { byValue, type DispatchDraft, inTurn } from './dispatch-draft.ts';
import type { PlanMemory } from './plan-memory.ts';

/** By their number in shaders/gradients/parts/activation.wgsl. */
const activations: readonly Activation[] = ['gelu_new', 'gelu', 'relu', 'silu', 'tanh'];

export function activate(
  { rows, width, gated, activation, x, out }: ActivateStep,
  memory: PlanMemory,
): DispatchDraft[] {
  return [
    {
      shader: 'activate',
      parts: ['activation'],
      rows,
      values: { width, gated, activation: activations.indexOf(activation) },
      operands: { x: memory.operand(x), out: memory.operand(out) },
      size: byValue(width),
    },
  ];
}

export function activateGradient(step: ActivateGradientStep, memory: PlanMemory): DispatchDraft[] {
  const { rows, width, gated, activation, x, dOut, dX } = step;
  return [
    {
      shader: 'activate-gradient',
      parts: ['activation'],
      rows,
      values: { width, gated, activation: activations.indexOf(activation) },
      operands: { x: memory.operand(x), dOut: memory.operand(dOut), dX: memory.operand(dX) },
      size: byValue(width),
    },
  ];
}

export function add({ rows, width, a, b, out }: AddStep, memory: PlanMemory): DispatchDraft[] {
  return [
    {
      shader: 'add',
      rows,
      values: { width },
      operands: { a: memory.operand(a), b: memory.operand(b), out: memory.operand(out) },
      size: byValue(width),
    },
  ];
}

export function dropout({ rows, width, rate, salt, x, out }: DropoutStep, memory: PlanMemory): DispatchDraft[] {
  return [
    {
      shader: 'dropout',
      rows,
      values: { width, salt, below: Math.round(rate * 2 ** 32), kept: 1 / (1 - rate) },
      operands: { x: memory.operand(x), out: memory.operand(out) },
      size: byValue(width),
    },
  ];
}

export function fill({ at, length, value }: FillStep, memory: PlanMemory): DispatchDraft[] {
  return [
    { shader: 'fill', values: { length, value }, operands: { out: memory.operand(at) }, size: inTurn(length, 64) },
  ];
}
