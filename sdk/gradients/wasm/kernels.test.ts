import { describe, expect, it } from 'vitest';
import type { Activation } from '../../model/config.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import type { MatrixSpec, TrainingPlan } from '../plan.ts';
import { createReferenceExecutor } from '../reference/index.ts';
import type { LabelLossStep, Rows, Step, View } from '../step.ts';
import { createWasmExecutor } from './index.ts';
import { compareStep, compareSteps, type StepCase } from './testing/compare-step.ts';

// Each kernel of the shipped module against its slow twin: random values, outputs poisoned, fewer tokens than there is room for, and rows
// that lie apart.

const seed = Math.floor(Math.random() * 2 ** 31);
const random = seededRandom(seed);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const floats = (length: number, scale = 1): Float32Array => Float32Array.from({ length }, () => scale * normal());
const positive = (length: number): Float32Array => floats(length).map((value) => Math.abs(value) + 0.1);
const poison = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);
const integers = (length: number, below: number): Int32Array =>
  Int32Array.from({ length }, () => Math.floor(random() * below));

/** Nine rows of tokens, of which a run has seven; the first of them is token 2. */
const most = 9;
const rows: Rows = { of: 'tokens', first: 2, most };
const whole: Rows = { of: 'tokens', first: 0, most };
const outputs: Rows = { of: 'outputs', first: 0, most: 8 };
const run = { tokens: 9 };
const widths = [1, 3, 4, 7, 16, 33, 64, 130];

/** A view whose rows have a gap, in a buffer of its own. */
const view = (buffer: string, width: number): View => ({ buffer, offset: 3, stride: width + 5 });
const lengthOf = (width: number, count = most): number => 3 + count * (width + 5) + 2;
const vector = (buffer: string) => ({ buffer, offset: 1 });

describe(`kernels of a training, seed ${seed}`, () => {
  it.each(widths)('add, width %i', async (width) => {
    const cases: StepCase[] = [];
    const length = lengthOf(width);
    const step: Step = {
      kernel: 'add',
      rows,
      width,
      a: view('a', width),
      b: view('b', width),
      out: view('out', width),
    };
    cases.push({ step, run, buffers: { a: floats(length), b: floats(length), out: poison(length) } });
    cases.push({ step: { ...step, out: step.a }, run, buffers: { a: floats(length), b: floats(length) } });
    await compareSteps(cases);
  });

  it.each(widths)('dropout, width %i', async (width) => {
    const cases: StepCase[] = [];
    const length = lengthOf(width);
    const step: Step = {
      kernel: 'dropout',
      rows,
      width,
      rate: 0.3,
      salt: 17,
      x: view('x', width),
      out: view('out', width),
    };
    cases.push({ step, run, buffers: { x: floats(length), out: poison(length) } });
    cases.push({ step: { ...step, out: step.x }, run, buffers: { x: floats(length) } });
    await compareSteps(cases);
  });

  it.each(widths)('gather and scatter, width %i', async (width) => {
    const cases: StepCase[] = [];
    const length = lengthOf(width);
    const headRows = integers(3 * 8, most).map((n, i) => (i % 4 === 3 ? -1 : n));
    const views = { x: view('x', width), out: view('out', width) };
    cases.push({
      step: { kernel: 'gather', rows: outputs, width, each: 3, ...views },
      buffers: { headRows, x: floats(length), out: poison(length) },
    });
    cases.push({
      step: { kernel: 'scatter', rows: outputs, width, each: 3, dOut: views.out, dX: views.x },
      buffers: { headRows, x: floats(length), out: floats(length) },
    });
    await compareSteps(cases);
  });

  it('fill and sum', async () => {
    await compareStep({
      step: { kernel: 'fill', at: vector('x'), length: 70, value: 2.5 },
      buffers: { x: poison(73) },
    });
    await compareStep({
      step: { kernel: 'sum', rows, values: vector('x'), total: vector('total') },
      run,
      buffers: { x: floats(20), total: floats(3) },
    });
  });

  it.each(widths)('biasGradient, width %i', async (width) => {
    await compareStep({
      step: { kernel: 'biasGradient', rows, outputs: width, dOut: view('dOut', width), dBias: vector('dBias') },
      run,
      buffers: { dOut: floats(lengthOf(width)), dBias: floats(width + 2) },
    });
  });

  it.each([
    ['f32', 48],
    ['q8', 48],
    ['q8', 128],
    ['q4', 40],
  ] as const)('embed, %s, width %i', async (dtype, width) => {
    const vocabulary = 21;
    const tokens = { tokenIds: integers(most, vocabulary), positions: integers(most, 6) };
    const group = dtype === 'f32' ? 0 : quantisedGroup(dtype, width);
    const sizes = { name: 'table', rows: vocabulary, columns: width };
    const matrix: MatrixSpec =
      dtype === 'f32'
        ? { ...sizes, dtype, buffer: 'weights', offset: 5 }
        : { ...sizes, dtype, group, K: Math.ceil(width / group) * group };
    const common = { kernel: 'embed', rows, width, table: 'table', scale: 1.5, out: view('out', width) } as const;
    const buffers = { ...tokens, weights: floats(vocabulary * width + 9), places: floats(lengthOf(width, 6)) };
    for (const step of [common, { ...common, positionTable: view('places', width) }]) {
      if (dtype === 'f32') {
        await compareStep({ step, run, matrices: [matrix], buffers: { ...buffers, out: poison(lengthOf(width)) } });
      } else await compareQuantised(step, matrix, buffers);
    }
  });

  /** The same through `setTensor`, which quantises. */
  async function compareQuantised(step: Step, matrix: MatrixSpec, buffers: Record<string, Float32Array | Int32Array>) {
    const length = lengthOf(matrix.columns);
    const plan: TrainingPlan = {
      buffers: [
        ...Object.entries(buffers).map(([name, values]) => ({ name, length: values.length, type: 'f32' as const })),
        { name: 'out', length, type: 'f32' },
      ],
      ...{ matrices: [matrix], parameters: [], frozen: [], mostTokens: most, mostOutputs: 0 },
      phases: { clear: [], gradients: [step], forward: [], update: [] },
    };
    const data = floats(matrix.rows * matrix.columns);
    const found = [];
    for (const create of [createReferenceExecutor, createWasmExecutor]) {
      const executor = await create(plan, { threads: 2 });
      for (const first of [0, 8]) {
        const part = { rowOffset: first, rows: first ? matrix.rows - 8 : 8, columns: matrix.columns };
        const values = data.subarray(first * matrix.columns);
        await executor.setTensor({ name: 'table', ...part, rowStride: matrix.columns, columnStride: 1, data: values });
      }
      for (const [name, values] of Object.entries(buffers)) executor.write(name, values);
      await executor.run(['gradients'], {
        tokens: 9,
        outputs: 0,
        dropoutSeed: 0,
        learningRate: 0,
        correction1: 1,
        correction2: 1,
      });
      found.push(await executor.read('out', 0, length));
      executor.dispose();
    }
    for (const [i, value] of found[0].entries()) expect(Math.abs(value - found[1][i])).toBeLessThan(1e-5);
    expect(found[1].some((value) => Math.abs(value) > 0.5)).toBe(true);
  }

  it.each(widths)('embedGradient, width %i', async (width) => {
    const cases: StepCase[] = [];
    const buffers = {
      ...{ tokenIds: integers(most, 4), positions: integers(most, 3), dOut: floats(lengthOf(width)) },
      ...{ dTable: floats(lengthOf(width, 4)), dPlaces: floats(lengthOf(width, 3)) },
    };
    const common = { kernel: 'embedGradient', rows, width, scale: 0.7, dOut: view('dOut', width) } as const;
    const tables = { dTable: view('dTable', width), dPositionTable: view('dPlaces', width) };
    cases.push({ step: { ...common, ...tables }, run, buffers });
    cases.push({ step: { ...common, dTable: tables.dTable }, run, buffers });
    await compareSteps(cases);
  });

  it.each(['layer', 'rms'] as const)('norms and their gradients, %s', async (kind) => {
    const cases: StepCase[] = [];
    for (const width of widths) {
      const groups = width < 64 ? 3 : 1;
      const all = groups * width;
      const length = lengthOf(all);
      const common = { rows, groups, width, kind };
      const [x, out, weight, stats] = [view('x', all), view('out', all), vector('weight'), vector('stats')];
      const buffers = { x: floats(length, 3), weight: floats(width + 2), bias: floats(width + 2) };
      const statistics = poison(2 + 2 * most * groups);
      // One channel is its own mean, which leaves of it what rounding does.
      const epsilon = 1e-2;
      const forward: Step = { kernel: 'norm', ...common, x, weight, epsilon, out, stats };
      cases.push({ step: forward, run, buffers: { ...buffers, out: poison(length), stats: statistics } });
      cases.push({ step: { ...forward, bias: vector('bias'), stats: undefined, out: x }, run, buffers });
      for (let i = 1; i + 1 < statistics.length; i += 2) {
        statistics[i] = kind === 'layer' ? normal() : 0;
        statistics[i + 1] = 0.1 + random();
      }
      const back = { ...buffers, out: floats(length), stats: statistics };
      const gradient = { kernel: 'normGradient', ...common, x, weight, stats, dOut: out } as const;
      for (const [accumulate, dX] of [
        [false, poison(length)],
        [true, floats(length)],
      ] as const) {
        cases.push({ step: { ...gradient, dX: view('dX', all), accumulate }, run, buffers: { ...back, dX } });
      }
      cases.push({ step: { ...gradient, dX: out, accumulate: false }, run, buffers: back });
      const weights = { dWeight: floats(width + 2), dBias: floats(width + 2) };
      const ofWeights: Step = {
        kernel: 'normWeightGradient',
        ...common,
        x,
        stats,
        dOut: out,
        dWeight: vector('dWeight'),
      };
      cases.push({ step: { ...ofWeights, dBias: vector('dBias') }, run, buffers: { ...back, ...weights } });
      cases.push({ step: ofWeights, run, buffers: { ...back, ...weights } });
    }
    await compareSteps(cases);
  });

  it.each([2, 6, 16, 20])('rotate, %i values of a head', async (size) => {
    const cases: StepCase[] = [];
    const [heads, headSize] = [3, 20];
    const length = lengthOf(heads * headSize);
    for (const back of [false, true]) {
      cases.push({
        step: {
          ...{ kernel: 'rotate', rows, heads, headSize, size, back },
          ...{ table: view('table', size), x: view('x', heads * headSize) },
        },
        run,
        buffers: {
          tokenIds: integers(most, 3),
          positions: integers(most, 5),
          table: floats(lengthOf(size, 5)),
          x: floats(length),
        },
      });
    }
    await compareSteps(cases);
  });

  it.each(['gelu_new', 'gelu', 'relu', 'silu', 'tanh'] as Activation[])('%s and its gradient', async (activation) => {
    const cases: StepCase[] = [];
    for (const width of widths) {
      for (const gated of [false, true]) {
        const wide = gated ? 2 * width : width;
        const [x, out] = [view('x', wide), view('out', width)];
        const values = floats(lengthOf(wide), 3);
        values.set([0, -0, 30, -30], 3);
        const common = { rows, width, gated, activation, x } as const;
        cases.push({
          step: { kernel: 'activate', ...common, out },
          run,
          buffers: { x: values, out: poison(lengthOf(width)) },
          tolerance: 1e-6,
        });
        const step: Step = { kernel: 'activateGradient', ...common, dOut: out, dX: view('dX', wide) };
        const dOut = floats(lengthOf(width));
        const buffers = { x: values, out: dOut, dX: poison(lengthOf(wide)) };
        cases.push({ step, run, buffers, tolerance: 2e-6 });
        cases.push({ step: { ...step, dX: x }, run, buffers: { x: values, out: dOut }, tolerance: 2e-6 });
      }
    }
    await compareSteps(cases);
  });

  it.each([1, 3, 4])('convolutions of %i rows and their gradients', async (size) => {
    const cases: StepCase[] = [];
    for (const width of [3, 16, 37]) {
      const common = { rows: whole, width, size, x: view('x', 3 * width) } as const;
      const [weight, bias, out] = [vector('weight'), vector('bias'), view('out', width)];
      const buffers = {
        // Sequences of four, one and four tokens.
        sequenceStart: Int32Array.of(0, 0, 0, 0, 4, 5, 5, 5, 5),
        ...{ x: floats(lengthOf(3 * width)), out: floats(lengthOf(width)) },
        ...{ weight: floats(width * size + 2), bias: floats(width + 2) },
      };
      const forward: Step = { kernel: 'convolution', ...common, weight, bias, out };
      cases.push({ step: forward, buffers: { ...buffers, out: poison(lengthOf(width)) } });
      cases.push({ step: { ...forward, bias: undefined }, buffers });
      const dX = view('dX', 3 * width);
      cases.push({
        step: { kernel: 'convolutionGradient', ...common, weight, bias, dOut: out, dX },
        buffers: { ...buffers, dX: poison(lengthOf(3 * width)) },
      });
      const ofWeights: Step = {
        kernel: 'convolutionWeightGradient',
        ...common,
        dOut: out,
        dWeight: weight,
        dBias: bias,
      };
      cases.push({ step: ofWeights, buffers });
      cases.push({ step: { ...ofWeights, dBias: undefined }, buffers });
    }
    await compareSteps(cases);
  });

  it.each([
    [2, 0, 0],
    [37, 0, 0.1],
    [131, 5, 0],
    [3000, 3, 0.2],
  ])('crossEntropy over %i tokens, capped at %i, smoothed by %f', async (width, softCap, smoothing) => {
    const targets = integers(most, width);
    targets[4] = -1;
    await compareStep({
      step: {
        ...{ kernel: 'crossEntropy', rows, width, softCap, smoothing, scale: 1.25 },
        ...{ logits: view('logits', width), losses: vector('losses') },
      },
      run,
      buffers: {
        ...{ targets, targetWeights: positive(most), losses: poison(most + 3) },
        logits: floats(lengthOf(width), 4).map((value) => value - 60),
      },
    });
  });

  it.each([
    ['one label', 2],
    ['one label', 7],
    ['labels', 1],
    ['labels', 7],
    ['value', 1],
    ['value', 3],
    ['answer', 1],
  ] as [LabelLossStep['kind'], number][])('labelLoss, %s, %i wide', async (kind, width) => {
    await compareStep({
      step: {
        ...{ kernel: 'labelLoss', rows: outputs, width, kind },
        ...{ logits: view('logits', width), dLogits: view('dLogits', width), losses: vector('losses') },
      },
      buffers: {
        headTargets: Float32Array.from({ length: 8 * width }, () => Math.floor(random() * 2)),
        headWeights: positive(8),
        headGroups: Int32Array.of(0, 3, 0, 3, 0, 3, 3, 2, 3, 2, 0, 0, 0, 0, 0, 0),
        ...{ logits: floats(lengthOf(width), 5), dLogits: poison(lengthOf(width)), losses: poison(11) },
      },
    });
  });

  it.each([1, 7, 4096, 9001])('squareSum of %i values', async (length) => {
    await compareStep({
      step: { kernel: 'squareSum', at: vector('x'), length, norm: vector('norm') },
      buffers: { x: floats(length + 4), norm: poison(3) },
    });
  });

  it.each([
    [3, 0, 1],
    [70, 0.5, 2],
    [70, 3, 2],
    [70, 1, Number.NaN],
    [70, 1, Number.POSITIVE_INFINITY],
  ])('adamW on %i values, clipped at %f where the norm is %f', async (length, maxNorm, norm) => {
    const buffers = {
      ...{ parameters: floats(length + 9), gradients: floats(length + 9), norm: Float32Array.of(norm) },
      ...{ firstMoments: floats(length + 9), secondMoments: positive(length + 9) },
    };
    const settings = { decay: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    await compareStep({ step: { kernel: 'adamW', offset: 5, length, maxNorm, ...settings }, buffers });
  });
});
