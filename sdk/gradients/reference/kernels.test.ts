import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { RunParameters } from '../plan.ts';
import type { Rows, Step, View } from '../step.ts';
import type { ReferenceMemory } from './memory.ts';
import { runStep } from './run-step.ts';

// Each gradient's kernel against finite differences of its forward kernel; whole models are in ../graph/create-plan.test.ts.

const run: RunParameters = {
  ...{ tokens: 7, outputs: 5, dropoutSeed: 3, learningRate: 0.1, correction1: 0.1, correction2: 0.1 },
};
const tokens: Rows = { of: 'tokens', first: 0, most: 9 };
const outputs: Rows = { of: 'outputs', first: 0, most: 6 };
/** A view that begins somewhere and has a gap after each row. */
const view = (buffer: string, width: number): View => ({ buffer, offset: 3, stride: width + 2 });
const vector = (buffer: string) => ({ buffer, offset: 1 });
const normed = { rows: tokens, groups: 2, width: 6 } as const;
const stats = vector('stats');
const attended = {
  ...{ rows: tokens, nHead: 4, nKvHead: 2, headSize: 3, scale: 0.6 },
  ...{ qkv: view('x', 24), logSumExp: view('logSumExp', 4) },
};
const convolved = { rows: tokens, width: 4, size: 3, x: view('x', 12), weight: vector('w') } as const;
const product = { rows: tokens, firstOutput: 1, outputs: 4, inputs: 5, matrix: 'w', scale: 0.7 } as const;

interface Case {
  readonly name: string;
  readonly forward: Step;
  /** Run after `forward`; it finds Σ over what the forward step gives times `dOut`. */
  readonly backward: readonly Step[];
  /** Buffers whose gradients it makes, and where. */
  readonly gradients: Readonly<Record<string, string>>;
  /** Rows of 12 values at most are given by the step; what else it gives is its loss. */
  readonly out?: 'losses';
}

const cases: Case[] = [
  ...(['layer', 'rms'] as const).map((kind): Case => {
    const both = { ...normed, kind, x: view('x', 12) };
    const dOut = view('dOut', 12);
    return {
      name: `norm, ${kind}`,
      forward: {
        ...{
          kernel: 'norm',
          ...both,
          weight: vector('w'),
          bias: vector('b'),
          epsilon: 1e-3,
          out: view('out', 12),
          stats,
        },
      },
      backward: [
        { kernel: 'normWeightGradient', ...both, stats, dOut, dWeight: vector('dW'), dBias: vector('dB') },
        { kernel: 'normGradient', ...both, weight: vector('w'), stats, dOut, dX: view('dX', 12), accumulate: true },
      ],
      gradients: { x: 'dX', w: 'dW', b: 'dB' },
    };
  }),
  {
    name: 'product',
    forward: {
      ...{ kernel: 'matmul', ...product, x: view('x', 5), bias: vector('b'), out: view('out', 12), accumulate: false },
    },
    backward: [
      { kernel: 'matmulGradient', ...product, dOut: view('dOut', 12), dX: view('dX', 5), accumulate: true },
      {
        ...{ kernel: 'weightGradient', rows: tokens, outputs: 4, inputs: 5, scale: 0.7, x: view('x', 5) },
        ...{ dOut: view('dOut', 12), dW: { buffer: 'dW', offset: 5, stride: 5 } },
      },
      { kernel: 'biasGradient', rows: tokens, outputs: 4, dOut: view('dOut', 12), dBias: vector('dB') },
    ],
    gradients: { x: 'dX', w: 'dW', b: 'dB' },
  },
  ...[
    { window: 0, softCap: 0 },
    { window: 2, softCap: 1.5 },
  ].map(
    (kind): Case => ({
      name: `attention, window ${kind.window}, cap ${kind.softCap}`,
      forward: { kernel: 'attention', ...attended, ...kind, out: view('out', 12) },
      backward: [
        {
          ...{ kernel: 'attentionGradient', ...attended, ...kind, out: view('out', 12) },
          ...{ dOut: view('dOut', 12), dQkv: view('dX', 24) },
        },
      ],
      gradients: { x: 'dX' },
    }),
  ),
  {
    name: 'turning, which is undone by its gradient',
    forward: {
      ...{ kernel: 'rotate', rows: tokens, heads: 2, headSize: 6, size: 4, x: view('x', 12), back: false },
      table: { buffer: 'w', offset: 0, stride: 4 },
    },
    backward: [
      {
        ...{ kernel: 'rotate', rows: tokens, heads: 2, headSize: 6, size: 4, x: view('dOut', 12), back: true },
        table: { buffer: 'w', offset: 0, stride: 4 },
      },
    ],
    gradients: { x: 'dOut' },
  },
  ...(['gelu_new', 'gelu', 'relu', 'silu', 'tanh'] as const).flatMap((activation) =>
    [true, false].map((gated): Case => {
      const width = gated ? 24 : 12;
      const both = { rows: tokens, width: 12, gated, activation, x: view('x', width) };
      return {
        name: `${activation}${gated ? ', gated' : ''}`,
        forward: { kernel: 'activate', ...both, out: view('out', 12) },
        backward: [{ kernel: 'activateGradient', ...both, dOut: view('dOut', 12), dX: view('dX', width) }],
        gradients: { x: 'dX' },
      };
    }),
  ),
  {
    name: 'convolution',
    forward: { kernel: 'convolution', ...convolved, bias: vector('b'), out: view('out', 12) },
    backward: [
      {
        ...{ kernel: 'convolutionWeightGradient', rows: tokens, width: 4, size: 3, x: view('x', 12) },
        ...{ dOut: view('dOut', 12), dWeight: vector('dW'), dBias: vector('dB') },
      },
      { kernel: 'convolutionGradient', ...convolved, bias: vector('b'), dOut: view('dOut', 12), dX: view('dX', 12) },
    ],
    gradients: { x: 'dX', w: 'dW', b: 'dB' },
  },
  {
    name: 'embedding',
    forward: {
      ...{ kernel: 'embed', rows: tokens, width: 12, table: 'w', scale: 1.3, out: view('out', 12) },
      positionTable: { buffer: 'b', offset: 0, stride: 12 },
    },
    backward: [
      {
        ...{ kernel: 'embedGradient', rows: tokens, width: 12, scale: 1.3, dOut: view('dOut', 12) },
        ...{ dTable: { buffer: 'dW', offset: 0, stride: 12 }, dPositionTable: { buffer: 'dB', offset: 0, stride: 12 } },
      },
    ],
    gradients: { w: 'dW', b: 'dB' },
  },
  {
    name: 'dropout',
    forward: { kernel: 'dropout', rows: tokens, width: 12, rate: 0.3, salt: 4, x: view('x', 12), out: view('out', 12) },
    backward: [
      { kernel: 'dropout', rows: tokens, width: 12, rate: 0.3, salt: 4, x: view('dOut', 12), out: view('dX', 12) },
    ],
    gradients: { x: 'dX' },
  },
  {
    name: 'gathering',
    forward: { kernel: 'gather', rows: outputs, width: 12, each: 2, x: view('x', 12), out: view('out', 12) },
    backward: [{ kernel: 'scatter', rows: outputs, width: 12, each: 2, dOut: view('dOut', 12), dX: view('dX', 12) }],
    gradients: { x: 'dX' },
  },
  ...([0, 1.5] as const).map((softCap): Case => {
    const step: Step = {
      ...{
        kernel: 'crossEntropy',
        rows: { ...tokens, first: 1 },
        width: 12,
        logits: view('x', 12),
        scale: 0.8,
        softCap,
      },
      ...{ smoothing: 0.1, losses: vector('losses') },
    };
    return { name: `next token, cap ${softCap}`, forward: step, backward: [], gradients: { x: 'x' }, out: 'losses' };
  }),
  ...(['one label', 'labels', 'value', 'answer'] as const).map((kind): Case => {
    const width = kind === 'answer' ? 1 : 4;
    const [logits, dLogits] = [view('x', width), view('dX', width)];
    const step: Step = { kernel: 'labelLoss', rows: outputs, width, kind, logits, dLogits, losses: vector('losses') };
    return { name: `loss, ${kind}`, forward: step, backward: [], gradients: { x: 'dX' }, out: 'losses' };
  }),
];

describe('gradients', () => {
  it.each(cases)('are those that differences tell: $name', ({ forward, backward, gradients, out }) => {
    const random = seededRandom(forward.kernel.length);
    const first = randomMemory(random);
    const told = copied(first);
    for (const step of [forward, ...backward]) runStep(step, told, run);
    for (const [name, at] of Object.entries(gradients)) {
      const direction = Float64Array.from({ length: first.buffers.get(name)!.length }, () => random() - 0.5);
      const objective = (step: number): number => {
        const memory = copied(first);
        const values = memory.buffers.get(name)!;
        for (let i = 0; i < values.length; i++) values[i] += step * direction[i];
        runStep(forward, memory, run);
        if (out) return memory.buffers.get('losses')!.reduce((sum, value) => sum + value, 0);
        const given = memory.buffers.get(forward.kernel === 'rotate' ? 'x' : 'out')!;
        return weighted(given, first.buffers.get('dOut')!);
      };
      const h = 1e-5;
      const found = (objective(h) - objective(-h)) / (2 * h);
      // Where a gradient takes the place of the value, what is still the value is none.
      const given = told.buffers
        .get(at)!
        .map((value, i) => (at === name && value === first.buffers.get(at)![i] ? 0 : value));
      const expected = weighted(given, direction);
      expect(Math.abs(found - expected), `${name}: ${found}, not ${expected}`).toBeLessThan(
        1e-6 * Math.max(1, Math.abs(found)),
      );
      expect(found).not.toBe(0);
    }
  });

  it('leave rows beyond those of the run alone', () => {
    for (const { forward, backward } of cases) {
      const memory = randomMemory(seededRandom(1));
      runStep(forward, memory, run);
      const before = copied(memory);
      for (const step of backward) {
        runStep(step, memory, run);
        const [rows, most] = 'rows' in step && step.rows.of === 'outputs' ? [5, 6] : [7, 9];
        for (const value of Object.values(step)) {
          if (typeof value !== 'object' || !('stride' in value)) continue;
          const { buffer, offset, stride } = value as View;
          if (buffer.startsWith('dW') || buffer.startsWith('dB') || step.kernel === 'scatter') continue;
          const beyond = (of: ReferenceMemory) =>
            of.buffers.get(buffer)!.slice(offset + rows * stride, offset + most * stride);
          expect(beyond(memory)).toEqual(beyond(before));
        }
      }
    }
  });
});

const weighted = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Random values everywhere, but where gradients and what a step gives will stand. */
function randomMemory(random: () => number): ReferenceMemory {
  const buffers = new Map<string, Float64Array>();
  for (const name of ['x', 'w', 'b', 'dOut', 'targetWeights', 'headTargets', 'headWeights']) {
    buffers.set(
      name,
      Float64Array.from({ length: 300 }, () => 2 * random() - 1),
    );
  }
  for (const name of ['out', 'dX', 'dW', 'dB', 'stats', 'logSumExp', 'losses'])
    buffers.set(name, new Float64Array(300));
  const inputs = {
    tokenIds: [4, 0, 2, 2, 1, 4, 3, 0, 0],
    positions: [0, 1, 2, 0, 1, 2, 3, 0, 0],
    sequenceStart: [0, 0, 0, 3, 3, 3, 3, 7, 7],
    sequenceEnd: [3, 3, 3, 7, 7, 7, 7, 9, 9],
    targets: [1, 4, -1, 2, 0, 11, 3, 5, 5],
    headRows: [0, 3, 6, -1, 2, 2, 1, 0, 5, -1, 4, 4],
    headGroups: [0, 2, 0, 2, 2, 3, 2, 3, 2, 3, 5, 1],
  };
  for (const [name, values] of Object.entries(inputs)) buffers.set(name, Float64Array.from(values));
  return withMatrix(buffers);
}

const copied = ({ buffers }: ReferenceMemory): ReferenceMemory =>
  withMatrix(new Map(Array.from(buffers, ([name, values]) => [name, values.slice()])));

const withMatrix = (buffers: Map<string, Float64Array>): ReferenceMemory => ({
  buffers,
  matrices: new Map([['w', buffers.get('w')!]]),
});
