import { encodeSafetensorsHeader } from './encode-safetensors-header.ts';

/** A tensor of floats as a file is to have it. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Writes its values, row-major. */
  readonly write: (into: Float32Array) => void;
}

/** A safetensors file of f32, made in one piece: each tensor writes itself where it belongs. */
export function encodeSafetensors(tensors: readonly FloatTensor[]): Uint8Array<ArrayBuffer> {
  const { header, dataBytes } = encodeSafetensorsHeader(
    { format: 'pt' },
    tensors.map(({ name, shape }) => ({ name, type: 'F32', shape })),
  );
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  // The header's length is a multiple of eight, and all machines that run WebAssembly write the low byte first, as the format does.
  let at = header.length;
  for (const { shape, write } of tensors) {
    const length = shape.reduce((product, size) => product * size, 1);
    write(new Float32Array(file.buffer, at, length));
    at += 4 * length;
  }
  return file;
}
