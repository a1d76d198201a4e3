// gptlet/heads: fine-tuned heads and the input transformations of GPT (2018).

export { loadClassifier } from './api/load-classifier.ts';
export { type Classifier, createClassifier } from './heads/classifier.ts';
export { createSpanFinder, type SpanFinder } from './heads/span-finder.ts';
export type { FoundSpan, Span } from './heads/span-labels.ts';
export type { ClassifierTasks, ClassifyOptions, LabelScore } from './loaded-model/classifier-tasks.ts';
