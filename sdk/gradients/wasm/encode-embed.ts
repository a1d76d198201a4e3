import { floatWord } from './machine-structs.ts';
import type { Encode } from './step-encoder.ts';

export const encodeEmbed: Encode<'embed'> = ({ rows, width, scale, table, positionTable, out }, memory) => {
  // A quantised row as floats, in whole groups of 32.
  memory.askScratch(4 * Math.ceil(width / 32) * 32);
  return [
    ...[...memory.matrix(table), width, floatWord(scale)],
    ...[memory.input('tokenIds', rows.first), memory.input('positions', rows.first)],
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
