import { GptletError } from '../../errors/gptlet-error.ts';
import type { StoredTensor } from '../weight-file.ts';
import type { Bad } from './gguf-bytes.ts';
import type { GgufHeader, GgufTensorInfo } from './gguf-header.ts';

/** How a type stores weights: so many in a block of so many bytes. */
export interface TensorType {
  readonly name: string;
  readonly weights: number;
  readonly bytes: number;
}

/** The types that are read, by ggml's numbers; wasm/unpacking knows them too. */
export const tensorTypes: Readonly<Record<number, TensorType>> = {
  0: { name: 'F32', weights: 1, bytes: 4 },
  1: { name: 'F16', weights: 1, bytes: 2 },
  2: { name: 'Q4_0', weights: 32, bytes: 18 },
  3: { name: 'Q4_1', weights: 32, bytes: 20 },
  6: { name: 'Q5_0', weights: 32, bytes: 22 },
  7: { name: 'Q5_1', weights: 32, bytes: 24 },
  8: { name: 'Q8_0', weights: 32, bytes: 34 },
  12: { name: 'Q4_K', weights: 256, bytes: 144 },
  13: { name: 'Q5_K', weights: 256, bytes: 176 },
  14: { name: 'Q6_K', weights: 256, bytes: 210 },
  30: { name: 'BF16', weights: 1, bytes: 2 },
};

/** ggml's number of a type that is read. */
export const typeNumber = (name: string): number =>
  Number(Object.keys(tensorTypes).find((type) => tensorTypes[Number(type)].name === name));

/** Types that llama.cpp has besides, so that a refusal can name them. */
const otherTypes: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

/**
 * Says where the tensors of a file are, in the file's order.
 *
 * @throws GptletError BAD_CHECKPOINT for a tensor that overlaps another or goes past the end of the file, or is of a type
 *   that does not exist; UNSUPPORTED_MODEL for a type that gptlet does not read
 */
export function locateTensors(
  { tensors, dataStart }: GgufHeader,
  size: number | undefined,
  location: string,
  bad: Bad,
): StoredTensor[] {
  const located = tensors.map((tensor) => locate(tensor, dataStart, location, bad));
  located.sort((a, b) => a.start - b.start || a.bytes - b.bytes);
  let at = dataStart;
  for (const { name, start, bytes } of located) {
    if (start < at) throw bad(`tensor '${name}' overlaps the one before it`);
    at = start + bytes;
  }
  if (size !== undefined && at > size) throw bad(`its tensors end at byte ${at}, the file at ${size}: it is cut short`);
  return located;
}

function locate(
  { name, shape, type, offset }: GgufTensorInfo,
  dataStart: number,
  location: string,
  bad: Bad,
): StoredTensor {
  if (!Object.hasOwn(tensorTypes, type)) {
    if (!Object.hasOwn(otherTypes, type)) throw bad(`tensor '${name}' is of type ${type}, which ggml does not have`);
    const names = Object.values(tensorTypes).map((known) => known.name);
    throw new GptletError(
      'UNSUPPORTED_MODEL',
      `${location} holds '${name}' as ${otherTypes[type]}; gptlet reads ${names.join(', ')}. Take a file of Q4_K_M, Q4_0, Q5_K_M, Q6_K or Q8_0.`,
    );
  }
  const { name: typeName, weights, bytes } = tensorTypes[type];
  const columns = shape.at(-1) ?? 1;
  if (columns % weights !== 0)
    throw bad(`tensor '${name}' has rows of ${columns}, but ${typeName} holds blocks of ${weights}`);
  const total = (shape.reduce((product, count) => product * count, 1) / weights) * bytes;
  if (!Number.isSafeInteger(total)) throw bad(`tensor '${name}' has the shape [${shape.join(', ')}]`);
  return { name, type: typeName, shape, start: dataStart + offset, bytes: total };
}
