import type { SuppressionFault } from './suppression.ts';

/** What a line says to Sallyport, with offsets in the line. */
export type Directive = { readonly start: number; readonly end: number } & (
  | {
      readonly kind: 'directive';
      readonly scope: 'line' | 'file';
      readonly rules: readonly string[];
      readonly reason: string;
      readonly until: string | undefined;
    }
  | { readonly kind: 'fault'; readonly fault: Pick<SuppressionFault, 'kind' | 'message'> }
);

const NAME = 'sallyport:';
/** `#` and `--` begin a comment only behind a blank: `a#b` is a word in YAML and in shell. */
const MARKERS = [
  { text: '<!--', afterBlank: false },
  { text: '/*', afterBlank: false },
  { text: '//', afterBlank: false },
  { text: '--', afterBlank: true },
  { text: '#', afterBlank: true },
];
/** What is meant as an instruction, well-formed or not; other comments may speak about Sallyport. */
const INSTRUCTION = /^[ \t]*(?:[\w-]+[ \t]*\[|ignore(?:-file)?(?![\w-]))/;
const VERB = /^[ \t]*(ignore-file|ignore)[ \t]*\[([^\]]*)\]/;
const ATTRIBUTE = /^[ \t]+(reason|until)[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|([0-9A-Za-z]+(?:-[0-9A-Za-z]+)*))/;
const CLOSERS = ['', '-->', '*/'];
/** The same in plain words: `reason the key is a test key until 2027-01-31`. */
const WORDS = /^[ \t]+reason[ \t]+(?!=)(\S.*)$/;
const LAST_DAY = /^(.*\S)[ \t]+until[ \t]+(\S+)$/;
/** A last day before the end of the words would be one that is never looked at. */
const MISPLACED_DAY = /\buntil[ \t]*=?[ \t]*["']?\d{4}-\d/;

/** The directive of one line, or `undefined` when the line has none. */
export function readDirective(line: string): Directive | undefined {
  const found = findName(line);
  if (found === undefined) return undefined;
  const { start, at } = found;
  const end = line.trimEnd().length;
  const body = line.slice(at + NAME.length, end);
  if (!INSTRUCTION.test(body)) return undefined;
  const verb = VERB.exec(body);
  if (verb === null) return fault(start, end, 'malformed', 'write `sallyport: ignore[RULE] reason="…"`');
  const rules = (verb[2] ?? '').split(',').map((rule) => rule.trim());
  if (rules.includes('')) return fault(start, end, 'malformed', 'name the rules between the brackets');
  const attributes = readAttributes(body.slice(verb[0].length));
  if (attributes === undefined) {
    return fault(
      start,
      end,
      'malformed',
      'only a reason and a last day may follow the brackets: `reason="…" until=YYYY-MM-DD`',
    );
  }
  const { reason = '', until } = attributes;
  if (reason.trim() === '') return fault(start, end, 'unreasoned', 'a suppression needs `reason="…"`');
  return { kind: 'directive', start, end, scope: verb[1] === 'ignore' ? 'line' : 'file', rules, reason, until };
}

/** The first `sallyport:` behind a comment marker; an image or action may have the name too. */
function findName(line: string): { readonly start: number; readonly at: number } | undefined {
  for (let at = line.indexOf(NAME); at >= 0; at = line.indexOf(NAME, at + 1)) {
    const start = markerBefore(line.slice(0, at));
    if (start !== undefined) return { start, at };
  }
  return undefined;
}

function markerBefore(text: string): number | undefined {
  const before = text.trimEnd();
  const marker = MARKERS.find((candidate) => before.endsWith(candidate.text));
  if (marker === undefined) return undefined;
  const start = before.length - marker.text.length;
  const previous = before.charAt(start - 1);
  return marker.afterBlank && previous !== '' && !/[\s#\ufeff]/.test(previous) ? undefined : start;
}

interface Attributes {
  readonly reason?: string;
  readonly until?: string;
}

function readAttributes(text: string): Attributes | undefined {
  const closer = CLOSERS.find((one) => one !== '' && text.endsWith(one)) ?? '';
  const words = WORDS.exec(text.slice(0, text.length - closer.length).trimEnd())?.[1];
  if (words === undefined) return readQuoted(text);
  const [, reason = words, until] = LAST_DAY.exec(words) ?? [];
  if (until !== undefined) return { reason, until };
  return MISPLACED_DAY.test(words) ? undefined : { reason };
}

function readQuoted(text: string): Attributes | undefined {
  let rest = text;
  let attributes: Attributes = {};
  for (let match = ATTRIBUTE.exec(rest); match !== null; match = ATTRIBUTE.exec(rest)) {
    const [whole, name, double, single, bare] = match;
    const quoted = double ?? single;
    if (name === 'reason') {
      if (quoted === undefined) return undefined;
      attributes = { ...attributes, reason: quoted };
    } else attributes = { ...attributes, until: quoted ?? bare ?? '' };
    rest = rest.slice(whole.length);
  }
  return CLOSERS.includes(rest.trim()) ? attributes : undefined;
}

function fault(start: number, end: number, kind: SuppressionFault['kind'], message: string): Directive {
  return { kind: 'fault', start, end, fault: { kind, message } };
}
