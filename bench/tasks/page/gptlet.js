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
  };
}
