// The loss of every step so far, drawn anew with each.

const [width, height, margin] = [400, 200, 12];

/** @param {SVGSVGElement} svg @param {readonly number[]} losses one a step @param {number} steps how many there will be */
export function drawLosses(svg, losses, steps) {
  const high = Math.max(...losses);
  const low = Math.min(0, ...losses);
  const x = (/** @type {number} */ step) => margin + ((width - 2 * margin) * step) / Math.max(1, steps - 1);
  const y = (/** @type {number} */ loss) =>
    height - margin - ((height - 2 * margin) * (loss - low)) / (high - low || 1);
  const line = create('polyline', { points: losses.map((loss, step) => `${x(step)},${y(loss)}`).join(' ') });
  const last = losses[losses.length - 1];
  const first = create('text', { x: String(margin + 4), y: String(y(high) + 4) });
  first.textContent = high.toFixed(2);
  const now = create('text', {
    x: String(Math.min(width - 40, x(losses.length - 1) + 4)),
    y: String(Math.max(20, y(last) - 6)),
  });
  now.textContent = last.toFixed(2);
  svg.replaceChildren(line, first, now);
  svg.setAttribute('aria-label', `The loss fell from ${losses[0].toFixed(2)} to ${last.toFixed(2)}`);
}

/** @param {string} name @param {Record<string, string>} attributes */
function create(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
