/**
 * Derives the set of reversed security fixes and of ordinary commits from public histories.
 *
 *   node test/outside/reversed-fixes.ts PROJECT=GIT_DIRECTORY… > bench/weakening/changes.json
 *
 * The ids are kept in the repository, so that a newer history or another generator does not change the set. Projects
 * that have no row of their own are read by one rule for all: labels without care, for trying a rule elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** How the fixes of one project are found. `not` are commits whose text says fix and whose content does not. */
interface Project {
  readonly name: string;
  readonly message: { readonly test: (message: string) => boolean };
  readonly eligible: (path: string) => boolean;
  readonly not: readonly string[];
}

const TEST_PATH =
  /(?:^|\/)(?:tests?|spec|specs|__tests__|mocks?|testdata|fixtures)\/|\.(?:test|spec)\.|_test\.|(?:^|\/)test_/;

const PROJECTS: readonly Project[] = [
  {
    name: 'parse-community/parse-server',
    message: /GHSA-|security vulnerability/i,
    eligible: (path) => /^src\/.*\.js$/.test(path),
    not: [],
  },
  {
    name: 'gogs/gogs',
    message: /CVE-|GHSA-|^\s*security:|XSS|SSRF|injection|bypass/im,
    eligible: (path) => /\.go$/.test(path) && !/(?:_gen|bindata|\.pb)\.go$/.test(path),
    not: ['76831d0d', '37fcc8da'],
  },
  {
    name: 'openstack/keystone',
    message: /CVE-|SecurityImpact|security issue|vulnerab|bypass|^Closes-Bug: #.*private/im,
    eligible: (path) => /^keystone\/.*\.py$/.test(path),
    not: [
      ...['7db8d5fe', '8304ffad', 'e7023697', 'df2bd8cb', '90a7eb93', '37d133aa', 'bf4ff964', 'be069f64', 'bcaa3072'],
      ...['7260b55c', '852a5186', '2afad4dc'],
    ],
  },
  {
    name: 'jenkinsci/jenkins',
    message: /^\[?SECURITY-\d+/,
    eligible: (path) => /\.java$/.test(path),
    not: [],
  },
  {
    name: 'openstack/nova',
    message: /CVE-|SecurityImpact|OSSA|security issue|vulnerab|XSS|open redirect/i,
    eligible: (path) => /^nova\/.*\.py$/.test(path),
    not: [],
  },
  {
    name: 'wagtail/wagtail',
    message: /CVE-|GHSA-|XSS|CSRF|security (?:fix|issue|vulnerab)/i,
    eligible: (path) => /^wagtail\/.*\.py$/.test(path),
    not: [],
  },
  {
    name: 'apostrophecms/apostrophe',
    message: /CVE-|GHSA-|XSS|security (?:fix|issue|vulnerab)|vulnerability/i,
    eligible: (path) => /\.js$/.test(path) && !/\/public\/|vendor|\.min\./.test(path),
    not: [],
  },
];

const NO_FIX =
  /\bdep|bump|updat|upgrad|refactor|\btest|\bdoc|typo|lint|version|revert|changelog|docker|release|imported translations|merge branch/i;
const FIX_WORDS =
  /CVE-|GHSA-|XSS|CSRF|SSRF|path ?name travers|path travers|directory travers|open redirect|injection|bypass|vulnerab|\bsecurity\b|merge commit from fork/i;
const FIX_NUMBER = /CVE-\d|GHSA-\w|SecurityImpact|OSSA-\d|^\[?SECURITY-\d/m;

/** Any other project: words of its subjects and numbers of advisories, and nobody took out by hand what is no fix. */
const anyProject = (name: string): Project => ({
  name,
  message: {
    test: (message) => {
      const [subject = ''] = message.split('\n');
      return !NO_FIX.test(subject) && (FIX_WORDS.test(subject) || FIX_NUMBER.test(message));
    },
  },
  eligible: (path) =>
    /\.(?:js|jsx|mjs|cjs|ts|tsx|py|go|java)$/.test(path) &&
    !/(?:^|\/)(?:public|vendor|node_modules|dist|migrations)\/|\.min\./.test(path),
  not: [],
});

const CONTROL_EXCLUSION = /secur|vuln|CVE|GHSA|XSS|release|auth.*bypass/i;
const FIX_EXCLUSION =
  /^(?:chore\(release\)|release|docs?|bump|changelog|build\(release\))|\bchangelog\b|\bbump(?:s|ed)?\b|^v?\d+\.\d+/i;
const CONTROLS = 100;
const LIMITS = { files: 12, lines: 400 } as const;

interface Commit {
  readonly id: string;
  readonly year: number;
  readonly subject: string;
  readonly message: string;
}

/** A commit of the benchmark: its eligible files and how many of their lines it changes. */
export interface BenchmarkChange {
  readonly id: string;
  readonly lines: number;
  readonly files: readonly string[];
}

/** Changes of one project. */
export interface BenchmarkProject {
  readonly name: string;
  readonly head: string;
  readonly fixes: readonly BenchmarkChange[];
  readonly controls: readonly BenchmarkChange[];
}

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

function readCommits(directory: string): readonly Commit[] {
  const log = git(directory, 'log', '--no-merges', '--format=%H%x1f%cd%x1f%s%x1f%B%x1e', '--date=format:%Y');
  return log.split('\x1e').flatMap((record) => {
    const [id = '', year = '', subject = '', message = ''] = record.trim().split('\x1f');
    return id === '' ? [] : [{ id, year: Number(year), subject, message }];
  });
}

/** The eligible files of a commit that passes the file and size filters. */
function measure(directory: string, id: string, eligible: Project['eligible']): BenchmarkChange | undefined {
  const paths = git(
    directory,
    'diff-tree',
    '-r',
    '--no-renames',
    '--diff-filter=M',
    '--name-only',
    '--no-commit-id',
    id,
  )
    .split('\n')
    .filter((path) => path !== '' && eligible(path) && !TEST_PATH.test(path));
  if (paths.length < 1 || paths.length > LIMITS.files) return undefined;
  const rows = git(directory, 'show', '--no-renames', '--numstat', '--format=', id, '--', ...paths).split('\n');
  const files: string[] = [];
  let lines = 0;
  for (const row of rows) {
    const [added, removed, path] = row.split('\t');
    if (path === undefined) continue;
    files.push(path);
    lines += Number(added) + Number(removed);
  }
  return lines >= 1 && lines <= LIMITS.lines ? { id, lines, files } : undefined;
}

function normaliseSubject(subject: string): string {
  return subject
    .replace(/\(#\d+\)|\([^)]*GHSA[^)]*\)|\[[^\]]*\]|#\d+/g, '')
    .replace(/^\w+:|;.*$/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function selectFixes(directory: string, project: Project, commits: readonly Commit[]): readonly BenchmarkChange[] {
  const seen = new Set<string>();
  return commits.flatMap(({ id, subject, message }) => {
    if (!project.message.test(message) || FIX_EXCLUSION.test(subject)) return [];
    if (project.not.some((prefix) => id.startsWith(prefix))) return [];
    const change = measure(directory, id, project.eligible);
    const key = normaliseSubject(subject);
    if (change === undefined || seen.has(key)) return [];
    seen.add(key);
    return [change];
  });
}

/** Drawn by the hash of the commit's id: the same for everyone, whatever the order of the history. */
function selectControls(directory: string, project: Project, commits: readonly Commit[]): readonly BenchmarkChange[] {
  const drawn = commits
    .filter(({ year, subject }) => year >= 2013 && !CONTROL_EXCLUSION.test(subject))
    .filter(({ message }) => !project.message.test(message))
    .map(({ id }) => ({ id, draw: createHash('sha256').update(`control 1 ${id}`).digest('hex') }))
    .sort((one, other) => (one.draw < other.draw ? -1 : 1));
  const chosen: BenchmarkChange[] = [];
  for (const { id } of drawn) {
    if (chosen.length === CONTROLS) break;
    const change = measure(directory, id, project.eligible);
    if (change) chosen.push(change);
  }
  return chosen;
}

const projects = process.argv.slice(2).map((argument): BenchmarkProject => {
  const split = argument.indexOf('=');
  const name = argument.slice(0, split);
  const project = PROJECTS.find((row) => row.name === name) ?? anyProject(name);
  const directory = argument.slice(split + 1);
  const commits = readCommits(directory);
  const fixes = selectFixes(directory, project, commits);
  const controls = selectControls(directory, project, commits);
  process.stderr.write(
    `${project.name}: ${commits.length} commits, ${fixes.length} fixes, ${controls.length} controls\n`,
  );
  return { name: project.name, head: git(directory, 'rev-parse', 'HEAD').trim(), fixes, controls };
});
process.stdout.write(`${JSON.stringify({ projects }, undefined, 1)}\n`);
