import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** {@link harness.ts} and the sources it tests, bundled into a script that makes the global `harness`. */
export async function harnessSource(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL('./harness.ts', import.meta.url)), formats: ['iife'], name: 'harness' },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as { output: { code?: string }[] }[];
  return outputs[0].output[0].code as string;
}
