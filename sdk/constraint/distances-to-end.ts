import { type Groups, groupByState } from './group-by-state.ts';

/** Bytes from every state to the end by the shortest way, Infinity where there is none. */
export function distancesToEnd(edges: Groups, jumps: Groups, end: number): Float64Array {
  const states = edges.begins.length - 1;
  const distance = new Float64Array(states).fill(Infinity);
  const free = reversed(jumps, states, 1);
  const costly = reversed(edges, states, 3);
  // Breadth first from the end, one byte a round; jumps cost nothing and stay within the round.
  let round = [end];
  distance[end] = 0;
  for (let bytes = 0; round.length > 0; bytes++) {
    for (let i = 0; i < round.length; i++) {
      for (let k = free.begins[round[i]]; k < free.begins[round[i] + 1]; k++) {
        const from = free.values[k];
        if (distance[from] > bytes) {
          distance[from] = bytes;
          round.push(from);
        }
      }
    }
    const next: number[] = [];
    for (const state of round) {
      for (let k = costly.begins[state]; k < costly.begins[state + 1]; k++) {
        const from = costly.values[k];
        if (distance[from] === Infinity) {
          distance[from] = bytes + 1;
          next.push(from);
        }
      }
    }
    round = next;
  }
  return distance;
}

/** For every state those that lead to it; a target is the last of an entry's `width` numbers. */
function reversed({ begins, values }: Groups, states: number, width: number): Groups {
  const targets = new Int32Array(values.length / width);
  const sources = new Int32Array(targets.length);
  for (let state = 0; state < states; state++) {
    for (let i = begins[state]; i < begins[state + 1]; i += width) {
      targets[i / width] = values[i + width - 1];
      sources[i / width] = state;
    }
  }
  return groupByState(states, targets, sources, 1);
}
