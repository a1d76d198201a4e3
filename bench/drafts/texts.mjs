// What is asked and answered, in words that a writer might use: four that repeat what they are about, and one that does not.
import { readFileSync } from 'node:fs';

const article = `The harbour of Lindmouth was dug in 1871, when the river had silted up and ships of more than two hundred tons could no longer reach the old quay. The engineer, Margaret Hallows, proposed a basin of four hectares behind a breakwater of granite blocks, each of twelve tons, carried by barge from the quarry at Penrose. Work began in April and was to last two years; it lasted five. In the winter of 1873 a storm carried away ninety metres of the breakwater, and with it the only crane that could lift the blocks. Hallows had a second crane built in the yard itself, of timber and iron rails, and the men who built it were paid a share of every block that it placed. When the basin opened in June 1876, forty ships lay in it within a week. Trade in coal and slate doubled over the next ten years, and the town grew from three thousand to eight thousand people. The breakwater still stands, though the slate trade ended in 1934; today the basin holds a ferry terminal, a small fishing fleet and, in summer, some two hundred yachts. In 2015 the town council bought the old crane, which had rusted on the quay for sixty years, and restored it; it is now the only working crane of its kind, and lifts one block of granite every first Sunday in June.`;

const summary = `The harbour of Lindmouth was dug in 1871, when the river had silted up. The engineer, Margaret Hallows, proposed a basin of four hectares behind a breakwater of granite blocks. Work began in April and was to last two years; it lasted five, since in the winter of 1873 a storm carried away ninety metres of the breakwater, and with it the only crane that could lift the blocks. When the basin opened in June 1876, forty ships lay in it within a week. Trade in coal and slate doubled over the next ten years, and the town grew from three thousand to eight thousand people. The slate trade ended in 1934; today the basin holds a ferry terminal, a small fishing fleet and, in summer, some two hundred yachts. In 2015 the town council bought the old crane and restored it; it is now the only working crane of its kind.`;

const code = readFileSync(new URL('../measured.mjs', import.meta.url), 'utf8').slice(0, 2400);
/** An editor's work: a name is changed, a comment goes. */
const edited = code.replaceAll('rows', 'results').replace(/\/\/ .*\n/, '');

const people = [
  'Ada Nowak, Krakow, 34',
  'Ben Okafor, Lagos, 41',
  'Chloe Martin, Lyon, 29',
  'Dmitri Volkov, Riga, 52',
].concat(['Elena Rossi, Turin, 37', 'Farid Haddad, Tunis, 45', 'Grace Liu, Taipei, 31', 'Hugo Silva, Porto, 26']);
const json = JSON.stringify(
  people.map((line) => {
    const [name, city, age] = line.split(', ');
    return { name, city, age: Number(age), source: `${name}, ${city}, ${age}` };
  }),
  undefined,
  2,
);

const essay = `Most people who learn a second instrument find that their hands know more than they do. A pianist who takes up the cello reads the notes at once, hears at once that they are wrong, and cannot for months do anything about it. What has to be learnt is not music but weight: how far an arm falls before the string speaks, how little of it is wanted for a whisper. Teachers say that adults are slow because they think. It may be nearer the truth that they are ashamed, and that shame is a kind of thinking. Children scrape away without minding who listens, and somewhere among ten thousand ugly notes the arm finds out by itself. Perhaps the best advice is to practise in a shed, far from everyone, and to leave the door open only once the swallows have stopped leaving.`;

export const texts = [
  { name: 'summary', prompt: `${article}\n\nA summary of the above:\n`, answer: summary, repeats: true },
  { name: 'edit of code', prompt: `${code}\n\nThe same with 'results' for 'rows':\n\n`, answer: edited, repeats: true },
  { name: 'JSON of records', prompt: `${people.join('\n')}\n\nAs JSON:\n`, answer: json, repeats: true },
  { name: 'other text', prompt: `${article}\n\nNow something else:\n`, answer: essay, repeats: false },
];
