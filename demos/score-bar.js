/** A label and its score as an item of a list with bars. @param {{ label: string, score: number }} score */
export function scoreBar({ label, score }) {
  const item = document.createElement('li');
  item.style.setProperty('--share', String(score));
  const name = document.createElement('span');
  name.textContent = label;
  const percent = document.createElement('span');
  percent.textContent = `${(score * 100).toFixed(1)} %`;
  item.append(name, percent);
  return item;
}
