/**
 * What can be chosen to run on: with a note, and unchecked where it would take long.
 * @param {import('./machine.js').Machine} machine
 */
export function engines(machine) {
  const { threads, crossOriginIsolated, webgpu } = machine;
  const all = { value: `wasm ${threads}`, text: `CPU, ${threads} threads`, checked: true };
  const alone = crossOriginIsolated ? 'one processor' : 'more where a page is cross-origin isolated';
  const gpu = webgpu
    ? { note: webgpu.software ? 'emulated here: slow' : webgpu.description || webgpu.vendor, checked: !webgpu.software }
    : { note: 'this browser has none here', disabled: true };
  return [
    { value: 'wasm 1', text: 'CPU, 1 thread', checked: true, ...(threads === 1 && { note: alone }) },
    ...(threads > 1 ? [all] : []),
    { value: 'webgpu', text: 'WebGPU', ...gpu },
  ];
}

/**
 * Puts checkboxes into a fieldset.
 * @param {HTMLElement} fieldset
 * @param {string} name
 * @param {readonly { value: string, text: string, note?: string, checked?: boolean, disabled?: boolean }[]} choices
 */
export function offer(fieldset, name, choices) {
  for (const { value, text, note = '', checked = false, disabled = false } of choices) {
    const label = document.createElement('label');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name, value, checked, disabled });
    const words = document.createElement('span');
    const small = Object.assign(document.createElement('small'), { textContent: note });
    words.append(`${text} `, small);
    label.append(box, words);
    fieldset.append(label);
  }
}
