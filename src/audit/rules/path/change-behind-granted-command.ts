import { analyseRule } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { changeLeg, credentialLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { checkout, HEAD, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import { isOpenToChanges, whoChanges, worksOnForeignChange } from './foreign-change.ts';
import type { PathRule } from './path-rule.ts';
import { allowedRules, cutBy, namesOfCredentials } from './run-questions.ts';

const example = (ref: string | undefined): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout(ref)}
${step('claude -p "Review the change" --setting-sources user --allowedTools "Bash(npm run lint)"', KEY, `GH_TOKEN: \${{ secrets.REVIEW_PAT }}`)}
`;

const MANIFEST = { file: 'package.json', text: '{\n  "scripts": { "lint": "eslint ." }\n}\n' };

/** PATH05: the granted command is harmless, what it runs is written by the change. */
export const changeBehindGrantedCommand: PathRule = {
  id: 'PATH05',
  name: 'change-behind-granted-command',
  title: 'A pull request decides what the granted command runs',
  what: 'An agent works on the head of a pull request and may run a command whose meaning stands in that tree: a package script, a make target, an installer, an interpreter, a test runner. Reported instead of PATH01.',
  why: 'The allow-list names `npm run lint`; what that runs is written in the `package.json` of the pull request. The agent need not be fooled: it runs the check that it was asked to run.',
  sources: [
    'AgentShield 1.6.0 demo repository: `Bash(npm run *)` to a package.json of the pull request, missed',
    'GitHub Security Lab, "Preventing pwn requests"',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Run the checks in a job without secrets and give the agent their output, or take manifests and scripts from the base.',
  tags: ['CWE-829', 'CWE-94', 'OWASP-CICD-SEC-4'],
  attack: [workflow('review', example(HEAD)), MANIFEST],
  benign: [workflow('review', example(undefined)), MANIFEST],
  paths: (facts: Facts) => facts.runs.filter(worksOnForeignChange).flatMap((run) => pathsOf(run, facts)),
};

interface TreeCommand {
  readonly text: string;
  readonly means: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly place: Place;
}

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  if (grantsEverything(run) || cutBy(run, 'execute')?.kind === 'sandbox') return [];
  const near = run.credentials.filter(({ scope }) => scope !== 'other-step');
  const written = near.filter(({ scope }) => scope !== 'mintable');
  // What a program can mint is named where nothing else is to be had.
  const held = written.length > 0 ? written : near;
  const command = treeCommand(run);
  const worst = held.find(({ class: kind }) => kind !== 'model-key') ?? held[0];
  if (!command || !worst) return [];
  const carrier = manifestOf(command, facts);
  const where = carrier ? ` in ${carrier.file}` : '';
  return [
    pathAbout(run, {
      rule: 'PATH05',
      subject: `${run.invocation.product} ${command.program}`,
      message: `${whoChanges(run)} decides what \`${command.text}\` runs in ${nameOf(run)}, with ${namesOfCredentials(held)}`,
      gain: `The rule ${command.means}; the change writes that${where}. What runs has the variables of the agent and the network of the job.`,
      severity: isOpenToChanges(run) ? 'critical' : 'high',
      confidence: carrier ? 'high' : 'medium',
      place: command.place,
      replaces: ['PATH01'],
      legs: legs(
        startLeg(run),
        changeLeg(run),
        propagationLeg(
          run,
          `granted:${command.program}`,
          carrier ?? command.place,
          `the change writes what \`${command.text}\` runs${where}`,
          {
            what: `Take ${carrier?.file ?? 'manifests and scripts'} from the base before the agent starts`,
            cost: 2,
          },
        ),
        propagationLeg(
          run,
          `rule:${command.program}`,
          command.place,
          `the agent may run it without asking: ${command.means}`,
          {
            what: `Take \`${command.text}\` from the list, and give the agent the output of a job without secrets`,
            cost: 2,
          },
        ),
        credentialLeg(run, worst),
        sinkLeg(run, 'granted:sink', { place: command.place }, 'the script of the change sends it away', {
          what: 'Allow the job named hosts only (egress control before the agent)',
          cost: 2,
        }),
      ),
    }),
  ];
}

/** With prompts off, the whole shell or an interpreter granted the tree is the least of it: PATH01 says so. */
function grantsEverything(run: AgentRun): boolean {
  if (run.capabilities.execute === 'none' || run.invocation.mode === 'bypass') return true;
  return allowedRules(run).some(({ text }) => {
    const { dead, breadth, topic } = analyseRule(run.invocation.product, text);
    const whole = breadth === 'everything' || breadth === 'interpreter';
    return dead === undefined && whole && (topic === 'shell' || topic === 'everything');
  });
}

/** The first rule in force whose command is written by the tree. */
function treeCommand(run: AgentRun): TreeCommand | undefined {
  for (const { text, place } of allowedRules(run)) {
    const { dead, grants, means, command, program } = analyseRule(run.invocation.product, text);
    const fromTree = grants.some((grant) => grant === 'execute-tree' || grant === 'install' || grant === 'execute');
    if (dead === undefined && fromTree && program !== undefined) {
      return { text, means, program, words: command?.words ?? [], place };
    }
  }
  return undefined;
}

interface ManifestRow {
  readonly programs: readonly string[];
  readonly files: readonly string[];
}

/** Where the tree says what a program runs. */
const MANIFESTS: readonly ManifestRow[] = [
  { programs: ['npm', 'pnpm', 'yarn', 'bun', 'npx', 'bunx', 'node'], files: ['package.json', 'bunfig.toml', '.npmrc'] },
  { programs: ['make', 'gmake'], files: ['Makefile', 'GNUmakefile', 'makefile'] },
  { programs: ['just'], files: ['justfile'] },
  { programs: ['task'], files: ['Taskfile.yml'] },
  { programs: ['cargo'], files: ['Cargo.toml', 'build.rs'] },
  { programs: ['go'], files: ['go.mod'] },
  {
    programs: ['pytest', 'python', 'python3', 'uv', 'tox', 'nox', 'pip', 'poetry'],
    files: ['pyproject.toml', 'conftest.py', 'setup.py', 'tox.ini', 'noxfile.py'],
  },
  { programs: ['gradle', 'gradlew'], files: ['build.gradle', 'build.gradle.kts'] },
  { programs: ['mvn', 'mvnw'], files: ['pom.xml'] },
  { programs: ['rake', 'bundle'], files: ['Rakefile', 'Gemfile'] },
];

/** The manifest of this repository behind the command, at the script that it names. */
function manifestOf({ program, words }: TreeCommand, facts: Facts): Place | undefined {
  const files = MANIFESTS.find(({ programs }) => programs.includes(program))?.files ?? [];
  const file = files.map((path) => facts.source(path)).find((source) => source !== undefined);
  if (!file) return undefined;
  const script = words.at(-1) ?? '';
  const found = file.path === 'package.json' && script !== '' ? file.text.indexOf(`"${script}"`) : -1;
  const start = Math.max(found, 0);
  return { file: file.path, span: { start, end: found < 0 ? 0 : start + script.length + 2 } };
}
