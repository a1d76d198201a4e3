// Rendering on a server: no page, no worker, nothing is fetched.
import { createElement, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useChat } from './use-chat.ts';
import { useClassifier } from './use-classifier.ts';
import { useCompletion } from './use-completion.ts';
import { useModel } from './use-model.ts';
import type { UseLoadOptions } from './use-shared-load.ts';

const never = vi.fn(() => {
  throw new Error('not on a server');
});

beforeEach(() => {
  for (const name of ['fetch', 'Worker', 'setTimeout', 'requestAnimationFrame']) vi.stubGlobal(name, never);
});

afterEach(() => {
  vi.unstubAllGlobals();
  expect(never).not.toHaveBeenCalled();
});

function Everything(options: UseLoadOptions) {
  const { model, status, progress, error } = useModel('owner/name', options);
  const { completion, isLoading } = useCompletion({ model, initialCompletion: 'Once' });
  const {
    messages,
    reasoning,
    status: chatStatus,
  } = useChat({
    model,
    system: 'Be terse.',
    initialMessages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi', reasoning: 'Hm' },
    ],
  });
  const classifier = useClassifier(undefined, { lazy: true });
  const shown = {
    model: { status, progress, error },
    completion,
    isLoading,
    messages,
    reasoning,
    chatStatus,
    classifier,
  };
  return createElement('pre', null, JSON.stringify(shown));
}

function Status(options: UseLoadOptions) {
  return useModel(undefined, options).status;
}

const shownBy = (html: string): unknown => JSON.parse(html.replace(/<[^>]*>/g, '').replaceAll('&quot;', '"'));

it('tells that the model will load, and begins nothing', () => {
  expect(shownBy(renderToString(createElement(Everything)))).toEqual({
    model: { status: 'loading' },
    classifier: { status: 'idle' },
    completion: 'Once',
    isLoading: false,
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi', reasoning: 'Hm' },
    ],
    reasoning: 'Hm',
    chatStatus: 'ready',
  });
  expect(renderToString(createElement(Status))).toBe('loading');
  expect(renderToString(createElement(Status, { lazy: true }))).toBe('idle');
});

it('sends the fallback of what suspends, and says why where there is none', () => {
  const suspending = createElement(Everything, { suspense: true });
  const html = renderToString(createElement(Suspense, { fallback: 'Loading' }, suspending));
  expect(html).toContain('Loading');
  expect(html).not.toContain('<pre>');
  expect(() => renderToString(suspending)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_PLATFORM' }));
});
