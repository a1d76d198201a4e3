import type { Message } from '../loaded-model/message.ts';

/** What is left of a context after it has been made to fit: so that not every turn has to drop something. */
const fullness = 0.75;

/**
 * Leaves out the oldest turns, whole: a user's message and all that answers it. What the system says stays, and the last turn.
 *
 * @param room tokens that there are for messages
 * @param count tokens that messages take
 */
export async function withoutOldest(
  messages: readonly Message[],
  room: number,
  count: (messages: readonly Message[]) => Promise<number>,
): Promise<readonly Message[]> {
  if ((await count(messages)) <= room) return messages;
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const turns = messages.flatMap(({ role }, i) => (i > first && role === 'user' ? [i] : []));
  let kept = messages;
  for (const turn of turns) {
    kept = [...messages.slice(0, first), ...messages.slice(turn)];
    if ((await count(kept)) <= room * fullness) break;
  }
  return kept;
}
