import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { SourceFile } from '../../checkpoint/sources/file-source.ts';
import { readRange } from '../../checkpoint/sources/read-file.ts';
import { streamTensors } from '../../checkpoint/tensor-stream.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { checksum } from './checksum.ts';
import { embeddedModel } from './embedded-model.gen.ts';
import { planEmbedded } from './plan-embedded.ts';

const { config, generationDefaults, weights } = embeddedModel;

/**
 * What `openCheckpoint` says of the embedded model, without reading it: its description is known when the package is
 * built. Only that the file is the one described is checked, by its table of contents.
 *
 * @throws GptletError BAD_CHECKPOINT
 */
export async function embeddedCheckpoint(file: SourceFile, signal?: AbortSignal): Promise<Checkpoint> {
  const { headerBytes, headerChecksum, bytes } = weights;
  const header = await readRange(file, 0, headerBytes, signal);
  if (checksum(header) !== headerChecksum || (file.size ?? bytes) !== bytes) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} is not the embedded model of this version of gptlet. Copy the package's files again.`,
    );
  }
  const weightFile = { name: 'model.safetensors', file, size: bytes, tensors: [] };
  return {
    config,
    dtype: undefined,
    rawConfig: {},
    tokenizerFiles: {},
    generationDefaults,
    weightTypes: [weights.type],
    totalBytes: bytes,
    tensors: (options) => streamTensors([{ weightFile, tensors: planEmbedded(config, weights) }], options),
  };
}
