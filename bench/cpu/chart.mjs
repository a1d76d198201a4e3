// Bars as SVG, readable in light and dark, without a library: two numbers a row is all there is to draw.

const [left, barWidth, rowHeight] = [190, 360, 22];

/** Decode speed of every subject, by case. @param {{ case: string, subject: string, median: number }[]} speeds tokens a second */
export function drawChart(speeds) {
  const most = Math.max(...speeds.map(({ median }) => median));
  const cases = [...new Set(speeds.map((row) => row.case))];
  let y = 34;
  const body = [];
  for (const name of cases) {
    body.push(`<text x="0" y="${y + 12}" class="head">${name}</text>`);
    y += rowHeight;
    for (const { subject, median } of speeds.filter((row) => row.case === name).sort((a, b) => b.median - a.median)) {
      const width = Math.max(1, (barWidth * median) / most).toFixed(1);
      const kind = subject.startsWith('gptlet') ? 'own' : 'peer';
      body.push(
        `<text x="0" y="${y + 13}">${subject}</text><rect x="${left}" y="${y}" width="${width}" height="16" class="${kind}"/>`,
      );
      body.push(`<text x="${left + Number(width) + 6}" y="${y + 13}">${median.toFixed(median < 10 ? 1 : 0)}</text>`);
      y += rowHeight;
    }
    y += 10;
  }
  const style =
    'text{font:13px sans-serif;fill:#222}.head{font-weight:bold}.own{fill:#0969da}.peer{fill:#8c959f}@media (prefers-color-scheme:dark){text{fill:#ddd}.own{fill:#58a6ff}}';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 ${y}" role="img" aria-label="Decoded tokens a second">
<style>${style}</style>
<text x="0" y="14" class="head">Decoded tokens a second in Chromium, more is better</text>
${body.join('\n')}
</svg>
`;
}
