// What the model may call. Each runs here, in the page.

/** @type {Record<string, import('gptlet/chat').Tool & { label: string }>} */
const tools = {
  time: {
    label: 'The time of day',
    description: 'Tells the date and the time of day, here and now.',
    execute: () => new Date().toLocaleString('en', { dateStyle: 'full', timeStyle: 'short' }),
  },
  calculator: {
    label: 'A calculator',
    description: 'Adds, subtracts, multiplies or divides two numbers.',
    parameters: {
      type: 'object',
      properties: {
        a: { type: 'number' },
        operation: { enum: ['+', '-', '*', '/'] },
        b: { type: 'number' },
      },
      required: ['a', 'operation', 'b'],
      additionalProperties: false,
    },
    execute: (/** @type {{ a: number, operation: string, b: number }} */ { a, operation, b }) =>
      ({ '+': a + b, '-': a - b, '*': a * b, '/': a / b })[operation],
  },
  search_page: {
    label: 'A search of this page',
    description: 'Finds sentences of the web page that the user looks at.',
    parameters: {
      type: 'object',
      properties: { words: { type: 'string', minLength: 1, maxLength: 40, description: 'What to look for' } },
      required: ['words'],
      additionalProperties: false,
    },
    execute: (/** @type {{ words: string }} */ { words }) => {
      const parts = [...document.querySelectorAll('main :is(h1, h2, p, label, li)')];
      const lines = parts
        .map(({ textContent }) => textContent?.trim() ?? '')
        .filter((line) => line.toLowerCase().includes(words.toLowerCase()));
      return lines.slice(0, 5).join('\n') || 'Nothing was found.';
    },
  },
};

/**
 * Fills a fieldset with a check box for each tool.
 *
 * @param {HTMLElement} fieldset
 * @returns {() => import('gptlet/chat').Tools} those that are checked
 */
export function createToolChoice(fieldset) {
  for (const [name, { label }] of Object.entries(tools)) {
    const row = document.createElement('label');
    row.className = 'check';
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name });
    row.append(box, ` ${label}`);
    fieldset.append(row);
  }
  return () => {
    const checked = [...fieldset.querySelectorAll('input')].filter((box) => box.checked);
    return Object.fromEntries(checked.map(({ name }) => [name, tools[name]]));
  };
}
