/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * How good it is on what it has not seen, and where it errs most.
 *
 * @param {Pick<import('gptlet/training').TrainedHead, 'evaluation' | 'warnings'>} trained
 * @param {readonly { label: string, text: string }[]} examples
 */
export function showEvaluation({ evaluation, warnings }, examples) {
  byId('figures').hidden = false;
  const percent = (/** @type {number | undefined} */ share) => `${((share ?? 0) * 100).toFixed(0)} %`;
  /** @type {[string, string][]} */
  const figures = evaluation
    ? [
        ['right, of texts it had not seen', `${percent(evaluation.accuracy)} of ${evaluation.examples}`],
        ['by always saying the same', percent(evaluation.mostFrequent)],
      ]
    : [['right', 'with fewer than 20 texts, try it yourself']];
  byId('figures').replaceChildren(
    ...[...figures, ...warnings.map((warning) => /** @type {[string, string]} */ (['mind', warning]))].flatMap(row),
  );
  const mistakes = evaluation?.mostWrong.slice(0, 3) ?? [];
  byId('wrong').hidden = mistakes.length === 0;
  byId('wrong')
    .querySelector('ul')
    ?.replaceChildren(
      ...mistakes.map(({ index, expected, predicted }) => {
        const item = document.createElement('li');
        item.textContent = `“${examples[index].text}” is ${expected}, and was taken for ${predicted}`;
        return item;
      }),
    );
}

/** @param {[string, string]} figure */
function row([name, value]) {
  const [term, description] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}
