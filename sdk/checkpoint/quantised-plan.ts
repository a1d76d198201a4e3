import { GptletError } from '../errors/gptlet-error.ts';
import type { ModelConfig } from '../model/config.ts';
import type { QuantisedDtype } from '../model/dtype.ts';
import type { FamilyFiles } from '../model/families/model-family.ts';
import { neededWeights } from './needed-weights.ts';
import { type FileTensor, quantisedVersion, weightStorage } from './quantised-format.ts';
import { streamQuantised } from './quantised-stream.ts';
import type { FilePlan, PlannedTensor } from './tensor-plan.ts';
import type { StoredTensor, WeightFile } from './weight-file.ts';

/**
 * What the weights are quantised to in gptlet's own files; undefined for everybody else's.
 *
 * @throws GptletError BAD_CHECKPOINT for a version or dtype that this version of gptlet does not know
 */
export function quantisedDtype({ metadata, file }: WeightFile): QuantisedDtype | undefined {
  if (metadata?.['format'] !== 'gptlet') return undefined;
  const { dtype, version } = metadata;
  if ((dtype === 'q8' || dtype === 'q4') && version === quantisedVersion) return dtype;
  throw new GptletError(
    'BAD_CHECKPOINT',
    `${file.location} is a quantised file of version ${JSON.stringify(version)}, dtype ${JSON.stringify(dtype)}; this gptlet reads version "1" with q8 or q4. Update gptlet, or quantise the model again.`,
  );
}

/** As `planTensors`, for a file that `gptlet quantize` wrote: canonical names, exact shapes, nothing else in it. */
export function planQuantised(
  config: ModelConfig,
  family: FamilyFiles,
  dtype: QuantisedDtype,
  weightFile: WeightFile,
): FilePlan {
  const bad = (what: string): GptletError =>
    new GptletError(
      'BAD_CHECKPOINT',
      `${weightFile.file.location} ${what}. Quantise the model again, and keep its config.json beside it.`,
    );
  const stored = new Map(weightFile.tensors.map((tensor) => [tensor.name, tensor]));
  const take = ({ name, type, shape }: FileTensor): StoredTensor => {
    const found = stored.get(name);
    const wanted = `${type} [${shape.join(', ')}]`;
    if (!found) throw bad(`lacks the tensor '${name}', ${wanted}`);
    const held = `${found.type} [${found.shape.join(', ')}]`;
    if (held !== wanted) throw bad(`holds '${name}' as ${held}, but config.json asks for ${wanted}`);
    stored.delete(name);
    return found;
  };
  const tensors: PlannedTensor[] = [];
  const held = new Set(stored.keys());
  for (const shape of neededWeights(config, family, (name) => held.has(name))) {
    const { name, rows, columns } = shape;
    const storage = weightStorage(shape, dtype);
    const place = { name, rowOffset: 0, rows, columns, transposed: false };
    if ('plain' in storage) tensors.push({ ...place, stored: take(storage.plain) });
    else {
      const { group, K, scales, integers } = storage;
      tensors.push({
        ...place,
        stored: take(integers),
        stream: streamQuantised({ dtype, group, K, scales: take(scales) }),
      });
    }
  }
  for (const name of stored.keys()) throw bad(`holds '${name.slice(0, 100)}', which config.json's model does not have`);
  return { weightFile, tensors: tensors.sort((a, b) => a.stored.start - b.stored.start) };
}
