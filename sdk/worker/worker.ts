// worker.js: every model, every call, both backends. One self-contained file, good as a module and as a classic script.
// First: WGSL and JavaScript compress better apart than mixed (0.5 kB of gzip).
import '../backends/webgpu/shaders.gen.ts';

import { expose } from 'comlink';
import { everyWasmPart } from '../backends/wasm/every-part.ts';
import { wasmBackend } from '../backends/wasm/wasm-backend.ts';
import { everyWebGpuPart } from '../backends/webgpu/every-part.ts';
import { webGpuBackend } from '../backends/webgpu/webgpu-backend.ts';
import { everyModel } from '../loading/every-model.ts';
import { webGpuEngines } from '../loading/webgpu-engines.ts';
import { rowQuantiser } from '../quantising/row-quantiser.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import { ModelHost } from './model-host.ts';
import { pageSurroundings } from './page-surroundings.ts';

expose(
  new ModelHost({
    loader(page) {
      const surroundings = pageSurroundings(page);
      const { loadKernels, loadQuantiser } = surroundings;
      return everyModel(surroundings, {
        wasm: wasmBackend({ ...everyWasmPart(), loadKernels }),
        webgpu: webGpuEngines(webGpuBackend({ ...everyWebGpuPart, quantiser: () => rowQuantiser(loadQuantiser) })),
      });
    },
    copyTokenizer: snapshotTokenizer,
  }),
);
