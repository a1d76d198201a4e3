// Tokens around a text in gemma-webgpu's prompt of one turn: <bos>, <start_of_turn>, u s e r, <end_of_turn>, <start_of_turn>,
// m o d e l. Line breaks are none in the made-up vocabulary, and letters are a token each.
const around = 13;

export async function load({ file, contextLength }) {
  const { createGemmaEngine } = await import('/peers/gemma-webgpu/dist/index.js');
  const started = performance.now();
  const engine = await createGemmaEngine({ model: new URL(`/models/${file}`, location.href).href, contextLength });
  const loadedMs = performance.now() - started;
  const generate = async (text, count) => {
    engine.resetConversation();
    engine.addUserMessage(text);
    const times = [performance.now()];
    for await (const _ of engine.generate({ temperature: 0, repPenalty: 1, maxTokens: count }))
      times.push(performance.now());
    return times;
  };
  await generate('a', 2);
  return {
    loadedMs,
    readyMs: performance.now() - started,
    async run(tokens, count) {
      const times = await generate('a'.repeat(Math.max(1, tokens.length - around)), count);
      const last = times.length - 1;
      // Random weights may choose a token that ends the turn.
      if (last < Math.min(2, count)) throw new Error(`only ${last} tokens came`);
      return { prefillMs: times[1] - times[0], decodeMs: (times[last] - times[1]) / (last - 1) };
    },
  };
}
