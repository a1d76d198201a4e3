/** A value of GGUF's metadata with its type; whole numbers are u32, others f32, lists of them arrays. */
export type WrittenValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | { readonly type: number; readonly bytes: Uint8Array };

export interface WrittenTensor {
  readonly name: string;
  /** Rows first. */
  readonly shape: readonly number[];
  /** ggml's number. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** A GGUF file. `change` may spoil what is written of the tensors. */
export function writeGguf(
  metadata: Readonly<Record<string, WrittenValue>>,
  tensors: readonly WrittenTensor[],
  { version = 3, alignment = 32 }: { version?: number; alignment?: number } = {},
): Uint8Array<ArrayBuffer> {
  const out = new Bytes();
  out.ascii('GGUF').u32(version).u64(tensors.length).u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) writeValue(out.string(key), value);
  let offset = 0;
  for (const { name, shape, type, data } of tensors) {
    out.string(name).u32(shape.length);
    for (const size of [...shape].reverse()) out.u64(size);
    out.u32(type).u64(offset);
    offset += Math.ceil(data.length / alignment) * alignment;
  }
  out.align(alignment);
  for (const { data } of tensors) out.raw(data).align(alignment);
  return out.finish();
}

function writeValue(out: Bytes, value: WrittenValue): void {
  if (typeof value === 'string') out.u32(8).string(value);
  else if (typeof value === 'boolean') out.u32(7).raw(Uint8Array.of(Number(value)));
  else if (typeof value === 'number') {
    if (Number.isInteger(value)) out.u32(4).u32(value);
    else out.u32(6).f32(value);
  } else if ('type' in value) out.u32(value.type).raw(value.bytes);
  else if (value.every((item) => typeof item === 'string')) {
    out.u32(9).u32(8).u64(value.length);
    for (const item of value) out.string(item);
  } else {
    const numbers = value as readonly number[];
    const whole = numbers.every(Number.isInteger);
    out
      .u32(9)
      .u32(whole ? 5 : 6)
      .u64(numbers.length);
    for (const item of numbers) whole ? out.u32(item) : out.f32(item);
  }
}

/** The bytes of f32 values. */
export const f32Bytes = (values: ArrayLike<number>): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

class Bytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  ascii(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }

  u32(value: number): this {
    return this.raw(new Uint8Array(Uint32Array.of(value).buffer));
  }

  u64(value: number): this {
    return this.raw(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  f32(value: number): this {
    return this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  string(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u64(bytes.length).raw(bytes);
  }

  align(alignment: number): this {
    return this.raw(new Uint8Array((alignment - (this.#length % alignment)) % alignment));
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
