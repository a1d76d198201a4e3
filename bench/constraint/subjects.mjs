// gptlet's constraints and their peers behind one shape: `open(schema)` compiles and finds the first mask, `next(token)` takes a
// token and finds the one after it. A mask has a bit a token id.
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ConstraintService } from '../../build/sdk/constraint/constraint-service.js';

export const versions = { '@mlc-ai/web-xgrammar': '0.1.27', '@huggingface/transformers-structured-output': '4.3.0' };

/** Name → a function from the vocabulary (`{ tokens, names, eos }`) and the peers' folder to the function `open`. */
export const subjects = {
  gptlet: ({ tokens, eos }) => {
    const ends = new Uint32Array(tokens.length);
    let end = 0;
    for (const [id, token] of tokens.entries()) ends[id] = end += id === eos ? 0 : token.length;
    const bytes = new Uint8Array(end);
    for (const [id, token] of tokens.entries()) if (id !== eos) bytes.set(token, ends[id] - token.length);
    const service = new ConstraintService({ bytes, ends });
    return (jsonSchema) => {
      const { id, step } = service.open({ jsonSchema }, [eos], Infinity);
      return {
        mask: step.mask,
        next: (token) => service.accept(id, [token], Infinity).mask,
        close: () => service.close(id),
      };
    };
  },

  [`XGrammar ${versions['@mlc-ai/web-xgrammar']}`]: async ({ names, eos }, folder) => {
    // A script that is neither: its package says module, its text is for require().
    const script = join(folder, 'xgrammar.cjs');
    copyFileSync(join(folder, 'node_modules/@mlc-ai/web-xgrammar/lib/index.js'), script);
    const { GrammarCompiler, GrammarMatcher, TokenizerInfo } = createRequire(import.meta.url)(script);
    const info = await TokenizerInfo.createTokenizerInfo(names, 'byte_level', false, names.length, [eos]);
    const compiler = await GrammarCompiler.createGrammarCompiler(info, false);
    return async (schema) => {
      // Any blanks, and not "strict", which would add conditions that the schema does not have.
      const grammar = await compiler.compileJSONSchema(JSON.stringify(schema), true, 2, undefined, false);
      const matcher = await GrammarMatcher.createGrammarMatcher(grammar);
      return {
        mask: await matcher.getNextTokenBitmask(),
        next: (token) => {
          if (!matcher.acceptToken(token)) throw new Error('the token is refused');
          return matcher.isTerminated() ? undefined : matcher.getNextTokenBitmask();
        },
        close: () => {
          matcher.dispose();
          grammar.dispose();
        },
      };
    };
  },

  [`transformers.js ${versions['@huggingface/transformers-structured-output']}`]: async ({ tokens, eos }, folder) => {
    // Its engine without the step that writes a mask into logits, which the others leave to the sampler.
    const outfile = join(folder, 'transformers-engine.mjs');
    const source = join(folder, 'node_modules/@huggingface/transformers-structured-output/src/engine/index.ts');
    await build({ entryPoints: [source], outfile, bundle: true, format: 'esm', logLevel: 'error' });
    const { createTokenConstraint, prepareTokenizer } = await import(pathToFileURL(outfile).href);
    const tokenizer = { tokens, eos_token_id: eos };
    prepareTokenizer(tokenizer);
    return (schema) => {
      const constraint = createTokenConstraint(tokenizer, { type: 'json_schema', json_schema: schema });
      const mask = new Uint32Array((tokens.length + 31) >> 5);
      const find = () => {
        if (!constraint.fillMask(mask)) throw new Error('nothing may come next');
        return mask;
      };
      return {
        mask: find(),
        next: (token) => {
          constraint.commit(token);
          return find();
        },
        close: () => {},
      };
    };
  },
};
