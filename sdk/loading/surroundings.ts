import type { LoadKernels } from '../backends/wasm/kernel-module.ts';
import type { LoadRareShaders } from '../backends/webgpu/kernels.ts';
import type { ReadGguf } from '../checkpoint/gguf/gguf-contents.ts';
import type { RareReaders } from '../checkpoint/open-checkpoint.ts';
import type { FileSource } from '../checkpoint/sources/file-source.ts';
import type { ConnectConstraints } from '../constraint/constraint-calls.ts';
import type { LoadQuantiser } from '../quantising/row-quantiser.ts';
import type { RareTokenizers } from '../tokenizer/rare-tokenizers.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';

/**
 * What differs with the place in which a model runs: how code is had that few models and few calls need, where warnings go, and
 * whether there is a disk. A page's own thread and Node import on demand (`ownSurroundings`); a worker, which is one file that
 * bundlers do not split, has its page do so (`pageSurroundings`).
 */
export interface Surroundings extends RareTokenizers, RareReaders {
  readonly loadKernels: LoadKernels;
  readonly loadRareShaders: LoadRareShaders;
  readonly loadQuantiser: LoadQuantiser;
  readonly connectConstraints: ConnectConstraints;
  readonly readGguf: ReadGguf;
  /** Tells the developer of something that went on all the same. */
  readonly warn: (message: string) => void;
  /** Undefined in a browser, and in the package's own workers. */
  readonly disk: Disk | undefined;
}

/** Files, where Node has them. */
export interface Disk {
  readonly openDirectory: (directory: string | URL) => Promise<FileSource>;
  readonly openCache: () => Promise<WeightCache | undefined>;
}
