// worker-embedded.js: what `generate()` with the embedded model needs, on both backends, and nothing else.
// First what is text of another kind: it compresses better beside its like than among JavaScript.
import '../../sampler/sampler-wasm.gen.ts';
import '../../backends/wasm/kernels-q8-wasm.gen.ts';
import '../../backends/webgpu/shaders.gen.ts';

import { expose } from 'comlink';
import { wasmBackend } from '../../backends/wasm/wasm-backend.ts';
import { webGpuBackend } from '../../backends/webgpu/webgpu-backend.ts';
import { webGpuEngines } from '../../loading/webgpu-engines.ts';
import { ModelHost } from '../model-host.ts';
import { pageKernels } from '../page-kernels.ts';
import { compileEarly } from './compile-early.ts';
import { embeddedLoader } from './embedded-loader.ts';

expose(
  new ModelHost({
    loader(page) {
      const { loadKernels, loadRareShaders, warn } = pageKernels(page);
      compileEarly(loadKernels);
      return embeddedLoader(warn, {
        wasm: wasmBackend({ loadKernels }),
        webgpu: webGpuEngines(webGpuBackend({ loadRareShaders })),
      });
    },
  }),
);
