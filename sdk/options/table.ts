import {
  abortSignal,
  allowSpecial,
  alternatives,
  cache,
  callback,
  constraint,
  fields,
  filledTexts,
  flag,
  type Kind,
  logitBias,
  modelSource,
  number,
  object,
  oneOf,
  rows,
  text,
  texts,
  tokenIds,
  wholeNumber,
  worker,
} from './kinds.ts';

// Every option of every public call: what it may be, and what it is where nobody says. A section a stage; each is a call that a
// bundler may leave out, so that nobody pays for the stages that are not used.

export interface Option {
  readonly kind: Kind;
  readonly default?: unknown;
  /** Not an option at all, strictly: it has to be given. */
  readonly required?: true;
}

/** Options by name; the `Defaulted` ones have a default. */
export type Table<Name extends string, Defaulted extends string = never> = { readonly [N in Name]: Option } & {
  readonly [N in Defaulted]: Option & { readonly default: unknown };
};

const signal: Option = { kind: abortSignal };

/** Of `loadModel`, `loadClassifier` and, beside its own, `generate`. */
export const loadOptions: Table<'threads' | 'worker' | 'hub' | 'signal' | 'onProgress', 'backend' | 'dtype' | 'cache'> =
  /* @__PURE__ */ (() => ({
    backend: { kind: oneOf('auto', 'webgpu', 'wasm'), default: 'auto' },
    dtype: { kind: oneOf('auto', 'f32', 'f16', 'q8', 'q4'), default: 'auto' },
    threads: { kind: wholeNumber(1, 64) },
    worker: { kind: worker },
    cache: { kind: cache, default: true },
    hub: { kind: object },
    signal,
    onProgress: { kind: callback },
  }))();

/** Of the option `hub`. */
export const hubOptions: Table<'endpoint' | 'token'> = { endpoint: { kind: text }, token: { kind: text } };

/** Of the function `generate`, whose model has to come from somewhere. */
export const modelOptions: Table<'model'> = { model: { kind: modelSource } };

/** Of the loop. */
export const generateOptions: Table<
  'logprobs' | 'constraint' | 'signal',
  | 'maxNewTokens'
  | 'minNewTokens'
  | 'bannedTexts'
  | 'stop'
  | 'stopTokenIds'
  | 'numBeams'
  | 'lengthPenalty'
  | 'earlyStopping'
  | 'numSequences'
> = /* @__PURE__ */ (() => ({
  maxNewTokens: { kind: wholeNumber(0), default: 128 },
  minNewTokens: { kind: wholeNumber(0), default: 0 },
  bannedTexts: { kind: filledTexts, default: [] },
  stop: { kind: filledTexts, default: [] },
  stopTokenIds: { kind: tokenIds, default: [] },
  logprobs: { kind: alternatives },
  numBeams: { kind: wholeNumber(1, 64), default: 1 },
  lengthPenalty: { kind: number(), default: 1 },
  earlyStopping: { kind: flag, default: false },
  numSequences: { kind: wholeNumber(1, 64), default: 1 },
  constraint: { kind: constraint },
  signal,
}))();

/** Of the sampler, alone and within `generate`. */
export const sampleOptions: Table<
  'seed',
  | 'repetitionPenalty'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'noRepeatNgramSize'
  | 'logitBias'
  | 'bannedTokenIds'
  | 'temperature'
  | 'topK'
  | 'topP'
  | 'minP'
  | 'typicalP'
> = /* @__PURE__ */ (() => ({
  repetitionPenalty: { kind: number({ above: 0 }), default: 1 },
  presencePenalty: { kind: number(), default: 0 },
  frequencyPenalty: { kind: number(), default: 0 },
  noRepeatNgramSize: { kind: wholeNumber(0), default: 0 },
  logitBias: { kind: logitBias, default: {} },
  bannedTokenIds: { kind: tokenIds, default: [] },
  temperature: { kind: number({ from: 0 }), default: 1 },
  topK: { kind: wholeNumber(0), default: 0 },
  topP: { kind: number({ from: 0, to: 1 }), default: 1 },
  minP: { kind: number({ from: 0, to: 1 }), default: 0 },
  typicalP: { kind: number({ above: 0, to: 1 }), default: 1 },
  seed: { kind: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) },
}))();

/** Of `forward`, `classifyIds` and `classifyIdsBatch`. */
export const passOptions: Table<'signal'> = { signal };

/** Of `score` and `scoreBatch`. */
export const scoreOptions: Table<'stride' | 'signal'> = /* @__PURE__ */ (() => ({
  stride: { kind: wholeNumber(1) },
  signal,
}))();

export const embedOptions: Table<'signal', 'pooling' | 'normalize'> = /* @__PURE__ */ (() => ({
  pooling: { kind: oneOf('last', 'mean'), default: 'last' },
  normalize: { kind: flag, default: false },
  signal,
}))();

export const inspectOptions: Table<'signal', 'attention' | 'hiddenStates'> = {
  attention: { kind: flag, default: true },
  hiddenStates: { kind: flag, default: true },
  signal,
};

/** Of a classifier's tasks. */
export const classifyOptions: Table<'topK' | 'truncation' | 'signal'> = /* @__PURE__ */ (() => ({
  topK: { kind: wholeNumber(1) },
  truncation: { kind: oneOf('head', 'tail', 'both', 'windows') },
  signal,
}))();

/** Of `classifyBatch`. */
export const classifyBatchOptions: Table<'topK' | 'truncation' | 'signal' | 'onProgress'> = /* @__PURE__ */ (() => ({
  ...classifyOptions,
  onProgress: { kind: callback },
}))();

/** Of `createTokenizer`. */
export const tokenizerOptions: Table<'kind'> = /* @__PURE__ */ (() => ({
  kind: { kind: oneOf('gpt1', 'gpt2', 'cl100k', 'o200k', 'qwen2', 'none') },
}))();
export const encodeOptions: Table<never, 'allowSpecial'> = { allowSpecial: { kind: allowSpecial, default: false } };
export const decodeOptions: Table<never, 'skipSpecial'> = { skipSpecial: { kind: flag, default: false } };

/** Of `openWeightCache`. */
export const weightCacheOptions: Table<'budgetBytes' | 'directory'> = /* @__PURE__ */ (() => ({
  budgetBytes: { kind: number({ from: 0, to: Infinity }) },
  directory: { kind: text },
}))();

export const zeroShotOptions: Table<'text' | 'labels' | 'signal', 'template' | 'calibrate'> = {
  text: { kind: text, required: true },
  labels: { kind: texts, required: true },
  template: { kind: text, default: '{text}\nThis is about' },
  calibrate: { kind: flag, default: true },
  signal,
};

export const rankOptions: Table<'context' | 'candidates' | 'signal', 'normalize' | 'unconditionalContext'> =
  /* @__PURE__ */ (() => ({
    context: { kind: text, required: true },
    candidates: { kind: texts, required: true },
    normalize: { kind: oneOf('none', 'tokens', 'bytes', 'unconditional'), default: 'none' },
    unconditionalContext: { kind: text, default: 'Answer:' },
    signal,
  }))();

export const fewShotOptions: Table<'instruction' | 'examples' | 'query', 'prefixes' | 'balance' | 'reserveTokens'> =
  /* @__PURE__ */ (() => ({
    instruction: { kind: text },
    examples: { kind: rows({ input: text, output: text }), required: true },
    query: { kind: text, required: true },
    prefixes: { kind: fields({ input: text, output: text }), default: { input: 'Input: ', output: 'Output:' } },
    balance: { kind: flag, default: false },
    reserveTokens: { kind: wholeNumber(0), default: 32 },
  }))();

export const answerQuestionOptions: Table<'document' | 'question' | 'signal', 'history' | 'maxNewTokens'> =
  /* @__PURE__ */ (() => ({
    document: { kind: text },
    question: { kind: text, required: true },
    history: { kind: rows({ question: text, answer: text }), default: [] },
    maxNewTokens: { kind: wholeNumber(0), default: 32 },
    signal,
  }))();

export const translateOptions: Table<'text' | 'examples' | 'signal', 'maxNewTokens'> = /* @__PURE__ */ (() => ({
  text: { kind: text, required: true },
  examples: { kind: rows({ source: text, target: text }), required: true },
  maxNewTokens: { kind: wholeNumber(0), default: 64 },
  signal,
}))();

export const summarizeOptions: Table<'text' | 'seed' | 'signal', 'maxSentences' | 'maxNewTokens' | 'topK'> =
  /* @__PURE__ */ (() => ({
    text: { kind: text, required: true },
    maxSentences: { kind: wholeNumber(1), default: 3 },
    maxNewTokens: { kind: wholeNumber(0), default: 100 },
    topK: { ...sampleOptions.topK, default: 2 },
    seed: sampleOptions.seed,
    signal,
  }))();
