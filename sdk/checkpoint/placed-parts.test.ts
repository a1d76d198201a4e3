import { describe, expect, it } from 'vitest';
import type { RowRun } from '../model/families/model-family.ts';
import type { TensorPart } from '../model/tensor.ts';
import { unusableWeight } from '../model/unusable-weight.ts';
import { placeParts } from './placed-parts.ts';
import type { FilePlan, PlannedTensor } from './tensor-plan.ts';

/** A tensor of `rows` rows of two values, row · 10 and row · 10 + 1. */
const planned = (rows: number, more: Partial<PlannedTensor> = {}): PlannedTensor => ({
  stored: { name: 'stored', type: 'F32', shape: [rows, 2], start: 0, bytes: rows * 8 },
  name: 'weight',
  rowOffset: 0,
  rows,
  columns: 2,
  transposed: false,
  ...more,
});

const planOf = (...tensors: PlannedTensor[]): FilePlan[] => [{ tensors } as unknown as FilePlan];

/** What streaming gives of it, so many rows at a time, in memory that each part overwrites. */
async function* chunks({ stored, name, rowOffset, rows, columns }: PlannedTensor, most: number) {
  const memory = new Float32Array(most * columns);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    for (let i = 0; i < count * columns; i++) memory[i] = (row + Math.floor(i / columns)) * 10 + (i % columns);
    const origin = { name: stored.name, row, transposed: false };
    const data = memory.subarray(0, count * columns);
    const part: TensorPart = {
      name,
      rowOffset: rowOffset + row,
      rows: count,
      columns,
      rowStride: columns,
      columnStride: 1,
      data,
      origin,
    };
    yield part;
  }
}

/** The rows by their place in the weight, each as its first value. */
async function placed(parts: AsyncIterable<TensorPart>): Promise<Map<number, number>> {
  const rows = new Map<number, number>();
  for await (const { rowOffset, rows: count, columns, rowStride, columnStride, data } of parts) {
    for (let r = 0; r < count; r++) {
      expect(data[r * rowStride + (columns - 1) * columnStride]).toBe(data[r * rowStride] + 1);
      expect(rows.has(rowOffset + r)).toBe(false);
      rows.set(rowOffset + r, data[r * rowStride] / 10);
    }
  }
  return rows;
}

describe('rows in another order', () => {
  // Two heads of seven rows, of which four turn: even ones first, then odd ones, then the others.
  const runs: RowRun[] = [0, 7].flatMap((at) => [
    { from: at, step: 2, count: 2, to: at },
    { from: at + 1, step: 2, count: 2, to: at + 2 },
    { from: at + 4, step: 1, count: 3, to: at + 4 },
  ]);
  const order = [0, 2, 1, 3, 4, 5, 6, 7, 9, 8, 10, 11, 12, 13];

  it.each([1, 2, 3, 4, 5, 7, 8, 13, 14, 100])(
    'come to their places where %d of them are read at once',
    async (most) => {
      const tensor = planned(14, { runs, rowOffset: 3 });
      const rows = await placed(placeParts(chunks(tensor, most), planOf(tensor)));
      expect(rows).toEqual(new Map([...order.entries()].map(([to, from]) => [to + 3, from])));
    },
  );

  it('are named where the file has them', async () => {
    const tensor = planned(14, { runs });
    const named: string[] = [];
    for await (const part of placeParts(chunks(tensor, 14), planOf(tensor))) {
      const last = { ...part, data: part.data.slice() };
      last.data[last.data.length - 1] = Number.NaN;
      named.push(unusableWeight(last, part.rows - 1).message.split('.')[0]);
    }
    expect(named).toEqual([2, 3, 6, 9, 10, 13].map((row) => `stored holds NaN at row ${row}, column 1`));
  });
});

describe('a vector', () => {
  const piece = (name: string, columns: number, first: number, size: number, runs?: RowRun[]): PlannedTensor => ({
    ...planned(1, { columns, name: 'bias', vector: { first, size }, runs }),
    stored: { name, type: 'F32', shape: [columns], start: 0, bytes: columns * 4 },
  });
  const all = async (parts: AsyncIterable<TensorPart>): Promise<TensorPart[]> => {
    const found: TensorPart[] = [];
    for await (const part of parts) found.push({ ...part, data: part.data.slice() });
    return found;
  };

  it('of several tensors comes when the last of them has come, in whichever order', async () => {
    const [q, k] = [piece('q', 3, 0, 5), piece('k', 2, 3, 5)];
    for (const order of [
      [q, k],
      [k, q],
    ]) {
      const stream = async function* () {
        for (const one of order) yield* chunks(one, 1);
      };
      const [whole, ...more] = await all(placeParts(stream(), planOf(q, k)));
      expect(more).toEqual([]);
      expect(whole).toMatchObject({ name: 'bias', rows: 1, columns: 5, rowOffset: 0, rowStride: 5 });
      expect([...whole.data]).toEqual([0, 1, 2, 0, 1]);
    }
  });

  it('has its values in order', async () => {
    const turned = piece('qkv', 4, 0, 4, [
      { from: 0, step: 2, count: 2, to: 2 },
      { from: 1, step: 2, count: 2, to: 0 },
    ]);
    const [whole] = await all(placeParts(chunks(turned, 1), planOf(turned)));
    expect([...whole.data]).toEqual([1, 3, 0, 2]);
  });

  it('with a value that is not finite is refused where the file has it', async () => {
    const q = piece('q', 3, 2, 5);
    const stream = async function* () {
      for await (const part of chunks(q, 1)) {
        part.data[1] = Number.NaN;
        yield part;
      }
    };
    await expect(all(placeParts(stream(), planOf(q)))).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('q holds NaN at row 0, column 1'),
    });
  });
});

it('one tensor fills two weights, and norms get their 1', async () => {
  const tensor = planned(1, { also: ['other'], fromOne: true });
  const found: [string, number[]][] = [];
  for await (const { name, data } of placeParts(chunks(tensor, 1), planOf(tensor))) found.push([name, [...data]]);
  expect(found).toEqual([
    ['weight', [1, 2]],
    ['other', [1, 2]],
  ]);
});

it('what needs none of it is passed on as it is', () => {
  const parts = chunks(planned(2), 1);
  expect(placeParts(parts, planOf(planned(2)))).toBe(parts);
});
