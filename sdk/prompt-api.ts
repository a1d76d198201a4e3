// gptlet/prompt-api: the Prompt API's LanguageModel (https://webmachinelearning.github.io/prompt-api) with a model of the page's own.
export {
  type BoundLanguageModel,
  createLanguageModel,
  type LanguageModelClass,
  type LanguageModelSettings,
} from './prompt-api/create-language-model.ts';
export type {
  Availability,
  CreateMonitorTarget,
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
  LanguageModelExpected,
  LanguageModelMessage,
  LanguageModelMessageContent,
  LanguageModelMessageRole,
  LanguageModelMessageType,
  LanguageModelPrompt,
  LanguageModelPromptOptions,
  LanguageModelSamplingMode,
  LanguageModelSignalOptions,
  LanguageModelTool,
} from './prompt-api/dictionaries.ts';
export { type InstallOptions, installLanguageModel } from './prompt-api/install-language-model.ts';
export type { LanguageModel } from './prompt-api/language-model.ts';
export type { LoadOnDemand } from './prompt-api/shared-model.ts';
