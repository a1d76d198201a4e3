// The modules for families after the papers': the same, and for their tests the kernels that those alone have.
export * from './index';

export { convolution } from './convolution';
export { rmsNorm } from './rms-norm';
export { softCap } from './soft-cap';
export { rotate } from './turn-heads';
