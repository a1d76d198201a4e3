import { loadModel } from 'gptlet';

const beginnings = ['Once upon a time', 'One day', 'There was a', 'In a small', 'A little', 'Every morning', 'Tom and'];
const names = ['girl', 'boy', 'dog', 'bear', 'bird', 'cat', 'mouse', 'king', 'fox', 'fish', 'frog', 'rabbit'];

/**
 * Stories by the embedded model: a small storyteller learns from a larger one.
 *
 * @param {{ count: number, signal: AbortSignal, onStory: (story: string, written: number) => void }} options
 */
export async function writeStories({ count, signal, onStory }) {
  const model = await loadModel(undefined, { signal });
  try {
    for (let i = 0; i < count; i++) {
      const start = `${beginnings[i % beginnings.length]} ${names[i % names.length]}`;
      const { text } = await model.generate(start, {
        maxNewTokens: 160,
        temperature: 0.8,
        topP: 0.95,
        seed: i,
        signal,
      });
      signal.throwIfAborted();
      onStory((start + text).replace(/\s*\n\s*/g, ' ').trim(), i + 1);
    }
  } finally {
    await model.dispose();
  }
}
