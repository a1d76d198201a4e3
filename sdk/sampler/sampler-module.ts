import { compileModule } from '../platform/compile-module.ts';
import { unpackBytes } from '../platform/unpack-bytes.ts';
import { samplerWasm } from './sampler-wasm.gen.ts';

type Address = WebAssembly.Global<'i32'>;

/** What wasm/sampler/index.ts exports; the addresses change with `reserve`. */
export interface SamplerExports {
  readonly memory: WebAssembly.Memory;
  readonly rawBuffer: Address;
  readonly scoreBuffer: Address;
  readonly rowBuffer: Address;
  readonly candidateIds: Address;
  readonly historyBuffer: Address;
  readonly editIds: Address;
  readonly editValues: Address;
  readonly maskBuffer: Address;
  reserve(vocabSize: number, historyLength: number, editCount: number): void;
  begin(): number;
  logprob(tokenId: number): number;
  logSoftmax(): void;
  applyEdits(count: number): void;
  applyMask(): void;
  findForeign(length: number): number;
  penalizeRepetition(length: number, penalty: number): void;
  penalizeGenerated(start: number, length: number, presence: number, frequency: number): void;
  banRepeatedNgrams(length: number, size: number): void;
  filter(temperature: number, topK: number, topP: number, minP: number, typicalP: number): number;
  greedy(): number;
  draw(): number;
  writeDistribution(): void;
  bestTokens(n: number): number;
  seedState(low: number, high: number): void;
  setState(low: number, high: number): void;
  stateLow(): number;
  stateHigh(): number;
}

let shared: Promise<SamplerExports> | undefined;

/** The one instance that all samplers of this thread share: a draw leaves nothing behind in it. */
export function sharedSamplerExports(): Promise<SamplerExports> {
  // Asynchronous, because some browsers refuse to instantiate larger modules in step on the page's thread.
  shared ??= compileModule(unpackBytes(samplerWasm), 'sampler')
    .then(async (module) => (await WebAssembly.instantiate(module)).exports as unknown as SamplerExports)
    .catch((error: unknown) => {
      // A failure must not stick: the next call tries again.
      shared = undefined;
      throw error;
    });
  return shared;
}
