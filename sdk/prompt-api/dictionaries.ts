// What pages pass in, in the names of the Prompt API: https://webmachinelearning.github.io/prompt-api/#api
import type { JsonSchema } from '../loaded-model/tool.ts';

export type Availability = 'unavailable' | 'downloadable' | 'downloading' | 'available';

/** How much answers vary. 'balanced' is as the model's makers say. */
export type LanguageModelSamplingMode =
  | 'most-predictable'
  | 'predictable'
  | 'slightly-predictable'
  | 'balanced'
  | 'slightly-creative'
  | 'creative'
  | 'most-creative';

export type LanguageModelMessageRole = 'system' | 'user' | 'assistant';

/** Models that gptlet runs take 'text'; the two of tools are what `tools` brings about by itself. */
export type LanguageModelMessageType = 'text' | 'image' | 'audio' | 'tool-call' | 'tool-response';

export interface LanguageModelMessageContent {
  type: LanguageModelMessageType;
  /** A text, of type 'text'; all else is refused with NotSupportedError. */
  value: unknown;
}

export interface LanguageModelMessage {
  /** 'system' may only come first of all. */
  role: LanguageModelMessageRole;
  content: string | Iterable<LanguageModelMessageContent>;
  /** Of an assistant's last message: the answer goes on with it. @default false */
  prefix?: boolean;
}

/** A text is what the user says. */
export type LanguageModelPrompt = string | Iterable<LanguageModelMessage>;

export interface LanguageModelExpected {
  type: LanguageModelMessageType;
  /** BCP 47 language tags. */
  languages?: Iterable<string>;
}

/** What the model may call; it runs while a prompt is answered. */
export interface LanguageModelTool {
  name: string;
  description: string;
  /** Of `type: 'object'`. */
  inputSchema: JsonSchema;
  // biome-ignore lint/suspicious/noExplicitAny: arguments have the type of `inputSchema`, which is data
  execute(args: any): unknown;
}

/** What decides whether there is a model. `topK` and `temperature`, which the web no longer has, are ignored. */
export interface LanguageModelCreateCoreOptions {
  /** @default 'balanced' */
  samplingMode?: LanguageModelSamplingMode;
  expectedInputs?: Iterable<LanguageModelExpected>;
  expectedOutputs?: Iterable<LanguageModelExpected>;
  tools?: Iterable<LanguageModelTool>;
}

export interface LanguageModelCreateOptions extends LanguageModelCreateCoreOptions {
  /** Before the session is there: rejects. After: destroys it. */
  signal?: AbortSignal;
  /** Is called at once, to listen for `downloadprogress`. */
  monitor?: (monitor: CreateMonitorTarget) => void;
  /** Are never dropped. */
  initialPrompts?: Iterable<LanguageModelMessage>;
}

/** Fires a ProgressEvent `downloadprogress`, whose `loaded` runs from 0 to 1 and whose `total` is 1. */
export interface CreateMonitorTarget extends EventTarget {
  ondownloadprogress: ((event: ProgressEvent) => unknown) | null;
}

export interface LanguageModelPromptOptions {
  /** A JSON schema, or an expression that the whole answer matches. */
  responseConstraint?: RegExp | object;
  /** Whether the model is not told of the constraint, only held to it. @default false */
  omitResponseConstraintInput?: boolean;
  signal?: AbortSignal;
}

export interface LanguageModelSignalOptions {
  signal?: AbortSignal;
}
