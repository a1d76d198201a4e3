import { loadModel } from '/gptlet-dist/index.js';
import { installLanguageModel } from '/gptlet-dist/prompt-api.js';

const text = ({ content }) => content.slice(0, 64);

/**
 * Chromium's own runs have a model that repeats what it was told, and some tests ask for that. Here it is the embedded model that
 * reads, counts and writes what must have a form; only free answers repeat.
 */
function repeat(messages) {
  const system = messages.filter(({ role }) => role === 'system').map(text);
  const last =
    messages
      .filter(({ role }) => role === 'user')
      .map(text)
      .at(-1) ?? '';
  return [...system, last, 'That is what I was told.'].join(' ');
}

export async function install() {
  const embedded = await loadModel();
  const model = Object.create(embedded, {
    chat: {
      value: (messages, options) =>
        options.constraint ? embedded.chat(messages, options) : repeated(embedded, messages, options),
    },
  });
  // What is a prototype's private is not its heirs'.
  for (const name of ['tokenizer', 'chatFormat', 'generationDefaults', 'contextLength'])
    Object.defineProperty(model, name, { value: embedded[name] });
  installLanguageModel({ model: async () => model, force: true, chatOptions: { template: 'plain', seed: 1 } });
}

/** An answer in waiting, as `model.chat` gives it. */
function repeated(_model, messages, { signal }) {
  const answer = repeat(messages);
  const message = { role: 'assistant', content: answer };
  const result = { text: answer, message, messages: [message], finishReason: 'stop' };
  return {
    async *[Symbol.asyncIterator]() {
      for (const piece of answer.match(/\S*\s*/g)) {
        await new Promise((resolve) => setTimeout(resolve));
        if (signal?.aborted) return;
        if (piece) yield { text: piece };
      }
    },
    // biome-ignore lint/suspicious/noThenProperty: an answer is a PromiseLike
    then: (fulfilled, rejected) => Promise.resolve(result).then(fulfilled, rejected),
  };
}
