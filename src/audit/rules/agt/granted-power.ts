import type { Breadth, Grant } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Fix, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, listed, titleOf } from '../agent-rule.ts';
import { commandStep, NIGHTLY, workflow } from '../example.ts';
import { containFix, replaceFix, textAt } from '../fixes.ts';
import { type Granted, grantedRules } from './granted.ts';

/** One kind of power that an allow rule gives, as a rule of the audit. */
interface PowerRow {
  readonly descriptor: Omit<RuleDescriptor, 'family' | 'tier' | 'confidence' | 'sources'> & {
    readonly sources?: readonly string[];
  };
  readonly breadths: readonly Breadth[];
  readonly topics: readonly Granted['meaning']['topic'][];
  readonly severity: (run: AgentRun) => Severity;
  readonly message: (names: string, run: AgentRun) => string;
  readonly detail: string;
}

const allowing = (rule: string, prompt = 'Fix the open issue') =>
  workflow(commandStep(`claude -p "${prompt}" --max-turns 20 --permission-mode dontAsk --allowedTools "${rule}"`));

const ROWS: readonly PowerRow[] = [
  {
    descriptor: {
      id: 'AGT005',
      name: 'whole-shell-granted',
      title: 'Whole shell granted',
      what: 'An allow rule is the shell itself: `Bash`, `Bash(*)`, bare `run_shell_command`, `shell`, `bash: allow`.',
      why: 'One rule gives everything: any program, any host, every file and variable of the job. Deny rules beside it are got round in many ways.',
      severity: 'high',
      fix: 'unsafe',
      advice: 'Name the commands of the task, one rule each, or start the agent with `sallyport run`.',
      tags: ['CWE-250', 'CWE-1427'],
      attack: [allowing('Read,Bash')],
      benign: [allowing('Read,Bash(npm test)')],
    },
    breadths: ['everything'],
    topics: ['shell', 'everything'],
    severity: () => 'high',
    message: (names, run) => `${titleOf(run)} may run any command: ${names}`,
    detail: 'Text that the agent reads decides which command that is. The permission system is asked nothing.',
  },
  {
    descriptor: {
      id: 'AGT006',
      name: 'interpreter-or-runner-granted',
      title: 'Interpreter or task runner granted',
      what: 'An allow rule with a wildcard behind an interpreter, package runner, task runner or launcher: `node *`, `python3 *`, `npx *`, `npm run *`, `make *`, `docker *`, `xargs *`, `env *`.',
      why: 'Such a rule is the whole shell under another name: the program runs any code, or whatever the files of the tree say.',
      severity: 'medium',
      fix: 'unsafe',
      advice: 'Allow the exact commands: `Bash(npm run lint)`, `Bash(python3 scripts/check.py)`.',
      tags: ['CWE-250', 'CWE-829'],
      attack: [allowing('Read,Bash(npm run *)')],
      benign: [allowing('Read,Bash(npm run lint)')],
    },
    breadths: ['interpreter', 'runner'],
    topics: ['shell'],
    severity: (run) => (run.tree.provenance === 'pull-request' ? 'high' : 'medium'),
    message: (names, run) => `${titleOf(run)} may run any code through ${names}`,
    detail:
      'The rule names a program and leaves its arguments open. Interpreters take code there, runners take a script of the tree or a package from anywhere.',
  },
  {
    descriptor: {
      id: 'AGT007',
      name: 'broad-git-or-forge-cli',
      title: 'Broad git or forge command line granted',
      what: '`git *`, `gh *`, `gh api`, `glab api`, `az` and their like are allowed with any sub-command.',
      why: 'With the token of the job it can push, approve, merge, dispatch workflows and read what the token can read; `git -c alias…` runs any command.',
      severity: 'medium',
      fix: 'unsafe',
      advice: 'Allow sub-commands: `Bash(git diff *)`, `Bash(gh pr view *)`, `Bash(gh pr comment *)`.',
      tags: ['CWE-250', 'OWASP-CICD-SEC-5'],
      attack: [allowing('Read,Bash(gh api *)')],
      benign: [allowing('Read,Bash(gh pr view *)')],
    },
    breadths: ['git', 'forge-cli'],
    topics: ['shell'],
    severity: (run) => (holdsWriteToken(run) ? 'high' : 'medium'),
    message: (names, run) =>
      `${titleOf(run)} may do anything that ${names} can${holdsWriteToken(run) ? ', with a token that writes' : ''}`,
    detail: 'What the commands may change is decided by the token, not by the rule.',
  },
  {
    descriptor: {
      id: 'AGT008',
      name: 'network-tool-without-limit',
      title: 'Network tool granted without limit',
      what: '`curl *`, `wget *`, `ssh *` and the like are allowed, or WebFetch and WebSearch without a domain.',
      why: 'It is the way out: whatever the agent can read leaves in an address, and whatever stands at an address comes in as an order.',
      severity: 'medium',
      fix: 'unsafe',
      advice:
        'Name the hosts (`WebFetch(domain:docs.example.test)`), drop the shell tool, and close the way out around the job.',
      tags: ['CWE-200', 'CWE-918'],
      attack: [allowing('Read,Bash(curl *)')],
      benign: [allowing('Read,WebFetch(domain:docs.example.test)')],
    },
    breadths: ['network'],
    topics: ['shell', 'web', 'search'],
    severity: (run) =>
      run.controls.some(({ kind, certainty }) => kind === 'egress' && certainty === 'yes') ? 'low' : 'medium',
    message: (names, run) => `${titleOf(run)} may talk to any host through ${names}`,
    detail: 'No rule of the product limits where to; only an egress control outside of it does.',
  },
];

function holdsWriteToken(run: AgentRun): boolean {
  return run.credentials.some(
    ({ class: kind, writes, reachable }) =>
      (kind === 'forge-token' || kind === 'personal-token') && writes === 'yes' && reachable !== 'no',
  );
}

/** AGT005 to AGT008: what one broad allow rule gives. One finding an agent, whatever the number of rules. */
export const POWER_RULES: readonly Rule[] = ROWS.map((row) =>
  agentRule(
    {
      ...row.descriptor,
      family: 'AGT',
      tier: 'regular',
      confidence: 'high',
      sources: row.descriptor.sources ?? [
        'Claude Code documentation, "Permissions"',
        'Measured: prefix rules on these programs are honoured and mean arbitrary execution',
      ],
    },
    function* (run, facts) {
      const hits = grantedRules(run).filter(
        ({ meaning }) => row.breadths.includes(meaning.breadth) && row.topics.includes(meaning.topic),
      );
      const [first] = hits;
      if (first === undefined) return;
      const dead = hits.find(({ meaning }) => meaning.dead !== undefined)?.meaning.dead;
      const means = hits.map(({ rule, meaning }) => `\`${rule.text}\` ${meaning.means}`).slice(0, 4);
      yield {
        message: row.message(listed(hits.map(({ rule }) => rule.text)), run),
        detail: `${means.join('; ')}. ${row.detail}${dead === undefined ? '' : ` (In the versions measured it matches nothing: ${dead}.)`}`,
        severity: isContained(run) ? 'low' : row.severity(run),
        confidence: dead === undefined ? 'high' : 'low',
        place: first.rule.place,
        related: hits.slice(1, 6).map(({ rule }) => ({ place: rule.place, message: `\`${rule.text}\`` })),
        about: hits.map(({ rule }) => rule.text).join(','),
        fixes: [...scriptFix(first, facts), ...containFix(run, facts)],
      };
    },
  ),
);

/** `npm run *` as the scripts that package.json has. */
function scriptFix({ rule, meaning }: Granted, facts: Facts): readonly Fix[] {
  const runner = meaning.command?.words.join(' ') ?? '';
  if (!/^(?:npm|pnpm|yarn|bun) run$/.test(runner) || textAt(facts, rule.place) !== rule.text) return [];
  const names = scriptNames(facts).filter((name) => /^[\w:-]{1,60}$/.test(name) && !/^(?:pre|post)/.test(name));
  if (names.length === 0 || names.length > 12) return [];
  const rules = names.map((name) => `${meaning.tool}(${runner} ${name})`).join(',');
  return [replaceFix('Name the scripts of package.json', rule.place, rules, 'unsafe')];
}

function scriptNames(facts: Facts): readonly string[] {
  const text = facts.source('package.json')?.text ?? '';
  const start = text.indexOf('"scripts"');
  const block = start < 0 ? '' : (text.slice(start + 9, start + 20_000).split('}', 1)[0] ?? '');
  return [...block.matchAll(/"([^"\\]{1,60})"\s*:/g)].map((match) => match[1] ?? '');
}

const INSTALL_ORDER =
  /\b(?:npm (?:install|ci|i)|pnpm (?:install|add|i)|yarn (?:install|add)|bun (?:install|add)|pip3? install|uv (?:sync|pip install|add)|poetry install|bundle install|apt(?:-get)? install|brew install|cargo install|go install|gem install)\b/;

/** AGT009 */
export const installInAgentStep = agentRule(
  {
    id: 'AGT009',
    name: 'install-in-agent-step',
    title: 'Package install possible in the agent step',
    what: 'A package manager is allowed to the agent, or the prompt orders it to install.',
    why: 'Installing runs code of the package, with the keys of the agent step around it. A name in an issue or a changed manifest is enough to choose the package.',
    sources: ['Measured: 26 % of live agent pipelines', 'npm documentation, "Life cycle scripts"'],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'Install in an earlier step without keys, from the lock file and without scripts (`npm ci --ignore-scripts`), and drop the rule.',
    tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
    attack: [allowing('Read,Bash(npm install *)')],
    benign: [
      workflow(
        `      - run: npm ci --ignore-scripts\n${commandStep('claude -p "Fix the open issue" --max-turns 20 --permission-mode dontAsk --allowedTools "Read,Bash(npm test)"')}`,
        { on: NIGHTLY },
      ),
    ],
  },
  function* (run, facts) {
    const install: Grant = 'install';
    const rules = grantedRules(run).filter(
      ({ meaning }) =>
        meaning.dead === undefined && meaning.breadth !== 'everything' && meaning.grants.includes(install),
    );
    const [first] = rules;
    const contained = isContained(run);
    if (first !== undefined) {
      yield {
        message: `${titleOf(run)} may install packages: ${listed(rules.map(({ rule }) => rule.text))}`,
        detail: `\`${first.rule.text}\` ${first.meaning.means}. The keys of the step are in the environment of what it installs.`,
        severity: contained ? 'low' : 'high',
        place: first.rule.place,
        about: rules.map(({ rule }) => rule.text).join(','),
        fixes: containFix(run, facts),
      };
      return;
    }
    const ordered = run.invocation.prompts.find(({ text }) => INSTALL_ORDER.test(text));
    if (ordered === undefined || run.capabilities.execute !== 'any' || contained) return;
    const order = INSTALL_ORDER.exec(ordered.text)?.[0] ?? 'an install';
    yield {
      message: `The prompt has ${titleOf(run)} run \`${order}\` with the keys of the step around it`,
      severity: 'medium',
      confidence: 'medium',
      place: ordered.place,
      about: order,
    };
  },
);
