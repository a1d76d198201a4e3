import { createModelMemory, outOfMemory } from '../../backends/wasm/model-memory.ts';
import type { Threads } from '../../backends/wasm/threads.ts';
import type { GptletError } from '../../errors/gptlet-error.ts';
import type { Phase, RunParameters, TrainingPlan } from '../plan.ts';
import { encodeSteps } from './encode-steps.ts';
import { type GradientExports, type LoadGradients, loadGradients } from './gradients-module.ts';
import { machineBytes, programField, writeProgram } from './machine-structs.ts';
import { PlanMemory } from './plan-memory.ts';

/** A plan in WebAssembly memory, and the threads that run it. */
export interface Machine {
  readonly layout: PlanMemory;
  readonly memory: WebAssembly.Memory;
  /** Returns when all threads have done the phase. */
  run(phase: Phase, parameters: RunParameters): void;
  /** Ends the threads. */
  end(): void;
}

/** @throws GptletError OUT_OF_MEMORY, UNSUPPORTED_PLATFORM */
export async function startMachine(
  plan: TrainingPlan,
  wanted: number,
  starter: Threads | undefined,
  load: LoadGradients,
): Promise<Machine> {
  const layout = new PlanMemory(plan, wanted);
  const { program, machines } = layout;
  const phases = Object.entries(plan.phases).map(([phase, steps]) => {
    const words = encodeSteps(steps, layout);
    return { phase, words, steps: layout.place(4 * words.length) };
  });
  const { own, shared } = layout.scratchBytes;
  const sharedScratch = layout.place(shared);
  const scratch = Array.from({ length: wanted }, () => layout.place(own));
  const memory = createModelMemory(layout.end, wanted > 1, (bytes, cause) => noRoom(plan, bytes, cause));
  const { module, relaxed } = await loadGradients(wanted > 1, load);

  for (const { words, steps } of phases) new Int32Array(memory.buffer, steps, words.length).set(words);
  const setThreads = (threads: number): void => {
    writeProgram(memory, program, { threads, machines, relaxed: Number(relaxed) });
    for (const [thread, area] of scratch.entries()) {
      const machine = new Int32Array(memory.buffer, machines + machineBytes * thread, machineBytes / 4);
      machine.set([program, thread, threads, area, sharedScratch]);
    }
  };
  setThreads(wanted);
  const ready = new Int32Array(memory.buffer, programField(program, 'ready'), 1);
  const start = { module, memory, model: program };
  const end = wanted > 1 ? await starter?.start(start, wanted, () => Atomics.load(ready, 0)) : undefined;
  if (!end) setThreads(1);

  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as GradientExports;
  return {
    layout,
    memory,
    run(name, { tokens, outputs, dropoutSeed, learningRate, correction1, correction2 }) {
      writeProgram(memory, program, { tokens, outputs, dropoutSeed, learningRate, correction1, correction2 });
      for (const { phase, words, steps } of phases) {
        if (phase !== name) continue;
        writeProgram(memory, program, { steps, end: steps + 4 * words.length });
        kernels.run(program);
      }
    },
    end() {
      writeProgram(memory, program, { quit: 1 });
      kernels.wake(program);
      end?.();
    },
  };
}

const noRoom = ({ mostTokens }: TrainingPlan, bytes: number, cause?: unknown): GptletError =>
  outOfMemory(
    bytes,
    'this training',
    `Set checkpointing: true or tokensAtOnce below ${mostTokens}, train an adapter (method: 'lora') instead of the whole model, or use a smaller model.`,
    cause,
  );
