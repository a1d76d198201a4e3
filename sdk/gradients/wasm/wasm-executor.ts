import { createModelMemory, outOfMemory } from '../../backends/wasm/model-memory.ts';
import type { Threads } from '../../backends/wasm/threads.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { LoadQuantiser } from '../../quantising/row-quantiser.ts';
import type { CreateExecutor } from '../executor.ts';
import type { Phase } from '../plan.ts';
import { encodeSteps } from './encode-steps.ts';
import { type GradientExports, type LoadGradients, loadGradients } from './gradients-module.ts';
import { machineBytes, programField, writeProgram } from './machine-structs.ts';
import { placeWeight } from './place-weight.ts';
import { PlanMemory } from './plan-memory.ts';

/** What differs from place to place. */
export interface WasmExecutorParts {
  readonly loadGradients: LoadGradients;
  readonly loadQuantiser: LoadQuantiser;
  /** Without it, plans run on one thread. */
  readonly threads?: Threads;
}

/** Runs plans on the CPU, with the same bits for any number of threads. @throws GptletError OUT_OF_MEMORY, UNSUPPORTED_PLATFORM */
export const wasmExecutor =
  (parts: WasmExecutorParts): CreateExecutor =>
  async (plan, options) => {
    const bufferBytes = plan.buffers.reduce((sum, { length }) => sum + 4 * length, 0);
    const wanted = parts.threads?.count(options.threads, bufferBytes) ?? 1;
    const layout = new PlanMemory(plan, wanted);
    const phases = Object.entries(plan.phases).map(([phase, steps]) => {
      const words = encodeSteps(steps, layout);
      return { phase, words, steps: layout.place(4 * words.length) };
    });
    const { own, shared } = layout.scratchBytes;
    const sharedScratch = layout.place(shared);
    const scratch = Array.from({ length: wanted }, () => layout.place(own));
    const module = await loadGradients(wanted > 1, parts.loadGradients);
    const memory = createModelMemory(layout.end, wanted > 1, noRoom);
    const { program, machines } = layout;
    for (const { words, steps } of phases) new Int32Array(memory.buffer, steps, words.length).set(words);
    const setThreads = (threads: number): void => {
      writeProgram(memory, program, { threads, machines });
      for (const [thread, area] of scratch.entries()) {
        const machine = new Int32Array(memory.buffer, machines + machineBytes * thread, machineBytes / 4);
        machine.set([program, thread, threads, area, sharedScratch]);
      }
    };
    setThreads(wanted);
    const ready = new Int32Array(memory.buffer, programField(program, 'ready'), 1);
    const start = { module, memory, model: program };
    let end = wanted > 1 ? await parts.threads?.start(start, wanted, () => Atomics.load(ready, 0)) : undefined;
    if (!end) setThreads(1);
    const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as GradientExports;
    let held: WebAssembly.Memory | undefined = memory;
    const current = (): WebAssembly.Memory => {
      if (!held) throw new GptletError('DISPOSED', 'This training has ended; its memory was given back.');
      return held;
    };
    return {
      backend: 'wasm',
      bytes: layout.end,
      setTensor: (part) => placeWeight(part, plan, layout, current(), parts.loadQuantiser),
      write(buffer, values, offset = 0) {
        const to = new Int32Array(current().buffer, layout.vector({ buffer, offset }), values.length);
        // As bits: what are integers stays so.
        to.set(new Int32Array(values.buffer, values.byteOffset, values.length));
      },
      async read(buffer, offset, length) {
        return new Float32Array(current().buffer, layout.vector({ buffer, offset }), length).slice();
      },
      async run(names, { tokens, outputs, dropoutSeed, learningRate, correction1, correction2 }) {
        writeProgram(current(), program, { tokens, outputs, dropoutSeed, learningRate, correction1, correction2 });
        for (const name of names) runPhase(name);
      },
      dispose() {
        if (!held) return;
        writeProgram(held, program, { quit: 1 });
        if (end) kernels.wake(program);
        end?.();
        end = undefined;
        held = undefined;
      },
    };

    function runPhase(name: Phase): void {
      for (const { phase, words, steps } of phases) {
        if (phase !== name) continue;
        writeProgram(memory, program, { steps, end: steps + 4 * words.length });
        kernels.run(program);
      }
    }
  };

const noRoom = (bytes: number, cause?: unknown): GptletError =>
  outOfMemory(
    bytes,
    'this training',
    "Train with fewer tokens at once or with checkpointing, train an adapter (method: 'lora') instead of the whole model, or use a smaller model.",
    cause,
  );
