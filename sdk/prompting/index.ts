// gptlet/prompting: tasks without training (GPT-2) and from examples in the prompt (GPT-3).
export { type FewShotOptions, type FewShotPrompt, fewShot } from './few-shot.ts';
export { type Normalization, type RankedCandidate, type RankOptions, rank } from './rank.ts';
export { type ZeroShotOptions, zeroShot } from './zero-shot.ts';
