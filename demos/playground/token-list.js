/**
 * The generated tokens as a list of options: pointing at one, or moving to it with the arrow keys, calls
 * `onSelect` with what the model reported for it.
 * @param {HTMLElement} list
 * @param {(token: import('gptlet').TokenLogprob | undefined) => void} onSelect
 */
export function createTokenList(list, onSelect) {
  /** @type {{ element: HTMLElement, report: import('gptlet').TokenLogprob }[]} */
  let tokens = [];

  const select = (/** @type {number} */ index) => {
    const focusable = list.contains(document.activeElement);
    for (const [i, { element }] of tokens.entries()) {
      element.ariaSelected = String(i === index);
      element.tabIndex = i === index ? 0 : -1;
    }
    if (focusable) tokens[index]?.element.focus();
    onSelect(tokens[index]?.report);
  };

  const indexOf = (/** @type {EventTarget | null} */ target) => tokens.findIndex(({ element }) => element === target);

  list.addEventListener('pointerover', (event) => {
    const index = indexOf(event.target);
    if (index >= 0) select(index);
  });
  list.addEventListener('focusin', (event) => select(indexOf(event.target)));
  list.addEventListener('keydown', (event) => {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step === undefined) return;
    event.preventDefault();
    select(Math.min(Math.max(indexOf(event.target) + step, 0), tokens.length - 1));
  });

  return {
    clear() {
      tokens = [];
      list.replaceChildren();
      onSelect(undefined);
    },
    /** @param {import('gptlet').TokenLogprob} report */
    add(report) {
      const element = document.createElement('span');
      element.className = 'token';
      element.role = 'option';
      element.ariaSelected = 'false';
      // The first one is where the Tab key enters.
      element.tabIndex = tokens.length === 0 ? 0 : -1;
      element.textContent = report.text;
      if (report.text.trim() === '') element.ariaLabel = nameOfBlank(report.text);
      element.style.setProperty('--probability', String(Math.exp(report.logprob)));
      tokens.push({ element, report });
      list.append(element);
    },
  };
}

/** @param {string} text */
function nameOfBlank(text) {
  if (text.includes('\n')) return 'line break';
  return text === '' ? 'part of a character' : 'space';
}
