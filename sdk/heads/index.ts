// gptlet/heads: fine-tuned heads and the input transformations of GPT (2018).
export { type Classifier, type ClassifyOptions, createClassifier } from './classifier.ts';
export type { LabelScore } from './label-scores.ts';
export { loadClassifier } from './load-classifier.ts';
