// The public names of `gptlet`. Subpaths have their own: gptlet/tokenizer, /sampler, /heads, /prompting, /worker, /single.
export { canRun } from './api/can-run.ts';
export { connect } from './api/connect.ts';
export type { FallbackOptions } from './api/fallback-options.ts';
export { generate, type ModelOption } from './api/generate.ts';
export { loadModel } from './api/load-model.ts';
export { type Capabilities, probe } from './api/probe.ts';
export type { WebGpuCapabilities } from './backends/webgpu/webgpu-capabilities.ts';
export type { HubOptions, ModelFiles, ModelSource } from './checkpoint/open-source.ts';
export { GptletError, type GptletErrorCode } from './errors/gptlet-error.ts';
export type { CallOptions } from './loaded-model/call-options.ts';
export type { ChatModel, ChatOptions } from './loaded-model/chat-options.ts';
export type { ChatPart, ChatResult, Chatting, ToolResult } from './loaded-model/chatting.ts';
export type { ClassifierTasks, ClassifyOptions, LabelScore } from './loaded-model/classifier-tasks.ts';
export type { ConstraintOption, GenerateOptions } from './loaded-model/generate-options.ts';
export type {
  GeneratedSequence,
  Generation,
  GenerationPart,
  GenerationResult,
  TokenLogprob,
} from './loaded-model/generation.ts';
export type {
  EmbedOptions,
  GptModel,
  Inspection,
  InspectOptions,
  LoadAdapterOptions,
  Prompt,
  Score,
  ScoreOptions,
  ScoreText,
} from './loaded-model/gpt-model.ts';
export type {
  AssistantMessage,
  Message,
  SystemMessage,
  TextContent,
  ToolCall,
  ToolMessage,
  UserMessage,
} from './loaded-model/message.ts';
export type { RemoteModel } from './loaded-model/remote-model.ts';
export type { CanRun } from './loading/judge-source.ts';
export type { Backend, BackendOption, DtypeOption, LoadOptions, LoadProgress } from './loading/load-options.ts';
export type {
  Activation,
  Architecture,
  BiasedLinear,
  BlockKind,
  HeadConfig,
  InputFormatConfig,
  ModelConfig,
  RotaryConfig,
  RotaryScaling,
  Truncation,
} from './model/config.ts';
export type { Dtype } from './model/dtype.ts';
export type { ConnectOptions } from './remote/connect-options.ts';
export type { EncodeOptions, StreamDecoder, Tokenizer, TokenizerFiles, TokenizerKind } from './tokenizer/tokenizer.ts';
export type { CachedModel } from './weight-cache/cached-models.ts';
export {
  listCached,
  openWeightCache,
  removeCached,
  type WeightCacheOptions,
} from './weight-cache/open-weight-cache.ts';
export type { WeightCache } from './weight-cache/weight-cache.ts';
