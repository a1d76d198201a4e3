import * as is from './kinds.ts';

// Every option of every public call: what it may be, and what it is where nobody says. A section a stage; each is a function, so that
// a bundler leaves out the stages that are not used.

export interface OptionRow {
  readonly kind: is.Kind;
  readonly default?: unknown;
  /** Not an option at all, strictly: it has to be given. */
  readonly required?: true;
}

/** Options by name; the `Defaulted` ones have a default. */
export type Table<Name extends string, Defaulted extends string = never> = { readonly [N in Name]: OptionRow } & {
  readonly [N in Defaulted]: OptionRow & { readonly default: unknown };
};

const signal: OptionRow = { kind: is.abortSignal };
const adapter: OptionRow = { kind: is.filledText };

/** Of `loadModel`, `loadClassifier` and, beside its own, `generate`. */
export const loadOptions = (): Table<
  'contextLength' | 'threads' | 'worker' | 'hub' | 'signal' | 'onProgress',
  'backend' | 'dtype' | 'cache'
> => ({
  backend: { kind: is.oneOf('auto', 'webgpu', 'wasm'), default: 'auto' },
  dtype: { kind: is.oneOf('auto', 'f32', 'f16', 'q8', 'q4'), default: 'auto' },
  contextLength: { kind: is.wholeNumber(1) },
  threads: { kind: is.wholeNumber(1, 64) },
  worker: { kind: is.worker },
  cache: { kind: is.cache, default: true },
  hub: { kind: is.object },
  signal,
  onProgress: { kind: is.callback },
});

/** Of `useModel` and `useClassifier`, beside those of `loadModel`. */
export const sharedLoadOptions = (): Table<never, 'lazy' | 'suspense' | 'gcTime'> => ({
  lazy: { kind: is.flag, default: false },
  suspense: { kind: is.flag, default: false },
  gcTime: { kind: is.number({ from: 0, to: Infinity }), default: 30_000 },
});

/** Of `loadModel`, beside its others. */
export const fallbackOptions = (): Table<'fallback' | 'when'> => ({
  fallback: { kind: is.remoteModel },
  when: { kind: is.when },
});

/** Of `connect`. */
export const connectOptions = (): Table<'baseURL' | 'model' | 'headers' | 'apiKey', 'timeoutMs' | 'attempts'> => ({
  baseURL: { kind: is.text, required: true },
  model: { kind: is.text, required: true },
  headers: { kind: is.secretHeaders },
  apiKey: { kind: is.secret },
  timeoutMs: { kind: is.wholeNumber(1), default: 120_000 },
  attempts: { kind: is.wholeNumber(1, 100), default: 3 },
});

/** Of the option `hub`. */
export const hubOptions = (): Table<'endpoint' | 'token'> => ({
  endpoint: { kind: is.text },
  token: { kind: is.secret },
});

/** Of `createGptlet`, beside those of `loadModel`. */
export const gptletOptions = (): Table<'load'> => ({ load: { kind: is.callback } });

/** Of the function `generate`, whose model has to come from somewhere. */
export const modelOptions = (): Table<'model'> => ({ model: { kind: is.modelSource } });

/** Of the loop. */
export const generateOptions = (): Table<'logprobs' | 'constraint' | 'draft' | 'adapter' | 'signal'> &
  Table<never, 'maxNewTokens' | 'minNewTokens' | 'bannedTexts' | 'stop' | 'stopTokenIds'> &
  Table<never, 'numBeams' | 'lengthPenalty' | 'earlyStopping' | 'numSequences'> => ({
  maxNewTokens: { kind: is.wholeNumber(0), default: 128 },
  minNewTokens: { kind: is.wholeNumber(0), default: 0 },
  bannedTexts: { kind: is.filledTexts, default: [] },
  stop: { kind: is.filledTexts, default: [] },
  stopTokenIds: { kind: is.tokenIds, default: [] },
  logprobs: { kind: is.wholeNumber(0, 20) },
  numBeams: { kind: is.wholeNumber(1, 64), default: 1 },
  lengthPenalty: { kind: is.number(), default: 1 },
  earlyStopping: { kind: is.flag, default: false },
  numSequences: { kind: is.wholeNumber(1, 64), default: 1 },
  constraint: { kind: is.constraint },
  draft: { kind: is.draft },
  adapter,
  signal,
});

/** Of the sampler, alone and within `generate`. */
export const samplingOptions = (): Table<'seed'> &
  Table<never, 'repetitionPenalty' | 'presencePenalty' | 'frequencyPenalty' | 'noRepeatNgramSize' | 'logitBias'> &
  Table<never, 'bannedTokenIds' | 'temperature' | 'topK' | 'topP' | 'minP' | 'typicalP'> => ({
  repetitionPenalty: { kind: is.number({ above: 0 }), default: 1 },
  presencePenalty: { kind: is.number(), default: 0 },
  frequencyPenalty: { kind: is.number(), default: 0 },
  noRepeatNgramSize: { kind: is.wholeNumber(0), default: 0 },
  logitBias: { kind: is.logitBias, default: {} },
  bannedTokenIds: { kind: is.tokenIds, default: [] },
  temperature: { kind: is.number({ from: 0 }), default: 1 },
  topK: { kind: is.wholeNumber(0), default: 0 },
  topP: { kind: is.number({ from: 0, to: 1 }), default: 1 },
  minP: { kind: is.number({ from: 0, to: 1 }), default: 0 },
  typicalP: { kind: is.number({ above: 0, to: 1 }), default: 1 },
  seed: { kind: is.wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) },
});

/** Of `chat`, beside what `generate` takes but for beams and several sequences. */
export const chatOptions = (): Table<
  | Exclude<keyof ReturnType<typeof generateOptions>, 'numBeams' | 'lengthPenalty' | 'earlyStopping' | 'numSequences'>
  | keyof ReturnType<typeof samplingOptions>
  | keyof ReturnType<typeof templateOptions>
  | 'toolChoice'
  | 'parallelToolCalls'
  | 'maxSteps'
> => {
  const { numBeams, lengthPenalty, earlyStopping, numSequences, ...generating } = generateOptions();
  return {
    ...generating,
    ...samplingOptions(),
    ...templateOptions(),
    maxNewTokens: { kind: is.wholeNumber(1), default: 1024 },
    toolChoice: { kind: is.toolChoice, default: 'auto' },
    parallelToolCalls: { kind: is.flag, default: true },
    maxSteps: { kind: is.wholeNumber(1), default: 10 },
  };
};

/** Of `chat` and `applyChatTemplate`. */
export const templateOptions = (): Table<'tools' | 'thinking' | 'template'> & Table<never, 'continueMessage'> => ({
  tools: { kind: is.tools },
  thinking: { kind: is.flag },
  template: { kind: is.text },
  continueMessage: { kind: is.flag, default: false },
});
/** Of `applyChatTemplate` alone. */
export const applyChatTemplateOptions = (): Table<keyof ReturnType<typeof templateOptions>, 'addGenerationPrompt'> => ({
  ...templateOptions(),
  addGenerationPrompt: { kind: is.flag, default: true },
});

/** Of `createChat`, beside those of `chat`. */
export const createChatOptions = (): Table<'system' | 'messages'> & Table<never, 'onOverflow'> => ({
  system: { kind: is.text },
  messages: { kind: is.array },
  onOverflow: { kind: is.onOverflow, default: 'drop-oldest' },
});

/** Of `loadAdapter`. */
export const loadAdapterOptions = (): Table<'name' | 'signal', 'scale' | 'merge'> => ({
  name: { kind: is.filledText },
  scale: { kind: is.number(), default: 1 },
  merge: { kind: is.flag, default: false },
  signal,
});

/** Of `forward`, `classifyIds` and `classifyIdsBatch`. */
export const passOptions = (): Table<'adapter' | 'signal'> => ({ adapter, signal });

/** Of `score` and `scoreBatch`. */
export const scoreOptions = (): Table<'stride' | 'adapter' | 'signal'> => ({
  stride: { kind: is.wholeNumber(1) },
  adapter,
  signal,
});

export const embedOptions = (): Table<'adapter' | 'signal', 'pooling' | 'normalize'> => ({
  pooling: { kind: is.oneOf('last', 'mean'), default: 'last' },
  normalize: { kind: is.flag, default: false },
  adapter,
  signal,
});

export const inspectOptions = (): Table<'adapter' | 'signal', 'attention' | 'hiddenStates'> => ({
  attention: { kind: is.flag, default: true },
  hiddenStates: { kind: is.flag, default: true },
  adapter,
  signal,
});

/** Of a classifier's tasks. */
export const classifyOptions = (): Table<'topK' | 'truncation' | 'adapter' | 'signal'> => ({
  topK: { kind: is.wholeNumber(1) },
  truncation: { kind: is.oneOf('head', 'tail', 'both', 'windows') },
  adapter,
  signal,
});

/** Of `classifyBatch`. */
export const classifyBatchOptions = (): Table<'topK' | 'truncation' | 'adapter' | 'signal' | 'onProgress'> => ({
  ...classifyOptions(),
  onProgress: { kind: is.callback },
});

/** Of `fineTune` with the methods 'lora' and 'full', of `pretrain` and `estimate`: how the loss is brought down. */
const descentOptions = (): Table<
  | 'learningRate'
  | 'epochs'
  | 'steps'
  | 'batchSize'
  | 'warmup'
  | 'schedule'
  | 'weightDecay'
  | 'dropout'
  | 'patience'
  | 'evaluateEvery'
  | 'threads'
  | 'onSnapshot',
  'clip' | 'checkpointing' | 'tokensAtOnce' | 'storage' | 'backend'
> => ({
  learningRate: { kind: is.number({ above: 0, to: 1 }) },
  epochs: { kind: is.number({ above: 0, to: 10_000 }) },
  steps: { kind: is.wholeNumber(1) },
  batchSize: { kind: is.wholeNumber(1) },
  warmup: { kind: is.number({ from: 0 }) },
  schedule: { kind: is.oneOf('linear', 'cosine', 'constant') },
  weightDecay: { kind: is.number({ from: 0, to: 1 }) },
  dropout: { kind: is.number({ from: 0, to: 0.9 }) },
  clip: { kind: is.number({ from: 0 }), default: 1 },
  patience: { kind: is.wholeNumber(0) },
  evaluateEvery: { kind: is.wholeNumber(1) },
  checkpointing: { kind: is.flag, default: false },
  tokensAtOnce: { kind: is.wholeNumber(1), default: 1024 },
  storage: { kind: is.trainingStorage, default: true },
  backend: { kind: is.oneOf('auto', 'webgpu', 'wasm'), default: 'auto' },
  threads: { kind: is.wholeNumber(1, 64) },
  onSnapshot: { kind: is.callback },
});

/** Of `fineTune` and, but for what it tells, `estimate`. */
export const fineTuneOptions = (): Table<
  | 'method'
  | 'startToken'
  | 'delimiterToken'
  | 'extractToken'
  | 'truncation'
  | 'l2'
  | 'classWeights'
  | 'rank'
  | 'alpha'
  | 'targets'
  | 'loraDropout'
  | 'objective'
  | 'lambda'
  | 'labelSmoothing'
  | 'signal',
  'task' | 'heldOut' | 'seed'
> &
  ReturnType<typeof descentOptions> => ({
  task: {
    kind: is.oneOf(
      ...['classification', 'multi-label', 'regression', 'entailment', 'similarity', 'choice', 'tokens', 'text'],
    ),
    default: 'classification',
  },
  method: { kind: is.oneOf('head', 'lora', 'full') },
  startToken: { kind: is.text },
  delimiterToken: { kind: is.text },
  extractToken: { kind: is.text },
  truncation: classifyOptions().truncation,
  heldOut: { kind: is.number({ from: 0, to: 0.9 }), default: 0.2 },
  l2: { kind: is.number({ from: 0 }) },
  classWeights: { kind: is.classWeights },
  labelSmoothing: { kind: is.number({ from: 0, to: 0.9 }) },
  rank: { kind: is.wholeNumber(1, 1024) },
  alpha: { kind: is.number({ above: 0 }) },
  targets: { kind: is.loraTargets },
  loraDropout: { kind: is.number({ from: 0, to: 0.9 }) },
  objective: { kind: is.oneOf('L2', 'L3') },
  lambda: { kind: is.number({ from: 0 }) },
  ...descentOptions(),
  seed: { kind: is.wholeNumber(0), default: 0 },
  signal,
});

/** Of `pretrain`. */
export const pretrainOptions = (): Table<'tokenizer' | 'signal', 'heldOut' | 'seed'> &
  ReturnType<typeof descentOptions> => ({
  tokenizer: { kind: is.object },
  heldOut: { kind: is.number({ from: 0, to: 0.9 }), default: 0.02 },
  ...descentOptions(),
  seed: { kind: is.wholeNumber(0), default: 0 },
  signal,
});

/** Of the `config` that `pretrain` takes. */
export const pretrainConfig = (): Table<'vocabSize' | 'inner', 'layers' | 'heads' | 'width' | 'context'> => ({
  layers: { kind: is.wholeNumber(1, 1024), default: 4 },
  heads: { kind: is.wholeNumber(1, 1024), default: 4 },
  width: { kind: is.wholeNumber(1, 65_536), default: 128 },
  context: { kind: is.wholeNumber(2, 1_048_576), default: 256 },
  vocabSize: { kind: is.wholeNumber(258, 1_048_576) },
  inner: { kind: is.wholeNumber(1) },
});

/** Of `trainTokenizer`. */
export const trainTokenizerOptions = (): Table<
  'vocabSize' | 'onProgress' | 'signal',
  'specialTokens' | 'minFrequency'
> => ({
  vocabSize: { kind: is.wholeNumber(1, 2 ** 20), required: true },
  specialTokens: { kind: is.filledTexts, default: ['<|endoftext|>'] },
  minFrequency: { kind: is.wholeNumber(1), default: 2 },
  onProgress: { kind: is.callback },
  signal,
});

/** Of `createTokenizer`. */
export const tokenizerOptions = (): Table<'kind'> => ({
  kind: { kind: is.oneOf('gpt1', 'gpt2', 'cl100k', 'o200k', 'qwen2', 'none') },
});
export const encodeOptions = (): Table<never, 'allowSpecial' | 'addSpecial' | 'continues'> => ({
  allowSpecial: { kind: is.allowSpecial, default: false },
  addSpecial: { kind: is.flag, default: true },
  continues: { kind: is.flag, default: false },
});
export const decodeOptions = (): Table<never, 'skipSpecial'> => ({ skipSpecial: { kind: is.flag, default: false } });

/** Of `createOpenAIHandler`. */
export const openAIHandlerOptions = (): Table<'models', 'maxBodyBytes'> => ({
  models: { kind: is.servedModels, required: true },
  maxBodyBytes: { kind: is.wholeNumber(1), default: 2 ** 22 },
});

/** Of `openWeightCache`. */
export const weightCacheOptions = (): Table<'budgetBytes' | 'directory'> => ({
  budgetBytes: { kind: is.number({ from: 0, to: Infinity }) },
  directory: { kind: is.text },
});

export const zeroShotOptions = (): Table<'text' | 'labels' | 'signal', 'template' | 'calibrate'> => ({
  text: { kind: is.text, required: true },
  labels: { kind: is.texts, required: true },
  template: { kind: is.text, default: '{text}\nThis is about' },
  calibrate: { kind: is.flag, default: true },
  signal,
});

export const rankOptions = (): Table<'context' | 'candidates' | 'signal', 'normalize' | 'unconditionalContext'> => ({
  context: { kind: is.text, required: true },
  candidates: { kind: is.texts, required: true },
  normalize: { kind: is.oneOf('none', 'tokens', 'bytes', 'unconditional'), default: 'none' },
  unconditionalContext: { kind: is.text, default: 'Answer:' },
  signal,
});

export const fewShotOptions = (): Table<
  'instruction' | 'examples' | 'query',
  'prefixes' | 'balance' | 'reserveTokens'
> => ({
  instruction: { kind: is.text },
  examples: { kind: is.rows({ input: is.text, output: is.text }), required: true },
  query: { kind: is.text, required: true },
  prefixes: {
    kind: is.fields({ input: is.text, output: is.text }),
    default: { input: 'Input: ', output: 'Output:' },
  },
  balance: { kind: is.flag, default: false },
  reserveTokens: { kind: is.wholeNumber(0), default: 32 },
});

export const answerQuestionOptions = (): Table<'document' | 'question' | 'signal', 'history' | 'maxNewTokens'> => ({
  document: { kind: is.text },
  question: { kind: is.text, required: true },
  history: { kind: is.rows({ question: is.text, answer: is.text }), default: [] },
  maxNewTokens: { kind: is.wholeNumber(0), default: 32 },
  signal,
});

export const translateOptions = (): Table<'text' | 'examples' | 'signal', 'maxNewTokens'> => ({
  text: { kind: is.text, required: true },
  examples: { kind: is.rows({ source: is.text, target: is.text }), required: true },
  maxNewTokens: { kind: is.wholeNumber(0), default: 64 },
  signal,
});

export const summarizeOptions = (): Table<'text' | 'seed' | 'signal', 'maxSentences' | 'maxNewTokens' | 'topK'> => ({
  text: { kind: is.text, required: true },
  maxSentences: { kind: is.wholeNumber(1), default: 3 },
  maxNewTokens: { kind: is.wholeNumber(0), default: 100 },
  topK: { ...samplingOptions().topK, default: 2 },
  seed: samplingOptions().seed,
  signal,
});

/** Of `createLanguageModel` and `installLanguageModel`. */
export const languageModelOptions = (): Table<'model' | 'loadOptions' | 'chatOptions' | 'languages'> => ({
  model: { kind: is.modelOrSource, required: true },
  loadOptions: { kind: is.object },
  chatOptions: { kind: is.object },
  languages: { kind: is.filledTexts },
});

/** Of `installLanguageModel`, beside those. */
export const installLanguageModelOptions = (): Table<never, 'force'> => ({ force: { kind: is.flag, default: false } });
