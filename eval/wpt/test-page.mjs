/** What a test says that it needs, in order: `// META: script=…` at its beginning, resolved like a script of its page. */
export function scriptsOf(source) {
  return [...source.matchAll(/^\/\/ META: script=(\S+)/gm)]
    .map(([, script]) => script)
    .filter((script) => !/testdriver(-vendor)?\.js$/.test(script));
}

/** The page of one test: LanguageModel first, then what the test needs, then the test; its results go to `window.report`. */
export const testPage = (test, source) => `<!doctype html>
<meta charset="utf-8" />
<link rel="icon" href="data:," />
<title>${test}</title>
<body></body>
<script src="/resources/testharness.js"></script>
<script>
  setup({ explicit_done: true, explicit_timeout: true });
  add_completion_callback((tests, status) => {
    window.report({
      status: status.status,
      message: status.message,
      tests: tests.map(({ name, status, message }) => ({ name, status, message })),
    });
  });
  // A click by Playwright is one of the user. What else testdriver.js can do, these tests do not ask for.
  window.test_driver = {
    async bless(intent, action) {
      await window.click();
      return action?.();
    },
  };
</script>
<script type="module">
  import { install } from '/gptlet-wpt/install.js';
  await install();
  for (const src of ${JSON.stringify([...scriptsOf(source), test.split('/').at(-1)])}) {
    await new Promise((loaded, failed) => {
      const script = Object.assign(document.createElement('script'), { src, onload: loaded, onerror: failed });
      document.body.append(script);
    });
  }
  done();
</script>
`;
