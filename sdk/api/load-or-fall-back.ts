import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import { type CanRun, judgeSource } from '../loading/judge-source.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import { withDefaultModel } from './default-model.ts';
import type { FallbackOptions } from './fallback-options.ts';
import { probe } from './probe.ts';

/** What only an attempt to load tells of a machine. */
const tooMuch: ReadonlySet<GptletErrorCode> = /* @__PURE__ */ new Set<GptletErrorCode>([
  'OUT_OF_MEMORY',
  'UNSUPPORTED_PLATFORM',
  'DEVICE_LOST',
]);

/** Loads a model, or gives `fallback`, as {@link FallbackOptions} says. */
export async function loadOrFallBack(
  source: ModelSource | undefined,
  options: ResolvedLoadOptions,
  fallback: RemoteModel,
  when: FallbackOptions['when'],
  load: () => Promise<GptModel>,
): Promise<GptModel | RemoteModel> {
  const canRun = await judge(source, options);
  if (typeof when === 'function') return (await when({ canRun, capabilities: await probe() })) ? fallback : load();
  if (!canRun.runs) return fallback;
  let model: GptModel | undefined;
  try {
    model = await load();
    if (!when || (await measureSpeed(model, options.signal)) >= when.tokensPerSecondBelow) return model;
  } catch (error) {
    if (!GptletError.isInstance(error) || !tooMuch.has(error.code)) {
      await model?.dispose();
      throw error;
    }
  }
  await model?.dispose();
  return fallback;
}

const judge = (source: ModelSource | undefined, options: ResolvedLoadOptions): Promise<CanRun> =>
  source === undefined ? withDefaultModel((files) => judgeSource(files, options)) : judgeSource(source, options);

/** Tokens a second that a model writes: the best of two short runs, of which the first may still compile. */
async function measureSpeed(model: GptModel, signal: AbortSignal | undefined): Promise<number> {
  let best = 0;
  for (let run = 0; run < 2; run++) {
    const { timings, finishReason } = await model.generate([0], { ...measured, signal });
    if (finishReason === 'aborted') signal?.throwIfAborted();
    best = Math.max(best, timings.tokensPerSecond);
  }
  return best;
}

/** Enough for the clocks of browsers, which are coarse. */
const measured = { maxNewTokens: 8, minNewTokens: 8, temperature: 0 };
