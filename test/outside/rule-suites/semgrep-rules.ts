import { entryOf, itemsOf, type Node, type Readers, scalarAt } from '../../../src/syntax/index.ts';
import { isFile, listFiles, readText } from '../peer-suites/checkout.ts';
import { type AnnotatedLine, foldClass } from './row.ts';

const LANGUAGES = ['python', 'javascript', 'typescript'];
const ENDINGS = ['.py', '.js', '.jsx', '.ts', '.tsx'];

interface Rule {
  readonly classes: readonly number[];
  readonly taint: boolean;
}

/** The test files of the security rules with their marks: `ruleid: X` and `ok: X` stand above the line they are about. */
export interface SemgrepSuite {
  readonly files: { readonly [path: string]: string };
  readonly rows: readonly AnnotatedLine[];
}

export function readSemgrepRules(directory: string, readers: Readers): SemgrepSuite {
  const files: { [path: string]: string } = {};
  const rows: AnnotatedLine[] = [];
  for (const language of LANGUAGES) {
    for (const name of listFiles(`${directory}/${language}`)) {
      if (!/\.ya?ml$/.test(name) || /\.test\.ya?ml$|\.fixed\./.test(name)) continue;
      const path = `${language}/${name}`;
      const rules = readRules(path, readText(directory, path), readers);
      if (rules.size === 0) continue;
      const stem = path.replace(/\.ya?ml$/, '');
      const test = ENDINGS.map((ending) => stem + ending).find((file) => isFile(directory, file));
      if (test === undefined) continue;
      const text = readText(directory, test);
      files[test] = text;
      rows.push(...marksOf(test, text, rules, language));
    }
  }
  return { files, rows };
}

/** Security rules of a file, by id. */
function readRules(path: string, text: string, readers: Readers): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  const { root } = readers.yaml({ path, text });
  for (const node of itemsOf(entryOf(root, 'rules')?.value)) {
    const id = scalarAt(node, 'id')?.text;
    const metadata = entryOf(node, 'metadata')?.value;
    if (id === undefined || scalarAt(metadata, 'category')?.text !== 'security') continue;
    const cwe = entryOf(metadata, 'cwe')?.value;
    const names = cwe?.kind === 'scalar' ? [cwe] : itemsOf(cwe);
    const classes = names.flatMap((name) => numberOf(name));
    rules.set(id, { classes: classes.map(foldClass), taint: scalarAt(node, 'mode')?.text === 'taint' });
  }
  return rules;
}

function numberOf(node: Node): readonly number[] {
  const [, number] = /CWE-(\d+)/.exec(node.kind === 'scalar' ? node.text : '') ?? [];
  return number === undefined ? [] : [Number(number)];
}

function marksOf(
  file: string,
  text: string,
  rules: ReadonlyMap<string, Rule>,
  language: string,
): readonly AnnotatedLine[] {
  const lines = text.split('\n');
  return lines.flatMap((content, index): readonly AnnotatedLine[] => {
    const [, kind, names = ''] = /(?:#|\/\/|\/\*|<!--)\s*(ruleid|ok)\s*:\s*([\w.,\s-]+)/.exec(content) ?? [];
    if (kind === undefined) return [];
    const below = lines
      .slice(index + 1)
      .findIndex((next) => !/^\s*(?:$|#\s*(?:ruleid|ok)|\/\/\s*(?:ruleid|ok))/.test(next));
    const line = index + 2 + Math.max(0, below);
    return names.split(',').flatMap((name) => {
      const rule = rules.get(name.trim());
      if (!rule) return [];
      const group = `${language} ${rule.taint ? 'taint' : 'pattern'}`;
      return [
        { file, line, lastLine: line + 1, wrong: kind === 'ruleid', classes: rule.classes, group, rule: name.trim() },
      ];
    });
  });
}
