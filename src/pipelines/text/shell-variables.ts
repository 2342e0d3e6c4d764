import type { Script } from '../../syntax/index.ts';

/** `$NAME` or `${NAME…}` in a script. */
export interface ShellVariable {
  readonly name: string;
  readonly index: number;
  readonly length: number;
}

/** Variables that a shell will fill in, in the order of the text: in words, assignments and here-documents. */
export function shellVariablesOf(text: string, script: Script): readonly ShellVariable[] {
  const found = new Map<number, ShellVariable>();
  const add = (name: string, span: { readonly start: number; readonly end: number }): void => {
    if (name !== '') found.set(span.start, { name, index: span.start, length: Math.max(span.end - span.start, 1) });
  };
  const addWord = (word: Script['commands'][number]['words'][number] | undefined): void => {
    for (const one of word?.expansions ?? []) if (one.kind === 'variable') add(one.name ?? '', one.span);
  };
  for (const command of script.commands) {
    for (const word of command.words) addWord(word);
    for (const { value, elements } of command.assignments) for (const word of elements ?? [value]) addWord(word);
    for (const redirect of command.redirects) {
      addWord(redirect.target);
      const body = redirect.hereDocument;
      if (body?.expands) {
        for (const one of scanVariables(text.slice(body.span.start, body.span.end))) {
          add(one.name, { start: body.span.start + one.index, end: body.span.start + one.index + one.length });
        }
      }
    }
  }
  for (const { span } of script.unread) {
    for (const one of scanVariables(text.slice(span.start, span.end))) {
      add(one.name, { start: span.start + one.index, end: span.start + one.index + one.length });
    }
  }
  return [...found.values()].sort((left, right) => left.index - right.index);
}

const NAME_START = /[A-Za-z_]/;
const NAME_PART = /[A-Za-z0-9_]/;

/** Every `$NAME` and `${NAME…}` of a text, without regard to quotes. `$$` stands for a dollar sign. */
export function scanVariables(text: string): readonly ShellVariable[] {
  const found: ShellVariable[] = [];
  let at = text.indexOf('$');
  while (at >= 0) {
    if (text[at + 1] === '$') {
      at = text.indexOf('$', at + 2);
      continue;
    }
    const braced = text[at + 1] === '{';
    const start = at + (braced ? 2 : 1);
    let end = start;
    if (NAME_START.test(text[start] ?? '')) while (NAME_PART.test(text[end] ?? '')) end++;
    if (end > start) {
      const name = text.slice(start, end);
      const close = braced ? text.slice(end, end + 400).indexOf('}') : -1;
      const stop = close >= 0 ? end + close + 1 : end;
      found.push({ name, index: at, length: stop - at });
      end = braced ? end : stop;
    }
    at = text.indexOf('$', Math.max(end, at + 1));
  }
  return found;
}

/** `os.environ["NAME"]`, `os.getenv('NAME')`, `process.env.NAME`, `env.get("NAME")`. */
const READS =
  /\b(?:environ(?:\.get\(|\[)|getenv\()\s*["']([A-Za-z_]\w*)["']|\bprocess\.env(?:\.([A-Za-z_]\w*)|\[["']([A-Za-z_]\w*)["']\])/g;

/** Variables of the environment that a program in Python or JavaScript reads, in the order of the text. */
export function environmentReads(text: string): readonly ShellVariable[] {
  return [...text.matchAll(READS)].map((match) => ({
    name: match[1] ?? match[2] ?? match[3] ?? '',
    index: match.index,
    length: match[0].length,
  }));
}
