import { type CreateEngineBuilder, canChoose, type Engine, type EngineOptions } from '../backends/engine.ts';
import type { ModelConfig } from '../model/config.ts';
import { weightShapes } from '../model/weight-shapes.ts';

const [warmUp, measured] = [3, 8];

/** Builds a model of zeros, whose values do not matter to the clock; gives the median milliseconds of a decode step. */
export async function measureStep(
  create: CreateEngineBuilder,
  config: ModelConfig,
  options: EngineOptions,
): Promise<number> {
  const builder = await create(config, options);
  let engine: Engine | undefined;
  try {
    for (const { name, rows, columns } of weightShapes(config)) {
      const data = new Float32Array(rows * columns);
      await builder.setTensor({ name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data });
    }
    engine = await builder.finish();
    const times: number[] = [];
    for (let position = 0; position < warmUp + measured; position++) {
      const start = performance.now();
      // As a generation would: an engine that can choose does not read the vocabulary back.
      if (canChoose(engine)) await engine.forwardCandidates(Uint32Array.of(0), position);
      else await engine.forward(Uint32Array.of(0), position);
      if (position >= warmUp) times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[measured >> 1];
  } finally {
    await (engine ? engine.dispose() : builder.dispose());
  }
}
