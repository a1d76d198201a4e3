import type { ModelSource } from '../checkpoint/open-source.ts';
import type { CanRun } from '../loading/judge-source.ts';
import { type LoadOptions, resolveLoadOptions } from '../loading/load-options.ts';

/**
 * Whether a model would run here, how large its download is and how much memory it would take. Reads the headers of its files
 * only: some kB, or a few MB of a GGUF.
 *
 * @throws GptletError MODEL_NOT_FOUND, NETWORK, INVALID_OPTION; AbortError when `signal` fires. What cannot run is no error:
 *   `runs` is false then, and `why` says what would help.
 * @example
 * const { runs, why, downloadBytes } = await canRun('HuggingFaceTB/SmolLM2-135M-Instruct', { dtype: 'q8' });
 */
export async function canRun(source: ModelSource, options: LoadOptions = {}): Promise<CanRun> {
  const resolved = resolveLoadOptions(options);
  const { judgeSource } = await import('../loading/judge-source.ts');
  return judgeSource(source, resolved);
}
