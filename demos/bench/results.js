/**
 * One measured case. `limit` is the share of the memory's speed at which the answer read its weights.
 * @typedef {{ model: string, dtype: string, backend: 'wasm' | 'webgpu', threads?: number, problem?: string, limit?: number }
 *   & Partial<import('./measure-model.js').Speeds>} Result
 */

/** @param {Pick<Result, 'backend' | 'threads'>} result */
export const placeOf = ({ backend, threads }) =>
  backend === 'webgpu' ? 'GPU' : `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

/** @param {number} value */
export const inDigits = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

/** Shows results in a table's body and in two bar charts of the same figures. */
export function showResults(/** @type {readonly Result[]} */ results) {
  const [rows, prefill, decode] = ['rows', 'prefill-bars', 'decode-bars'].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  rows.replaceChildren(...results.map(rowOf));
  prefill.replaceChildren(...barsOf(results, 'prefillTokensPerSecond'));
  decode.replaceChildren(...barsOf(results, 'decodeTokensPerSecond'));
}

/** @param {Result} result */
function rowOf(result) {
  const row = document.createElement('tr');
  const head = element('th', `${result.model} ${result.dtype}`);
  head.setAttribute('scope', 'row');
  head.append(element('small', placeOf(result)));
  row.append(head);
  if (result.problem !== undefined) {
    const cell = element('td', result.problem);
    cell.setAttribute('colspan', '3');
    cell.className = 'failed';
    row.append(cell);
  } else {
    const { prefillTokensPerSecond = 0, decodeTokensPerSecond = 0, limit } = result;
    const share = limit === undefined ? '–' : `${Math.round(100 * limit)} %`;
    for (const text of [inDigits(prefillTokensPerSecond), inDigits(decodeTokensPerSecond), share])
      row.append(element('td', text));
  }
  return row;
}

/** @param {readonly Result[]} results @param {'prefillTokensPerSecond' | 'decodeTokensPerSecond'} what */
function barsOf(results, what) {
  const most = Math.max(...results.map((result) => result[what] ?? 0));
  return results.flatMap((result) => {
    const speed = result[what];
    if (speed === undefined) return [];
    const bar = document.createElement('li');
    bar.className = result.backend;
    bar.style.setProperty('--share', (speed / most).toFixed(3));
    bar.append(
      element('span', `${result.model} ${result.dtype}, ${placeOf(result)}`),
      element('span', inDigits(speed)),
    );
    return [bar];
  });
}

/** @param {string} name @param {string} text */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
