// Whether a schema's constraint takes what the schema's author calls valid, and nothing else.
import { compileConstraint } from '../../build/sdk/constraint/compile-constraint.js';
import { writeInstance } from './instance-order.mjs';

/** No text fits: the constraint is refused, which is right where every instance is wrong. */
const NOTHING_FITS = 'cannot be satisfied';

/**
 * Judges instances by the constraint of a schema.
 *
 * @param tests `{ valid, data, description }`
 * @param references schemas that it refers to, by their addresses
 * @returns `ms` to compile; `error` where it did not; `wrong`: the instances that were judged wrong, each with `let in` or `refused`
 */
export function judgeSchema(schema, tests, references = {}) {
  const { machine, ms, error } = compile(schema, references);
  if (error && !error.includes(NOTHING_FITS)) return { ms, error, wrong: [] };
  const wrong = [];
  for (const { valid, data, description } of tests) {
    try {
      const { text, stopped, gaveUp } = machine ? writeInstance(machine, data) : { stopped: NOTHING_FITS };
      if ((text !== undefined) === valid) continue;
      wrong.push({ valid, description, reason: valid ? `refused at ${stopped}` : 'let in', gaveUp });
    } catch (thrown) {
      return { ms, error: messageOf(thrown), wrong };
    }
  }
  return { ms, wrong };
}

function compile(schema, references) {
  const start = performance.now();
  try {
    const { machine } = compileConstraint({ jsonSchema: schema, references });
    return { machine, ms: performance.now() - start };
  } catch (thrown) {
    return { error: messageOf(thrown), ms: performance.now() - start };
  }
}

/** An error that was not made on purpose is named so. */
function messageOf(thrown) {
  return thrown.code === 'INVALID_OPTION'
    ? thrown.message
    : `not an error made on purpose: ${thrown.stack.split('\n', 2).join(' ')}`;
}

/** A message without what is particular to one schema, to count those that say the same. */
export function kindOf(message) {
  return message
    .replace(/(?<=jsonSchema at ).*?(?= (?:has|is|refers|allows|points)\b)/, '…')
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/The constraint \{.*(?= cannot be)/, 'The constraint … ')
    .slice(0, 160);
}

/** Prints what failed, the most frequent kind first, with some of the places of each. */
export function printKinds(title, kinds, most = 8) {
  console.log(`\n${title}`);
  const sorted = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  for (const [kind, places] of sorted) {
    console.log(`${String(places.length).padStart(5)} × ${kind}`);
    for (const place of places.slice(0, most)) console.log(`          ${place}`);
    if (places.length > most) console.log(`          … and ${places.length - most} more`);
  }
}

/** Adds a place to a kind. */
export function addTo(kinds, kind, place) {
  kinds.set(kind, [...(kinds.get(kind) ?? []), place]);
}
