import { gptletSubject } from './gptlet-subject.mjs';

let subject;

const calls = {
  async load(options) {
    subject = await gptletSubject(options);
    const { loadedMs, readyMs, bytes } = subject;
    return { loadedMs, readyMs, bytes };
  },
  run: (tokens, count) => subject.run(tokens, count),
  headShare: (position, count) => subject.headShare(position, count),
};

self.onmessage = async ({ data: { name, args } }) => {
  try {
    postMessage({ value: await calls[name](...args) });
  } catch (error) {
    postMessage({ error: error.stack ?? String(error) });
  }
};
