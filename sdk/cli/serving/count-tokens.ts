import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { TokenUsage } from './server-metrics.ts';

/** Makes a model tell of each answer how many tokens it took, also of one that was broken off. */
export function countTokens(model: GptModel, onUsage: (usage: TokenUsage) => void): GptModel {
  const { chat, generate } = model;
  const told = <Run extends PromiseLike<{ readonly usage: TokenUsage }>>(run: Run): Run => {
    // Whoever asked hears of its errors.
    run.then(({ usage }) => onUsage(usage)).then(undefined, () => {});
    return run;
  };
  return Object.assign(model, {
    chat: (...args: Parameters<typeof chat>) => told(chat.apply(model, args)),
    generate: (...args: Parameters<typeof generate>) => told(generate.apply(model, args)),
  });
}
