// The engines, kernels and reference twins that e2e/webgpu runs in pages, as one module for Node.
import { build } from 'vite';

/** Writes e2e/webgpu/harness.ts and all it imports to `file`. */
export async function bundleHarness(file) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: file.slice(0, file.lastIndexOf('/')),
      emptyOutDir: false,
      minify: false,
      // One file, to be carried.
      rolldownOptions: { output: { codeSplitting: false } },
      target: 'es2022',
      lib: {
        entry: 'e2e/webgpu/harness.ts',
        formats: ['es'],
        fileName: () => file.slice(file.lastIndexOf('/') + 1),
      },
    },
  });
}
