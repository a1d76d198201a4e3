// gptlet/training: heads fitted to labelled examples, where the examples are.

export type { Evaluation, Mistake } from './training/evaluation.ts';
export { fineTune } from './training/fine-tune.ts';
export type { FineTuneOptions } from './training/fine-tune-options.ts';
export { loadHead } from './training/load-head.ts';
export type { Task, TaskExamples } from './training/task-examples.ts';
export {
  type TrainedTokenizer,
  type TrainTokenizerOptions,
  trainTokenizer,
} from './training/tokenizer/train-tokenizer.ts';
export type { TrainedHead } from './training/trained-head.ts';
export type { Training, TrainingProgress } from './training/training.ts';
