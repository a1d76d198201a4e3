/**
 * An element with attributes and children: markup in strings would ask pages for a Trusted Types policy. An attribute of undefined is
 * left out.
 */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** Drawings of 20 by 20, as lines. None points to a side, so that none has to be turned where text runs from right to left. */
const drawings = {
  send: 'M10 16V4.5M5 9.5l5-5 5 5',
  stop: 'M6.5 6.5h7v7h-7z',
  copy: 'M7.5 7.5v-3h8v8h-3M4.5 7.5h8v8h-8z',
  done: 'M4.5 10.5l3.5 3.5 7.5-8',
  again: 'M15.5 7A6.2 6.2 0 1 0 16 11.5M15.8 3.5V7.2h-3.7',
  down: 'M10 4v11.5M5 10.5l5 5 5-5',
} as const;

export function icon(name: keyof typeof drawings): SVGElement {
  const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', drawings[name]);
  svg.append(path);
  return svg as SVGElement;
}

/** What a button without words does: for screen readers, and as its tooltip. */
export function label(button: HTMLButtonElement, text: string): void {
  button.title = text;
  button.setAttribute('aria-label', text);
}
