const key = 'gptlet-assistant';

/**
 * Conversations kept in this browser, newest first.
 * @typedef {{ id: string, title: string, saved: string }} Kept
 */

/** @returns {Kept[]} */
export function listKept() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]');
  } catch {
    return [];
  }
}

/** Keeps a conversation, the newest of 20. @param {Kept} kept */
export function keep(kept) {
  store([kept, ...listKept().filter(({ id }) => id !== kept.id)].slice(0, 20));
}

/** @param {string} id */
export const forget = (id) => store(listKept().filter((kept) => kept.id !== id));

function store(/** @type {Kept[]} */ all) {
  try {
    localStorage.setItem(key, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing: the conversation goes on without.
  }
}
