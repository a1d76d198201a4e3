import { floatWord } from './machine-structs.ts';
import type { Encode } from './step-encoder.ts';

export const encodeEmbed: Encode<'embed'> = ({ rows, width, scale, table, positionTable, out }, memory) => {
  const { spec, address, rowBytes, scales } = memory.matrix(table);
  const [dtype, group, K] = spec.dtype === 'f32' ? [0, 1, 0] : [spec.dtype === 'q8' ? 1 : 2, spec.group, spec.K];
  return [
    ...[width, floatWord(scale), memory.input('tokenIds', rows.first), memory.input('positions', rows.first)],
    ...[dtype, address, rowBytes, scales, group, (2 * K) / group],
    ...memory.view(positionTable),
    ...memory.view(out),
  ];
};

export const encodeEmbedGradient: Encode<'embedGradient'> = (
  { rows, width, scale, dOut, dTable, dPositionTable },
  memory,
) => [
  ...[width, floatWord(scale), memory.input('tokenIds', rows.first), memory.input('positions', rows.first)],
  ...memory.view(dOut),
  ...memory.view(dTable),
  ...memory.view(dPositionTable),
];
