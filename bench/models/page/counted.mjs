import { countWork } from '../../gpu/count-work.mjs';

/** A subject of which all that it asks of this page's GPU is counted; `engine` is its own module under bench/. */
export async function load({ engine, ...options }) {
  const own = navigator.gpu;
  const { gpu, take } = countWork(own);
  const { wgslLanguageFeatures } = own;
  const value = { ...gpu, wgslLanguageFeatures, getPreferredCanvasFormat: () => own.getPreferredCanvasFormat() };
  Object.defineProperty(navigator, 'gpu', { value, configurable: true });
  const { load } = await import(`/bench/${engine}`);
  const subject = await load(options);
  const countsOf = async (tokens, count) => {
    take();
    await subject.run(tokens, count);
    return take();
  };
  return {
    ...subject,
    /** What one more decoded token asks for. */
    async countsOfToken(tokens) {
      const [few, more] = [await countsOf(tokens, 2), await countsOf(tokens, 3)];
      return Object.fromEntries(Object.entries(more).map(([name, count]) => [name, count - few[name]]));
    },
  };
}
