// The sampler module: the steps of one draw, called in order by sdk/sampler/sampler.ts.

export {
  candidateIds,
  editIds,
  editValues,
  historyBuffer,
  maskBuffer,
  rawBuffer,
  reserve,
  rowBuffer,
  scoreBuffer,
} from './memory-layout';
export { begin, logprob, logSoftmax } from './logits';
export { applyEdits, applyMask, banRepeatedNgrams, findForeign, penalizeGenerated, penalizeRepetition } from './edits';
export { filter } from './filters';
export { draw, greedy, seedState, setState, stateHigh, stateLow, writeDistribution } from './draw';
export { bestTokens } from './best-tokens';
