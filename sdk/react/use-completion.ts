import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationResult } from '../loaded-model/generation.ts';
import type { Prompt } from '../loaded-model/gpt-model.ts';
import { type CompletionModel, CompletionStore } from './completion-store.ts';
import type { RunStatus } from './run-store.ts';

/** Options of `model.generate`, for every completion, and the model. */
export interface UseCompletionOptions extends Omit<GenerateOptions, 'signal'> {
  /** As `useModel` has it: a completion asked for before it is there waits for it. */
  model: CompletionModel | null | undefined;
  /** What `completion` is at first. @default '' */
  initialCompletion?: string;
}

export interface UseCompletionResult {
  /** What was generated, as far as it is. */
  readonly completion: string;
  /**
   * Continues a text; one that runs is stopped. Resolves with the whole, and with undefined where it failed, which `error` tells, or
   * was stopped; never rejects.
   */
  readonly complete: (
    prompt: Prompt,
    options?: Omit<GenerateOptions, 'signal'>,
  ) => Promise<GenerationResult | undefined>;
  /** Ends the completion that runs; what came until then stays. */
  readonly stop: () => void;
  readonly setCompletion: (completion: string) => void;
  /** 'submitted' until the first text, also while the model loads. */
  readonly status: RunStatus;
  /** 'submitted' or 'streaming'. */
  readonly isLoading: boolean;
  /** What the last completion failed with. */
  readonly error: Error | undefined;
}

/**
 * Continues texts as they stream, with at most one render a frame. The component's end stops it.
 *
 * @example
 * const { completion, complete, stop, isLoading } = useCompletion({ model, maxNewTokens: 100 });
 */
export function useCompletion({
  model,
  initialCompletion = '',
  ...options
}: UseCompletionOptions): UseCompletionResult {
  const [store] = useState(() => new CompletionStore(initialCompletion));
  const { completion, status, error } = useSyncExternalStore(store.subscribe, store.get, store.get);
  useEffect(() => {
    store.options = options;
    store.model.set(model);
  });
  useEffect(() => store.stop, [store]);
  return {
    completion,
    complete: store.complete,
    stop: store.stop,
    setCompletion: useCallback((completion: string) => store.put({ completion }), [store]),
    status,
    isLoading: status === 'submitted' || status === 'streaming',
    error,
  };
}
