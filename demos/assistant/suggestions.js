// Models that fit a page, by their makers' own words; sizes and whether they run here come from the choice itself.
const models = [
  { id: 'HuggingFaceTB/SmolLM2-135M-Instruct', about: 'quick, knows little', licence: 'Apache 2.0' },
  { id: 'LiquidAI/LFM2-350M', about: 'quick, calls tools', licence: 'LFM Open License' },
  { id: 'unsloth/gemma-3-270m-it', about: 'many languages', licence: 'Gemma terms' },
  { id: 'Qwen/Qwen3-0.6B', about: 'thinks, calls tools', licence: 'Apache 2.0' },
];

/**
 * Lists them; a click puts one into the choice, which then says its size and whether it fits.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} choice
 */
export function suggest(list, choice) {
  for (const { id, about, licence } of models) {
    const row = document.createElement('li');
    const button = Object.assign(document.createElement('button'), { type: 'button' });
    const small = document.createElement('small');
    small.textContent = `${about}; ${licence}`;
    button.append(id.split('/')[1], small);
    button.addEventListener('click', () => {
      const source = /** @type {HTMLInputElement} */ (choice.querySelector('[name=source]'));
      source.value = id;
      source.dispatchEvent(new Event('change'));
    });
    row.append(button);
    list.append(row);
  }
}
