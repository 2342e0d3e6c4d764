import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Alarm, foldClass } from './row.ts';

/** What another program says about a folder, and how long it took. */
export interface ToolRun {
  readonly alarms: readonly Alarm[];
  readonly seconds: number;
}

/** A program that looks at a folder of files. */
export interface Tool {
  readonly name: string;
  run(directory: string): ToolRun;
}

const MOST_OUTPUT = 512 * 1024 * 1024;

/** These programs end with 1 when they have found something. */
function runJson(program: string, words: readonly string[], directory: string): { json: unknown; seconds: number } {
  const start = performance.now();
  const { stdout, stderr, error, status } = spawnSync(program, words, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
    timeout: 20 * 60_000,
  });
  const seconds = (performance.now() - start) / 1000;
  if (error) throw error;
  try {
    return { json: JSON.parse(stdout), seconds };
  } catch (cause) {
    throw new Error(`${program} ended with ${status}: ${stderr.slice(-2_000)}`, { cause });
  }
}

type Fields = { readonly [name: string]: unknown };

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Bandit names the weakness of some tests more loosely than the suites do. */
const BANDIT_CLASSES: readonly (readonly [tests: RegExp, cwe: number])[] = [
  [/^B(?:102|307)$/, 94],
  [/^B(?:31[3-9]|320|40[5-9]|410|411)$/, 611],
  [/^B506$/, 502],
];

/** @param folder that holds `bin/bandit` */
export function bandit(folder: string): Tool {
  return {
    name: 'Bandit',
    run(directory) {
      const { json, seconds } = runJson(
        join(folder, 'bin/bandit'),
        ['-q', '-r', '.', '-f', 'json', '--exit-zero'],
        directory,
      );
      const alarms = listOf(fieldsOf(json)['results']).map((result): Alarm => {
        const { filename, line_number, line_range, issue_cwe, test_id, issue_text } = fieldsOf(result);
        const lines = listOf(line_range).map(numberOf);
        const own = BANDIT_CLASSES.find(([tests]) => tests.test(String(test_id)))?.[1];
        return {
          file: relative(directory, resolve(directory, String(filename))),
          line: Math.min(numberOf(line_number), ...lines),
          lastLine: Math.max(numberOf(line_number), ...lines),
          classes: [foldClass(own ?? numberOf(fieldsOf(issue_cwe)['id']))],
          pedantic: false,
          through: [],
          says: `${String(test_id)} ${String(issue_text)}`,
        };
      });
      return { alarms, seconds };
    },
  };
}

/**
 * Semgrep with rules from a checkout; only rules of the category security count.
 * @param folder that holds `bin/semgrep`
 * @param rules folders of rules
 */
export function semgrep(folder: string, rules: readonly string[]): Tool {
  const fixed = [
    'scan',
    '--json',
    '--metrics=off',
    '--disable-version-check',
    '--no-git-ignore',
    '--jobs=2',
    '--quiet',
  ];
  return {
    name: 'Semgrep',
    run(directory) {
      const config = rules.map((path) => `--config=${resolve(path)}`);
      const { json, seconds } = runJson(join(folder, 'bin/semgrep'), [...fixed, ...config, '.'], directory);
      const alarms = listOf(fieldsOf(json)['results']).flatMap((result): readonly Alarm[] => {
        const { path, start, end, extra, check_id } = fieldsOf(result);
        const metadata = fieldsOf(fieldsOf(extra)['metadata']);
        if (metadata['category'] !== 'security') return [];
        const names = typeof metadata['cwe'] === 'string' ? [metadata['cwe']] : listOf(metadata['cwe']);
        const numbers = names.flatMap((name) => Number(/CWE-(\d+)/.exec(String(name))?.[1] ?? Number.NaN));
        return [
          {
            file: relative(directory, resolve(directory, String(path))),
            line: numberOf(fieldsOf(start)['line']),
            lastLine: numberOf(fieldsOf(end)['line']),
            classes: numbers.map(foldClass),
            pedantic: false,
            through: [],
            says: String(check_id),
          },
        ];
      });
      return { alarms, seconds };
    },
  };
}

/** What the rules of the two plug-ins are about; others say nothing about the suites' weaknesses. */
const LINT_CLASSES: Readonly<Record<string, number>> = {
  'security/detect-child-process': 78,
  'security/detect-eval-with-expression': 94,
  'security/detect-non-literal-require': 94,
  'security/detect-non-literal-fs-filename': 22,
  'security/detect-non-literal-regexp': 1333,
  'security/detect-unsafe-regex': 1333,
  'security/detect-object-injection': 1321,
  'security/detect-disable-mustache-escape': 79,
  'no-unsanitized/method': 79,
  'no-unsanitized/property': 79,
};

/**
 * ESLint with eslint-plugin-security and eslint-plugin-no-unsanitized.
 * @param folder with `node_modules` that hold them and @typescript-eslint/parser
 */
export function eslint(folder: string): Tool {
  return {
    name: 'ESLint plug-ins',
    run(directory) {
      const rules = Object.keys(LINT_CLASSES).map((name) => `${JSON.stringify(name)}: 'warn'`);
      const config = join(directory, 'eslint.config.mjs');
      writeFileSync(
        config,
        `import { createRequire } from 'node:module';
const load = createRequire(${JSON.stringify(join(resolve(folder), 'package.json'))});
const [security, unsanitized, parser] = [load('eslint-plugin-security'), load('eslint-plugin-no-unsanitized'), load('@typescript-eslint/parser')];
export default [{
  files: ['**/*.{js,mjs,cjs,jsx,ts,tsx,mts,cts}'],
  languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
  plugins: { security, 'no-unsanitized': unsanitized },
  rules: { ${rules.join(', ')} },
}];
`,
      );
      const program = join(resolve(folder), 'node_modules/eslint/bin/eslint.js');
      const words = [program, '--config', config, '--format', 'json', '--no-warn-ignored', '.'];
      const { json, seconds } = runJson(process.execPath, words, directory);
      const alarms = listOf(json).flatMap((result): readonly Alarm[] => {
        const { filePath, messages } = fieldsOf(result);
        return listOf(messages).flatMap((message): readonly Alarm[] => {
          const { ruleId, line, endLine } = fieldsOf(message);
          const cwe = LINT_CLASSES[String(ruleId)];
          if (cwe === undefined) return [];
          const file = relative(directory, String(filePath));
          const last = Math.max(numberOf(line), numberOf(endLine));
          return [
            {
              file,
              line: numberOf(line),
              lastLine: last,
              classes: [foldClass(cwe)],
              pedantic: false,
              through: [],
              says: String(ruleId),
            },
          ];
        });
      });
      return { alarms, seconds };
    },
  };
}
