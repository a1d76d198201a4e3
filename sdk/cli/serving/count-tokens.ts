import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { TokenUsage } from './server-metrics.ts';

/** Makes a model tell how many tokens each generation took, also one that was broken off, and those that make up a chat's answer. */
export function countTokens(model: GptModel, onUsage: (usage: TokenUsage) => void): GptModel {
  const { generate } = model;
  return Object.assign(model, {
    generate: (...args: Parameters<typeof generate>) => {
      const generation = generate.apply(model, args);
      // Of errors hears whoever asked.
      generation.then(({ usage }) => onUsage(usage)).then(undefined, () => {});
      return generation;
    },
  });
}
