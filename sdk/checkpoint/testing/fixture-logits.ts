import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createWasmEngineBuilder } from '../../backends/wasm/index.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import type { ModelSource } from '../open-source.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

/** What PyTorch recorded for a checkpoint of fixtures/, (T, V). */
export function recordedLogits(name: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(`${fixture(name)}/logits.f32`)).buffer);
}

/** What a checkpoint answers in f32 to the tokens that were recorded for the fixture, (T, V). */
export async function logitsOf(source: ModelSource, name: string): Promise<Float32Array> {
  const { ids } = JSON.parse(readFileSync(`${fixture(name)}/expected.json`, 'utf8')) as { ids: number[] };
  const checkpoint = await openCheckpoint(source);
  const builder = await createWasmEngineBuilder(checkpoint.config, { dtype: 'f32' });
  for await (const part of checkpoint.tensors()) await builder.setTensor(part);
  const engine = await builder.finish();
  const { logits } = await engine.forward(Uint32Array.from(ids), 0, { logits: 'all' });
  await engine.dispose();
  return logits as Float32Array;
}

/** The largest difference between two arrays of one length; NaN where one holds it. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
