// What an element needs from the first pause on: asking a model how a text goes on, and drawing what it says.
export { GhostText } from './ghost-text.ts';
export { Suggester } from './suggester.ts';
