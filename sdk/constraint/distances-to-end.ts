import type { AutomatonStates } from './automaton.ts';

/** Bytes from every state to the end by the shortest way, Infinity where there is none. */
export function distancesToEnd({ edges, jumps, end }: AutomatonStates): Float64Array {
  const distance = new Float64Array(edges.length).fill(Infinity);
  const free: number[][] = edges.map(() => []);
  const costly: number[][] = edges.map(() => []);
  jumps.forEach((targets, from) => {
    for (const to of targets) free[to].push(from);
  });
  edges.forEach((list, from) => {
    for (let i = 2; i < list.length; i += 3) costly[list[i]].push(from);
  });
  // Breadth first from the end, one byte a round; jumps cost nothing and stay within the round.
  let round = [end];
  distance[end] = 0;
  for (let bytes = 0; round.length > 0; bytes++) {
    for (let i = 0; i < round.length; i++) {
      for (const from of free[round[i]]) {
        if (distance[from] > bytes) {
          distance[from] = bytes;
          round.push(from);
        }
      }
    }
    const next: number[] = [];
    for (const state of round) {
      for (const from of costly[state]) {
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
