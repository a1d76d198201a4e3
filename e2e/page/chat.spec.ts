// A conversation in a page: the template crosses the worker's boundary, Jinja and the notations come with the first answer.
import type { GptModel } from '../../sdk/loaded-model/gpt-model.ts';
import { expect, test } from '../shared-page.ts';
import { serveChatModel } from './chat-model-site.ts';

test.use({ expectedErrors: /status of 404/ });

for (const backend of ['wasm', 'webgpu'] as const) {
  test(`${backend}: turns, tools and a form, as in Node`, async ({ page, context }) => {
    await serveChatModel(context);
    await page.goto('/e2e/page/blank.html');
    const found = await page.evaluate(async (backend) => {
      const { loadModel } = await import('/dist/index.js' as string);
      const { createChat } = await import('/dist/chat.js' as string);
      const model: GptModel = await loadModel(new URL('/chat-model/', location.href), {
        backend,
        dtype: 'f32',
        cache: false,
      });
      const jinja = () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('chunk-')).length;
      const before = jinja();
      const chat = createChat(model, { system: 'Be brief.', maxNewTokens: 12, seed: 1 });
      let streamed = '';
      for await (const { text } of chat.send('Hello!')) streamed += text ?? '';
      const after = jinja();
      const second = await chat.send('More!');
      const seen: unknown[] = [];
      const parameters = {
        type: 'object',
        properties: { place: { enum: ['Oslo', 'Rome'] } },
        required: ['place'],
        additionalProperties: false,
      };
      const execute = (args: unknown): string => {
        seen.push(args);
        return 'sunny';
      };
      const called = await model.chat([{ role: 'user', content: 'Weather?' }], {
        tools: { weather: { parameters, execute } },
        toolChoice: 'required',
        parallelToolCalls: false,
        maxNewTokens: 60,
        seed: 2,
      });
      const answer = { streamed, first: chat.messages[2].content, cached: second.usage.cachedTokens, seen };
      await model.dispose();
      return { ...answer, roles: called.messages.map(({ role }) => role), loaded: after - before };
    }, backend);
    expect(found.streamed).toBe(found.first);
    expect(found.cached).toBeGreaterThan(30);
    expect(found.roles).toEqual(['assistant', 'tool', 'assistant']);
    expect(['Oslo', 'Rome']).toContain((found.seen[0] as { place: string }).place);
    expect(found.loaded).toBeGreaterThan(0);
  });
}
