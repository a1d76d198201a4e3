import { inDigits } from './results.js';

/**
 * Says what is known of a machine in a list of terms.
 * @param {HTMLElement} list
 * @param {import('./machine.js').Machine} machine
 * @param {Readonly<Record<string, number>>} reading GB/s by place
 */
export function showMachine(list, machine, reading) {
  const { gptlet, cores, threads, crossOriginIsolated, byteProducts, webgpu } = machine;
  const speeds = Object.entries(reading).map(([place, speed]) => `${inDigits(speed)} GB/s (${place})`);
  const facts = {
    Processor: `${cores} logical processors; ${threads} for threads${crossOriginIsolated ? '' : ', as the page is not cross-origin isolated'}`,
    'Byte products':
      {
        vnni: 'exact in one instruction (VNNI)',
        signed: 'exact in one instruction (as on ARM)',
        pairs: 'no VNNI in this browser',
        none: 'no relaxed SIMD in this browser',
      }[byteProducts] ?? byteProducts,
    GPU: webgpu
      ? [webgpu.description || webgpu.vendor, webgpu.architecture, webgpu.software && 'software']
          .filter(Boolean)
          .join(', ')
      : 'no WebGPU',
    ...(speeds.length > 0 && { 'Memory reads': speeds.join(', ') }),
    gptlet,
  };
  list.replaceChildren(
    ...Object.entries(facts).flatMap(([name, text]) =>
      [
        ['dt', name],
        ['dd', text],
      ].map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent })),
    ),
  );
}
