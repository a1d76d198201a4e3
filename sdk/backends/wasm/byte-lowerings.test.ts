// What relaxed byte products mean differs from machine to machine; operands of q8 and q4 keep within what means the same on all.
// Here each meaning is written out in instructions that every engine has, and gives the same bits as the kernels without.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { expect, it } from 'vitest';
import type { TensorPart } from '../../model/tensor.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { quantisePart } from '../../quantising/quantise-part.ts';
import { quantisedGroup } from '../../quantising/quantised-rows.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import { importKernels } from './import-kernels.ts';
import { packQuantised } from './pack-quantised.ts';
import { buildEngine, randomTensors, smallModel } from './testing/random-model.ts';
import { wasmBackend } from './wasm-backend.ts';

const pairs = 'relaxed_dot_i8x16_i7x16_s';
const fours = 'relaxed_dot_i8x16_i7x16_add_s';
const evens = '0, 2, 4, 6, 8, 10, 12, 14';
const odds = '1, 3, 5, 7, 9, 11, 13, 15';
/** The second operand's highest bit is a sign on ARM and 128 on x86, which without VNNI cuts off sums of two. */
const lowerings = {
  'ARM, three instructions': { sign: 's', add: 'add', constant: 'BYTE_PAIRS' },
  'x86, three instructions': { sign: 'u', add: 'add_sat_s', constant: 'BYTE_PAIRS' },
  'ARM, one instruction': { sign: 's', add: 'exact', constant: 'BYTE_DOTS' },
  'x86 with VNNI, one instruction': { sign: 'u', add: 'exact', constant: 'BYTE_DOTS' },
};

/** A source with its relaxed instructions written out; 'exact' adds in 32 bits at once. */
function writeOut(source: string, sign: string, add: string): string {
  const product = (half: string) => `i16x8.mul(i16x8.extend_${half}_i8x16_s(a), i16x8.extend_${half}_i8x16_${sign}(b))`;
  return `${source.replaceAll(`i16x8.${pairs}(`, 'pairsOf(').replaceAll(`i32x4.${fours}(`, 'foursOf(')}
function pairsOf(a: v128, b: v128): v128 {
  const l = ${product('low')}, h = ${product('high')};
  return i16x8.${add === 'exact' ? 'add' : add}(v128.shuffle<i16>(l, h, ${evens}), v128.shuffle<i16>(l, h, ${odds}));
}
function foursOf(a: v128, b: v128, sums: v128): v128 {
  const l = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_${sign}(b));
  const h = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_${sign}(b));
  return i32x4.add(sums, i32x4.add(v128.shuffle<i32>(l, h, 0, 2, 4, 6), v128.shuffle<i32>(l, h, 1, 3, 5, 7)));
}
`;
}

async function compile(dtype: 'q8' | 'q4', { sign, add, constant }: (typeof lowerings)[keyof typeof lowerings]) {
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['wasm/kernels/families.ts', '--config', 'wasm/asconfig.json', '--target', 'kernels', '--outFile', 'out.wasm'],
    {
      readFile(name, base) {
        const path = join(base, name);
        try {
          const text = readFileSync(path, 'utf8');
          if (/(byte|nibble)-dots\.ts$/.test(path)) return writeOut(text, sign, add);
          return path.endsWith('kernels/dtype.ts')
            ? text
                .replace(`${constant}: bool = false`, `${constant}: bool = true`)
                .replace('= Q8', `= ${dtype.toUpperCase()}`)
            : text;
        } catch {
          return null;
        }
      },
      writeFile(name, data) {
        if (name === 'out.wasm') module = data as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !module) throw new Error(stderr.toString());
  return module as Uint8Array<ArrayBuffer>;
}

/** The same weights as a quantised file has them, where it quantises them. */
async function asInFile(tensors: readonly TensorPart[], dtype: 'q8' | 'q4'): Promise<TensorPart[]> {
  const quantise = await rowQuantiser(importQuantiser);
  const parts: TensorPart[] = [];
  for (const tensor of tensors) {
    if (tensor.rows === 1 || /norm|bias$|positionEmbedding/i.test(tensor.name)) {
      parts.push(tensor);
      continue;
    }
    const { rows, columns } = tensor;
    const group = quantisedGroup(dtype, columns);
    const K = Math.ceil(columns / group) * group;
    quantisePart(tensor, 0, rows, { dtype, group, K }, quantise, (made, rowOffset, n) => {
      const quantised = { ...made, integers: made.integers.slice(), scales: made.scales.slice() };
      parts.push({ ...tensor, rowOffset, rows: n, data: new Float32Array(n * columns).fill(Number.NaN), quantised });
    });
  }
  return parts;
}

const cases = [
  ...Object.keys(lowerings).map((name) => ['q8', name] as const),
  // Nibbles never have the highest bit.
  ['q4', 'x86, three instructions'] as const,
  ['q4', 'ARM, one instruction'] as const,
];

it.each(cases)('%s on %s: the bits of kernels without byte products', async (dtype, name) => {
  const bytes = await compile(dtype, lowerings[name as keyof typeof lowerings]);
  const config = smallModel({ nEmbd: 192, nInner: 300, vocabSize: 60 });
  const tensors = randomTensors(config, 17);
  // Large ones of one sign beside each other make the largest sums of two, and what is cut off.
  for (const { name, data } of tensors) if (/weight$/.test(name) && !/orm/.test(name)) data.fill(data[0], 0, 192);
  const build = (loadKernels: typeof importKernels, from: readonly TensorPart[]) =>
    buildEngine(wasmBackend({ loadKernels, packQuantised }), config, from, { dtype, threads: 1 });
  const plain = await build(() => importKernels(`${dtype}-plain`), tensors);
  const written = await build(async () => bytes.slice(), tensors);
  const fromFile = await build(async () => bytes.slice(), await asInFile(tensors, dtype));
  for (const T of [1, 2, 3, 4, 5, 6, 7, 12, 21]) {
    const ids = Uint32Array.from({ length: T }, (_, i) => (i * 37 + 5) % 60);
    const [expected, found] = [await plain.forward(ids, 0), await written.forward(ids, 0)];
    expect(found.logits, `${T} tokens`).toEqual(expected.logits);
    expect((await fromFile.forward(ids, 0)).logits, `${T} tokens, integers of a file`).toEqual(expected.logits);
    expect(expected.logits?.some((value) => value !== 0)).toBe(true);
  }
});
