/**
 * Lines of a label, a tab or a comma (or a semicolon), and a text; quotes around either are taken away.
 *
 * @param {string} table
 * @returns {{ examples: { label: string, text: string }[], bad: number[] }} and the numbers of lines that are none
 */
export function readTable(table) {
  /** @type {{ label: string, text: string }[]} */
  const examples = [];
  /** @type {number[]} */
  const bad = [];
  for (const [i, line] of table.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, label, text] = /^\s*("[^"]*"|[^\t,;"]+)\s*[\t,;]\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (label && text) examples.push({ label: unquoted(label), text: unquoted(text) });
    else bad.push(i + 1);
  }
  return { examples, bad };
}

/** @param {string} cell */
const unquoted = (cell) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('""', '"');
