import { proxy } from 'comlink';
import { importKernels } from '../../backends/wasm/import-kernels.ts';
import type { LoadKernels } from '../../backends/wasm/kernel-module.ts';
import { readPytorchOnDemand } from '../../checkpoint/pytorch-on-demand.ts';
import type { StoredTensor } from '../../checkpoint/weight-file.ts';
import type { AutomatonStates } from '../../constraint/automaton.ts';
import type { ConstraintSpec } from '../../constraint/compile-constraint.ts';
import { warn } from '../../platform/warn.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { everyKindOnDemand } from '../../tokenizer/every-kind-on-demand.ts';
import { withTexts } from '../error-texts.ts';
import { type Outcome, toOutcome } from '../outcome.ts';

/**
 * What a worker has its page do. A worker is one file, which bundlers do not split, so code that few models and few
 * calls need would be everybody's burden there. The page loads it by a dynamic import when it is needed, and posts back
 * what it made, as data.
 */
export interface PageServices {
  warn(message: string): Promise<void>;
  compileConstraint(spec: ConstraintSpec): Promise<Outcome<AutomatonStates>>;
  /** The module for every kind of tokenizer. */
  everyKind(): Promise<Outcome<Uint8Array<ArrayBuffer>>>;
  kernels(name: Parameters<LoadKernels>[0]): Promise<Outcome<Uint8Array<ArrayBuffer>>>;
  /** The module that quantises for a GPU. */
  quantiser(): Promise<Outcome<Uint8Array<ArrayBuffer>>>;
  /** `read` gives bytes `start … end` of the file, which the worker has open. */
  readPytorch(
    location: string,
    size: number,
    read: (start: number, end: number) => Promise<Uint8Array>,
  ): Promise<Outcome<readonly StoredTensor[]>>;
}

/** The page's side, to be handed to a worker; the signal fires when that worker is no longer used. */
export function pageServices(ended: AbortSignal): PageServices {
  let compiler: Promise<(spec: ConstraintSpec) => Promise<AutomatonStates>> | undefined;
  return proxy<PageServices>({
    warn: async (message) => warn((await withTexts({ name: 'Warning', message })).message),
    compileConstraint: (spec) =>
      toOutcome(async () => {
        compiler ??= import('../compile-in-worker.ts').then((module) => module.constraintCompiler(ended));
        return (await compiler)(spec);
      }),
    everyKind: () => toOutcome(everyKindOnDemand),
    kernels: (name) => toOutcome(() => importKernels(name)),
    quantiser: () => toOutcome(importQuantiser),
    readPytorch: (location, size, read) =>
      toOutcome(() => {
        const stream = async function* (start: number, end = size): AsyncGenerator<Uint8Array> {
          yield await read(start, end);
        };
        return readPytorchOnDemand({ location, size, stream }, size);
      }),
  });
}
