import { seededRandom } from '../../platform/seeded-random.ts';
import { f32Bytes, type WrittenTensor, type WrittenValue, writeGguf } from './write-gguf.ts';

const [layers, heads, width, vocabulary, context] = [2, 2, 8, 20, 6] as const;

/** Metadata of the smallest GPT-2 worth testing. */
export const tinyMetadata = (): Record<string, WrittenValue> => ({
  'general.architecture': 'gpt2',
  'gpt2.block_count': layers,
  'gpt2.context_length': context,
  'gpt2.embedding_length': width,
  'gpt2.feed_forward_length': 4 * width,
  'gpt2.attention.head_count': heads,
  'gpt2.attention.layer_norm_epsilon': 1e-5,
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'gpt-2',
  'tokenizer.ggml.tokens': [...'abcdefghijklmnop', 'ab', 'abc', '\u0120a', '<|endoftext|>'],
  'tokenizer.ggml.token_type': [...new Array<number>(vocabulary - 1).fill(1), 3],
  'tokenizer.ggml.merges': ['a b', 'ab c', '\u0120 a'],
  'tokenizer.ggml.bos_token_id': 19,
  'tokenizer.ggml.eos_token_id': 19,
});

/** Its tensors in F32, by name: random values, but for norms near 1. */
export function tinyTensors(): WrittenTensor[] {
  const random = seededRandom(7);
  const tensor = (name: string, ...shape: number[]): WrittenTensor => ({
    name,
    shape,
    type: 0,
    data: f32Bytes(
      Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => (name.endsWith('norm.weight') ? 1 : 0) + (random() - 0.5) / 4,
      ),
    ),
  });
  const linear = (name: string, rows: number, columns: number): WrittenTensor[] => [
    tensor(`${name}.weight`, rows, columns),
    tensor(`${name}.bias`, rows),
  ];
  const norm = (name: string): WrittenTensor[] => [tensor(`${name}.weight`, width), tensor(`${name}.bias`, width)];
  const block = (i: number): WrittenTensor[] => [
    ...norm(`blk.${i}.attn_norm`),
    ...linear(`blk.${i}.attn_qkv`, 3 * width, width),
    ...linear(`blk.${i}.attn_output`, width, width),
    ...norm(`blk.${i}.ffn_norm`),
    ...linear(`blk.${i}.ffn_up`, 4 * width, width),
    ...linear(`blk.${i}.ffn_down`, width, 4 * width),
  ];
  return [
    tensor('token_embd.weight', vocabulary, width),
    tensor('position_embd.weight', context, width),
    ...block(0),
    ...block(1),
    ...norm('output_norm'),
  ];
}

/** A tiny GGUF file, of which a test may change what is written. */
export function tinyGguf(
  change: (metadata: Record<string, WrittenValue>, tensors: WrittenTensor[]) => void = () => {},
  options: Parameters<typeof writeGguf>[2] = {},
): Uint8Array<ArrayBuffer> {
  const metadata = tinyMetadata();
  const tensors = tinyTensors();
  change(metadata, tensors);
  return writeGguf(metadata, tensors, options);
}
