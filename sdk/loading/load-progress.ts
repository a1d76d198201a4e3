import type { LoadProgress } from './load-options.ts';

/** Turns bytes and stages into one fraction that never falls. */
export class ProgressReporter {
  readonly #onProgress: ((progress: LoadProgress) => void) | undefined;
  readonly #bytesByFile = new Map<string, number>();
  #totalBytes = 0;
  #fraction = 0;

  constructor(onProgress: ((progress: LoadProgress) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  /** Says how many bytes of weights there are. */
  expect(totalBytes: number): void {
    this.#totalBytes = totalBytes;
  }

  downloaded(file: string, loadedBytes: number): void {
    this.#bytesByFile.set(file, Math.max(loadedBytes, this.#bytesByFile.get(file) ?? 0));
    this.report('download', file);
  }

  report(stage: LoadProgress['stage'], file?: string): void {
    let loadedBytes = 0;
    for (const bytes of this.#bytesByFile.values()) loadedBytes += bytes;
    // The last hundredth is for compiling, which no bytes measure.
    const reached =
      stage === 'ready' ? 1 : this.#totalBytes > 0 ? Math.min(0.99, (0.99 * loadedBytes) / this.#totalBytes) : 0;
    this.#fraction = Math.max(this.#fraction, reached);
    this.#onProgress?.({
      stage,
      ...(file ? { file } : {}),
      loadedBytes,
      totalBytes: this.#totalBytes,
      fraction: this.#fraction,
    });
  }
}
