// worker-embedded-wasm.js: worker-embedded.js without WebGPU.
// First what is text of another kind: it compresses better beside its like than among JavaScript.
import '../../sampler/sampler-wasm.gen.ts';
import '../../backends/wasm/kernels-q8-wasm.gen.ts';

import { expose } from 'comlink';
import { wasmBackend } from '../../backends/wasm/wasm-backend.ts';
import { ModelHost } from '../model-host.ts';
import { pageKernels } from '../page-kernels.ts';
import { compileEarly } from './compile-early.ts';
import { embeddedLoader } from './embedded-loader.ts';

expose(
  new ModelHost({
    loader(page) {
      const { loadKernels, warn } = pageKernels(page);
      compileEarly(loadKernels);
      return embeddedLoader(warn, { wasm: wasmBackend({ loadKernels }) });
    },
  }),
);
