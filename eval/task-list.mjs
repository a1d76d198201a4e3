/** A way to measure and a dataset's reader: each in a module of its own, loaded when asked for. */
const of = (tasks, evaluate, datasets, read) => async () => {
  const [task, dataset] = await Promise.all([import(`./tasks/${tasks}.mjs`), import(`./datasets/${datasets}.mjs`)]);
  return { evaluate: (options) => task[evaluate](dataset[read], options) };
};
const labelled = (datasets, read) => of('labelled', 'evaluateLabelled', datasets, read);
const choices = (datasets, read) => of('choices', 'evaluateChoices', datasets, read);
const answers = (read) => of('answers', 'evaluateAnswers', 'questions', read);
const completions = (read) => of('completions', 'evaluateCompletions', 'completions', read);
const relatedness = (datasets, read) => of('relatedness', 'evaluateRelatedness', datasets, read);

/** Task → what it measures, and the module that does. */
export const taskList = {
  lm: [
    'bits per byte and perplexity of a text (--file, --detokenizer)',
    () => import('./tasks/language-modelling.mjs'),
  ],
  'llama-twin': [
    'the trained model in Llama’s layout, beside PyTorch’s figures of it',
    () => import('./tasks/llama-twin.mjs'),
  ],
  'last-word': ['the last word of a passage, as LAMBADA asks (--file)', () => import('./tasks/last-word.mjs')],
  sst2: ['SST-2 dev sentences by head (default) or prompt', labelled('labelled', 'sst2')],
  trec: ['TREC question types, held out', labelled('labelled', 'trec')],
  cola: ['CoLA in-domain dev', labelled('labelled', 'cola')],
  sick: ['SICK entailment, trial', labelled('labelled', 'sick')],
  'sick-relatedness': ['SICK relatedness, trial, by a regression head', relatedness('labelled', 'sick')],
  training: [
    'heads trained here on a frozen body: SST-2, TREC, CoLA, SICK in two forms',
    () => import('./tasks/training.mjs'),
  ],
  imdb: ['film reviews kept out of training, by head (default) or prompt', labelled('labelled', 'imdb')],
  nli: ['SNLI, MultiNLI, SciTail, QNLI, RTE, CB, ANLI (--file)', labelled('pairs', 'nli')],
  mrpc: ['MRPC: F1 and accuracy (--file)', labelled('pairs', 'mrpc')],
  qqp: ['QQP: F1 and accuracy (--file)', labelled('pairs', 'qqp')],
  'sts-b': ['STS-B by a regression head (--file)', relatedness('pairs', 'stsb')],
  boolq: ['BoolQ (--file)', labelled('superglue', 'boolq')],
  wic: ['WiC (--file)', labelled('superglue', 'wic')],
  wsc: ['WSC as SuperGLUE has it (--file)', labelled('superglue', 'wsc')],
  multirc: ['MultiRC: exact match of questions, F1 over answers (--file)', labelled('superglue', 'multirc')],
  record: ['ReCoRD: accuracy and F1 (--file)', choices('superglue', 'record')],
  labels: [
    'any labelled texts (--file: JSON lines of text, or premise and hypothesis, and label)',
    labelled('labelled', 'labels'),
  ],
  copa: ['COPA', choices('choices', 'copa')],
  arc: ['ARC-Easy dev, or --file in ARC’s format, which is OpenBookQA’s too', choices('choices', 'arc')],
  hellaswag: ['HellaSwag (--file)', choices('choices', 'hellaswag')],
  winograd: ['Winograd schemas, or Winogrande (--file)', choices('choices', 'winograd')],
  'story-cloze': ['Story Cloze (--file)', choices('multiple-choice', 'storyCloze')],
  race: ['RACE (--file: its folder of middle or high)', choices('multiple-choice', 'race')],
  cbt: ['Children’s Book Test (--file)', choices('multiple-choice', 'cbt')],
  piqa: ['PIQA (--file, its labels beside it)', choices('multiple-choice', 'piqa')],
  'sat-analogies': ['SAT analogies (--file)', choices('multiple-choice', 'satAnalogies')],
  choices: ['any choices (--file: JSON lines of context, answers, answer)', choices('choices', 'choices')],
  coqa: ['CoQA: F1 over conversations (--file)', answers('coqa')],
  squad: ['SQuAD: exact match and F1 (--file)', answers('squad')],
  quac: ['QuAC: F1 over conversations (--file)', answers('quac')],
  drop: ['DROP: exact match and F1 of numbers and spans (--file)', answers('drop')],
  'closed-book': ['NQ-open, TriviaQA, WebQuestions: exact match (--file)', answers('closedBook')],
  'cnn-dailymail': [
    'summaries: ROUGE (--file: a folder of stories, or CSV)',
    of('summaries', 'evaluateSummaries', 'parallel-texts', 'cnnDailymail'),
  ],
  translate: [
    'translations: BLEU (--file and --reference, line by line)',
    of('translation', 'evaluateTranslation', 'parallel-texts', 'parallel'),
  ],
  scramble: ['GPT-3’s five scrambled words, made of a list (--file)', completions('scrambled')],
  completions: ['any exact completions, GPT-3’s published words and sums (--file)', completions('completions')],
  arithmetic: ['GPT-3’s tests with two digits', () => import('./tasks/arithmetic.mjs')],
  schemas: [
    'JSON schemas as constraints: MaskBench’s, with what is valid and what not (--file: its folder)',
    () => import('./tasks/schemas.mjs'),
  ],
  'schema-suite': [
    'the JSON Schema Test Suite’s required part, by constraints (--file: its tests)',
    () => import('./tasks/schema-suite.mjs'),
  ],
  'prompt-api': [
    'the web-platform tests of the Prompt API, in Chromium (--file: a checkout of them)',
    () => import('./tasks/prompt-api.mjs'),
  ],
  tokenizers: [
    'tokenizers of six models beside the hub’s own: ids, texts, time and memory (--model: some of them)',
    () => import('./tasks/tokenizers.mjs'),
  ],
  templates: [
    'chat templates beside Python’s Jinja2 with the hub’s settings (--file: a folder of NAME.jinja; needs python3-jinja2)',
    () => import('./tasks/templates.mjs'),
  ],
  papers: [
    'all of the above that the papers report and the data allow, into docs/papers.md',
    () => import('./tasks/papers.mjs'),
  ],
  stories: [
    'llama2.c’s smallest model, against a NumPy reference (--file: stories260K.bin; needs python3 with NumPy)',
    () => import('./tasks/stories.mjs'),
  ],
  samples: ['20 seeded samples of 120 tokens, written to docs/samples.md', () => import('./tasks/samples.mjs')],
};
