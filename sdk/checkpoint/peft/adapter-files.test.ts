import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, AdapterParts, LoraPair } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { encodeSafetensorsHeader } from '../encode-safetensors-header.ts';
import { openSource } from '../open-source.ts';
import { adapterSlots } from './adapter-slots.ts';
import { readAdapter } from './read-adapter.ts';
import { writeAdapter } from './write-adapter.ts';

const folders = [
  ...['gpt2-tiny', 'gpt1-tiny', 'gpt-neo-tiny', 'gpt2-classifier'].map((name) => `fixtures/${name}`),
  ...readdirSync('fixtures/families')
    .map((name) => `fixtures/families/${name}`)
    .filter((folder) => existsSync(`${folder}/config.json`)),
];

/** Pairs of different ranks and scales on all slots but some. */
function someAdapter(config: ModelConfig, seed = 1): Adapter {
  const random = seededRandom(seed);
  const values = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() - 0.5);
  const pairs = adapterSlots(config).map(({ slot }, i): LoraPair => {
    const rank = i % 3 === 0 ? 2 : 4;
    return {
      ...slot,
      rank,
      scale: i % 4 === 0 ? 0.5 : 2,
      a: values(rank * slot.inputs),
      b: values(slot.outputs * rank),
    };
  });
  return { pairs: pairs.filter((_, i) => i % 5 !== 1) };
}

type Files = Record<string, Uint8Array>;

async function read(files: Files, config: ModelConfig): Promise<AdapterParts> {
  const source = await openSource(files as Record<string, Uint8Array<ArrayBuffer>>, {
    manifest: 'adapter_config.json',
  });
  return readAdapter(source, config, () => Promise.reject(new Error('no torch file here')));
}

/** Files with other values in adapter_config.json. */
function saying(files: Files, changes: object): Files {
  const config = { ...JSON.parse(new TextDecoder().decode(files['adapter_config.json'])), ...changes };
  return { ...files, 'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)) };
}

/** A file of tensors, each filled with one value. */
function holding(
  files: Files,
  tensors: readonly { name: string; shape: number[]; type?: string; value?: number }[],
): Files {
  const entries = tensors.map(({ type = 'F32', ...tensor }) => ({ ...tensor, type }));
  const { header, dataBytes } = encodeSafetensorsHeader({ format: 'pt' }, entries);
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  const floats = new Float32Array(file.buffer.slice(header.length), 0, dataBytes >> 2);
  let at = 0;
  for (const { shape, type, value = 0.1 } of entries) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (type === 'F32') floats.fill(value, at, at + count);
    at += count;
  }
  file.set(new Uint8Array(floats.buffer, 0, floats.byteLength), header.length);
  return { ...files, 'adapter_model.safetensors': file };
}

describe.each(folders)('%s', (folder) => {
  it('an adapter is read as it was written, on every slot', async () => {
    const { config } = await openCheckpoint(folder, { headersOnly: true });
    const matrices = weightShapes(config).filter(({ name, isVector }) => /^blocks/.test(name) && !isVector);
    const slots = adapterSlots(config);
    const rows = slots.reduce((sum, { slot }) => sum + slot.outputs, 0);
    expect(rows).toBe(matrices.filter(({ name }) => !/kernel/.test(name)).reduce((sum, shape) => sum + shape.rows, 0));
    const adapter = someAdapter(config);
    const bias = new Float32Array(3);
    const head = { weight: new Float32Array((config.head?.labels.length ?? 3) * config.nEmbd).fill(0.5) };
    const files = writeAdapter(config, adapter, { head: config.head ? head : { ...head, bias } });
    const found = await read(files, config);
    // In the order of the file, which is that of the pairs.
    expect(found.adapter).toEqual(adapter);
    expect(found.head).toEqual(config.head ? head : { ...head, bias });
  });
});

describe('an adapter of GPT-2', () => {
  let config: ModelConfig;
  let files: Files;
  const name = (block: number, module: string, factor: string): string =>
    `base_model.model.transformer.h.${block}.${module}.lora_${factor}.weight`;
  beforeAll(async () => {
    ({ config } = await openCheckpoint('fixtures/gpt2-tiny', { headersOnly: true }));
    files = writeAdapter(config, someAdapter(config));
  });

  it('says in its config what PEFT needs to know', () => {
    const said = JSON.parse(new TextDecoder().decode(files['adapter_config.json']));
    expect(said).toMatchObject({
      ...{ peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 4, lora_alpha: 8, bias: 'none', fan_in_fan_out: true },
      ...{ modules_to_save: null, use_rslora: false, use_dora: false, inference_mode: true },
    });
    expect(said.rank_pattern['h.0.attn.c_attn']).toBe(2);
    expect(said.alpha_pattern['h.0.attn.c_attn']).toBe(1);
    expect(said.target_modules).toEqual(['attn.c_attn', 'h.0.mlp.c_fc', 'mlp.c_proj', 'h.1.attn.c_proj']);
    const all = { pairs: someAdapter(config).pairs.filter(({ linear }) => linear === 'attention.qkv') };
    expect(JSON.parse(new TextDecoder().decode(writeAdapter(config, all)['adapter_config.json']))).toMatchObject({
      target_modules: ['attn.c_attn'],
    });
  });

  it('is found under each name that tools give its tensors', async () => {
    const { nEmbd: C } = config;
    const shapes = { A: [4, C], B: [3 * C, 4] };
    for (const begin of [
      'base_model.model.transformer.',
      'base_model.model.',
      'base_model.transformer.',
      'transformer.',
      '',
    ]) {
      for (const end of ['weight', 'default.weight']) {
        const tensors = (['A', 'B'] as const).map((letter) => ({
          name: `${begin}h.1.attn.c_attn.lora_${letter}.${end}`,
          shape: shapes[letter],
        }));
        const { adapter } = await read(
          holding(saying(files, { rank_pattern: {}, alpha_pattern: {} }), tensors),
          config,
        );
        expect(adapter.pairs, begin).toMatchObject([
          { block: 1, linear: 'attention.qkv', firstOutput: 0, outputs: 3 * C, rank: 4, scale: 2 },
        ]);
      }
    }
  });

  it('counts ranks, alphas and their root as PEFT does', async () => {
    const tensors = [0, 1].flatMap((block) => [
      { name: name(block, 'attn.c_attn', 'A'), shape: [block === 0 ? 16 : 4, config.nEmbd] },
      { name: name(block, 'attn.c_attn', 'B'), shape: [3 * config.nEmbd, block === 0 ? 16 : 4] },
    ]);
    const scales = async (changes: object): Promise<number[]> =>
      (
        await read(
          holding(
            saying(files, {
              r: 4,
              lora_alpha: 8,
              rank_pattern: { 'h.0.attn.c_attn': 16 },
              alpha_pattern: {},
              target_modules: ['c_attn'],
              ...changes,
            }),
            tensors,
          ),
          config,
        )
      ).adapter.pairs.map(({ scale }) => scale);
    expect(await scales({})).toEqual([0.5, 2]);
    expect(await scales({ use_rslora: true })).toEqual([2, 4]);
    expect(await scales({ alpha_pattern: { 'h\\.\\d\\.attn.c_attn': 32 } })).toEqual([2, 8]);
    expect(await scales({ rank_pattern: { 'transformer.h.0.attn.c_attn': 16, '0.attn.c_attn|never': 3 } })).toEqual([
      0.5, 2,
    ]);
    expect(await scales({ target_modules: 'a regular (expression', layers_to_transform: null })).toEqual([0.5, 2]);
  });

  const pair = (rank = 4): { name: string; shape: number[]; value?: number; type?: string }[] => [
    { name: name(0, 'attn.c_attn', 'A'), shape: [rank, config.nEmbd] },
    { name: name(0, 'attn.c_attn', 'B'), shape: [3 * config.nEmbd, rank] },
  ];
  const plain = { r: 4, rank_pattern: {}, alpha_pattern: {} };

  it.each<[string, string, () => Files]>([
    ['no config', 'MODEL_NOT_FOUND: No adapter found: there is no adapter_config.json', () => ({})],
    [
      'no weights',
      'MODEL_NOT_FOUND: There are no weights of the adapter: neither adapter_model.safetensors',
      () => ({ 'adapter_config.json': files['adapter_config.json'] }),
    ],
    ['DoRA', 'UNSUPPORTED_MODEL: .*use_dora asks for DoRA', () => saying(files, { use_dora: true })],
    [
      'another kind',
      'UNSUPPORTED_MODEL: .*peft_type is "LOHA", not "LORA"',
      () => saying(files, { peft_type: 'LOHA' }),
    ],
    ['no kind', 'UNSUPPORTED_MODEL: .*peft_type is absent', () => saying(files, { peft_type: undefined })],
    ['biases', 'UNSUPPORTED_MODEL: .*bias is "all"', () => saying(files, { bias: 'all' })],
    ['PiSSA', 'UNSUPPORTED_MODEL: .*init_lora_weights is "pissa"', () => saying(files, { init_lora_weights: 'pissa' })],
    [
      'what is not known yet',
      'UNSUPPORTED_MODEL: .*use_magic is true, which gptlet does not know',
      () => saying(files, { use_magic: true }),
    ],
    ['repeated layers', 'UNSUPPORTED_MODEL: .*layer_replication', () => saying(files, { layer_replication: [[0, 2]] })],
    ['a rank of 0', 'BAD_CHECKPOINT: .*r is 0; it must be a whole number from 1', () => saying(files, { r: 0 })],
    [
      'an alpha that is a text',
      'BAD_CHECKPOINT: .*lora_alpha is "8"; it must be a number',
      () => saying(files, { lora_alpha: '8' }),
    ],
    [
      'a pattern that could run for ever',
      'BAD_CHECKPOINT: .*rank_pattern is "\\(a\\+\\)\\+"; it must have simple regular expressions',
      () => saying(files, { rank_pattern: { '(a+)+': 3 } }),
    ],
    [
      'a pattern that is none',
      'BAD_CHECKPOINT: .*rank_pattern is "\\["',
      () => saying(files, { rank_pattern: { '[': 3 } }),
    ],
    [
      'layers that are none',
      'BAD_CHECKPOINT: .*layers_to_transform is \\["x"\\]',
      () => saying(files, { layers_to_transform: ['x'] }),
    ],
    ['targets that are none', 'BAD_CHECKPOINT: .*target_modules is 3', () => saying(files, { target_modules: 3 })],
    [
      'another rank',
      "BAD_CHECKPOINT: .*holds '.*lora_A.weight' of shape \\[8, \\d+\\], but this model and a rank of 4 \\(adapter_config.json\\) ask for \\[4, \\d+\\]",
      () => holding(saying(files, plain), pair(8)),
    ],
    [
      'another model',
      "BAD_CHECKPOINT: .*lora_A.weight' of shape \\[4, 999\\], but this model",
      () => holding(saying(files, plain), [{ ...pair()[0], shape: [4, 999] }, pair()[1]]),
    ],
    [
      'a layer that is not there',
      "BAD_CHECKPOINT: .*holds 'base_model.model.transformer.h.77.*', a layer that this model does not have",
      () => holding(saying(files, plain), [{ name: name(77, 'attn.c_attn', 'A'), shape: [4, config.nEmbd] }]),
    ],
    [
      'a module that is not there',
      'BAD_CHECKPOINT: .*q_proj.*a layer that this model does not have',
      () => holding(saying(files, plain), [{ name: name(0, 'attn.q_proj', 'A'), shape: [4, config.nEmbd] }]),
    ],
    [
      'half a pair',
      'BAD_CHECKPOINT: .*without its lora_B: it is not whole',
      () => holding(saying(files, plain), [pair()[0]]),
    ],
    ['nothing', 'BAD_CHECKPOINT: .*holds no lora_A and lora_B', () => holding(saying(files, plain), [])],
    [
      'twice',
      'BAD_CHECKPOINT: .*which mean the same',
      () => holding(saying(files, plain), [...pair(), { ...pair()[0], name: 'h.0.attn.c_attn.lora_A.weight' }]),
    ],
    [
      'what its config leaves out',
      'BAD_CHECKPOINT: .*which the target_modules of adapter_config.json leave out',
      () => holding(saying(files, { ...plain, target_modules: ['c_fc'] }), pair()),
    ],
    [
      'layers that its config leaves out',
      'BAD_CHECKPOINT: .*leave out',
      () => holding(saying(files, { ...plain, target_modules: ['c_attn'], layers_to_transform: [1] }), pair()),
    ],
    [
      'NaN',
      'BAD_CHECKPOINT: .*lora_B.weight holds NaN at row 0, column 0',
      () => holding(saying(files, plain), [pair()[0], { ...pair()[1], value: Number.NaN }]),
    ],
    [
      'Infinity',
      'BAD_CHECKPOINT: .*holds Infinity',
      () => holding(saying(files, plain), [{ ...pair()[0], value: Number.POSITIVE_INFINITY }, pair()[1]]),
    ],
    [
      'integers',
      'BAD_CHECKPOINT: .*as I32; gptlet reads F32, F16, BF16',
      () => holding(saying(files, plain), [{ ...pair()[0], type: 'I32' }, pair()[1]]),
    ],
    [
      'the embedding',
      'UNSUPPORTED_MODEL: .*does not change the embedding',
      () =>
        holding(saying(files, plain), [
          ...pair(),
          { name: 'base_model.model.transformer.wte.lora_embedding_A', shape: [4, 260] },
        ]),
    ],
    [
      'a trained embedding',
      'UNSUPPORTED_MODEL: .*does not change the embedding',
      () =>
        holding(saying(files, plain), [
          ...pair(),
          { name: 'base_model.model.transformer.wte.weight', shape: [260, config.nEmbd] },
        ]),
    ],
    [
      'the language-model head',
      'UNSUPPORTED_MODEL: .*does not change the embedding or the language-model head',
      () =>
        holding(saying(files, plain), [
          ...pair(),
          { name: 'base_model.model.lm_head.lora_A.weight', shape: [4, config.nEmbd] },
        ]),
    ],
    [
      'a magnitude',
      'UNSUPPORTED_MODEL: .*of DoRA',
      () =>
        holding(saying(files, plain), [
          ...pair(),
          { name: 'base_model.model.transformer.h.0.attn.c_attn.lora_magnitude_vector', shape: [3 * config.nEmbd] },
        ]),
    ],
    [
      'a norm',
      'UNSUPPORTED_MODEL: .*modules_to_save.*classifier’s head only',
      () =>
        holding(saying(files, plain), [
          ...pair(),
          { name: 'base_model.model.transformer.ln_f.weight', shape: [config.nEmbd] },
        ]),
    ],
    [
      'a head of another width',
      "BAD_CHECKPOINT: .*score.weight' of shape \\[2, 7\\], but the head of this model asks for \\[2, \\d+\\]",
      () => holding(saying(files, plain), [...pair(), { name: 'base_model.model.score.weight', shape: [2, 7] }]),
    ],
  ])('with %s is refused, and told why', async (_, message, make) => {
    const error = await read(make(), config).then(
      () => 'no error',
      ({ code, message: text }) => `${code}: ${text}`,
    );
    expect(error).toMatch(new RegExp(`^${message}`));
  });

  it('cut short anywhere is refused, and never read in part', async () => {
    const whole = files['adapter_model.safetensors'];
    for (let end = 0; end < whole.length; end += Math.ceil(whole.length / 40))
      await expect(read({ ...files, 'adapter_model.safetensors': whole.slice(0, end) }, config)).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
      });
  });

  it('is not written where files have no such layer', () => {
    const [first] = someAdapter(config).pairs;
    expect(() => writeAdapter(config, { pairs: [{ ...first, firstOutput: 3, outputs: 5 }] })).toThrow(
      /rows 3 to 7 of blocks.0.attention.qkv/,
    );
    expect(() => writeAdapter(config, { pairs: [] })).toThrow(/no pairs/);
  });
});
