/** Of `<gptlet-complete>`: what is suggested lies over the box, letter on letter. */
export const completeStyle = `
.field { position: relative; }
.over {
  position: absolute;
  overflow: hidden;
  pointer-events: none;
  white-space: pre-wrap;
  overflow-wrap: break-word;
}
.written { visibility: hidden; }
[part~=ghost] { color: var(--_soft); }
[part~=line] { display: flex; justify-content: end; align-items: start; gap: 0.75rem; min-block-size: 2rem; margin-block-start: 0.35rem; }
[part~=progress], [role=alert] { flex: 1; }
kbd { padding: 0 0.35rem; font: inherit; font-size: 0.85em; border: 1px solid var(--_line); border-radius: 0.25rem; color: var(--_soft); }
@media (hover: none) { kbd { display: none; } }
`;
