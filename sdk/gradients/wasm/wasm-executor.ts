import type { Threads } from '../../backends/wasm/threads.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { LoadQuantiser } from '../../quantising/row-quantiser.ts';
import type { CreateExecutor } from '../executor.ts';
import { planBytes } from '../graph/plan-bytes.ts';
import type { LoadGradients } from './gradients-module.ts';
import { placeWeight } from './place-weight.ts';
import { type Machine, startMachine } from './start-machine.ts';

/** What differs from place to place. */
export interface WasmExecutorParts {
  readonly loadGradients: LoadGradients;
  readonly loadQuantiser: LoadQuantiser;
  /** Without it, plans run on one thread. */
  readonly threads?: Threads;
}

/** All that is in memory is worked on for many tokens at once: threads pay for a training this many times smaller than a model that decodes. */
const bytesOfModel = 16;

/** Runs plans on the CPU, with the same bits for any number of threads. @throws GptletError OUT_OF_MEMORY, UNSUPPORTED_PLATFORM */
export const wasmExecutor =
  ({ loadGradients, loadQuantiser, threads }: WasmExecutorParts): CreateExecutor =>
  async (plan, options) => {
    const count = threads?.count(options.threads, bytesOfModel * planBytes(plan)) ?? 1;
    // Undefined once disposed: an executor that is kept must not keep its memory.
    let machine: Machine | undefined = await startMachine(plan, count, threads, loadGradients);
    const { layout } = machine;
    const held = (): Machine => {
      if (!machine) throw new GptletError('DISPOSED', 'This training has ended, and its memory was given back.');
      return machine;
    };
    return {
      backend: 'wasm',
      bytes: layout.end,
      setTensor: (part) => placeWeight(part, plan, layout, held().memory, loadQuantiser),
      write(buffer, values, offset = 0) {
        // As bits: what are integers stays so.
        const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
        new Int32Array(held().memory.buffer, layout.vector({ buffer, offset }), bits.length).set(bits);
      },
      async read(buffer, offset, length) {
        return new Float32Array(held().memory.buffer, layout.vector({ buffer, offset }), length).slice();
      },
      async run(phases, parameters) {
        for (const phase of phases) held().run(phase, parameters);
      },
      dispose() {
        machine?.end();
        machine = undefined;
      },
    };
  };
