// Runs in the page, bundled by harness-fixture.ts: engines side by side, so that only figures cross to the test.
export { RecoveringEngine } from '../../sdk/backends/recovering-engine.ts';
export { randomAdapter } from '../../sdk/backends/testing/random-adapter.ts';
export { createWebGpuEngineBuilder } from '../../sdk/backends/webgpu/index.ts';
export { fixtureGradients, fixtureLosses } from '../../sdk/gradients/testing/pytorch-fixture.ts';
export { createWebGpuExecutor } from '../../sdk/gradients/webgpu/index.ts';
export { readAdapterAt } from '../../sdk/loading/read-adapter-at.ts';
export { anyConfig, familyConfigs } from './any-config.ts';
export { engineDifferences } from './engine-differences.ts';
export { withAdapter } from './engine-with-adapter.ts';
export {
  cpuCheckpoint,
  failure,
  limitBindings,
  loadCheckpoint,
  referenceCheckpoint,
  referenceEngine,
  webGpuEngine,
} from './engines.ts';
export { familyKernelDifferences } from './family-kernel-differences.ts';
export { greedy, greedyAhead, maxDifference, perplexity, relativeError, sampleText } from './generate-and-compare.ts';
export { kernelDifferences } from './kernel-differences.ts';
export { makeConfig, randomTensors, randomTokens } from './random-model.ts';
export { stepDifferences, stepKinds } from './training/step-differences.ts';
