import { seeded, shuffled } from './random.mjs';

/**
 * A dataset, what of it is `asked`, and the `pool` that solved examples come from: its training data (its own, or --train in the
 * form of --file), or else its first items, which are then not asked.
 */
export function splitShots(read, { limit, shots, train, ...options }) {
  const dataset = read(options);
  const own = train ? read({ ...options, file: train }).items : shots > 0 ? dataset.train?.() : [];
  const { items, solved = 4 * shots } = dataset;
  const from = own ? 0 : solved;
  return { dataset, asked: items.slice(from).slice(0, limit), pool: own ?? items.slice(0, from) };
}

/** `shots` of the pool, drawn with seed 0. @throws where there are not as many */
export function pickShots(pool, shots) {
  if (pool.length >= shots) return shuffled(pool, seeded(0)).slice(0, shots);
  throw new Error(`There are ${pool.length} solved examples to take ${shots} shots from; name more with --train.`);
}

/** The same with labels taking turns, as far as there are examples of each. */
export function pickBalanced(pool, labels, shots) {
  const order = pickShots(pool, pool.length);
  const byLabel = labels.map((label) => order.filter((example) => example.label === label));
  const rounds = Math.max(0, ...byLabel.map(({ length }) => length));
  const turns = Array.from({ length: rounds }, (_, round) => byLabel.flatMap((column) => column[round] ?? []));
  return turns.flat().slice(0, shots);
}
