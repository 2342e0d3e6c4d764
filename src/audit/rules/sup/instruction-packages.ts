import { type AgentConfiguration, isExact, packageOf, runnerOf } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { file } from '../cfg/examples.ts';
import { SUP } from './examples.ts';
import { knownPackages } from './known-packages.ts';
import { isWellKnown, providerOf } from './well-known-packages.ts';

/** Commands that fetch a package by its name, as people write them into instructions. */
const FETCHES =
  /(?<![\w./@-])(npx|bunx|pnpx|uvx|pnpm dlx|yarn dlx|bun x|npm exec|pipx run|uv tool run|uv tool install|pipx install|uv pip install|pip3? install|npm (?:install|i|add)|pnpm add|yarn (?:global )?add|bun add|cargo install|gem install)[ \t]+([^\n`]{1,300})/g;
/** Commands of one file; more are not looked at. */
const MOST = 200;

/** Options of installers that take the next word. */
const VALUED: ReadonlySet<string> = new Set([
  '-i',
  '--index-url',
  '--extra-index-url',
  '--registry',
  '--prefix',
  '-C',
  '--version',
  '-t',
  '--target',
  '-w',
  '--workspace',
  '--python',
  '--git',
  '--tag',
  '--branch',
]);
/** Options after which names are files of the tree. */
const FROM_TREE: ReadonlySet<string> = new Set([
  '-r',
  '--requirement',
  '-e',
  '--editable',
  '-c',
  '--constraint',
  '--path',
]);

interface Fetched {
  readonly command: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly at: number;
  readonly length: number;
}

/** SUP014 */
export const unlockedPackage: Rule = {
  ...SUP,
  id: 'SUP014',
  name: 'instructed-package-without-lock',
  title: 'Instructions have agents run a package that no manifest of the repository knows',
  what: 'An instruction file, skill, command or subagent orders `npx X`, `uvx X`, `pip install X` or the like, and X is in no manifest or lock file of the repository.',
  why: 'Models invent names of packages and people commit them. Whoever registers the name runs code with every agent that follows the text: `react-codeshift` stood in 237 repositories before somebody owned it. Without a lock file a true name is no safer on the day it is taken over.',
  sources: [
    'Aikido, January 2026: skills that spread invented npx commands (react-codeshift)',
    'Slopsquatting studies, 2025',
  ],
  severity: 'medium',
  confidence: 'medium',
  fix: 'none',
  advice:
    'Check who owns the package, make it a locked dependency, and call it without fetching (`npx --no-install X`).',
  tags: ['CWE-829', 'CWE-1357', 'OWASP-CICD-SEC-3'],
  attack: [
    file(
      '.claude/skills/move/SKILL.md',
      '---\nname: move\ndescription: Move components\n---\nRun `npx acme-codeshift --yes src/` first.\n',
    ),
  ],
  benign: [
    file(
      '.claude/skills/move/SKILL.md',
      '---\nname: move\ndescription: Move components\n---\nRun `npx acme-codeshift --yes src/` first.\n',
    ),
    file('package.json', '{ "devDependencies": { "acme-codeshift": "1.4.2" } }\n'),
  ],
  check: (facts) => facts.configurations.flatMap((configuration) => unlocked(facts, configuration)),
};

function unlocked(
  facts: Facts,
  { file: source, instructions, role, label }: AgentConfiguration,
): readonly FindingDraft[] {
  if (instructions === undefined || role === 'example') return [];
  const text = source.text.slice(instructions.span.start, instructions.span.end);
  const seen = new Set<string>();
  return fetchesIn(text).flatMap((fetched): readonly FindingDraft[] => {
    const { name, version, command, at, length } = fetched;
    if (seen.has(name) || isKnown(facts, name)) return [];
    seen.add(name);
    const start = instructions.span.start + at;
    const pinned = version !== undefined && isExact(version);
    const familiar = isWellKnown(name);
    return [
      {
        rule: 'SUP014',
        message: `The ${label} has agents run \`${command} ${name}\`, and no manifest or lock file of this repository knows ${name}`,
        detail:
          'Whoever owns that name in the registry, or registers it, runs code wherever an agent follows this text; a list of allowed commands that names only the runner does not help.',
        severity: pinned || familiar ? 'low' : 'medium',
        confidence: familiar ? 'low' : 'medium',
        place: { file: source.path, span: { start, end: start + length } },
        subject: `${source.path} ${name}`,
      },
    ];
  });
}

function isKnown(facts: Facts, name: string): boolean {
  const known = knownPackages(facts);
  return [name, name.toLowerCase().replaceAll('_', '-'), providerOf(name)].some((one) => known.has(one));
}

/** A word of a list in prose: `risky servers, npx supply chain, timeouts` names a subject and gives no command. */
const LISTED = /\w,[ \t]+$/;

/** Every package that a command of the text fetches by name. */
function fetchesIn(text: string): readonly Fetched[] {
  return [...text.matchAll(FETCHES)].slice(0, MOST).flatMap((match): readonly Fetched[] => {
    const [whole, command = '', rest = ''] = match;
    if (LISTED.test(text.slice(Math.max(0, match.index - 8), match.index))) return [];
    const words = wordsOf(rest);
    const names = runnerOf(command.split(' ')) ? runTarget(command, words) : installTargets(words);
    return names.flatMap(({ written, name, version }) => {
      const inside = whole.indexOf(written, command.length);
      return isName(name) && inside >= 0
        ? [{ command, name, version, at: match.index + inside, length: written.length }]
        : [];
    });
  });
}

/** The words of a command up to what ends it: a sign of the shell, a quote, or the end of a sentence. */
function wordsOf(rest: string): readonly string[] {
  const end = rest.search(/[;&|><#"'()]|,\s|\.\s|\.$/);
  return (end < 0 ? rest : rest.slice(0, end))
    .trim()
    .split(/[ \t]+/)
    .filter((word) => word !== '');
}

interface Target {
  readonly written: string;
  readonly name: string;
  readonly version: string | undefined;
}

function runTarget(command: string, words: readonly string[]): readonly Target[] {
  const runner = runnerOf(command.split(' '));
  if (runner === undefined || words.includes('--no-install') || words.includes('--no')) return [];
  const { kind, name, version } = packageOf(runner, words);
  const written = words.find((word) => word.startsWith(name) && name !== '');
  return kind === 'package' && written !== undefined ? [{ written, name, version }] : [];
}

function installTargets(words: readonly string[]): readonly Target[] {
  const targets: Target[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (FROM_TREE.has(word) || word === '.') return [];
    if (VALUED.has(word)) index++;
    else if (!word.startsWith('-')) {
      const at = word.indexOf('@', 1);
      const [bare = ''] = (at > 0 ? word.slice(0, at) : word).split(/[[=<>~!]/, 1);
      const version = at > 0 ? word.slice(at + 1) : /==([\w.]+)/.exec(word)?.[1];
      targets.push({ written: bare, name: bare, version });
      // Prose follows the first name more often than a second one does.
      if (!isName(words[index + 1] ?? '') || targets.length >= 1) break;
    }
  }
  return targets;
}

/** What can be the name of a package; a placeholder, a path and a plain English word of a sentence are none. */
function isName(name: string): boolean {
  return (
    /^(?:@[a-z0-9][\w.-]{0,80}\/)?[a-zA-Z0-9][\w.-]{1,80}$/.test(name) &&
    !/^@?(?:scope|your-?scope|org|your-?org|my-?org|namespace)\/|^(?:package-?name|pkg|your-[\w-]{1,40}|my-package|some-package|example|foo|bar)$/i.test(
      name,
    ) &&
    !/^(?:not|only|when|if|will|can|do|does|should|must|always|never|instead|directly|commands?|calls?|itself|your|my|some|package|packages|name|the|a|an|it|and|or|to|from|with|this|that|these|in|on|for|first|commands?|is|as|\d+)$/i.test(
      name,
    ) &&
    !/package-?name/i.test(name)
  );
}
