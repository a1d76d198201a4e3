// gptlet/prompting: tasks without training (GPT-2) and from examples in the prompt (GPT-3).
export { type Answer, type AnswerQuestionOptions, answerQuestion } from './answer-question.ts';
export { type FewShotOptions, type FewShotPrompt, fewShot, type Shot } from './few-shot.ts';
export type { FittedPrompt, PromptTarget } from './fit-shots.ts';
export { type Normalization, type RankedCandidate, type RankOptions, rank } from './rank.ts';
export { type SummarizeOptions, type Summary, summarize } from './summarize.ts';
export { type TranslateOptions, type Translation, translate } from './translate.ts';
export { type ZeroShotOptions, zeroShot } from './zero-shot.ts';
