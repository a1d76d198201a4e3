// One subject of the benchmark in its page. Each exports load(options) -> { alone(texts), together(texts) }, which classify.

export async function load({ dtype, threads }) {
  const { loadClassifier } = await import('/dist/heads.js');
  const classifier = await loadClassifier(undefined, { backend: 'wasm', dtype, threads });
  return {
    weights: classifier.model.bytes.weights,
    async alone(texts) {
      for (const text of texts) await classifier.classify(text);
    },
    together: (texts) => classifier.classifyBatch(texts),
    /** Time of choose() over one pass across as many tokens: context and answers in a row. Each context is a new one. */
    async chooseCost(contexts, answers) {
      const { tokenizer } = classifier.model;
      const ratios = [];
      for (const context of contexts) {
        const tokenIds = [context, ...answers].flatMap((text) => [...tokenizer.encode(text)]);
        const times = [performance.now()];
        await classifier.classifyIds(tokenIds);
        times.push(performance.now());
        await classifier.choose({ context, answers });
        times.push(performance.now());
        ratios.push((times[2] - times[1]) / (times[1] - times[0]));
      }
      return ratios.sort((a, b) => a - b)[ratios.length >> 1];
    },
  };
}
