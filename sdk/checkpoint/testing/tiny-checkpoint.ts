import { elementBytes } from '../element-types.ts';

/** What safetensors' header says of one tensor. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: number[];
}

/** config.json of the smallest GPT-2 worth testing. */
export const tinyConfig = (): Record<string, unknown> => ({
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  n_layer: 2,
  n_head: 2,
  n_embd: 4,
  n_positions: 6,
  vocab_size: 11,
});

/** Names and shapes that {@link tinyConfig} asks for, in the order in which the hub saves them. */
export function tinyShapes(): [name: string, shape: number[]][] {
  const block = (layer: number): [string, number[]][] => [
    [`h.${layer}.ln_1.weight`, [4]],
    [`h.${layer}.ln_1.bias`, [4]],
    [`h.${layer}.attn.c_attn.weight`, [4, 12]],
    [`h.${layer}.attn.c_attn.bias`, [12]],
    [`h.${layer}.attn.c_proj.weight`, [4, 4]],
    [`h.${layer}.attn.c_proj.bias`, [4]],
    [`h.${layer}.ln_2.weight`, [4]],
    [`h.${layer}.ln_2.bias`, [4]],
    [`h.${layer}.mlp.c_fc.weight`, [4, 16]],
    [`h.${layer}.mlp.c_fc.bias`, [16]],
    [`h.${layer}.mlp.c_proj.weight`, [16, 4]],
    [`h.${layer}.mlp.c_proj.bias`, [4]],
  ];
  return [
    ['wte.weight', [11, 4]],
    ['wpe.weight', [6, 4]],
    ...block(0),
    ...block(1),
    ['ln_f.weight', [4]],
    ['ln_f.bias', [4]],
  ];
}

/** The header that describes these tensors one after the other. */
export function headerFor(shapes: readonly [string, number[]][], dtype = 'F32'): Record<string, HeaderEntry> {
  let at = 0;
  return Object.fromEntries(
    shapes.map(([name, shape]) => {
      const begin = at;
      at += shape.reduce((product, size) => product * size, elementBytes[dtype]);
      return [name, { dtype, shape, data_offsets: [begin, at] }];
    }),
  );
}

/** A safetensors file of this header (as text, if it is to be broken) and data that count up in eighths. */
export function safetensors(header: Record<string, unknown> | string, dataBytes?: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const ends =
    typeof header === 'string'
      ? []
      : Object.values(header).map((entry) => (entry as Partial<HeaderEntry>).data_offsets?.[1] ?? 0);
  const data = new Float32Array(Math.ceil((dataBytes ?? Math.max(0, ...ends)) / 4)).map((_, i) => (i % 8191) / 8);
  const bytes = new Uint8Array(8 + text.length + (dataBytes ?? data.byteLength));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(data.buffer, 0, bytes.length - 8 - text.length), 8 + text.length);
  return bytes;
}

/** The files of a tiny checkpoint, whose config and header a test may change first. */
export function tinyFiles(
  change: (config: Record<string, unknown>, header: Record<string, unknown>) => void = () => {},
): Record<string, Uint8Array<ArrayBuffer>> {
  const config = tinyConfig();
  const header: Record<string, unknown> = headerFor(tinyShapes());
  change(config, header);
  return { 'config.json': new TextEncoder().encode(JSON.stringify(config)), 'model.safetensors': safetensors(header) };
}
