import { GptletError } from '../../errors/gptlet-error.ts';
import type { CreateEngineBuilder, Engine, EngineBuilder } from '../engine.ts';
import { loadKernelModule } from './kernel-module.ts';
import { planMemory, type WasmDtype } from './memory-layout.ts';
import { createModelMemory } from './model-memory.ts';
import { resolveThreads } from './thread-count.ts';
import { ThreadPool } from './thread-pool.ts';
import { WasmEngine } from './wasm-engine.ts';
import { WasmModel } from './wasm-model.ts';
import { WeightPacker } from './weight-packer.ts';

/**
 * The CPU engine: AssemblyScript SIMD kernels over weights packed for one sequential stream. q8 and q4 give the
 * same tokens on every machine and with any number of threads; f32 may differ in the last bits.
 *
 * @throws GptletError INVALID_OPTION (dtype, threads), OUT_OF_MEMORY, UNSUPPORTED_PLATFORM
 */
export const createWasmEngineBuilder: CreateEngineBuilder = async (config, options): Promise<EngineBuilder> => {
  const dtype = resolveDtype(options.dtype);
  const threads = resolveThreads(options.threads, planMemory(config, dtype, 1).weightBytes);
  const shared = threads > 1;
  const kernels = await loadKernelModule(dtype, shared);
  const layout = planMemory(config, dtype, threads);
  const memory = createModelMemory(layout.totalBytes, shared);
  let model: WasmModel | undefined = new WasmModel(config, dtype, layout, memory, kernels);
  let packer: WeightPacker | undefined = new WeightPacker(model);
  return {
    setTensor(part): void {
      if (!packer) throw disposed();
      packer.set(part);
    },
    room(floats): Float32Array | undefined {
      return packer?.room(floats);
    },
    async finish(): Promise<Engine> {
      if (!packer || !model) throw disposed();
      const ready = model;
      packer.finish();
      packer = model = undefined;
      const counter = new Int32Array(memory.buffer, ready.address('ready'), 1);
      const start = { module: kernels.module, memory, model: layout.model };
      const pool = shared ? await ThreadPool.start(start, threads, () => Atomics.load(counter, 0)) : null;
      ready.set('threads', pool ? threads : 1);
      return new WasmEngine(ready, pool);
    },
    dispose(): void {
      packer = model = undefined;
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
