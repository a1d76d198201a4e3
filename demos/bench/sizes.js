/**
 * Shapes of GPT-2's kind, with its vocabulary.
 * @typedef {{ name: string, nLayer: number, nHead: number, nEmbd: number, checked: boolean }} Size
 */

/** GPT-2's own two smaller sizes, and one for a phone. @type {readonly Size[]} */
export const sizes = [
  { name: '33M', nLayer: 8, nHead: 6, nEmbd: 384, checked: true },
  { name: '124M', nLayer: 12, nHead: 12, nEmbd: 768, checked: true },
  { name: '355M', nLayer: 24, nHead: 16, nEmbd: 1024, checked: false },
];

/** Tokens of the prompt, and how many a context holds in all. */
export const promptTokens = 128;
export const contextTokens = 256;
export const vocabSize = 50257;
