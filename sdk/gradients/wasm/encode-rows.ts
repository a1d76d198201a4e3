import type { Encode } from './step-encoder.ts';

export const encodeAdd: Encode<'add'> = ({ width, a, b, out }, memory) => [
  width,
  ...memory.view(a),
  ...memory.view(b),
  ...memory.view(out),
];
