// gptlet/prompting: tasks without training (GPT-2) and from examples in the prompt (GPT-3).
export { type Answer, type AnswerQuestionOptions, answerQuestion } from './prompting/answer-question.ts';
export { type FewShotOptions, type FewShotPrompt, fewShot, type Shot } from './prompting/few-shot.ts';
export type { FittedPrompt, PromptTarget } from './prompting/fit-shots.ts';
export { type Normalization, type RankedCandidate, type RankOptions, rank } from './prompting/rank.ts';
export { type SummarizeOptions, type Summary, summarize } from './prompting/summarize.ts';
export { type TranslateOptions, type Translation, translate } from './prompting/translate.ts';
export { type ZeroShotOptions, zeroShot } from './prompting/zero-shot.ts';
