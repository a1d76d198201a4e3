import { headerFor, safetensors, tinyConfig, tinyShapes } from '../../checkpoint/testing/tiny-checkpoint.ts';

/** A checkpoint of 16 bytes a vocabulary entry; `seed` other than 0 makes another one of the same size. */
export function largerFiles(vocabSize: number, seed = 0): Record<string, Uint8Array<ArrayBuffer>> {
  const shapes = tinyShapes().map(([name, shape]): [string, number[]] => [
    name,
    name === 'wte.weight' ? [vocabSize, 4] : shape,
  ]);
  const weights = safetensors(headerFor(shapes));
  if (seed) weights.set([seed], weights.length - 100);
  const config = JSON.stringify({ ...tinyConfig(), vocab_size: vocabSize });
  return { 'config.json': new TextEncoder().encode(config), 'model.safetensors': weights };
}
