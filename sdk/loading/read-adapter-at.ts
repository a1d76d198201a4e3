import { readAdapter } from '../checkpoint/peft/read-adapter.ts';
import type { AdapterParts } from '../model/adapter.ts';
import type { ModelConfig } from '../model/config.ts';
import type { ModelSource } from '../model/model-source.ts';
import { type OpenOptions, openCachedSource } from './open-checkpoint-at.ts';
import { ownSurroundings } from './own-surroundings.ts';

/** Reads the adapter that a source means, for a model of that config. @throws as `openSource` and `readAdapter` do */
export async function readAdapterAt(
  source: ModelSource,
  config: ModelConfig,
  options: Pick<OpenOptions, 'hub' | 'cache' | 'signal'>,
): Promise<AdapterParts> {
  options.signal?.throwIfAborted();
  const surroundings = ownSurroundings();
  const files = await openCachedSource(source, options, surroundings, 'adapter_config.json');
  return readAdapter(files, config, surroundings.readTorchTensors, options.signal);
}
