// Where the time of a training's update goes, kernel by kernel: node bench/gradients/step.mjs [lora|full|lora-q8|checkpointing …] [--threads n]. The
// embedded model's shape, 8 sequences of 128 tokens, the next token predicted. Takes a Node that reads TypeScript (22.18 or later).
import { smallModel } from '../../sdk/backends/wasm/testing/random-model.ts';
import { createPlan } from '../../sdk/gradients/graph/create-plan.ts';
import { firstTensors, loraSlots } from '../../sdk/gradients/testing/random-training.ts';
import { createWasmExecutor } from '../../sdk/gradients/wasm/index.ts';

const arguments_ = process.argv.slice(2);
const option = (name, value) => (arguments_.includes(name) ? Number(arguments_[arguments_.indexOf(name) + 1]) : value);
const threads = option('--threads', 2);
const rounds = option('--rounds', 3);
const T = option('--length', 128);
const sequences = option('--batch', 8);
const kinds = arguments_.filter((name) => /^[a-z]/.test(name));
const C = option('--width', 256);
const nLayer = option('--layers', 6);
const nHead = C > 256 ? C / 64 : 4;
const sizes = { nLayer, nHead, nEmbd: C, nCtx: Math.max(T, 512), nInner: 4 * C };
const attentionScale = new Array(nLayer).fill(1 / Math.sqrt(C / nHead));
const config = smallModel({ ...sizes, vocabSize: option('--vocabulary', 4096), attentionScale });

for (const kind of kinds.length ? kinds : ['lora', 'full']) await profile(kind);

async function profile(kind) {
  const slots = loraSlots(config, () => true, false);
  const options = {
    config,
    method: kind.startsWith('full') ? { kind: 'full' } : { kind: 'lora', slots, rank: 8, alpha: 16, dropout: 0 },
    dtype: kind.endsWith('q8') ? 'q8' : kind.endsWith('q4') ? 'q4' : 'f32',
    language: true,
    dropout: arguments_.includes('--dropout') ? 0.1 : 0,
    adamW: { decay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxNorm: 1 },
    mostTokens: T * sequences,
    mostOutputs: 0,
    checkpointing: arguments_.includes('--checkpointing'),
  };
  const plan = createPlan(options);
  // Every step by itself is a phase, too: that is how it is timed.
  const alone = ['clear', 'gradients', 'update'].flatMap((phase) => plan.phases[phase]);
  const phases = { ...plan.phases, ...Object.fromEntries(alone.map((step, i) => [`step${i}`, [step]])) };
  const executor = await createWasmExecutor({ ...plan, phases }, { threads });
  for (const part of firstTensors(options, 1)) await executor.setTensor(part);
  const tokens = T * sequences;
  const ids = Int32Array.from({ length: tokens }, (_, i) => (i * 7919) % config.vocabSize);
  executor.write('tokenIds', ids);
  executor.write(
    'targets',
    ids.map((id) => (id * 31 + 7) % config.vocabSize),
  );
  executor.write('targetWeights', new Float32Array(tokens).fill(1 / tokens));
  executor.write(
    'positions',
    ids.map((_, i) => i % T),
  );
  executor.write(
    'sequenceStart',
    ids.map((_, i) => i - (i % T)),
  );
  executor.write(
    'sequenceEnd',
    ids.map((_, i) => i - (i % T) + T),
  );
  const run = { tokens, outputs: 0, dropoutSeed: 3, learningRate: 1e-4, correction1: 0.5, correction2: 0.5 };
  const times = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await executor.run(['clear', 'gradients', 'update'], run);
    if (round) times.push(performance.now() - start);
  }
  const total = times.sort((a, b) => a - b)[times.length >> 1];
  console.log(
    `\n${kind}, ${threads} threads: ${total.toFixed(0)} ms, ${((1000 * tokens) / total).toFixed(0)} tokens/s, ${(executor.bytes / 1e6).toFixed(0)} MB, ${alone.length} steps`,
  );
  const spent = new Map();
  for (let round = 0; round < 2; round++) {
    for (const [i, step] of alone.entries()) {
      const start = performance.now();
      await executor.run([`step${i}`], run);
      const ms = performance.now() - start;
      const { count = 0, best = 0 } = spent.get(step.kernel) ?? {};
      if (round) spent.set(step.kernel, { count: count + 1, best: best + ms });
    }
  }
  for (const [kernel, { count, best }] of [...spent].sort((a, b) => b[1].best - a[1].best)) {
    console.log(
      `${kernel.padEnd(26)} ${best.toFixed(1).padStart(8)} ms ${String(count).padStart(4)} times ${((100 * best) / total).toFixed(1).padStart(5)} %`,
    );
  }
  executor.dispose();
}
