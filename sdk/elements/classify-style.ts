/** Of `<gptlet-classify>`. */
export const classifyStyle = `
[part~=progress], [part~=problem], [part~=scores] { margin-block-start: 0.75rem; }
[part~=scores] { display: grid; gap: 0.6rem; margin-block-end: 0; padding: 0; list-style: none; }
[part~=score] { display: grid; grid-template-columns: 1fr auto; gap: 0.15rem 1rem; color: var(--_soft); }
[part~=score-value] { font-variant-numeric: tabular-nums; }
[part~=best] { color: var(--_ink); font-weight: 600; }
[part~=meter] { grid-column: 1 / -1; block-size: 0.5rem; overflow: hidden; border-radius: 1rem; background: var(--_wash); }
[part~=bar] { block-size: 100%; border-radius: inherit; background: var(--_soft); transition: inline-size 0.2s ease-out; }
[part~=best] [part~=bar] { background: var(--_accent); }
@media (prefers-reduced-motion: reduce) { [part~=bar] { transition: none; } }
@media (forced-colors: active) { [part~=meter] { border: 1px solid; } [part~=bar] { forced-color-adjust: none; background: Highlight; } }
`;
