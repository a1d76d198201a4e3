import { describe, expect, it } from 'vitest';
import { buildTables } from './build-tables.ts';
import { importEveryKind } from './import-every-kind.ts';
import { rareTokenizers } from './import-rare-tokenizers.ts';
import { readFiles } from './read-files.ts';
import { smallFiles } from './testing/small-files.ts';
import { tokenizerModule } from './tokenizer-module.ts';

/** The version that scripts/generate-unicode-tables.mjs ran with. */
const tableVersion = '17.0';

describe('the character classes', () => {
  const other = process.versions.unicode !== tableVersion;
  it.skipIf(other)(
    `of both modules are those of Node's own Unicode ${tableVersion} for every code point (needs a Node with that version)`,
    async () => {
      const definition = await readFiles(smallFiles(), undefined, rareTokenizers);
      const classesOf = async (kind: 'gpt2' | 'o200k') =>
        buildTables(await tokenizerModule({ ...definition, kind }, importEveryKind), definition).wasm;
      const common = await classesOf('gpt2');
      const everyKind = await classesOf('o200k');
      const patterns = [
        /\p{Lu}|\p{Lt}/u,
        /\p{Ll}/u,
        /\p{Lm}|\p{Lo}/u,
        /\p{N}/u,
        /\p{Mn}/u,
        /\p{Mc}|\p{Me}/u,
        /\p{P}/u,
        /\p{C}/u,
      ];
      const wrong: string[] = [];
      for (let code = 0; code < 0x110000; code++) {
        const character = String.fromCodePoint(code);
        const expected = /\p{White_Space}/u.test(character)
          ? 9
          : patterns.findIndex((pattern) => pattern.test(character)) + 1;
        if (everyKind.classOf(code) !== expected) wrong.push(code.toString(16));
        // The common module knows letters, numbers and white space only.
        const coarse = [0, 3, 3, 3, 4, 0, 0, 0, 0, 9][expected];
        if (common.classOf(code) !== coarse) wrong.push(code.toString(16));
      }
      expect(wrong).toEqual([]);
    },
  );
});
