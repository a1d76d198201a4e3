// gptlet/heads: fine-tuned heads and the input transformations of GPT (2018).
export type { ClassifierTasks, ClassifyOptions, LabelScore } from '../generation/classifier-tasks.ts';
export { type Classifier, createClassifier } from './classifier.ts';
export { loadClassifier } from './load-classifier.ts';
