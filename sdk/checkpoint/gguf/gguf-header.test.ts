import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { f32Bytes, type WrittenValue } from '../testing/write-gguf.ts';

const opening = (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> => openCheckpoint({ 'tiny.gguf': bytes });

/** Bytes with some of them replaced at an offset. */
function spoilt(at: number, ...bytes: number[]): Uint8Array<ArrayBuffer> {
  const file = tinyGguf();
  file.set(bytes, at);
  return file;
}

const u64 = (value: bigint): number[] => [...new Uint8Array(BigUint64Array.of(value).buffer)];

describe('the header of a GGUF file', () => {
  it.each([2, 3])('is read in version %i', async (version) => {
    expect(await opening(tinyGguf(() => {}, { version }))).toMatchObject({ config: { nLayer: 2 } });
  });

  it('may say another alignment', async () => {
    const file = tinyGguf(
      (metadata) => {
        metadata['general.alignment'] = 64;
      },
      { alignment: 64 },
    );
    expect(await opening(file)).toMatchObject({ config: { nLayer: 2 } });
  });

  it('may hold values of every type', async () => {
    const number = (type: number, bytes: number): WrittenValue => ({ type, bytes: new Uint8Array(bytes).fill(1) });
    const file = tinyGguf((metadata) => {
      for (const [type, bytes] of [
        [0, 1],
        [1, 1],
        [2, 2],
        [3, 2],
        [4, 4],
        [5, 4],
        [6, 4],
        [7, 1],
        [10, 8],
        [11, 8],
        [12, 8],
      ]) {
        metadata[`some.number${type}`] = number(type, bytes);
      }
      // A list of one list of two bytes.
      metadata['some.lists'] = { type: 9, bytes: Uint8Array.of(9, 0, 0, 0, ...u64(1n), 0, 0, 0, 0, ...u64(2n), 5, 6) };
    });
    expect(await opening(file)).toMatchObject({ config: { nLayer: 2 } });
  });

  it('is read further where a long vocabulary goes past what was read at first', async () => {
    const tokens = Array.from({ length: 40_000 }, (_, i) => `token number ${i} of a long vocabulary`);
    const file = tinyGguf((metadata) => {
      metadata['tokenizer.ggml.tokens'] = tokens;
      metadata['tokenizer.ggml.token_type'] = tokens.map(() => 1);
    });
    const { tokenizerFiles } = await openCheckpoint({ 'tiny.gguf': file });
    const { model } = JSON.parse(new TextDecoder().decode(tokenizerFiles['tokenizer.json']));
    expect(model.vocab['token number 39999 of a long vocabulary']).toBe(39_999);
  });

  it.each<[what: string, file: Uint8Array<ArrayBuffer>, message: RegExp]>([
    ['does not begin as one', spoilt(0, 0x50), /does not begin with 'GGUF'/],
    ['is of version 1', spoilt(4, 1), /version 1;/],
    ['is big-endian', spoilt(4, 0, 0, 0, 3), /big-endian/],
    ['claims more tensors than it has bytes', spoilt(8, ...u64(2n ** 40n)), /ends at|GGUF/],
    ['claims more metadata than it has bytes', spoilt(16, ...u64(2n ** 63n)), /more than any file holds/],
    ['has a key that goes past its end', spoilt(24, ...u64(2n ** 33n)), /the file ends at/],
    ['is cut short', tinyGguf().slice(0, -100), /cut short/],
    ['is cut within its header', tinyGguf().slice(0, 300), /the file ends at 300/],
    ['is empty', new Uint8Array(0), /the file ends at 0/],
    [
      'has an unknown type of value',
      tinyGguf((m) => {
        m['some.key'] = { type: 13, bytes: new Uint8Array(4) };
      }),
      /type 13/,
    ],
    [
      'has an alignment of 0',
      tinyGguf((m) => {
        m['general.alignment'] = 0;
      }),
      /alignment is 0/,
    ],
    [
      'has a tensor at no multiple of its alignment',
      tinyGguf((m) => {
        m['general.alignment'] = 64;
      }),
      /no multiple of 64/,
    ],
    [
      'has a tensor of a type that does not exist',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], type: 77 };
      }),
      /type 77/,
    ],
    [
      'has a tensor of five dimensions',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], shape: [1, 1, 1, 1, 1] };
      }),
      /5 dimensions/,
    ],
    [
      'has a tensor of half a block',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], type: 8 };
      }),
      /blocks of 32/,
    ],
    [
      'has a tensor twice',
      tinyGguf((_, t) => {
        t.push(t[0]);
      }),
      /twice/,
    ],
    [
      'has tensors that overlap',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], shape: [2000, 8] };
      }),
      /overlaps/,
    ],
    [
      'has a tensor that no file can hold',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], shape: [2 ** 40, 2 ** 40] };
      }),
      /shape/,
    ],
  ])('is refused where it %s', async (_, file, message) => {
    await expect(opening(file)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(message),
    });
  });

  it.each<[what: string, file: Uint8Array<ArrayBuffer>, code: string, message: RegExp]>([
    [
      'a type that gptlet does not read',
      tinyGguf((_, t) => {
        t[0] = { ...t[0], type: 23 };
      }),
      'UNSUPPORTED_MODEL',
      /IQ4_XS; gptlet reads F32/,
    ],
    [
      'another architecture',
      tinyGguf((m) => {
        m['general.architecture'] = 'qwen3moe';
      }),
      'UNSUPPORTED_MODEL',
      /'qwen3moe'.*nearest is 'qwen3'/,
    ],
    [
      'a projector',
      tinyGguf((m) => {
        m['general.architecture'] = 'clip';
      }),
      'UNSUPPORTED_MODEL',
      /projector/,
    ],
    [
      'embeddings only',
      tinyGguf((m) => {
        m['general.architecture'] = 'nomic-bert';
      }),
      'UNSUPPORTED_MODEL',
      /embeddings/,
    ],
    [
      'no architecture',
      tinyGguf((m) => {
        delete m['general.architecture'];
      }),
      'UNSUPPORTED_MODEL',
      /no general.architecture/,
    ],
    [
      'too few keys',
      tinyGguf((m) => {
        delete m['gpt2.context_length'];
      }),
      'BAD_CHECKPOINT',
      /lacks the key gpt2.context_length/,
    ],
    [
      'a key of another type',
      tinyGguf((m) => {
        m['gpt2.block_count'] = 'two';
      }),
      'BAD_CHECKPOINT',
      /gpt2.block_count is two; it must be a number/,
    ],
    [
      'too few tensors',
      tinyGguf((_, t) => {
        t.splice(2, 1);
      }),
      'BAD_CHECKPOINT',
      /lacks 'blk.0.attn_norm.weight'/,
    ],
    [
      'a tensor of another kind of model',
      tinyGguf((_, t) => {
        t.push({ name: 'blk.0.ffn_gate.weight', shape: [2, 8], type: 0, data: f32Bytes(new Array(16).fill(0)) });
      }),
      'BAD_CHECKPOINT',
      /holds 'blk.0.ffn_gate.weight', which/,
    ],
    [
      'a tensor of another shape',
      tinyGguf((_, t) => {
        t[1] = { ...t[1], shape: [3, 16] };
      }),
      'BAD_CHECKPOINT',
      /'position_embd.weight' of shape \[3, 16\].*\[6, 8\]/,
    ],
    [
      'one part of several',
      tinyGguf((m) => {
        m['split.count'] = 3;
      }),
      'BAD_CHECKPOINT',
      /one of 3 parts/,
    ],
    [
      'another kind of tokenizer',
      tinyGguf((m) => {
        m['tokenizer.ggml.model'] = 'bert';
      }),
      'BAD_TOKENIZER',
      /kind 'bert'/,
    ],
    [
      'an unknown way to split text',
      tinyGguf((m) => {
        m['tokenizer.ggml.pre'] = 'gigafish';
      }),
      'BAD_TOKENIZER',
      /'gigafish'.*it knows gpt-2/,
    ],
  ])('is refused by name: %s', async (_, file, code, message) => {
    await expect(opening(file)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
