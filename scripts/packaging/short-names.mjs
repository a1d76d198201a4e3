// Short names for properties that only our own code has: what WebAssembly modules export (in the modules and in the JavaScript that calls
// them) and a list of others, where they are long and frequent: 0.2 to 0.7 kB a bundle. Only names that nothing else has, such as those of two words and more.
import { readdirSync, readFileSync } from 'node:fs';
import { packBytes, unpackBytes } from './pack-bytes.mjs';
import { wasmModules } from './wasm-modules.mjs';

/**
 * Of objects that live in memory only: nothing here may be public, stored, read from a file or looked up by a text. They may be posted, since
 * page and worker are of one build.
 */
const internal = `
  addedTokens addPrefixSpace allLogits cachedPrefix canEnd capacity columnStride copySlot countFrom
  decodeCandidates entryStart farthest firstRow forwardBatch forwardCandidates generationRun headNorm ignoreMerges
  isComplete isVector kvSequence lastBlockNorm layerBytes logprobSum lostError mostCandidates mostStepsAhead
  normalization optionalCount prefillCandidates promptIds reserveSlots resolveTokenIds retryAfterMs rowStride
  sealed serveModel setTensor setTokens slotBytes stagingBytes tensorNames tokenBytes tokenOrigin
`;
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

const packedText = /(?<== *\n? *')[^']+(?=')/;
const builtFile = ({ out }) => `build/${out.replace(/ts$/, 'js')}`;

/** Long name → short one, for all bundles: what a worker posts, the page reads. */
export function shortNames() {
  const names = new Set(internal.trim().split(/\s+/));
  for (const module of wasmModules) {
    const [packed] = packedText.exec(readFileSync(builtFile(module), 'utf8'));
    renameExports(unpackBytes(packed), (name) => {
      if (/[a-z][A-Z]/.test(name)) names.add(name);
      return name;
    });
  }
  const long = [...names].sort();
  // Of the public names, none may change.
  const api = readdirSync('docs/api').map((file) => readFileSync(`docs/api/${file}`, 'utf8'));
  const common = long.filter((name) => new RegExp(`\\b${name}\\b`).test(api.join('\n')));
  if (common.length > 0) throw new Error(`Internal properties are named like public ones: ${common}`);
  const short = [...'_$'].flatMap((first) => letters.map((letter) => first + letter));
  if (long.length > short.length) throw new Error(`There are ${long.length} names and ${short.length} short ones`);
  return Object.fromEntries(long.map((name, index) => [name, short[index]]));
}

/** The source of a module that holds packed WebAssembly, its exports renamed. */
export function withShortExports(source, short) {
  return source.replace(packedText, (packed) =>
    packBytes(renameExports(unpackBytes(packed), (name) => short[name] ?? name)),
  );
}

const exportSection = 7;

/** A WebAssembly module (https://webassembly.github.io/spec/core/binary/modules.html) with `rename` called for each of its exports. */
function renameExports(bytes, rename) {
  const out = [...bytes.slice(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const [length, start] = readNumber(bytes, at + 1);
    const end = start + length;
    let content = bytes.slice(start, end);
    if (bytes[at] === exportSection) {
      const [count, first] = readNumber(bytes, start);
      content = [...number(count)];
      for (let i = 0, entry = first; i < count; i++) {
        const [letters, name] = readNumber(bytes, entry);
        const kind = name + letters;
        const renamed = rename(String.fromCharCode(...bytes.slice(name, kind)));
        [, entry] = readNumber(bytes, kind + 1);
        content.push(renamed.length, ...Buffer.from(renamed), ...bytes.slice(kind, entry));
      }
    }
    out.push(bytes[at], ...number(content.length), ...content);
    at = end;
  }
  return out;
}

/** A LEB128 number and the place behind it. */
function readNumber(bytes, at) {
  const [low, rest] = bytes[at] < 128 ? [bytes[at], undefined] : [bytes[at] & 127, readNumber(bytes, at + 1)];
  return rest ? [low + rest[0] * 128, rest[1]] : [low, at + 1];
}

/** A number in LEB128. */
function number(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}
