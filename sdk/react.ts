// gptlet/react: models, completions, conversations and classifiers as hooks.
export type { CompletionModel } from './react/completion-store.ts';
export type { RunStatus } from './react/run-store.ts';
export type { LoadStatus } from './react/shared-load.ts';
export { type AnswerOptions, type UseChatOptions, type UseChatResult, useChat } from './react/use-chat.ts';
export { type UseClassifierResult, useClassifier } from './react/use-classifier.ts';
export { type UseCompletionOptions, type UseCompletionResult, useCompletion } from './react/use-completion.ts';
export { type UseModelOptions, type UseModelResult, useModel } from './react/use-model.ts';
export type { SharedOptions, UseLoadOptions } from './react/use-shared-load.ts';
