// gptlet/training: models fitted to examples, or trained from nothing, where the examples are.

export type { DescentOptions } from './training/descent-options.ts';
export { estimate } from './training/estimate.ts';
export type { Estimate, ExampleSizes } from './training/estimated.ts';
export type { Evaluation, Mistake } from './training/evaluation.ts';
export { fineTune, type Trained } from './training/fine-tune.ts';
export type { FineTuneOptions, Method, UsualMethod } from './training/fine-tune-options.ts';
export { loadHead } from './training/load-head.ts';
export { loadTrainedAdapter } from './training/load-trained-adapter.ts';
export { pretrain } from './training/pretrain.ts';
export type { PretrainConfig, PretrainOptions } from './training/pretrain-options.ts';
export type { Attached, TrainedAdapter } from './training/results/trained-adapter.ts';
export type { TrainedFiles, TrainedModel } from './training/results/trained-model.ts';
export type { LabelTask, Task, TaskExamples } from './training/task-examples.ts';
export {
  type TrainedTokenizer,
  type TrainTokenizerOptions,
  trainTokenizer,
} from './training/tokenizer/train-tokenizer.ts';
export type { TrainedHead } from './training/trained-head.ts';
export type { Training, TrainingProgress } from './training/training.ts';
