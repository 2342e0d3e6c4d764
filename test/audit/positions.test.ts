/**
 * Lines and columns, right to the column: what a finding points at does not depend on how the file is encoded. The same
 * document with other line ends, a byte order mark or more lines in front has its findings at the same words.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRules } from '../../src/audit/index.ts';
import { createLocator, type Finding } from '../../src/findings/index.ts';
import { auditOf, type Files, script, workflow } from './whole-program.ts';

interface Pointed {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What stands there, line ends as LF. */
  readonly text: string;
}

/** Line and column by counting, without the program's own index. */
function counted(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function pointed(files: Files): readonly Pointed[] {
  const { findings, facts } = auditOf(files);
  const locator = createLocator({ source: facts.source });
  const told = findings.filter(({ rule }) => !ABOUT_CHARACTERS.has(rule));
  return told.map((finding) => pointOf(finding, files, locator.region(finding.place))).sort(byPlace);
}

function pointOf(
  { rule, place }: Finding,
  files: Files,
  region: { startLine: number; startColumn: number } | undefined,
): Pointed {
  const text = files[place.file] ?? '';
  const { line, column } = counted(text, place.span.start);
  assert.deepEqual([region?.startLine ?? line, region?.startColumn ?? column], [line, column], `${rule} ${place.file}`);
  return {
    rule,
    file: place.file,
    line,
    column,
    text: text.slice(place.span.start, place.span.end).replaceAll('\r\n', '\n'),
  };
}

function byPlace(one: Pointed, other: Pointed): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

const LINE_BASED = /\.(?:ya?ml|toml|json|md|mdc)$/;

function each(files: Files, change: (text: string, path: string) => string): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, LINE_BASED.test(path) ? change(text, path) : text]),
  );
}

const examples: readonly (readonly [string, Files])[] = [...allRules().values()].flatMap((rule) =>
  rule.attack.length === 0
    ? []
    : [[rule.id, Object.fromEntries(rule.attack.map(({ file, text }) => [file, text]))] as const],
);

/** Where the rule speaks of the characters themselves, or a hash of the file is written elsewhere. */
const ABOUT_CHARACTERS: ReadonlySet<string> = new Set(['AW007', 'INP018', 'INP019', 'CFG012', 'META03', 'META09']);

describe('a finding of any rule points at the same words', () => {
  it('when lines end with CR LF', () => {
    for (const [id, files] of examples) {
      if (ABOUT_CHARACTERS.has(id)) continue;
      const crlf = each(files, (text) => text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
      assert.deepEqual(pointed(crlf), pointed(each(files, (text) => text.replaceAll('\r\n', '\n'))), id);
    }
  });

  it('when a comment and a blank line stand in front of a YAML file', () => {
    for (const [id, files] of examples) {
      const isYaml = (path: string) => /\.ya?ml$/.test(path);
      const later = each(files, (text, path) => (isYaml(path) && !text.startsWith('#') ? `# hello\n\n${text}` : text));
      const moved = pointed(files).map((one) =>
        isYaml(one.file) && later[one.file] !== files[one.file] ? { ...one, line: one.line + 2 } : one,
      );
      assert.deepEqual(
        pointed(later).filter(({ line }) => line > 2),
        moved.filter(({ line }) => line > 2).sort(byPlace),
        id,
      );
    }
  });

  it('when a byte order mark begins the file', () => {
    for (const [id, files] of examples) {
      if (ABOUT_CHARACTERS.has(id) || !Object.keys(files).every((path) => /\.(?:ya?ml|json)$/.test(path))) continue;
      const marked = each(files, (text) => `\u{FEFF}${text}`);
      const below = (points: readonly Pointed[]) => points.filter(({ line }) => line > 1);
      assert.deepEqual(below(pointed(marked)), below(pointed(files)), id);
    }
  });
});

describe('inside a block scalar', () => {
  for (const header of ['|', '|-', '|+', '|2', '>', '>-']) {
    for (const indent of [9, 10, 14]) {
      it(`${header} that stands ${indent} blanks deep, a flag is found at its column`, () => {
        const deep = header === '|2' ? 10 : indent;
        const blanks = ' '.repeat(deep);
        const text = `on:\n  issues:\njobs:\n  agent:\n    runs-on: x\n    steps:\n      - run: ${header}\n${blanks}claude -p hello --dangerously-skip-permissions\n${blanks}echo done\n`;
        const path = '.github/workflows/agent.yml';
        const bypass = pointed({ [path]: text }).find(({ rule }) => rule === 'AGT001');
        assert.deepEqual(
          [bypass?.line, bypass?.column, bypass?.text],
          [8, deep + 17, '--dangerously-skip-permissions'],
        );
      });
    }
  }
});

describe('two findings of one line', () => {
  it('have their own columns', () => {
    const files = workflow(script('claude -p hello --dangerously-skip-permissions --allowedTools "Bash"'));
    const line = (files['.github/workflows/agent.yml'] ?? '').split('\n').findIndex((one) => one.includes('claude -p'));
    const here = pointed(files).filter((one) => one.line === line + 1);
    const at = (rule: string) => here.find((one) => one.rule === rule)?.column;
    assert.equal(at('AGT001'), 11 + 'claude -p hello '.length);
    assert.ok(new Set(here.map(({ column }) => column)).size > 1);
  });
});

describe('in JSON', () => {
  it('tabs count one column, and comments, trailing commas and a byte order mark move nothing', () => {
    const path = '.claude/settings.json';
    const plain = '{\n\t"permissions": {\n\t\t"defaultMode": "bypassPermissions"\n\t}\n}\n';
    const loose = '{\n\t"permissions": { // all\n\t\t"defaultMode": "bypassPermissions",\n\t},\n}\n';
    const [point] = pointed({ [path]: plain }).filter(({ rule }) => rule === 'CFG001');
    assert.equal(point?.line, 3);
    assert.match(plain.split('\n')[2]?.slice((point?.column ?? 1) - 1) ?? '', /^"/);
    for (const text of [loose, `\u{FEFF}${plain}`, plain.replaceAll('\n', '\r\n')]) {
      const [other] = pointed({ [path]: text }).filter(({ rule }) => rule === 'CFG001');
      assert.deepEqual([other?.line, other?.column, other?.text], [point?.line, point?.column, point?.text]);
    }
  });
});
