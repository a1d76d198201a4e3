// One training by gptlet, in Node or in a page: what bench/training/run.mjs puts beside PyTorch's.

/**
 * @param {typeof import('../../dist/types/index.d.ts')} gptlet @param {typeof import('../../dist/types/training.d.ts')} training
 * @param {{ source?: string, dtype?: string, method: 'head' | 'lora' | 'full', steps?: number, threads?: number, checkpointing?: boolean, backend?: string }} given
 * @returns tokens a second as the last steps had it, or seconds from the call to a classifier
 */
export async function trainOnce(gptlet, training, given) {
  const { source, dtype = 'f32', method, steps = 8, threads = 2, checkpointing = false, backend = 'wasm' } = given;
  const model = await gptlet.loadModel(source, { dtype, backend: 'wasm', threads });
  try {
    if (method === 'head') return await fitHead(training, model);
    const options = {
      ...{ task: 'text', method, steps, batchSize: 8, tokensAtOnce: 1024, heldOut: 0, learningRate: 1e-4 },
      ...{ schedule: 'constant', warmup: 0, dropout: 0, storage: false, threads, checkpointing, backend },
      ...(method === 'lora' && { rank: 8, alpha: 16, targets: ['c_attn'] }),
    };
    const examples = Array.from({ length: 8 * steps }, (_, i) => ({ text: sentence(model.tokenizer, 127, i) }));
    const { memoryBytes } = await training.estimate(model, examples, options);
    const rates = [];
    // What is before is the model's, or this file's.
    performance.mark('gptlet:start');
    for await (const { tokensPerSecond, stage } of training.fineTune(model, examples, options))
      if (stage === 'learn' && tokensPerSecond) rates.push(tokensPerSecond);
    performance.mark('gptlet:end');
    return { tokensPerSecond: rates.at(-1), estimatedMegabytes: memoryBytes / 1e6 };
  } finally {
    await model.dispose();
  }
}

/** 1,000 sentences of 20 tokens, of two kinds that their words tell apart. */
async function fitHead({ fineTune }, model) {
  const examples = Array.from({ length: 1000 }, (_, i) => ({
    text: sentence(model.tokenizer, 20, i, i % 2),
    label: String(i % 2),
  }));
  performance.mark('gptlet:start');
  const began = performance.now();
  const classifier = (await fineTune(model, examples)).attach(model);
  await classifier.classify(examples[0].text);
  const seconds = (performance.now() - began) / 1000;
  performance.mark('gptlet:end');
  return { seconds };
}

/** Words that are one token each, seeded; `half` takes them from one half of the vocabulary. */
function sentence(tokenizer, length, seed, half) {
  const words = (known ??= wordsOf(tokenizer));
  const [first, count] = half === undefined ? [0, words.length] : [half * (words.length >> 1), words.length >> 1];
  let state = seed + 1;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  return Array.from({ length }, () => words[first + Math.floor(next() * count)]).join('');
}

let known;

function wordsOf(tokenizer) {
  const words = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.decode([id]));
  return words.filter((word) => /^ [a-z]{3,}$/.test(word));
}
