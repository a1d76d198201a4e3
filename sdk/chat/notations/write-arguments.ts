import { listParameters, type Parameter } from './list-parameters.ts';
import { asDocument, type SchemaPart } from './schema-part.ts';
import type { CallWriter, NamedTool } from './tool-notation.ts';
import { writeJson } from './write-json.ts';

/** How a family writes arguments one after the other. Values are JSON where it does not say otherwise. */
export interface ArgumentStyle {
  /** What stands before a value. */
  before(name: string, isFirst: boolean): string;
  /** What stands behind each value. */
  readonly after: string;
  /** What stands behind all. */
  readonly end: string;
  /** Writes a value, and what stands behind it, in a way of the family's own; undefined leaves it to JSON. */
  writeOwn(writer: CallWriter, schema: SchemaPart): Promise<{ readonly value: unknown } | undefined>;
}

/**
 * Writes a tool's arguments in the order of its schema, required ones always and others as the model likes.
 *
 * @throws GptletError INVALID_OPTION for a schema that cannot be written so
 */
export async function writeArguments(
  writer: CallWriter,
  tool: NamedTool,
  style: ArgumentStyle,
): Promise<Record<string, unknown>> {
  const parameters = listParameters(tool);
  const written: [string, unknown][] = [];
  let ways = waysOn(parameters, 0, style);
  let at = ways.get(await writer.choose([...ways.keys()])) as number;
  while (at < parameters.length) {
    const { name, part } = parameters[at];
    ways = waysOn(parameters, at + 1, style);
    const own = await style.writeOwn(writer, part);
    if (own) {
      written.push([name, own.value]);
      at = ways.get(await writer.choose([...ways.keys()])) as number;
    } else {
      const ends = [...ways.keys()].map((way) => style.after + way);
      const { text, end } = await writeJson(writer, tool, asDocument(part), ends);
      written.push([name, JSON.parse(text)]);
      at = ways.get(end.slice(style.after.length)) as number;
    }
  }
  return Object.fromEntries(written);
}

/** What may stand next: one of the arguments up to the first that is required, or the end; and the index of each. */
function waysOn(parameters: readonly Parameter[], from: number, style: ArgumentStyle): Map<string, number> {
  const ways = new Map<string, number>();
  for (let i = from; i < parameters.length; i++) {
    ways.set(style.before(parameters[i].name, from === 0), i);
    if (parameters[i].required) return ways;
  }
  return ways.set(style.end, parameters.length);
}
