// What a page shows of the components; bundled into the global `page` of the tests.
import { createElement, StrictMode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { Conversation, Elsewhere, Facts, Sentiment, Story, Waiting } from './components.ts';

const components = { Conversation, Elsewhere, Facts, Sentiment, Story, Waiting };

let root: Root | undefined;
const container = (): HTMLElement => document.body.appendChild(document.createElement('div'));

/** Shows some of the components, beside one another. */
export function show(...names: (keyof typeof components)[]): void {
  root = createRoot(container());
  root.render(
    createElement(
      StrictMode,
      null,
      names.map((key) => createElement(components[key], { key })),
    ),
  );
}

/** Renders as a server does, and takes that over. Returns the server's part, and what React had to complain about. */
export function hydrate(name: keyof typeof components): { html: string; problems: string[] } {
  const problems: string[] = [];
  const app = createElement(StrictMode, null, createElement(components[name]));
  const html = renderToString(app);
  const element = container();
  element.innerHTML = html;
  root = hydrateRoot(element, app, { onRecoverableError: (error) => problems.push(String(error)) });
  return { html, problems };
}

export function leave(): void {
  root?.unmount();
}

/** Frames that are painted until what comes back is called; it says how many, and how often components were rendered meanwhile. */
export function count(): () => { frames: number; commits: number } {
  let frames = 0;
  let counting = true;
  const before = globalThis.commits;
  const next = (): void => {
    frames++;
    if (counting) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  return () => {
    counting = false;
    return { frames, commits: globalThis.commits - before };
  };
}

/** Has a text written, and stops it amid. Returns what is left in the page. */
export async function stopAfterWords(): Promise<string> {
  await wordsOfStory();
  click('Stop');
  await nextFrame();
  return storyShown();
}

/** Has a text written, and unmounts its component amid. */
export async function leaveAfterWords(): Promise<void> {
  await wordsOfStory();
  leave();
}

const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
const storyShown = (): string => document.querySelector('#story')?.textContent ?? '';
const click = (name: string): void =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click();

async function wordsOfStory(): Promise<void> {
  click('Write');
  do await nextFrame();
  while (storyShown() === '');
}
