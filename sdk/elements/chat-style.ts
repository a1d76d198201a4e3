/** Of `<gptlet-chat>`: as tall as its page makes it, with a measure of text that can be read. */
export const chatStyle = `
:host {
  display: flex;
  flex-direction: column;
  block-size: 32rem;
  overflow: hidden;
  background: var(--_surface);
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
}
.scroller { position: relative; flex: 1; min-block-size: 0; }
[part~=log] { block-size: 100%; overflow-y: auto; overscroll-behavior: contain; padding-block: 1rem; }
[part~=log]:focus-visible { outline-offset: -3px; }
.content, [part~=progress], [part~=composer] {
  inline-size: 100%;
  max-inline-size: calc(var(--gptlet-measure, 44rem) + 2rem);
  margin-inline: auto;
  padding-inline: 1rem;
}
.content { display: grid; }
[part~=problem] { margin-block-start: 1rem; }
.content:has(> [part~=empty]:not([hidden])) { min-block-size: 100%; align-content: center; }
[part~=empty] { text-align: center; color: var(--_soft); }
[part~=messages] { display: grid; gap: 1.1rem; margin: 0; padding: 0; list-style: none; }
[part~=messages]:empty { display: none; }
[part~=progress] { padding-block-end: 0.25rem; }
[part~=composer] { position: relative; padding-block: 0.75rem 1rem; }
[part~=composer] textarea {
  max-block-size: 12rem;
  padding-block: 0.7rem;
  padding-inline: 0.9rem 3.25rem;
  border-radius: calc(var(--_radius) * 1.5);
  resize: none;
}
[part~=send] {
  position: absolute;
  inset-inline-end: 1.4rem;
  inset-block-end: 1.35rem;
  inline-size: 2.25rem;
  block-size: 2.25rem;
  padding: 0;
  color: var(--_accent-ink);
  background: var(--_accent);
  border-color: transparent;
  border-radius: calc(var(--_radius) * 1.15);
}
[part~=send]:hover { background: var(--_accent); filter: brightness(1.1); }
[name=icon-stop] svg { fill: currentColor; }
[part~=send][aria-disabled=true] { color: var(--_soft); background: var(--_wash); cursor: default; filter: none; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
@media (forced-colors: active) { button { border-color: ButtonBorder; } }
`;
