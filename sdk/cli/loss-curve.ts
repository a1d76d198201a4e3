/** A point of a training's curve. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  /** Over what is held out, where this step looked. */
  readonly heldLoss?: number;
}

/** Of the picture, in pixels: its size and where the plot stands in it. */
const [width, height, left, right, top, bottom] = [720, 360, 60, 700, 40, 310];
const style =
  'text{font:13px sans-serif;fill:#222}.axis{fill:none;stroke:#8c959f}.grid{stroke:#8c959f;opacity:.3}.own{fill:none;stroke:#0969da}.mean{fill:none;stroke:#0969da;stroke-width:2}.held{fill:none;stroke:#bc4c00;stroke-width:2}.dot{fill:#bc4c00}' +
  '@media (prefers-color-scheme:dark){text{fill:#ddd}.own,.mean{stroke:#58a6ff}.held{stroke:#f0883e}.dot{fill:#f0883e}}';

/** The loss of every step, faintly, its running mean, and that over what is held out, as an SVG that reads in light and dark. */
export function lossCurve(points: readonly CurvePoint[]): string {
  const finite = points.filter(({ loss }) => Number.isFinite(loss));
  const held = finite.filter(({ heldLoss }) => Number.isFinite(heldLoss));
  const values = finite.flatMap(({ loss, heldLoss = loss }) => [loss, heldLoss]).filter(Number.isFinite);
  const marks = axisMarks(Math.min(...values), Math.max(...values));
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const last = Math.max(1, ...finite.map(({ step }) => step));
  const x = (step: number): string => (left + ((right - left) * step) / last).toFixed(1);
  const y = (loss: number): string => (bottom - ((bottom - top) * (loss - low)) / (high - low || 1)).toFixed(1);
  const line = (kind: string, of: readonly (readonly [number, number])[]): string =>
    `<polyline class="${kind}" points="${of.map(([step, loss]) => `${x(step)},${y(loss)}`).join(' ')}"/>`;
  const losses = finite.map(({ step, loss }) => [step, loss] as const);
  const heldLosses = held.map(({ step, heldLoss = 0 }) => [step, heldLoss] as const);
  const shapes = [
    ...marks.map((loss) => `<path class="grid" d="M${left} ${y(loss)}H${right}"/>`),
    ...marks.map((loss) => `<text x="${left - 8}" y="${Number(y(loss)) + 4}" text-anchor="end">${loss}</text>`),
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<text x="${left}" y="${bottom + 20}">0</text><text x="${right}" y="${bottom + 20}" text-anchor="end">${last} steps</text>`,
    `<g opacity=".35">${line('own', losses)}</g>`,
    line('mean', runningMean(losses)),
    line('held', heldLosses),
    ...heldLosses.map(([step, loss]) => `<circle class="dot" cx="${x(step)}" cy="${y(loss)}" r="3"/>`),
  ];
  const title =
    heldLosses.length > 0
      ? 'Loss of each step, its mean, and (dots) over what was held out'
      : 'Loss of each step, and its mean';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<style>${style}</style>
<text x="${left}" y="20">${title}</text>
${shapes.join('\n')}
</svg>
`;
}

/** Three to seven round numbers that hold the values between them. */
function axisMarks(least: number, most: number): number[] {
  const rough = (most - least || Math.abs(most) || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
  const first = Math.floor(least / step);
  const marks = Math.max(1, Math.ceil(most / step) - first);
  return Array.from({ length: marks + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** Exponential, of a sixtieth of the steps: what the eye would draw. */
function runningMean(losses: readonly (readonly [number, number])[]): [number, number][] {
  const share = 1 - Math.exp(-60 / Math.max(60, losses.length));
  let mean: number | undefined;
  return losses.map(([step, loss]) => {
    mean = mean === undefined ? loss : mean + share * (loss - mean);
    return [step, mean];
  });
}
