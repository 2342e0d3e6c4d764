import { entriesOf, type Node, nodeAt, type Place, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { Container } from '../model.ts';
import { readImage } from './reference.ts';
import { readEntries, readTemplate } from './template.ts';
import type { ValueScope } from './value-flow.ts';

/** Read `container:` of a job: an image, or a map. */
export function readContainer(
  node: Node | undefined,
  source: string,
  file: string,
  scope: ValueScope,
): Container | undefined {
  if (node === undefined || node.kind === 'list') return undefined;
  const place: Place = { file, span: node.span };
  if (node.kind === 'scalar') {
    if (node.text === '') return undefined;
    const image = readImage(node.text, place);
    const nothing = { user: undefined, privileged: undefined, options: undefined };
    return { image, ...nothing, mounts: [], environment: [], credentials: [], place };
  }
  const image = scalarAt(node, 'image');
  const options = scalarAt(node, 'options');
  return {
    image: image === undefined || image.text === '' ? undefined : readImage(image.text, { file, span: image.span }),
    user: options === undefined ? undefined : optionValue(options.text, '--user', '-u'),
    privileged:
      options !== undefined && /(^|\s)--privileged\b/.test(options.text) ? { file, span: options.span } : undefined,
    options: options === undefined ? undefined : readTemplate(options, file, scope),
    mounts: [
      ...scalarsOf(nodeAt(node, 'volumes')).map((volume) => ({
        value: volume.text,
        place: { file, span: volume.span },
      })),
      ...(options === undefined
        ? []
        : mountOptions(options.text).map((value) => ({ value, place: { file, span: options.span } }))),
    ],
    environment: readEntries(nodeAt(node, 'env'), source, file, scope),
    credentials: readEntries(nodeAt(node, 'credentials'), source, file, scope),
    place,
  };
}

/** Read `services:`. */
export function readServices(
  node: Node | undefined,
  source: string,
  file: string,
  scope: ValueScope,
): readonly Container[] {
  return entriesOf(node).flatMap((entry) => readContainer(entry.value, source, file, scope) ?? []);
}

function optionValue(options: string, ...names: readonly string[]): string | undefined {
  const words = options.split(/\s+/);
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1];
    const name = names.find((each) => word.startsWith(`${each}=`));
    if (name) return word.slice(name.length + 1);
  }
  return undefined;
}

function mountOptions(options: string): readonly string[] {
  const words = options.split(/\s+/);
  return words.flatMap((word, index) => {
    if (['-v', '--volume', '--mount'].includes(word)) return words[index + 1] ?? [];
    return /^--(volume|mount)=/.test(word) ? word.slice(word.indexOf('=') + 1) : [];
  });
}
