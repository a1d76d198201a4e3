/** Of all that `<gptlet-chat>` shows from the first message on. */
export const messageStyle = `
[part~=message] { min-inline-size: 0; overflow-wrap: anywhere; }
[part~=user] {
  justify-self: end;
  max-inline-size: min(85%, 34rem);
  padding: 0.5rem 0.9rem;
  background: var(--_wash);
  border: 1px solid transparent;
  border-radius: var(--_radius);
  border-end-end-radius: 0.25rem;
}
[part~=text] { white-space: pre-wrap; unicode-bidi: plaintext; }
[part~=markdown] { white-space: normal; }
[part~=markdown] > :first-child { margin-block-start: 0; }
[part~=markdown] > :last-child { margin-block-end: 0; }
[part~=markdown] pre, details pre, details div {
  margin-block: 0.5rem;
  padding: 0.6rem 0.75rem;
  overflow-x: auto;
  background: var(--_wash);
  border-radius: calc(var(--_radius) * 0.67);
}
[part~=markdown] table { border-collapse: collapse; }
[part~=markdown] :is(td, th) { padding: 0.25rem 0.6rem; border: 1px solid var(--_line); text-align: start; }
[part~=markdown] a { color: var(--_accent); }
[data-open] [part~=text]::after {
  content: '';
  display: inline-block;
  inline-size: 0.5em;
  block-size: 1em;
  margin-inline-start: 0.15em;
  vertical-align: -0.12em;
  background: var(--_accent);
  border-radius: 1px;
  animation: pulse 1.1s ease-in-out infinite;
}
details { margin-block-end: 0.4rem; font-size: 0.9em; color: var(--_soft); }
details :is(pre, div) { margin-block: 0.35rem 0; white-space: pre-wrap; font-size: 0.95em; color: var(--_ink); }
summary { inline-size: fit-content; padding-block: 0.15rem; cursor: pointer; }
[part~=actions] { display: flex; gap: 0.15rem; margin-block: 0.2rem -0.3rem; margin-inline-start: -0.4rem; }
[part~=actions] button { min-inline-size: 2rem; padding: 0; border-color: transparent; color: var(--_soft); }
[part~=actions] button:hover { color: var(--_ink); }
[part~=actions] svg { inline-size: 1.1rem; block-size: 1.1rem; }
[part~=waiting] { display: flex; gap: 0.3rem; margin-block: 1.5rem 0.5rem; }
[part~=waiting] i { inline-size: 0.45rem; block-size: 0.45rem; border-radius: 50%; background: var(--_soft); animation: pulse 1.1s ease-in-out infinite; }
[part~=waiting] i:nth-child(2) { animation-delay: 0.15s; }
[part~=waiting] i:nth-child(3) { animation-delay: 0.3s; }
@keyframes pulse { 50% { opacity: 0.25; } }
[part~=to-end] {
  position: absolute;
  inset-block-end: 0.5rem;
  inset-inline: 0;
  inline-size: 2.25rem;
  block-size: 2.25rem;
  margin-inline: auto;
  padding: 0;
  background: var(--_surface);
  border-radius: 50%;
  box-shadow: 0 2px 8px rgb(0 0 0 / 0.15);
}
@media (forced-colors: active) { [part~=user] { border-color: CanvasText; } }
`;
