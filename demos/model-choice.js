import { canRun } from 'gptlet';
import { megabytes } from './load-teller.js';

/**
 * What was chosen: what `loadModel` takes, and a name for it. A source of undefined is the embedded model.
 * @typedef {{ source: import('gptlet').ModelSource | undefined, name: string, dtype: import('gptlet').DtypeOption }} Choice
 */

const markup = `
<label>Hub id, or address of a folder or a GGUF
  <input type="text" name="source" list="known-models" placeholder="the embedded model" autocomplete="off" spellcheck="false" />
</label>
<datalist id="known-models">
  <option value="openai-community/gpt2"></option>
  <option value="HuggingFaceTB/SmolLM2-135M-Instruct"></option>
  <option value="Qwen/Qwen3-0.6B"></option>
  <option value="LiquidAI/LFM2-350M"></option>
  <option value="unsloth/gemma-3-270m-it"></option>
</datalist>
<label title="A GGUF, or config.json, tokenizer.json and the weights">Or its files, chosen or dropped here
  <input type="file" name="files" multiple />
</label>
<label>Weights as
  <select name="dtype">
    <option value="auto">what suits this machine</option>
    <option value="q8">8 bits</option>
    <option value="q4">4 bits</option>
    <option value="f16">16 bits</option>
    <option value="f32">32 bits</option>
  </select>
</label>
<p class="status" role="status"></p>`;

/**
 * Fills a fieldset with a choice of the model, and says of each choice, before it is downloaded, how large it is and whether
 * it runs here.
 *
 * @param {HTMLElement} fieldset
 * @param {(choice: Choice) => void} onChange
 * @returns {() => Choice} what is chosen now
 */
export function createModelChoice(fieldset, onChange) {
  fieldset.insertAdjacentHTML('beforeend', markup);
  const part = (/** @type {string} */ selector) => /** @type {HTMLInputElement} */ (fieldset.querySelector(selector));
  const [source, files, dtype] = ['[name=source]', '[name=files]', '[name=dtype]'].map(part);
  /** @type {File[]} */
  let dropped = [];

  const choice = () => {
    const shared = { dtype: /** @type {import('gptlet').DtypeOption} */ (dtype.value) };
    if (dropped.length > 0) {
      const name = dropped.map((file) => file.name).join(', ');
      return { ...shared, source: Object.fromEntries(dropped.map((file) => [file.name, file])), name };
    }
    const typed = source.value.trim();
    return { ...shared, source: typed || undefined, name: typed || 'the embedded model' };
  };
  /** @type {AbortController | undefined} */
  let asking;
  const change = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const chosen = choice();
    onChange(chosen);
    part('.status').textContent = chosen.source ? 'Looking at it …' : '';
    if (!chosen.source) return;
    const told = await canRun(chosen.source, { dtype: chosen.dtype, signal }).then(describe, (error) => error.message);
    if (!signal.aborted) part('.status').textContent = `${chosen.name}: ${told}`;
  };

  source.addEventListener('change', () => {
    dropped = [];
    files.value = '';
    change();
  });
  files.addEventListener('change', () => take([...(files.files ?? [])]));
  dtype.addEventListener('change', change);
  fieldset.addEventListener('dragover', (event) => event.preventDefault());
  fieldset.addEventListener('drop', (event) => {
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });

  /** @param {File[]} given */
  function take(given) {
    dropped = given;
    source.value = '';
    change();
  }
  return choice;
}

/** @param {import('gptlet').CanRun} verdict */
function describe({ runs, why, downloadBytes, memoryBytes, backend, dtype }) {
  if (!runs) return why;
  const place = backend === 'webgpu' ? 'WebGPU' : 'WebAssembly';
  return `${megabytes(downloadBytes)} to read, then ${megabytes(memoryBytes)} of memory as ${dtype} on ${place}.`;
}
