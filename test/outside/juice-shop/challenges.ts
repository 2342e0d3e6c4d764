import { listFiles, readText } from '../peer-suites/checkout.ts';
import { type HiddenLines, hide, withHidden, withoutMarks } from './hidden-lines.ts';
import { type Snippet, withSharedChanges } from './shared-changes.ts';

export interface Challenge {
  readonly name: string;
  /** What kind of weakness the shop says it is; empty when it does not. */
  readonly category: string;
  /** The file with the snippet. */
  readonly path: string;
  /** The program as far as the file needs it; the snippet as it is shown to players. */
  readonly files: { readonly [path: string]: string };
  /** Marked as vulnerable, in the file above. */
  readonly lines: readonly number[];
  /** The whole file with each fix in the place of the snippet. */
  readonly fixes: readonly { readonly name: string; readonly right: boolean; readonly text: string }[];
}

const FIXES = 'data/static/codefixes';
const ASIDE =
  /(?:^|\/)(?:node_modules|test|dist|build|vendor|codefixes|cypress|rsn)\/|\.spec\.ts$|codingChallenges\.ts$/;
const SNIPPET = /\.(?:ts|sol|yml)$/;

/** Every coding challenge with the place of its snippet and its fixes. */
export function readChallenges(root: string): readonly Challenge[] {
  const paths = listFiles(root).filter((path) => SNIPPET.test(path) && !ASIDE.test(path));
  const texts = new Map(paths.map((path) => [path, readText(root, path)]));
  const fixes = listFiles(root).filter((path) => path.startsWith(`${FIXES}/`) && !path.endsWith('.info.yml'));
  const categories = readCategories(root);
  const names = [...new Set(fixes.flatMap((path) => /\/(\w+?)_\d+(?:_correct)?\.\w+$/.exec(path)?.[1] ?? []))];
  return names.flatMap((name) => {
    const found = [...texts].find(([, text]) => startOf(text, name) >= 0);
    if (!found) return [];
    const [path, text] = found;
    const cut = cutSnippet(text, name);
    if (!cut) return [];
    const own = fixes
      .filter((fix) => fix.startsWith(`${FIXES}/${name}_`))
      .map((fix) => [fix, readText(root, fix).trim()] as const);
    const snippet = withSharedChanges(
      cut,
      own.map(([, fix]) => fix),
    );
    // Some fixes end elsewhere than the snippet; then both are judged without what follows, and with their brackets closed.
    const balance = balanceOf(cut.lines.join('\n'));
    const fits = [snippet.lines.join('\n'), ...own.map(([, fix]) => fix)].every((one) => balanceOf(one) === balance);
    const whole = (shown: readonly string[]): string => {
      const middle = withHidden(cut, shown).lines.join('\n');
      return fits ? `${cut.before}${middle}\n${cut.after}` : closed(`${cut.before}${middle}\n`);
    };
    const made = own.map(([fix, text]) => ({
      name: fix.slice(FIXES.length + 1),
      right: fix.includes('_correct.'),
      text: whole(text.split('\n')),
    }));
    const first = cut.before.split('\n').length;
    const places = withHidden(cut, snippet.lines).places;
    const lines = snippet.marked.map((index) => first + (places[index] ?? index));
    const shown = { ...around(texts, path), [path]: whole(snippet.lines) };
    return [{ name, category: categories.get(name) ?? '', path, files: shown, lines, fixes: made }];
  });
}

/** By the key of the challenge. */
function readCategories(root: string): ReadonlyMap<string, string> {
  const entries = readText(root, 'data/static/challenges.yml').split(/^-\s*$/m);
  return new Map(
    entries.flatMap((entry) => {
      const key = /^ {2}key: (\w+)/m.exec(entry)?.[1];
      const category = /^ {2}category: '([^']+)'/m.exec(entry)?.[1];
      return key === undefined || category === undefined ? [] : [[key, category] as const];
    }),
  );
}

/** Brackets that a text leaves open. */
function balanceOf(text: string): number {
  return (text.match(/[{([]/g)?.length ?? 0) - (text.match(/[})\]]/g)?.length ?? 0);
}

const CLOSING = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);

/** A text with the brackets closed that it leaves open. */
function closed(text: string): string {
  const open: string[] = [];
  for (const bracket of text.match(/[{([\])}]/g) ?? []) {
    const closing = CLOSING.get(bracket);
    if (closing !== undefined) open.push(closing);
    else if (open.at(-1) === bracket) open.pop();
  }
  return `${text}${open.reverse().join('')}\n`;
}

/** The scripts of the same program. */
function around(texts: ReadonlyMap<string, string>, path: string): { readonly [path: string]: string } {
  const own = path.startsWith('frontend/');
  const near = [...texts].filter(([other]) => other.endsWith('.ts') && other.startsWith('frontend/') === own);
  return Object.fromEntries(near.map(([other, text]) => [other, withoutMarks(text)]));
}

function startOf(text: string, name: string): number {
  return text.split('\n').findIndex((line) => new RegExp(`vuln-code-snippet start.*\\b${name}\\b`).test(line));
}

interface Cut extends Snippet {
  readonly before: string;
  readonly after: string;
  readonly hidden: readonly HiddenLines[];
}

function cutSnippet(text: string, name: string): Cut | undefined {
  const lines = text.split('\n');
  const first = startOf(text, name);
  const last = lines.findIndex((line) => new RegExp(`vuln-code-snippet end.*\\b${name}\\b`).test(line));
  if (first < 0 || last < first) return undefined;
  // What stands before the first mark on its line is no part of the snippet.
  const lead = withoutMarks(lines[first] ?? '');
  const before = lines.slice(0, first).map((line) => `${withoutMarks(line)}\n`);
  if (lead.trim() !== '') before.push(`${lead}\n`);
  // A line that is only a mark is no part of it either.
  const inside = lines
    .slice(first + 1, last + 1)
    .filter((line) => withoutMarks(line).trim() !== '' || line.trim() === '');
  const { shown, hidden } = hide(inside);
  const marked = shown.flatMap((line, index) =>
    new RegExp(`vuln-code-snippet vuln-line.*\\b${name}\\b`).test(line) ? [index] : [],
  );
  const after = lines
    .slice(last + 1)
    .map(withoutMarks)
    .join('\n');
  return { before: before.join(''), after, lines: shown.map(withoutMarks), marked, hidden };
}
