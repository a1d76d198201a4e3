/** Colours, boxes to write in and buttons of all elements. Colours follow the page's `color-scheme`. */
export const sharedStyle = `
:host {
  --_accent: var(--gptlet-accent, light-dark(#2554c7, #8fb3ff));
  --_accent-ink: var(--gptlet-accent-ink, light-dark(#ffffff, #10131c));
  --_surface: var(--gptlet-surface, light-dark(#ffffff, #1e2026));
  --_ink: var(--gptlet-ink, light-dark(#1d1e22, #eceae6));
  --_soft: var(--gptlet-ink-soft, light-dark(#5a5b62, #a9abb4));
  --_line: var(--gptlet-line, light-dark(#d9d6cf, #383b44));
  --_edge: var(--gptlet-edge, light-dark(#8c8a84, #6f7380));
  --_wash: var(--gptlet-wash, light-dark(#e8eefc, #27324d));
  --_warn: var(--gptlet-warn, light-dark(#9a3412, #ffb38a));
  --_warn-wash: var(--gptlet-warn-wash, light-dark(#fdeee4, #3d2a20));
  --_radius: var(--gptlet-radius, 0.75rem);
  display: block;
  position: relative;
  color: var(--_ink);
  line-height: 1.5;
  accent-color: var(--_accent);
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
textarea {
  display: block;
  inline-size: 100%;
  margin: 0;
  padding: 0.6rem 0.75rem;
  font: inherit;
  color: inherit;
  background: var(--_surface);
  border: 1px solid var(--_edge);
  border-radius: var(--_radius);
  resize: vertical;
  unicode-bidi: plaintext;
}
textarea::placeholder { color: var(--_soft); opacity: 1; }
textarea:disabled { opacity: 0.6; }
button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 0.4rem;
  min-block-size: 2rem;
  margin: 0;
  padding: 0.2rem 0.75rem;
  font: inherit;
  font-size: 0.9em;
  font-weight: 600;
  color: inherit;
  background: none;
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * 0.67);
  cursor: pointer;
}
button:hover { background: var(--_wash); }
button:disabled { opacity: 0.5; cursor: default; }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
textarea:focus-visible { outline-width: 2px; outline-offset: -1px; }
svg {
  display: block;
  inline-size: 1.25rem;
  block-size: 1.25rem;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linecap: round;
  stroke-linejoin: round;
}
progress { inline-size: 100%; block-size: 0.4rem; }
[part~=progress] { display: grid; gap: 0.15rem; font-size: 0.9em; color: var(--_soft); font-variant-numeric: tabular-nums; }
[part~=problem] {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 0.75rem;
  padding: 0.6rem 0.75rem;
  border-radius: var(--_radius);
  overflow-wrap: anywhere;
  color: var(--_warn);
  background: var(--_warn-wash);
}
[part~=notice] { color: var(--_soft); background: none; border: 1px solid var(--_line); }
[part~=problem] span { flex: 1 1 12rem; }
[part~=problem] button { border-color: currentColor; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** A style for a shadow root; not by an element, which a page's policy may forbid. A browser without `light-dark()` gets the light colours. */
export function addStyle(root: ShadowRoot, style: string): void {
  const isDual = CSS.supports('color', 'light-dark(red, red)');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(isDual ? style : style.replace(/light-dark\((#\w+), #\w+\)/g, '$1'));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
