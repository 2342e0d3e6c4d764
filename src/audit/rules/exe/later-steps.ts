import { type AgentRun, secretsOfStep } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { agentRule, isContained, meetsOutsiders, type RunFinding, titleOf } from '../agent-rule.ts';
import { workflow } from '../example.ts';
import { containFix, textAt } from '../fixes.ts';
import { EXE, PUSH_TOKEN, step, WRITER } from './examples.ts';
import { withFixes } from './loaded-configuration.ts';

/** What the agent can leave behind for the steps that follow it. */
export function leaves(run: AgentRun): 'programs' | 'files' | 'nothing' {
  if (isContained(run)) return 'nothing';
  const { execute, write } = run.capabilities;
  if (execute === 'any' && write === 'everything') return 'programs';
  return execute !== 'none' || write !== 'none' ? 'files' : 'nothing';
}

/** One step less where nobody from outside can steer the agent. */
export function bySteering(run: AgentRun, severity: Severity): Severity {
  if (meetsOutsiders(run)) return severity;
  return severity === 'high' ? 'medium' : 'low';
}

/** Steps of the same job that run after it, with everything inside them. */
export function laterSteps(run: AgentRun): readonly Step[] {
  return flatSteps(run.after);
}

/** EXE009. On Azure this is AZ006. */
export const laterEnvironment: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE009',
    name: 'agent-writes-environment-of-later-steps',
    title: 'The agent can set variables and PATH of later steps',
    what: 'An agent that may run any command and write any file has steps behind it in the same job that run scripts.',
    why: 'A line in the file behind GITHUB_ENV or GITHUB_PATH sets BASH_ENV, NODE_OPTIONS or PATH: the next step runs that code first, with its own secrets.',
    sources: ['GitHub documentation, "Workflow commands"', 'zizmor documentation, github-env'],
    severity: 'high',
    confidence: 'medium',
    fix: 'unsafe',
    advice:
      'Do the rest in another job that takes a patch, or start the agent with `sallyport run`, which keeps these files from it.',
    tags: ['CWE-426', 'CWE-829', 'OWASP-CICD-SEC-4'],
    attack: [workflow(`${WRITER}\n${step('./publish.sh', [PUSH_TOKEN])}`)],
    benign: [workflow(WRITER)],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.pipeline.platform !== 'github' || leaves(run) !== 'programs') return;
    const later = laterSteps(run).filter(({ run: script, uses }) => script !== undefined || uses !== undefined);
    const secret = later.flatMap((one) => secretsOfStep(one)).find(({ class: kind }) => kind !== 'model-key');
    const first = later.find(({ run: script }) => script !== undefined);
    if (first === undefined) return;
    const held = secret === undefined ? '' : ` with ${secret.name}`;
    yield {
      message: `${titleOf(run)} of job ${run.job.id} can set what the ${later.length === 1 ? 'step' : `${later.length} steps`} behind it ${later.length === 1 ? 'runs' : 'run'}${held}`,
      detail:
        'Whoever steers the agent appends one line to the file behind GITHUB_ENV. That the later step names its secrets itself does not help: the code runs inside it.',
      severity: bySteering(run, secret === undefined ? 'medium' : 'high'),
      related: [{ place: first.place, message: 'the first step that starts with that environment' }],
      about: 'environment',
      ...withFixes(containFix(run, facts)),
    };
  },
);

const PRIVILEGED: ReadonlySet<Effect['kind']> = new Set(['push', 'merge', 'release', 'publish', 'deploy', 'sign']);

/** EXE011 */
export const privilegedStepAfter: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE011',
    name: 'privileged-step-after-agent',
    title: 'A privileged step works in the tree that the agent could change',
    what: 'Behind an agent that can write, a step of the same job pushes, merges, releases, publishes, deploys or signs.',
    why: 'The step takes what the agent left: files, hooks, `.git/config`, tools in `node_modules`. What it publishes is what the agent was talked into, and nobody looked.',
    sources: ['OWASP CICD-SEC-4, Poisoned Pipeline Execution', 'Measured: 26 % of public agent workflows'],
    severity: 'high',
    confidence: 'high',
    fix: 'unsafe',
    advice:
      'Let the agent’s job end with the patch that `sallyport run` leaves; apply it in a fresh job that holds the credential.',
    tags: ['CWE-829', 'CWE-345', 'OWASP-CICD-SEC-4'],
    attack: [workflow(`${WRITER}\n${step('npm publish', [PUSH_TOKEN])}`)],
    benign: [workflow(`${WRITER}\n${step('echo done')}`)],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (leaves(run) === 'nothing') return;
    const seen = new Set<string>();
    for (const effect of run.effectsAfter) {
      if (!PRIVILEGED.has(effect.kind) || !('what' in effect) || seen.has(effect.kind)) continue;
      seen.add(effect.kind);
      yield {
        message: `\`${effect.what}\` follows ${titleOf(run)} in job ${run.job.id} and takes the tree as the agent left it`,
        detail: `${meetsOutsiders(run) ? 'Whoever wrote what the agent reads' : 'An agent that went wrong'} decides what is ${PAST[effect.kind] ?? 'changed'}. Keeping the credential out of the agent's step does not help.`,
        severity: bySteering(run, 'high'),
        confidence: effect.certainty === 'certain' ? 'high' : 'medium',
        place: effect.place,
        related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
        about: `after ${effect.kind}`,
        ...withFixes(containFix(run, facts)),
      };
    }
  },
);

const PAST: Readonly<Partial<Record<Effect['kind'], string>>> = {
  push: 'pushed',
  merge: 'merged',
  release: 'released',
  publish: 'published',
  deploy: 'deployed',
  sign: 'signed',
};

/** EXE012 */
export const unguardedGit: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE012',
    name: 'git-after-agent-without-guards',
    title: 'git runs after the agent and obeys what it left in the git directory',
    what: 'Behind an agent that can write the tree, a step runs git without switching hooks off.',
    why: 'git obeys `.git/hooks`, `core.fsmonitor`, `core.sshCommand`, filters and attributes: `git add` is enough to run a program with the variables of that step.',
    sources: [
      'git-config(1): core.hooksPath, core.fsmonitor, core.sshCommand',
      'Measured: 18 % of public agent workflows',
    ],
    severity: 'high',
    confidence: 'medium',
    fix: 'safe',
    advice: 'Write `git -c core.hooksPath=/dev/null -c core.fsmonitor=false …`, or use a fresh checkout and a patch.',
    tags: ['CWE-829', 'CWE-426'],
    attack: [workflow(`${WRITER}\n${step('git add . && git commit -m "Fix"')}`)],
    benign: [
      workflow(`${WRITER}\n${step('git -c core.hooksPath=/dev/null -c core.fsmonitor=false commit -am "Fix"')}`),
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    const left = leaves(run);
    const runs = run.effectsAfter.filter((effect) => effect.kind === 'git' && !effect.guarded);
    const [first] = runs;
    if (left === 'nothing' || first?.kind !== 'git') return;
    const fixes = runs.flatMap(({ place }) => (/^git(?=\s)/.test(textAt(facts, place) ?? '') ? [place] : []));
    const edits = fixes.map(({ file, span }) => ({
      file,
      span: { start: span.start + 'git'.length, end: span.start + 'git'.length },
      text: ' -c core.hooksPath=/dev/null -c core.fsmonitor=false',
    }));
    const more = runs.length > 1 ? ` and ${runs.length - 1} more git commands` : '';
    yield {
      message: `\`git ${first.subcommand}\`${more} after ${titleOf(run)} in job ${run.job.id} ${runs.length > 1 ? 'obey' : 'obeys'} hooks and filters that the agent could write`,
      severity: left === 'programs' ? bySteering(run, 'high') : 'low',
      place: first.place,
      about: 'git',
      ...withFixes(
        edits.length === runs.length
          ? [{ title: 'Switch hooks and fsmonitor off', safety: 'safe', edits, creates: [] }]
          : [],
      ),
    };
  },
);
