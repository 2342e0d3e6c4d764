import type { Gap, SourceFile } from '../../../syntax/index.ts';
import type { CodeOwners, CodeOwnersDialect, OwnerRule, OwnerSection } from './model.ts';
import { compileOwnerPattern } from './pattern.ts';

/** GitHub ignores a larger file. */
const MAX_LENGTH = 3 * 1024 * 1024;
const MAX_RULES = 20_000;
const MAX_OWNERS = 200;
const MAX_GAPS = 100;

/** `^[Name][2] @default @owners`; the pieces are bounded, so that a line of brackets takes no longer than another. */
const HEADING = /^(\^)?\[([^\]]{1,256})\](?:\[(\d{0,4})\])?(?:\s+(.*))?$/;
const OWNER: Readonly<Record<CodeOwnersDialect, RegExp>> = {
  github: /^(?:@[\w.-]{1,100}(?:\/[\w.-]{1,100})?|[^\s@]{1,64}@[^\s@]{1,255})$/,
  gitlab: /^(?:@{1,2}[\w.-]{1,255}(?:\/[\w.-]{1,255}){0,20}|[^\s@]{1,64}@[^\s@]{1,255})$/,
};

interface OpenSection extends OwnerSection {
  readonly rules: OwnerRule[];
  readonly defaults: readonly string[];
}

/** Reads a CODEOWNERS file. Never throws: a line that is not understood is a gap and is left out, as the forge does. */
export function readCodeOwners({ path, text }: SourceFile, dialect: CodeOwnersDialect): CodeOwners {
  const reader = new CodeOwnersReader(path, dialect);
  if (text.length > MAX_LENGTH) reader.note('cap', 'the file is longer than a forge reads', { start: 0, end: 0 });
  else reader.readLines(text);
  return reader.finish();
}

class CodeOwnersReader {
  readonly #file: string;
  readonly #dialect: CodeOwnersDialect;
  readonly #gaps: Gap[] = [];
  readonly #sections = new Map<string, OpenSection>();
  #section: OpenSection;
  #rules = 0;

  constructor(file: string, dialect: CodeOwnersDialect) {
    this.#file = file;
    this.#dialect = dialect;
    this.#section = this.#open({ name: '', optional: false, approvals: 1, defaults: [] });
  }

  note(kind: Gap['kind'], message: string, span: Gap['place']['span']): void {
    if (this.#gaps.length < MAX_GAPS) this.#gaps.push({ kind, message, place: { file: this.#file, span } });
  }

  readLines(text: string): void {
    let start = text.startsWith('\ufeff') ? 1 : 0;
    for (let line = 1; start <= text.length; line++) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      this.#readLine(text.slice(start, end).trim(), line, { start, end });
      start = end + 1;
    }
  }

  finish(): CodeOwners {
    const sections = [...this.#sections.values()].map(({ name, optional, approvals, rules }) => ({
      name,
      optional,
      approvals,
      rules,
    }));
    return { file: this.#file, dialect: this.#dialect, sections, gaps: this.#gaps };
  }

  #readLine(line: string, number: number, span: Gap['place']['span']): void {
    if (line === '' || line.startsWith('#')) return;
    const fault =
      this.#dialect === 'gitlab' && /^\^?\[/.test(line) ? this.#readHeading(line) : this.#readRule(line, number);
    if (fault !== undefined) this.note('syntax', `line ${number}: ${fault}`, span);
  }

  #readHeading(line: string): string | undefined {
    const [, optional, name = '', approvals = '', rest = ''] = HEADING.exec(line) ?? [];
    if (name === '') return 'a section heading that is not understood';
    const { owners, fault } = this.#readOwners(splitWords(rest));
    if (fault !== undefined) return fault;
    this.#section = this.#open({
      name,
      optional: optional === '^',
      // GitLab reads 0 as 1.
      approvals: Math.max(1, Number(approvals || '1')),
      defaults: owners,
    });
    return undefined;
  }

  /** Sections of one name are one, whatever the case of its letters; what the first heading says of it holds. */
  #open({ name, optional, approvals, defaults }: Omit<OpenSection, 'rules'>): OpenSection {
    const known = this.#sections.get(name.toLowerCase());
    const section = { name, optional, approvals, defaults, rules: known?.rules ?? [] };
    if (known) {
      // The stricter of both: whoever adds a second heading must not loosen the first.
      const strict = { optional: known.optional && optional, approvals: Math.max(known.approvals, approvals) };
      const merged = { ...section, ...strict };
      this.#sections.set(name.toLowerCase(), merged);
      return merged;
    }
    this.#sections.set(name.toLowerCase(), section);
    return section;
  }

  #readRule(line: string, number: number): string | undefined {
    if (this.#rules >= MAX_RULES) return `more than ${MAX_RULES} rules: this one was not read`;
    const [first = '', ...rest] = splitWords(line);
    const excludes = this.#dialect === 'gitlab' && first.startsWith('!');
    const pattern = excludes ? first.slice(1) : first;
    if (pattern === '') return 'a line without a pattern';
    const matches = compileOwnerPattern(pattern, this.#dialect);
    if (typeof matches === 'string') return matches;
    const { owners, fault } = this.#readOwners(rest);
    if (fault !== undefined) return fault;
    this.#rules += 1;
    const inherited = owners.length === 0 && !excludes ? this.#section.defaults : owners;
    this.#section.rules.push({ pattern, matches, owners: inherited, excludes, line: number });
    return undefined;
  }

  #readOwners(words: readonly string[]): { readonly owners: readonly string[]; readonly fault?: string } {
    const comment = words.findIndex((word) => word.startsWith('#'));
    const owners = comment < 0 ? words : words.slice(0, comment);
    if (owners.length > MAX_OWNERS) return { owners: [], fault: `more than ${MAX_OWNERS} owners` };
    const wrong = owners.find((owner) => !OWNER[this.#dialect].test(owner));
    if (wrong === undefined) return { owners };
    return { owners: [], fault: `${JSON.stringify(wrong.slice(0, 80))} is no owner` };
  }
}

/** Words between blanks; a backslash keeps the next character, so that a path may hold a blank. */
function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === ' ' || character === '\t') {
      if (word !== '') words.push(word);
      word = '';
    } else if (character === '\\') {
      word += character + line.charAt(at + 1);
      at += 1;
    } else word += character;
  }
  if (word !== '') words.push(word);
  return words;
}
