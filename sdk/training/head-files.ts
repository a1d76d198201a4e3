import { encodeSafetensorsHeader } from '../checkpoint/encode-safetensors-header.ts';
import { hubClasses } from '../model/families/hub-classes.ts';
import type { HeadData } from './head-data.ts';
import { labelEntries } from './label-entries.ts';

/** A trained head as the files of the hub's …ForSequenceClassification, without the body's weights. */
export function headFiles(
  data: HeadData,
): Readonly<Record<'config.json' | 'model.safetensors', Uint8Array<ArrayBuffer>>> {
  const { head, body, weights } = data;
  const [modelType, classPrefix] = hubClasses[body.architecture];
  const { task, evaluation, warnings } = data;
  const config = {
    architectures: [`${classPrefix}ForSequenceClassification`],
    model_type: modelType,
    ...labelEntries(head),
    gptlet: { ...head.inputFormat, task, body, ...(evaluation && { evaluation }), warnings },
  };
  const tensor = { name: 'score.weight', type: 'F32', shape: [head.labels.length, body.nEmbd] };
  const { header, dataBytes } = encodeSafetensorsHeader({ format: 'pt' }, [tensor]);
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  const view = new DataView(file.buffer, header.length);
  for (const [i, weight] of weights.entries()) view.setFloat32(4 * i, weight, true);
  return { 'config.json': new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`), 'model.safetensors': file };
}
