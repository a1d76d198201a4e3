// All of the package but its commands, for the one file that a page loads from a CDN: `gptlet.single.js`.
export * from './heads.ts';
export * from './index.ts';
export * from './openai.ts';
export * from './prompting.ts';
export * from './sampler.ts';
export * from './tokenizer.ts';
