import type { Rows, Step } from '../step.ts';
import { kernelTable } from './kernel-table.ts';
import type { PlanMemory } from './plan-memory.ts';
import type { Encode } from './step-encoder.ts';

const rowsOf = { fixed: 0, tokens: 1, outputs: 2 } as const;
const once: Rows = { of: 'fixed', first: 0, most: 1 };
const headerWords = 5;

/** The words of a phase, see wasm/gradients/program.ts. */
export const encodeSteps = (steps: readonly Step[], memory: PlanMemory): Int32Array =>
  Int32Array.from(steps.flatMap((step) => encodeStep(step, memory)));

function encodeStep(step: Step, memory: PlanMemory): readonly number[] {
  const [code, encode] = kernelTable[step.kernel];
  const words = (encode as Encode<Step['kernel']>)(step, memory);
  const rows = 'rows' in step ? step.rows : once;
  return [code, 4 * (headerWords + words.length), rowsOf[rows.of], rows.first, rows.most, ...words];
}
