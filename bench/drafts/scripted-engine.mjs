// A seeded model's work with a text's tokens: every pass runs, and what comes out is replaced by what the script says comes next.

/**
 * @param {object} engine
 * @param {() => ArrayLike<number>} script the whole text, prompt and answer
 * @param {(at: number) => boolean} agrees whether the token at a place is the script's; another one where not
 */
export function scripted(engine, script, agrees = () => true) {
  const { vocabSize: V } = engine.config;
  return new Proxy(engine, {
    get(target, name) {
      if (name !== 'forward') {
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (tokens, position, options = {}) => {
        const result = await target.forward(tokens, position, options);
        if (!result.logits) return result;
        const rows = result.logits.length / V;
        for (let row = 0; row < rows; row++) {
          const at = position + tokens.length - rows + row + 1;
          const next = script()[at] ?? 0;
          result.logits[row * V + (agrees(at) ? next : (next + 1) % V)] = 1e4;
        }
        return result;
      };
    },
  });
}
