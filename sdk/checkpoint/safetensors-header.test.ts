import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from './safetensors-header.ts';
import type { SourceFile } from './sources/file-source.ts';
import { headerFor, safetensors } from './testing/tiny-checkpoint.ts';

/** A file in memory that counts what is read of it. */
function memoryFile(bytes: Uint8Array, size: number | undefined = bytes.length): SourceFile & { read: number } {
  const file = {
    location: 'model.safetensors',
    size,
    read: 0,
    async *stream(start: number, end: number = bytes.length) {
      const chunk = bytes.subarray(start, end);
      file.read += chunk.length;
      if (chunk.length > 0) yield chunk;
    },
  };
  return file;
}

const read = (bytes: Uint8Array, size?: number) => readSafetensorsHeader('model.safetensors', memoryFile(bytes, size));
const one = (entry: Record<string, unknown>): Record<string, unknown> => ({
  a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24], ...entry },
});

describe('safetensors header', () => {
  it('lists the tensors in the order of their data', async () => {
    const header = headerFor([
      ['b', [2, 3]],
      ['a', [5]],
      ['none', [0, 7]],
      ['scalar', []],
    ]);
    const file = await read(safetensors({ __metadata__: { format: 'pt' }, ...header }));
    expect(file.tensors.map(({ name, shape, bytes }) => [name, shape, bytes])).toEqual([
      ['b', [2, 3], 24],
      ['a', [5], 20],
      ['none', [0, 7], 0],
      ['scalar', [], 4],
    ]);
    expect(file.tensors[1].start - file.tensors[0].start).toBe(24);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['seven bytes', new Uint8Array(7), /7 bytes/],
    ['a length beyond the file', safetensors('{}').fill(200, 0, 1), /claims 200 bytes of a file of 10/],
    ['a length of 2^63', safetensors('{}').fill(128, 7, 8), /claims 9223372036854776000/],
    ['no JSON', safetensors('{"a": '), /not JSON/],
    ['bytes that are no UTF-8', safetensors('{"\u00e9": 1}').fill(0xff, 10, 11), /not JSON/],
    ['a list', safetensors('[1]'), /not a JSON object/],
    [
      'a name twice',
      safetensors(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      /names a twice/,
    ],
    ['an entry that is no object', safetensors({ a: 3 }), /'a' is not an object/],
    ['an unknown type', safetensors(one({ dtype: 'F31' })), /"F31"/],
    ['a type by the name of an object member', safetensors(one({ dtype: 'constructor' })), /"constructor"/],
    ['a negative size', safetensors(one({ shape: [-2, -3] })), /\[-2,-3\]/],
    ['half a size', safetensors(one({ shape: [1.5, 4] })), /\[1.5,4\]/],
    ['a product that overflows', safetensors(one({ shape: [2 ** 52, 2 ** 52] })), /its offsets give it 24/],
    ['offsets backwards', safetensors(one({ data_offsets: [24, 0] })), /\[24,0\]/],
    ['one offset', safetensors(one({ data_offsets: [24] })), /\[24\]/],
    [
      'fewer bytes than the shape takes',
      safetensors(one({ data_offsets: [0, 20] })),
      /takes 24 bytes, its offsets give it 20/,
    ],
    [
      'overlapping tensors',
      safetensors({ ...one({}), b: { dtype: 'F32', shape: [1], data_offsets: [20, 24] } }),
      /'b' overlaps/,
    ],
    [
      'a hole',
      safetensors({ ...one({}), b: { dtype: 'F32', shape: [1], data_offsets: [28, 32] } }),
      /4 bytes before tensor 'b'/,
    ],
    ['data cut short', safetensors(one({}), 20), /cut short/],
    ['data left over', safetensors(one({}), 28), /but the file has/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(message),
    });
  });

  it('reads no more than the file holds when the length lies and the size is unknown', async () => {
    const file = memoryFile(safetensors('{}').fill(255, 0, 3), undefined);
    await expect(readSafetensorsHeader('model.safetensors', { ...file, size: undefined })).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
    });
    expect(file.read).toBeLessThanOrEqual(10);
  });
});
