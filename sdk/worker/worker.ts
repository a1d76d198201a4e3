// worker.js: every model, every call, both backends. One self-contained file, good as a module and as a classic script.
// First what is text of another kind: it compresses better beside its like than among JavaScript.
import '../sampler/sampler-wasm.gen.ts';
import '../backends/wasm/kernels-q8-wasm.gen.ts';
import '../tokenizer/tokenizer-wasm.gen.ts';
import '../backends/webgpu/shaders.gen.ts';

import { expose } from 'comlink';
import { everyWasmPart } from '../backends/wasm/every-part.ts';
import { wasmBackend } from '../backends/wasm/wasm-backend.ts';
import { everyWebGpuPart } from '../backends/webgpu/every-part.ts';
import { webGpuBackend } from '../backends/webgpu/webgpu-backend.ts';
import { everyModel } from '../loading/every-model.ts';
import { webGpuEngines } from '../loading/webgpu-engines.ts';
import { rowQuantiser } from '../quantising/row-quantiser.ts';
import { RareText } from '../tokenizer/rare-text.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import { ModelHost } from './model-host.ts';
import { pageSurroundings } from './page-surroundings.ts';

expose(
  new ModelHost({
    loader(page) {
      const surroundings = { ...pageSurroundings(page), loadRareText: async () => RareText };
      const { loadKernels, loadRareShaders, loadQuantiser } = surroundings;
      return everyModel(surroundings, {
        wasm: wasmBackend({ ...everyWasmPart(), loadKernels }),
        webgpu: webGpuEngines(
          webGpuBackend({ ...everyWebGpuPart, loadRareShaders, quantiser: () => rowQuantiser(loadQuantiser) }),
        ),
      });
    },
    copyTokenizer: snapshotTokenizer,
  }),
);
