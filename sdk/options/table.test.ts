import { expect, it } from 'vitest';
import { show } from '../errors/show.ts';
import * as tables from './table.ts';

/** Where options of a section are given, in the order of the page. */
const calls: Record<keyof typeof tables, string> = {
  loadOptions: '`loadModel(source, options)`, `loadClassifier(source, options)` and `generate(prompt, options)`',
  fallbackOptions: '`loadModel(source, options)` alone',
  sharedLoadOptions: '`useModel(source, options)` and `useClassifier(source, options)`, beside those of `loadModel`',
  hubOptions: 'The option `hub`',
  gptletOptions: '`createGptlet(options)`, beside those of `loadModel`',
  modelOptions: '`generate(prompt, options)`, the function',
  generateOptions: '`generate(prompt, options)` and `model.generate(prompt, options)`',
  samplingOptions: 'The same, and `createSampler(options)`',
  templateOptions: '`model.chat(messages, options)` and `applyChatTemplate(model, messages, options)`',
  chatOptions: '`model.chat(messages, options)` and `createChat(model, options)`',
  applyChatTemplateOptions: '`applyChatTemplate(model, messages, options)`',
  createChatOptions: '`createChat(model, options)`',
  connectOptions: '`connect(options)`',
  loadAdapterOptions: '`model.loadAdapter(source, options)`',
  passOptions: '`model.forward(tokenIds, options)`, `model.classifyIds(tokenIds, options)` and `classifyIdsBatch`',
  scoreOptions: '`model.score(input, options)` and `scoreBatch`',
  embedOptions: '`model.embed(text, options)` and `embedBatch`',
  inspectOptions: '`model.inspect(prompt, options)`',
  classifyOptions: '`classify`, `entail`, `similarity` and `choose` of a classifier',
  classifyBatchOptions: '`classifier.classifyBatch(texts, options)`',
  fineTuneOptions: '`fineTune(model, examples, options)` and `estimate(model, examples, options)`',
  pretrainConfig: 'The `config` of `pretrain(config, texts, options)`',
  pretrainOptions: '`pretrain(config, texts, options)`',
  trainTokenizerOptions: '`trainTokenizer(texts, options)`',
  tokenizerOptions: '`createTokenizer(files, options)`',
  encodeOptions: '`tokenizer.encode(text, options)`, `encodeBatch`, `count`, `isWithinLimit` and `offsets`',
  decodeOptions: '`tokenizer.decode(tokenIds, options)` and `decodeBatch`',
  openAIHandlerOptions: '`createOpenAIHandler(options)`',
  weightCacheOptions: '`openWeightCache(options)`',
  zeroShotOptions: '`zeroShot(model, options)`',
  rankOptions: '`rank(model, options)`',
  fewShotOptions: '`fewShot(model, options)`',
  answerQuestionOptions: '`answerQuestion(model, options)`',
  translateOptions: '`translate(model, options)`',
  summarizeOptions: '`summarize(model, options)`',
  languageModelOptions: '`createLanguageModel(settings)` and `installLanguageModel(settings)`',
  installLanguageModelOptions: '`installLanguageModel(settings)`, beside those',
};

/** Defaults that are no values. */
const inWords: Record<string, string> = {
  'languageModelOptions.languages': 'every language that has a name',
  'loadOptions.threads': '1; as many as there are cores where the page is cross-origin isolated',
  'loadOptions.worker': 'true in a page, false elsewhere',
  'fallbackOptions.when': 'where the model does not run here',
  'hubOptions.endpoint': "'https://huggingface.co'",
  'gptletOptions.load': '`loadModel`',
  'modelOptions.model': 'the embedded model',
  'samplingOptions.seed': 'random',
  'templateOptions.thinking': 'as the template has it',
  'templateOptions.template': "the checkpoint's",
  'scoreOptions.stride': 'half the context',
  'classifyOptions.topK': 'all',
  'classifyOptions.truncation': "the checkpoint's own, else 'head'",
  'classifyBatchOptions.topK': 'all',
  'classifyBatchOptions.truncation': "the checkpoint's own, else 'head'",
  'fineTuneOptions.startToken': "what the tokenizer's template says",
  'fineTuneOptions.delimiterToken': "what the tokenizer's template says, else its end-of-text token",
  'fineTuneOptions.extractToken': "what the tokenizer's template says",
  'fineTuneOptions.truncation': "'head'",
  'fineTuneOptions.l2': 'the best of five',
  'fineTuneOptions.classWeights': '1 each',
  'fineTuneOptions.method': "'head'; 'lora' for the tasks 'tokens' and 'text'",
  'fineTuneOptions.labelSmoothing': '0',
  'fineTuneOptions.rank': '8',
  'fineTuneOptions.alpha': 'the rank',
  'fineTuneOptions.targets': "'all'",
  'fineTuneOptions.loraDropout': '0',
  'fineTuneOptions.objective': "'L2'",
  'fineTuneOptions.lambda': '0.5',
  'fineTuneOptions.learningRate': "5e-4 of 'lora', 6.25e-5 of 'full', times 768 / width",
  'fineTuneOptions.epochs': '3, and as many as give 100 steps',
  'fineTuneOptions.steps': 'what epochs say',
  'fineTuneOptions.batchSize': '32, at most an eighth of the examples and at least 4; 8 of text',
  'fineTuneOptions.warmup': '0.06',
  'fineTuneOptions.schedule': "'linear'",
  'fineTuneOptions.weightDecay': '0.01',
  'fineTuneOptions.dropout': "0.1 of 'full', 0 of 'lora'",
  'fineTuneOptions.patience': '5',
  'fineTuneOptions.evaluateEvery': 'an epoch, between a twentieth and a quarter of the steps',
  'fineTuneOptions.threads': 'as many as there are cores; 1 where the page is not cross-origin isolated',
  'pretrainConfig.vocabSize': "the tokenizer's, else 2048",
  'pretrainConfig.inner': 'four times the width',
  'pretrainOptions.tokenizer': 'trained on the texts',
  'pretrainOptions.learningRate': '6e-4, times 768 / width',
  'pretrainOptions.epochs': '1, and as many as give 100 steps',
  'pretrainOptions.steps': 'what epochs say',
  'pretrainOptions.batchSize': 'as many as have the tokens of sixteen contexts',
  'pretrainOptions.warmup': '100, at most a tenth of the steps',
  'pretrainOptions.schedule': "'cosine'",
  'pretrainOptions.weightDecay': '0.1',
  'pretrainOptions.dropout': '0',
  'pretrainOptions.patience': '0',
  'pretrainOptions.evaluateEvery': 'an epoch, between a twentieth and a quarter of the steps',
  'pretrainOptions.threads': 'as many as there are cores; 1 where the page is not cross-origin isolated',
  'tokenizerOptions.kind': 'what the files say',
  'weightCacheOptions.budgetBytes': 'Infinity',
  'weightCacheOptions.directory': 'gptlet in $XDG_CACHE_HOME, else in ~/.cache',
};

const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : show(value);
}

const sections: Readonly<Record<string, () => tables.Table<string>>> = { ...tables };

function section(name: keyof typeof tables): string {
  const rows = Object.entries<tables.OptionRow>(sections[name]()).map(
    ([option, { kind, default: value, required }]) => {
      const fallback = value === undefined || isEmpty(value) ? (inWords[`${name}.${option}`] ?? '') : shown(value);
      return `| \`${option}\` | ${kind.mustBe} | ${required ? 'required' : fallback} |`;
    },
  );
  return [`## ${calls[name]}`, '', '| option | what it may be | default |', '|---|---|---|', ...rows].join('\n');
}

it('docs/options.md lists every option', async () => {
  const head = [
    '# Every option',
    '',
    '<!-- Written by sdk/options/table.test.ts from sdk/options/table.ts: npx vitest run sdk/options -u -->',
    '',
    'What each does stands in [the API](api/). `null` and `undefined` are "not given". Before the defaults of generating and',
    "sampling comes what the checkpoint's generation_config.json says.",
  ].join('\n');
  const sections = (Object.keys(calls) as (keyof typeof tables)[]).map(section);
  await expect(`${[head, ...sections].join('\n\n')}\n`).toMatchFileSnapshot('../../docs/options.md');
});
