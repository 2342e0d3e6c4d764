import { entriesOf, type Node, nodeAt, type Place, type SourceFile, scalarAt, scalarsOf } from '../../syntax/index.ts';
import { listScalars, plainKey } from './named-path.ts';
import { EXCLUSION_KEYS, INCLUSION_KEYS } from './options/option-rows.ts';
import type { SheetBuilder } from './sheet.ts';

/** Files that configure linters, scanners and coverage. */
const SETTINGS =
  /(?:^|\/)(?:\.?eslintrc(?:\.\w+)?|biome\.jsonc?|\.?ruff\.toml|\.golangci\.\w+|\.?semgrep\.ya?ml|\.gitleaks\.toml|gitleaks\.toml|\.?bandit(?:\.ya?ml|\.toml)?|\.?trivy\.ya?ml|\.checkov\.ya?ml|\.tfsec(?:\/config)?\.(?:ya?ml|json)|\.snyk|\.?codecov\.ya?ml|\.nycrc(?:\.json)?|\.c8rc\.json|jest\.config\.json|\.coveragerc|sonar-project\.json|\.hadolint\.ya?ml|\.?dependabot\.ya?ml|renovate\.json5?|\.renovaterc(?:\.json)?|zizmor\.ya?ml|\.?actionlint\.ya?ml|\.rubocop\.yml|\.pre-commit-config\.ya?ml|osv-scanner\.toml|\.?auditjs\.json|audit-ci\.jsonc?|\.?detekt\.ya?ml|\.swiftlint\.yml|tslint\.json|\.stylelintrc(?:\.json)?|\.markdownlint\.json|codeql-config\.ya?ml|\.mega-linter\.yml|\.kube-linter\.ya?ml|deny\.toml|audit\.toml)$/i;
/** Sections of manifests that do the same. */
const SECTIONS: readonly (readonly string[])[] = [
  ...['eslintConfig', 'jest', 'nyc', 'c8', 'ava', 'vitest'].map((name) => [name]),
  ...['ruff', 'bandit', 'mypy', 'pylint', 'coverage', 'pytest', 'flake8', 'semgrep', 'pyright'].map((name) => [
    'tool',
    name,
  ]),
];

export function isCheckSettings(path: string): boolean {
  return SETTINGS.test(path) && !path.includes('.github/workflows/');
}

/** What checking tools leave out, look for, and how much they mind. */
export function addCheckSettings(root: Node | undefined, file: SourceFile, sheet: SheetBuilder): void {
  if (isCheckSettings(file.path)) {
    const name = file.path.split('/').at(-1) ?? file.path;
    const place = { file: file.path, span: { start: 0, end: 0 } };
    const subject = name.replace(/^\./, '').split('.')[0] ?? name;
    sheet.add({
      control: 'check-settings-removed',
      scope: '',
      subject,
      weight: -1,
      shown: name,
      place,
      standing: true,
    });
    addSection(root, '', file, sheet);
  }
  if (/(?:^|\/)(?:package\.json|pyproject\.toml)$/.test(file.path))
    for (const route of SECTIONS) addSection(nodeAt(root, ...route), route.join('.'), file, sheet);
}

const RANKS: Readonly<Record<string, number>> = {
  off: 0,
  '0': 0,
  none: 0,
  info: -0.5,
  on: -1,
  warn: -1,
  '1': -1,
  warning: -1,
  error: -2,
  '2': -2,
};

function addSection(root: Node | undefined, prefix: string, file: SourceFile, sheet: SheetBuilder): void {
  if (root === undefined) return;
  addRules(root, file, sheet);
  for (const { path, node } of listScalars(root).scalars) {
    const place: Place = { file: file.path, span: node.span };
    const keys = path.map(plainKey);
    const at = keys.findLastIndex(
      (key, index) => index >= keys.length - 2 && (EXCLUSION_KEYS.test(key) || INCLUSION_KEYS.test(key)),
    );
    const key = keys[at];
    if (key === undefined || /^(?:true|false)$/i.test(node.text)) continue;
    // Which updates a bot offers; those that mend a known fault come anyway.
    if (/dependabot\.ya?ml$/.test(file.path) && (key === 'allow' || node.text.startsWith('version-update:'))) continue;
    const list = [prefix, ...path.slice(0, at + 1)].filter((part) => part !== '').join('.');
    if (EXCLUSION_KEYS.test(key))
      sheet.add({
        control: 'exclusion-grown',
        scope: '',
        subject: `${list} ${node.text}`,
        weight: 1,
        shown: node.text,
        value: '',
        place,
      });
    else
      sheet.add({
        control: 'check-configuration-loosened',
        scope: '',
        subject: `${list} ${node.text}`,
        weight: -1,
        shown: `${list}: ${node.text}`,
        value: '',
        place,
        severity: 'medium',
      });
  }
}

/** Rules that are switched by name: ESLint, Biome, stylelint, tslint, rubocop's kin. */
function addRules(root: Node, file: SourceFile, sheet: SheetBuilder): void {
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > 12) continue;
    if (node.kind === 'list') for (const item of node.items) open.push({ node: item, depth: depth + 1 });
    else
      for (const { key, value, span } of entriesOf(node)) {
        const level = levelOf(value);
        if (level !== undefined && RANKS[level] !== undefined && !SWITCHES_OF_FILES.test(key.text))
          sheet.add({
            control: 'rule-switched-off',
            scope: '',
            subject: key.text,
            weight: RANKS[level] ?? 0,
            shown: `${key.text}: ${level}`,
            value: '',
            place: { file: file.path, span },
            severity: SECURITY_RULE.test(key.text) ? 'high' : 'medium',
          });
        open.push({ node: value, depth: depth + 1 });
      }
  }
}

const SWITCHES_OF_FILES =
  /^(?:[\w-]{0,40}[-_]limit|log_\w{0,20}|level|enabled|target|threshold|version|patch|project|status|level|severity|comment)$/i;
const SECURITY_RULE =
  /secur|eval|inject|xss|csrf|unsafe|danger|no-implied|noExplicitAny|secret|crypto|floating|innerhtml|S\d{3}/i;

function levelOf(value: Node): string | undefined {
  const scalar = value.kind === 'map' ? scalarAt(value, 'level') : scalarsOf(value)[0];
  return scalar?.text.toLowerCase();
}

/** Files with one pattern a line that tools leave out. */
const IGNORE_FILES =
  /(?:^|\/)(?:\.trivyignore|\.semgrepignore|\.gitleaksignore|\.eslintignore|\.grype-?ignore|\.banditignore|\.tfsecignore|\.checkovignore|\.secretlintignore|\.osvignore|\.nsprc|\.auditignore|\.hadolintignore|\.prettierignore\.never)$/;

export function isIgnoreFile(path: string): boolean {
  return IGNORE_FILES.test(path);
}

/** Each line that is no comment is an exclusion. */
export function addIgnoreFile(file: SourceFile, sheet: SheetBuilder): void {
  let start = 0;
  for (const line of file.text.split('\n')) {
    const text = line.trim();
    if (text !== '' && !text.startsWith('#'))
      sheet.add({
        control: 'exclusion-grown',
        scope: '',
        subject: text.slice(0, 300),
        weight: 1,
        shown: text,
        place: { file: file.path, span: { start, end: start + line.length } },
      });
    start += line.length + 1;
  }
}
