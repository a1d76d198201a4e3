// worker-wasm.js: worker.js without WebGPU, for pages that have none or want none.
// First what is text of another kind: it compresses better beside its like than among JavaScript.
import '../sampler/sampler-wasm.gen.ts';
import '../backends/wasm/kernels-q8-wasm.gen.ts';
import '../tokenizer/tokenizer-wasm.gen.ts';

import { expose } from 'comlink';
import { everyWasmPart } from '../backends/wasm/every-part.ts';
import { wasmBackend } from '../backends/wasm/wasm-backend.ts';
import { everyModel } from '../loading/every-model.ts';
import { RareText } from '../tokenizer/rare-text.ts';
import { snapshotTokenizer } from '../tokenizer/snapshot.ts';
import { ModelHost } from './model-host.ts';
import { pageSurroundings } from './page-surroundings.ts';

expose(
  new ModelHost({
    loader(page) {
      const surroundings = { ...pageSurroundings(page), loadRareText: async () => RareText };
      return everyModel(surroundings, {
        wasm: wasmBackend({ ...everyWasmPart(), loadKernels: surroundings.loadKernels }),
      });
    },
    copyTokenizer: snapshotTokenizer,
  }),
);
