import { importKernels } from '../backends/wasm/import-kernels.ts';
import { importRareShaders } from '../backends/webgpu/import-rare-shaders.ts';
import { importQuantiser } from '../quantising/import-quantiser.ts';
import { rareTokenizers } from '../tokenizer/import-rare-tokenizers.ts';
import type { Surroundings } from './surroundings.ts';

/** Where modules can be imported, in a page and in Node: what few models and few calls need comes when it is needed. */
export const importOnDemand: Omit<Surroundings, 'disk'> = {
  loadKernels: importKernels,
  loadRareShaders: importRareShaders,
  ...rareTokenizers,
  loadQuantiser: importQuantiser,
  async connectConstraints(vocabulary) {
    const { ConstraintService } = await import('../constraint/constraint-service.ts');
    const service = new ConstraintService(vocabulary);
    return {
      open: async (...args) => service.open(...args),
      accept: async (...args) => service.accept(...args),
      close: async (id) => service.close(id),
    };
  },
  async readTorchTensors(file, size, signal) {
    const { readPytorchTensors } = await import('../checkpoint/pytorch-file.ts');
    return readPytorchTensors(file, size, signal);
  },
  async readGguf(...file) {
    const { readGguf } = await import('../checkpoint/gguf/read-gguf.ts');
    return readGguf(...file);
  },
  async readLaterConfig(raw) {
    const { readLaterConfig } = await import('../model/families/read-later-config.ts');
    return readLaterConfig(raw);
  },
  warn: (message) => console.warn(message),
};
