import type { GrammarName, Grammars } from '../../../code/index.ts';
import type { Place, SourceFile } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../../configuration/index.ts';
import { GO_TESTS } from './go.ts';
import { JAVA_TESTS } from './java.ts';
import { JAVASCRIPT_TESTS } from './javascript.ts';
import { PYTHON_TESTS } from './python.ts';
import { type TestDialect, type TestUnit, textOf, walk } from './test-unit.ts';

const LANGUAGES: readonly { readonly files: RegExp; readonly grammar: GrammarName; readonly dialect: TestDialect }[] = [
  { files: /\.[cm]?ts$/, grammar: 'typescript', dialect: JAVASCRIPT_TESTS },
  { files: /\.(?:tsx|[cm]?jsx?)$/, grammar: 'tsx', dialect: JAVASCRIPT_TESTS },
  { files: /\.py$/, grammar: 'python', dialect: PYTHON_TESTS },
  { files: /\.go$/, grammar: 'go', dialect: GO_TESTS },
  { files: /\.java$/, grammar: 'java', dialect: JAVA_TESTS },
];

const TEST_PATH =
  /(?:^|[\\/])(?:tests?|__tests__|specs?|e2e|integration|testing)\/|[._-](?:test|tests|spec|e2e|cy)\.[\w]+$|(?:^|\/)(?:test_[^/]*\.py|conftest\.py|Test[A-Z]\w*\.java|\w*(?:Test|Tests|IT)\.java)$|_test\.(?:go|py)$/i;

/** Whether the file may hold tests, so that it is read for them. */
export function isTestPath(path: string): boolean {
  return TEST_PATH.test(path) && LANGUAGES.some(({ files }) => files.test(path));
}

const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e)\//i;
const TEST_NAME =
  /[._-](?:test|tests|spec|e2e|cy)\.\w+$|(?:^|\/)(?:test_[^/]*\.py|conftest\.py|Test[A-Z]\w*\.java|\w*(?:Test|Tests|IT)\.java)$/;

/**
 * Whether the file is nothing but test code, whose checks protect nobody. Folders that are called `integration` or
 * `testing` hold code of the product as often, and so does every package below `src/main`.
 */
export function isTestCode(path: string): boolean {
  if (/(?:^|\/)src\/main\//.test(path)) return false;
  return TEST_FOLDER.test(path) || TEST_NAME.test(path);
}

/** The tests of a file, whether they run, and what they claim. */
export function addTests(file: SourceFile, grammars: Grammars, sheet: SheetBuilder): void {
  const language = LANGUAGES.find(({ files }) => files.test(file.path));
  if (language === undefined) return;
  const { root, gaps } = grammars.parse(language.grammar, file);
  for (const gap of gaps) sheet.gap(gap);
  if (root === undefined) return;
  const { dialect } = language;
  const units = dialect.tests(root, file.text);
  const inner = innermost(units);
  for (const unit of units) addUnit(unit, inner.has(unit), file, dialect, sheet);
}

function addUnit(unit: TestUnit, isLeaf: boolean, file: SourceFile, dialect: TestDialect, sheet: SheetBuilder): void {
  const { name, node, skipped, focused, expectedToFail } = unit;
  const scope = `test ${name}`;
  const placeOf = (at: { readonly start: number; readonly end: number }): Place => ({
    file: file.path,
    span: { start: at.start, end: at.end },
  });
  const line = { start: node.start, end: Math.min(node.end, node.start + 200) };
  sheet.scope(scope, placeOf(line));
  const about = { scope, shown: name, value: '' };
  if (isLeaf)
    sheet.add({
      ...about,
      control: 'test-removed',
      subject: name,
      names: scope,
      weight: -1,
      place: placeOf(line),
      standing: true,
    });
  if (skipped) sheet.add({ ...about, control: 'test-skipped', subject: 'skipped', weight: 1, place: placeOf(skipped) });
  if (focused) sheet.add({ ...about, control: 'test-focused', subject: 'focused', weight: 1, place: placeOf(focused) });
  if (expectedToFail)
    sheet.add({
      ...about,
      control: 'test-skipped',
      subject: 'expected to fail',
      weight: 1,
      place: placeOf(expectedToFail),
    });
  if (!isLeaf) return;
  for (const inside of walk(node)) {
    if (inside !== node && dialect.skips(inside, file.text))
      sheet.add({ ...about, control: 'test-skipped', subject: 'skips itself', weight: 1, place: placeOf(inside) });
    const strength = dialect.strength(inside, file.text);
    if (strength > 0) {
      const shown = textOf(inside, file.text).replace(/\s+/g, ' ').slice(0, 100);
      sheet.add({
        scope,
        control: 'assertion-loosened',
        subject: 'assertions',
        weight: -strength,
        shown,
        place: placeOf(inside),
      });
    }
  }
}

/** Tests that hold no other: a suite claims nothing itself. */
function innermost(units: readonly TestUnit[]): ReadonlySet<TestUnit> {
  const leaves = new Set(units);
  const open: TestUnit[] = [];
  for (const unit of units) {
    while ((open.at(-1)?.node.end ?? Number.POSITIVE_INFINITY) <= unit.node.start) open.pop();
    const around = open.at(-1);
    if (around) leaves.delete(around);
    open.push(unit);
  }
  return leaves;
}
