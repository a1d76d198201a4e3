// Components over the hooks, for a page and for a server.
import { useChat, useClassifier, useCompletion, useModel } from 'gptlet/react';
import { createElement as h, type ReactNode, Suspense, useEffect } from 'react';

declare global {
  /** How often a component was rendered into the page. */
  var commits: number;
}
globalThis.commits = 0;

const options = { backend: 'wasm', gcTime: 0 } as const;
const button = (name: string, onClick: () => unknown) => h('button', { type: 'button', onClick }, name);

export function Story(): ReactNode {
  const { model, status } = useModel(undefined, options);
  const {
    completion,
    complete,
    stop,
    status: run,
  } = useCompletion({
    model,
    temperature: 0,
    minNewTokens: 120,
    maxNewTokens: 120,
  });
  useEffect(() => void globalThis.commits++);
  return h(
    'main',
    null,
    h('p', { id: 'model' }, status),
    h('p', { id: 'run' }, run),
    h('p', { id: 'story' }, completion),
    button('Write', () => complete('Once upon a time')),
    button('Stop', stop),
  );
}

/** Uses the same model as {@link Story}. */
export function Facts(): ReactNode {
  const { model } = useModel(undefined, { ...options });
  return h('p', { id: 'facts' }, model?.config.vocabSize);
}

export function Conversation(): ReactNode {
  const { model } = useModel(undefined, options);
  const { messages, send, regenerate, edit, setMessages, status, error } = useChat({
    model,
    template: 'plain',
    system: 'A wise owl talks.',
    maxNewTokens: 8,
    seed: 1,
  });
  return h(
    'main',
    null,
    h('p', { id: 'run' }, status),
    h('p', { id: 'error' }, error ? String(error) : ''),
    h('ul', null, ...messages.map(({ role, content }, key) => h('li', { key }, `${role}: ${content}`))),
    button('Ask', () => send('Who are you?')),
    button('Again', () => regenerate({ seed: 2 })),
    button('Edit', () => edit(0, 'Can you fly?')),
    button('Clear', () => setMessages([])),
  );
}

export function Sentiment(): ReactNode {
  const { classify, result, status } = useClassifier(undefined, { ...options, lazy: true });
  return h(
    'main',
    null,
    h('p', { id: 'model' }, status),
    h('p', { id: 'label' }, result?.[0].label),
    button('Good', () => classify('A warm, funny film with a wonderful cast.')),
    button('Bad', () => classify('The plot is a mess and the jokes fall flat.')),
  );
}

export function Elsewhere(): ReactNode {
  const { model, status, error, load } = useModel('/models/default/', { ...options, cache: false });
  return h(
    'main',
    null,
    h('p', { id: 'model' }, status),
    h('p', { id: 'error' }, (error as { code?: string } | undefined)?.code),
    h('p', { id: 'facts' }, model?.config.vocabSize),
    button('Load', load),
  );
}

function Suspending(): ReactNode {
  const { model } = useModel(undefined, { ...options, suspense: true });
  return h('p', { id: 'facts' }, model.config.vocabSize);
}

function Progress(): ReactNode {
  const { status, progress } = useModel(undefined, { ...options, lazy: true });
  return h('p', { id: 'fallback' }, `${status} ${progress?.stage ?? ''}`);
}

export function Waiting(): ReactNode {
  return h(Suspense, { fallback: h(Progress) }, h(Suspending));
}
