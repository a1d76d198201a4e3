import type { ModelConfig, RotaryConfig } from '../../model/config.ts';
import { rotaryAngles, writeRotaryRow } from '../../model/rotary.ts';
import type { TensorPart } from '../../model/tensor.ts';

/**
 * Cosines and sines of every position, (positions, size), as `rotate` reads them: one table for all layers that turn alike. Whoever gives an
 * executor a model's weights gives it these too.
 */
export const rotaryTables = (config: ModelConfig, mostTokens: number): TensorPart[] =>
  turns(config).map((turn, i) => {
    const positions = mostPositions(config, mostTokens);
    const data = new Float32Array(positions * turn.size);
    const angles = rotaryAngles(turn, config.nCtx);
    for (let n = 0; n < positions; n++) writeRotaryRow(angles, n, data.subarray(n * turn.size, (n + 1) * turn.size));
    const { size: columns } = turn;
    return { name: rotaryName(i), rowOffset: 0, rows: positions, columns, rowStride: columns, columnStride: 1, data };
  });

/** Which tables a plan has, and which of them a layer reads. */
export function rotaryShapes(config: ModelConfig, mostTokens: number): { name: string; length: number }[] {
  return turns(config).map(({ size }, i) => ({
    name: rotaryName(i),
    length: mostPositions(config, mostTokens) * size,
  }));
}

export function rotaryTableOf(config: ModelConfig, layer: number): string | undefined {
  const turn = config.rotary[layer];
  return turn ? rotaryName(turns(config).findIndex((each) => isSame(each, turn))) : undefined;
}

/** A sequence never has more positions than a run has tokens. */
const mostPositions = ({ nCtx }: ModelConfig, mostTokens: number): number => Math.min(nCtx, mostTokens);

const rotaryName = (i: number): string => `rotary.${i}`;

/** The different ones among the layers', in the order in which they come. Layers without attention turn nothing. */
function turns({ rotary, blockKind }: ModelConfig): RotaryConfig[] {
  const different: RotaryConfig[] = [];
  rotary.forEach((turn, layer) => {
    if (turn && blockKind[layer] === 'attention' && !different.some((each) => isSame(each, turn))) different.push(turn);
  });
  return different;
}

const isSame = (a: RotaryConfig, b: RotaryConfig): boolean => JSON.stringify(a) === JSON.stringify(b);
