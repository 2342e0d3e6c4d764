import type { MappedText, Place, ScalarNode, SourceFile } from '../../syntax/index.ts';
import type { Entry } from '../model.ts';
import type { Interpolation, TemplateText } from '../value.ts';

/** The place of a range of a file. */
export function placeOf(file: SourceFile, span: { readonly start: number; readonly end: number }): Place {
  return { file: file.path, span: { start: span.start, end: span.end } };
}

/** Text whose variables the running shell fills in: nothing in it is put in before. */
export function plainText(file: SourceFile, mapped: MappedText): TemplateText {
  const start = mapped.offsetOf(0);
  const place = placeOf(file, { start, end: Math.max(start, mapped.offsetOf(mapped.text.length)) });
  return { text: mapped.text, place, interpolations: [], offsetOf: mapped.offsetOf };
}

/** Text in which the builder, compose or the editor puts variables (`$NAME`, `${NAME:-default}`, `${localEnv:NAME}`). */
export function templateText(file: SourceFile, mapped: MappedText): TemplateText {
  return { ...plainText(file, mapped), interpolations: [...findVariables(file, mapped)] };
}

/** A scalar as mapped text. */
export function scalarText(node: ScalarNode): MappedText {
  return { text: node.text, offsetOf: (index) => node.offsetOf(index) };
}

/** A scalar as template text, its place that of the whole node. */
export function scalarTemplate(file: SourceFile, node: ScalarNode): TemplateText {
  return { ...templateText(file, scalarText(node)), place: placeOf(file, node.span) };
}

/** An entry whose value is filled in from a secret store: the text names the secret, the value is nowhere in the file. */
export function secretEntry(file: SourceFile, key: ScalarNode, name: string, source: ScalarNode): Entry {
  const place = placeOf(file, source.span);
  const value = { name, kind: 'text', origin: 'secret' } as const;
  const whole: Interpolation = {
    place,
    index: 0,
    length: source.text.length,
    source: source.text,
    expanded: 'before',
    values: [value],
  };
  return {
    name: key.text,
    keyPlace: placeOf(file, key.span),
    value: { text: source.text, place, interpolations: [whole], offsetOf: (index) => source.offsetOf(index) },
    node: source,
  };
}

const NAME = /[A-Za-z0-9_]/;

function* findVariables(file: SourceFile, mapped: MappedText): Generator<Interpolation> {
  const { text } = mapped;
  for (let index = text.indexOf('$'); index >= 0; index = text.indexOf('$', index)) {
    const end = text[index + 1] === '{' ? text.indexOf('}', index + 2) + 1 : endOfName(text, index + 1);
    if (text[index + 1] === '$' || text[index - 1] === '\\' || end <= index + 1) {
      index += text[index + 1] === '$' ? 2 : 1;
      continue;
    }
    const source = text.slice(index, end);
    yield {
      place: placeOf(file, { start: mapped.offsetOf(index), end: mapped.offsetOf(end - 1) + 1 }),
      index,
      length: end - index,
      source,
      expanded: 'before',
      values: [{ name: variableName(source), kind: 'unknown', origin: 'environment' }],
    };
    index = end;
  }
}

function endOfName(text: string, start: number): number {
  let end = start;
  while (end < text.length && NAME.test(text.charAt(end))) end++;
  return end;
}

/** `NAME` of `$NAME`, `${NAME:-x}` and `${localEnv:NAME:x}`. */
function variableName(source: string): string {
  const inner = source.startsWith('${') ? source.slice(2, -1) : source.slice(1);
  const parts = inner.startsWith('localEnv:') || inner.startsWith('containerEnv:') ? inner.split(':') : [];
  const name = parts[1] ?? inner;
  return name.slice(0, endOfName(name, 0));
}
