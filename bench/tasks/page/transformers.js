export async function load({ dtype, threads }) {
  const { env, pipeline } = await import('/peers/@huggingface/transformers/dist/transformers.min.js');
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  env.backends.onnx.wasm.wasmPaths = new URL('/peers/onnxruntime-web/dist/', location.href).href;
  env.backends.onnx.wasm.numThreads = threads;
  const classify = await pipeline('text-classification', 'distilbert', { device: 'wasm', dtype });
  return {
    async alone(texts) {
      for (const text of texts) await classify(text);
    },
    // As its own documentation batches: an array, padded to the longest.
    together: (texts) => classify(texts),
    count: async (text) => (await classify.tokenizer(text)).input_ids.size,
  };
}
