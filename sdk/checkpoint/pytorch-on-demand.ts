import type { SourceFile } from './sources/file-source.ts';
import type { StoredTensor } from './weight-file.ts';

/** {@link readPytorchTensors}, whose code is loaded for the first such file. In a worker the page does it: see sdk/worker/by-page. */
export async function readPytorchOnDemand(
  file: SourceFile,
  size: number,
  signal?: AbortSignal,
): Promise<readonly StoredTensor[]> {
  const { readPytorchTensors } = await import('./pytorch-file.ts');
  return readPytorchTensors(file, size, signal);
}
