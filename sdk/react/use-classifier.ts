import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { Classifier } from '../heads/classifier.ts';
import type { ClassifyOptions, LabelScore } from '../loaded-model/classifier-tasks.ts';
import type { LoadOptions, LoadProgress } from '../loading/load-options.ts';
import { RunStore } from './run-store.ts';
import { SharedLoads } from './shared-loads.ts';
import { type UseLoadOptions, useSharedLoad } from './use-shared-load.ts';

const classifiers = new SharedLoads<Classifier>((classifier) => classifier.dispose());

const loadClassifier = async (source: ModelSource | undefined, options: LoadOptions): Promise<Classifier> =>
  (await import('../api/load-classifier.ts')).loadClassifier(source, options);

export interface UseClassifierResult {
  /**
   * Labels of a text, best first; `result` shows them too. It loads the classifier where that has not begun, and waits for it. A new
   * call takes the place of one that runs. Resolves with undefined where it failed or was replaced; never rejects.
   */
  readonly classify: (text: string, options?: Omit<ClassifyOptions, 'signal'>) => Promise<LabelScore[] | undefined>;
  /** Of the last text. It stays while the next one is classified. */
  readonly result: LabelScore[] | undefined;
  /** 'idle' with `lazy` only. */
  readonly status: 'idle' | 'loading' | 'ready' | 'classifying' | 'error';
  /** How far the load is; undefined before it began. */
  readonly progress: LoadProgress | undefined;
  /** What the load or the last call failed with. */
  readonly error: Error | undefined;
  /** For the other tasks; undefined until it is loaded. */
  readonly classifier: Classifier | undefined;
}

/**
 * A fine-tuned classifier, loaded once for all components that give the same source and options, as `useModel` does it.
 *
 * @param source as `loadClassifier` takes it. @default the embedded sentiment model
 * @example
 * const { classify, result } = useClassifier();
 */
export function useClassifier(source?: ModelSource, options: UseLoadOptions = {}): UseClassifierResult {
  const load = useSharedLoad(classifiers, loadClassifier, source, options);
  const [runs] = useState(() => new RunStore<{ result: LabelScore[] | undefined }>({ result: undefined }));
  const run = useSyncExternalStore(runs.subscribe, runs.get, runs.get);
  useEffect(() => runs.stop, [runs]);
  const { open } = load;
  const classify = useCallback<UseClassifierResult['classify']>(
    (text, options) =>
      runs.run({}, async (signal, show) => {
        const result = await (await open().load()).classify(text, { ...options, signal });
        show(() => ({ result }));
        return result;
      }),
    [runs, open],
  );
  const busy = run.status === 'submitted' ? 'classifying' : run.status === 'error' ? 'error' : 'ready';
  return {
    classify,
    result: run.result,
    status: load.status === 'ready' ? busy : load.status,
    progress: load.progress,
    error: load.error ?? run.error,
    classifier: load.loaded,
  };
}
