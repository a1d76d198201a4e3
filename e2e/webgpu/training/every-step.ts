import type { MatrixSpec } from '../../../sdk/gradients/plan.ts';
import type { Rows, Step, Vector, View } from '../../../sdk/gradients/step.ts';
import { each, H, mostOutputs, N, outputRows, type PlanLab, places, tokenRows, vocabulary } from './plan-lab.ts';

/** A step, by what a test calls it. */
export type NamedStep = readonly [name: string, step: Step];

const dtypes: readonly MatrixSpec['dtype'][] = ['f32', 'q8', 'q4'];
/** Rows of a chunk in the middle of the run's tokens, as the head has them, and past its end. */
const chunk: Rows = { of: 'tokens', first: 40, most: 16 };
const lastChunk: Rows = { of: 'tokens', first: 80, most: 16 };
const inChunk = { most: 16, count: 16 };
const inLastChunk = { most: 16, count: N - 80 };
const inOutputs = { most: mostOutputs, count: H };

/** Products with matrices of every dtype, and those that make gradients of matrices. */
export function productSteps(lab: PlanLab): NamedStep[] {
  const steps: NamedStep[] = [];
  for (const dtype of dtypes) {
    for (const [outputs, inputs, accumulate] of [
      [70, 90, false],
      [33, 64, true],
      [3, 161, false],
    ] as const) {
      const shape = {
        rows: tokenRows,
        matrix: lab.matrix(dtype, outputs + 9, inputs),
        firstOutput: 5,
        outputs,
        inputs,
      };
      const bias = accumulate ? undefined : lab.vector(outputs);
      const out = lab.rows(outputs, { output: !accumulate });
      const x = lab.rows(inputs);
      steps.push([`matmul ${dtype}`, { kernel: 'matmul', ...shape, x, bias, scale: 0.7, out, accumulate }]);
      const [dOut, dX] = [lab.rows(outputs), lab.rows(inputs, { output: !accumulate })];
      steps.push([`matmulGradient ${dtype}`, { kernel: 'matmulGradient', ...shape, dOut, scale: 1.3, dX, accumulate }]);
    }
  }
  for (const [outputs, inputs] of [
    [70, 90],
    [8, 33],
  ]) {
    const [x, dOut] = [lab.rows(inputs), lab.rows(outputs)];
    const dW = lab.rows(inputs, { most: outputs, count: outputs, gap: 0 });
    const dBias = lab.vector(outputs);
    steps.push(
      ['weightGradient', { kernel: 'weightGradient', rows: tokenRows, outputs, inputs, x, dOut, scale: 0.4, dW }],
      ['biasGradient', { kernel: 'biasGradient', rows: tokenRows, outputs, dOut, dBias }],
    );
  }
  return steps;
}

export function embeddingSteps(lab: PlanLab): NamedStep[] {
  const steps: NamedStep[] = [];
  const width = 70;
  dtypes.forEach((dtype, i) => {
    const table = lab.matrix(dtype, vocabulary, width);
    const positionTable = i === 1 ? undefined : lab.rows(width, { most: places, count: places });
    const out = lab.rows(width, { output: true });
    steps.push([
      `embed ${dtype}`,
      { kernel: 'embed', rows: tokenRows, width, table, scale: 1 + i, positionTable, out },
    ]);
  });
  const ofChunk = { kernel: 'embed', rows: lastChunk, width, table: 'matrix 0', scale: 1 } as const;
  const gradient = { kernel: 'embedGradient', rows: tokenRows, width, scale: 2 } as const;
  const rows = (count: number): View => lab.rows(width, { most: count, count });
  return [
    ...steps,
    [
      'embed of a chunk',
      { ...ofChunk, table: lab.matrices.at(-3)!.name, out: lab.rows(width, { ...inLastChunk, output: true }) },
    ],
    ['embedGradient', { ...gradient, dOut: lab.rows(width), dTable: rows(vocabulary), dPositionTable: rows(places) }],
    ['embedGradient', { ...gradient, rows: chunk, dOut: lab.rows(width, inChunk), dTable: rows(vocabulary) }],
    [
      'gather',
      {
        kernel: 'gather',
        rows: outputRows,
        width,
        each,
        x: lab.rows(width),
        out: lab.rows(width, { ...inOutputs, output: true }),
      },
    ],
    [
      'scatter',
      { kernel: 'scatter', rows: outputRows, width, each, dOut: lab.rows(width, inOutputs), dX: lab.rows(width) },
    ],
    ...[false, true].map((back): NamedStep => {
      const table = lab.rows(10, { most: places, count: places });
      return [
        'rotate',
        { kernel: 'rotate', rows: tokenRows, heads: 5, headSize: 14, size: 10, table, x: lab.rows(84), back },
      ];
    }),
  ];
}

export function normSteps(lab: PlanLab): NamedStep[] {
  return (['layer', 'rms'] as const).flatMap((kind, i): NamedStep[] => {
    const [groups, width] = [
      [1, 90],
      [3, 21],
    ][i];
    const all = groups * width;
    const normed = { rows: tokenRows, groups, width, kind } as const;
    const [x, weight, stats, dOut, sum] = [
      lab.rows(all),
      lab.vector(width),
      statsOf(lab, groups),
      lab.rows(all),
      lab.rows(all),
    ];
    const bias = kind === 'layer' ? lab.vector(width) : undefined;
    const kept = { x, weight, stats, dOut };
    const inPlace = lab.rows(all);
    const replaced = lab.rows(all);
    return [
      [
        'norm',
        { kernel: 'norm', ...normed, x, weight, bias, epsilon: 1e-3, out: lab.rows(all, { output: true }), stats },
      ],
      ['norm in place', { kernel: 'norm', ...normed, x: inPlace, weight, bias, epsilon: 1e-3, out: inPlace }],
      [
        'normGradient',
        { kernel: 'normGradient', ...normed, ...kept, dX: lab.rows(all, { output: true }), accumulate: false },
      ],
      ['normGradient', { kernel: 'normGradient', ...normed, ...kept, dX: sum, accumulate: true }],
      [
        'normGradient in place',
        { kernel: 'normGradient', ...normed, ...kept, dOut: replaced, dX: replaced, accumulate: false },
      ],
      [
        'normWeightGradient',
        {
          kernel: 'normWeightGradient',
          ...normed,
          x,
          stats,
          dOut,
          dWeight: lab.vector(width),
          dBias: bias && lab.vector(width),
        },
      ],
    ];
  });
}

/** Written by the first norm. */
const statsOf = (lab: PlanLab, groups: number): Vector => lab.vector(2 * groups * tokenRows.most, { output: true });

export function attentionSteps(lab: PlanLab): NamedStep[] {
  return [
    { nHead: 4, nKvHead: 4, headSize: 8, window: 0, softCap: 0 },
    { nHead: 6, nKvHead: 2, headSize: 10, window: 11, softCap: 0 },
    { nHead: 2, nKvHead: 1, headSize: 36, window: 0, softCap: 1.5 },
  ].flatMap((shape): NamedStep[] => {
    const { nHead, nKvHead, headSize } = shape;
    const [A, all] = [nHead * headSize, (nHead + 2 * nKvHead) * headSize];
    const attended = {
      rows: tokenRows,
      ...shape,
      scale: 0.9,
      qkv: lab.rows(all),
      logSumExp: lab.rows(nHead, { output: true }),
    };
    const out = lab.rows(A, { output: true });
    const dOut = lab.rows(A);
    return [
      ['attention', { kernel: 'attention', ...attended, out }],
      [
        'attentionGradient',
        { kernel: 'attentionGradient', ...attended, out, dOut, dQkv: lab.rows(all, { output: true }) },
      ],
    ];
  });
}

export function valueSteps(lab: PlanLab): NamedStep[] {
  const width = 70;
  const activated = (['gelu_new', 'gelu', 'relu', 'silu', 'tanh'] as const).flatMap((activation, i): NamedStep[] => {
    const gated = i % 2 === 1;
    const all = gated ? 2 * width : width;
    const common = { rows: tokenRows, width, gated, activation };
    const [x, dOut] = [wide(lab, all), lab.rows(width)];
    return [
      [`activate ${activation}`, { kernel: 'activate', ...common, x, out: lab.rows(width, { output: true }) }],
      [
        `activateGradient ${activation}`,
        { kernel: 'activateGradient', ...common, x, dOut, dX: lab.rows(all, { output: true }) },
      ],
      [`activateGradient ${activation} in place`, { kernel: 'activateGradient', ...common, x, dOut, dX: x }],
    ];
  });
  const convolved = [3, 4].flatMap((size): NamedStep[] => {
    const common = { rows: tokenRows, width, size, x: lab.rows(3 * width) };
    const weights = { weight: lab.vector(width * size), bias: size === 3 ? lab.vector(width) : undefined };
    const dOut = lab.rows(width);
    const [dWeight, dBias] = [lab.vector(width * size), size === 3 ? lab.vector(width) : undefined];
    return [
      ['convolution', { kernel: 'convolution', ...common, ...weights, out: lab.rows(width, { output: true }) }],
      [
        'convolutionGradient',
        { kernel: 'convolutionGradient', ...common, ...weights, dOut, dX: lab.rows(3 * width, { output: true }) },
      ],
      ['convolutionWeightGradient', { kernel: 'convolutionWeightGradient', ...common, dOut, dWeight, dBias }],
    ];
  });
  const [a, b, x] = [lab.rows(width), lab.rows(width), lab.rows(width)];
  const dropped = { kernel: 'dropout', width, rate: 0.3 } as const;
  const at = lab.vector(9_000);
  return [
    ...activated,
    ...convolved,
    ['add', { kernel: 'add', rows: tokenRows, width, a, b, out: lab.rows(width, { output: true }) }],
    ['add in place', { kernel: 'add', rows: tokenRows, width, a: b, b: a, out: a }],
    ['dropout', { ...dropped, rows: tokenRows, salt: 5, x, out: lab.rows(width, { output: true }) }],
    [
      'dropout in place',
      { ...dropped, rows: chunk, salt: 2 ** 31 + 7, x: lab.rows(width, inChunk), out: lab.rows(width, inChunk) },
    ],
    ['fill', { kernel: 'fill', at: { ...at, offset: at.offset + 100 }, length: 8_000, value: -1.5 }],
  ];
}

/** Values up to 4, where activations bend. */
function wide(lab: PlanLab, width: number): View {
  const view = lab.rows(width);
  const values = lab.contents.get(view.buffer) as Float32Array;
  for (let i = 0; i < values.length; i++) values[i] *= 4;
  return view;
}

export function lossSteps(lab: PlanLab): NamedStep[] {
  const width = vocabulary;
  const losses = lab.vector(tokenRows.most, { output: true });
  const entropy = { kernel: 'crossEntropy', width, losses } as const;
  const [K, headLosses] = [4, lab.vector(mostOutputs, { output: true })];
  lab.named('headTargets', mostOutputs * K, (random) => (random + 1) / 2);
  lab.named('headWeights', mostOutputs);
  const total = lab.vector(1);
  return [
    [
      'crossEntropy',
      {
        ...entropy,
        rows: { ...tokenRows, most: 40 },
        logits: lab.rows(width, { most: 40, count: 40 }),
        scale: 3,
        softCap: 0,
        smoothing: 0,
      },
    ],
    [
      'crossEntropy',
      { ...entropy, rows: chunk, logits: lab.rows(width, inChunk), scale: 2, softCap: 1.2, smoothing: 0.1 },
    ],
    [
      'crossEntropy',
      {
        ...entropy,
        rows: { ...chunk, first: 56, most: 24 },
        logits: lab.rows(width, { most: 24, count: 24 }),
        scale: 2,
        softCap: 0,
        smoothing: 0.1,
      },
    ],
    [
      'crossEntropy',
      { ...entropy, rows: lastChunk, logits: lab.rows(width, inLastChunk), scale: 1, softCap: 0, smoothing: 0 },
    ],
    ['sum', { kernel: 'sum', rows: tokenRows, values: losses, total }],
    ...(['one label', 'labels', 'value', 'answer'] as const).map((kind): NamedStep => {
      const width = kind === 'answer' ? 1 : K;
      const dLogits = lab.rows(width, { ...inOutputs, output: true });
      const common = { rows: outputRows, width, kind, logits: lab.rows(width, inOutputs), dLogits };
      return [
        `labelLoss ${kind}`,
        {
          kernel: 'labelLoss',
          ...common,
          losses: kind === 'one label' ? headLosses : lab.vector(mostOutputs, { output: true }),
        },
      ];
    }),
    ['sum', { kernel: 'sum', rows: outputRows, values: headLosses, total }],
  ];
}

export function optimiserSteps(lab: PlanLab): NamedStep[] {
  const length = 9_001;
  for (const name of ['parameters', 'gradients', 'firstMoments']) lab.named(name, length);
  lab.named('secondMoments', length, (random) => random ** 2);
  lab.named('norm', 1);
  lab.named('infinite', 1, () => Number.POSITIVE_INFINITY);
  const adamW = { kernel: 'adamW', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const norm = { buffer: 'norm', offset: 0 };
  return [
    ['squareSum', { kernel: 'squareSum', at: { buffer: 'gradients', offset: 1 }, length: 8_999, norm }],
    ['adamW', { ...adamW, offset: 3, length: 4_000, decay: 0.1, maxNorm: 2 }],
    ['adamW without clipping', { ...adamW, offset: 5_000, length: 4_001, decay: 0, maxNorm: 0 }],
    // Whatever is not finite makes the norm so; what comes after does nothing.
    ['squareSum', { kernel: 'squareSum', at: { buffer: 'infinite', offset: 0 }, length: 1, norm }],
    ['adamW', { ...adamW, offset: 0, length, decay: 0.1, maxNorm: 1 }],
  ];
}
