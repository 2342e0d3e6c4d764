/**
 * Runs Semgrep and Bandit over small programs and takes their real output in. `--help` explains. Both come from a Python
 * environment that the caller made; neither is a dependency of the project.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ingestScan } from '../../src/findings/index.ts';

const HELP = `usage: node test/outside/ingest-scans.ts --bin DIR

DIR holds the programs semgrep and bandit (with its SARIF extra), for instance the bin of a virtual environment. Prints
what each scanner reported and what of it was taken in; ends with 1 when something was lost or a password was kept.`;

const { values } = parseArgs({ options: { bin: { type: 'string' }, help: { type: 'boolean', default: false } } });
const PASSWORD = 'correct-horse-battery';

const PROGRAM = `import subprocess
import hashlib
from flask import Flask, request

app = Flask(__name__)
PASSWORD = '${PASSWORD}'


@app.route('/x')
def show():
    name = request.args['n']
    subprocess.run('ls ' + name, shell=True)
    return hashlib.md5(name.encode()).hexdigest()
`;

const RULES = `rules:
  - id: shell-true
    languages: [python]
    severity: ERROR
    message: A command is built from $X
    metadata: { cwe: ['CWE-78: OS Command Injection'], confidence: HIGH }
    pattern: subprocess.run($X, shell=True)
  - id: password
    languages: [python]
    severity: WARNING
    message: The password is $X
    metadata: { cwe: ['CWE-798: Hard-coded Credentials'], confidence: LOW }
    pattern: PASSWORD = $X
`;

interface Scan {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly output: string;
}

const SCANS: readonly Scan[] = [
  {
    name: 'semgrep, SARIF',
    program: 'semgrep',
    arguments: [
      'scan',
      '--metrics',
      'off',
      '--disable-version-check',
      '--config',
      '../rules.yml',
      '--sarif',
      '-o',
      '../semgrep.sarif',
      '.',
    ],
    output: 'semgrep.sarif',
  },
  {
    name: 'bandit, SARIF',
    program: 'bandit',
    arguments: ['-q', '-r', '.', '-f', 'sarif', '-o', '../bandit.sarif'],
    output: 'bandit.sarif',
  },
  {
    name: 'bandit, JSON',
    program: 'bandit',
    arguments: ['-q', '-r', '.', '-f', 'json', '-o', '../bandit.json'],
    output: 'bandit.json',
  },
];

async function main(bin: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-scans-'));
  try {
    const sources = new Map([['web/app file.py', PROGRAM]]);
    for (const [path, text] of [...sources, ['../rules.yml', RULES] as const]) {
      const file = join(folder, 'code', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    let good = true;
    for (const scan of SCANS) {
      // Bandit ends with 1 when it finds something.
      await promisify(execFile)(join(bin, scan.program), scan.arguments, { cwd: join(folder, 'code') }).catch(
        () => undefined,
      );
      const text = await readFile(join(folder, scan.output), 'utf8');
      good = tell(scan.name, text, sources) && good;
    }
    return good;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tell(name: string, text: string, sources: ReadonlyMap<string, string>): boolean {
  const parsed = JSON.parse(text);
  const told = (parsed.runs?.[0]?.results ?? parsed.results).length;
  const scan = ingestScan({ path: name, text }, (path) => {
    const source = sources.get(path);
    return source === undefined ? undefined : { path, text: source };
  });
  const keeps = JSON.stringify(scan).includes(PASSWORD);
  process.stdout.write(
    `${name}: ${told} told, ${scan.findings.length} taken in, ${scan.gaps.length} gaps, password kept: ${keeps}\n`,
  );
  for (const { rule, severity, confidence, place } of scan.findings) {
    const at = PROGRAM.slice(place.span.start, place.span.end).split('\n')[0];
    process.stdout.write(
      `  ${rule} ${severity}/${confidence}: ${scan.secrets.includes(place) ? '(a password)' : at}\n`,
    );
  }
  return told === scan.findings.length && scan.gaps.length === 0 && !keeps;
}

if (values.help || values.bin === undefined) process.stdout.write(`${HELP}\n`);
else if (!(await main(values.bin))) process.exitCode = 1;
