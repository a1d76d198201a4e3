import { GptletError } from '../../errors/gptlet-error.ts';
import type { rotaryAngles } from '../../model/rotary.ts';
import type { CreateEngineBuilder } from '../engine.ts';
import { fitContext } from './fit-context.ts';
import { isPaperConfig } from './is-paper-config.ts';
import { type LoadKernels, loadKernelModule } from './kernel-module.ts';
import { planMemory, type WasmDtype } from './memory-layout.ts';
import { createModelMemory } from './model-memory.ts';
import type { packQuantised } from './pack-quantised.ts';
import type { Threads } from './threads.ts';
import { WasmEngine, type WasmPasses } from './wasm-engine.ts';
import { WasmModel } from './wasm-model.ts';
import { WeightPacker } from './weight-packer.ts';

/** What an engine on the CPU is put together from; what is optional costs nothing where it is left out. */
export interface WasmParts extends WasmPasses {
  readonly loadKernels: LoadKernels;
  /** Takes the integers of quantised files; without it, those are packed from floats. */
  readonly packQuantised?: typeof packQuantised;
  /** Without it, models whose queries and keys turn cannot be had. */
  readonly rotaryAngles?: typeof rotaryAngles;
  /** Without it, a model runs on one thread. */
  readonly threads?: Threads;
}

/**
 * The CPU engine: AssemblyScript SIMD kernels over weights packed for one sequential stream. q8 and q4 give the
 * same tokens on every machine and with any number of threads; f32 may differ in the last bits.
 *
 * @throws GptletError INVALID_OPTION (dtype), OUT_OF_MEMORY, UNSUPPORTED_PLATFORM
 */
export const wasmBackend =
  (parts: WasmParts): CreateEngineBuilder =>
  async (given, options) => {
    const dtype = resolveDtype(options.dtype);
    const threads = parts.threads?.count(options.threads, planMemory(given, dtype, 1).weightBytes) ?? 1;
    const shared = threads > 1;
    const config = fitContext(given, dtype, threads, options.contextLength);
    const kernels = await loadKernelModule(dtype, shared, isPaperConfig(config), parts.loadKernels);
    const layout = planMemory(config, dtype, threads);
    const memory = createModelMemory(layout.totalBytes, shared);
    // Undefined once finished or disposed: a builder that is kept must not keep the model's memory.
    let packer: WeightPacker | undefined = new WeightPacker(
      new WasmModel(config, dtype, layout, memory, kernels, parts.rotaryAngles),
      parts.packQuantised,
    );
    return {
      setTensor(part) {
        if (!packer) throw disposed();
        packer.set(part);
      },
      room: (floats) => packer?.room(floats),
      async finish() {
        if (!packer) throw disposed();
        const { model } = packer;
        packer = undefined;
        // Loading used some of the buffers, whose padding must be zero.
        model.clearScratch();
        const counter = new Int32Array(model.memory.buffer, model.address('ready'), 1);
        const start = { module: kernels.module, memory: model.memory, model: layout.model };
        const end = shared ? await parts.threads?.start(start, threads, () => Atomics.load(counter, 0)) : undefined;
        model.set('threads', end ? threads : 1);
        return new WasmEngine(model, end, parts);
      },
      dispose() {
        packer = undefined;
      },
    };
  };

function disposed(): GptletError {
  return new GptletError('DISPOSED', 'This engine builder was finished or disposed; make a new one to load a model.');
}

function resolveDtype(dtype: string): WasmDtype {
  if (dtype === 'f32' || dtype === 'q8' || dtype === 'q4') return dtype;
  throw new GptletError('INVALID_OPTION', `dtype is ${dtype}; the WASM backend has 'f32', 'q8' and 'q4'.`);
}
