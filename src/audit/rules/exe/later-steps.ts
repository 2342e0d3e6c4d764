import { agentTextOutputs } from '../../../agents/index.ts';
import { type AgentRun, type Facts, secretsOfStep } from '../../../facts/index.ts';
import type { Fix, Severity } from '../../../findings/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { agentRule, isContained, meetsOutsiders, type RunFinding, titleOf } from '../agent-rule.ts';
import { environmentFix } from '../ci/injection-fix.ts';
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
function laterSteps(run: AgentRun): readonly Step[] {
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

/** EXE010. On Jenkins this is JK009. */
export const executedOutput: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE010',
    name: 'agent-output-executed',
    title: 'What the agent answers is executed',
    what: 'The answer of an agent becomes code: `eval`, a pipe into a shell, `bash -c "$(…)"`, or an output that is put into a script by an expression.',
    why: 'Whoever writes what the agent reads then writes a command of the job. That the agent itself may run nothing does not matter.',
    sources: ['CodeQL CWE-1426, improper validation of AI output', 'GitHub Security Lab, "Untrusted input"'],
    severity: 'critical',
    confidence: 'high',
    fix: 'unsafe',
    advice: 'Take the answer through `env:` and quotes, check it against a list, and never evaluate it.',
    tags: ['CWE-1426', 'CWE-94', 'CWE-78', 'OWASP-CICD-SEC-4'],
    attack: [
      workflow(
        `      - run: eval "$(claude -p 'Name the command to fix this' --tools Read)"\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
    ],
    benign: [
      workflow(
        `      - run: claude -p 'Name the command to fix this' --tools Read > answer.txt\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.pipeline.platform === 'jenkins') return;
    const { place } = run.invocation;
    const severity = meetsOutsiders(run) ? 'critical' : 'high';
    const direct = run.step.effects.find((effect) => effect.kind === 'evaluate' && around(effect, place));
    if (direct !== undefined) {
      yield {
        message: `The answer of ${titleOf(run)} is run as a command`,
        severity,
        place: direct.place,
        about: 'evaluated',
      };
    }
    for (const hit of spokenInto(run)) {
      yield {
        message: `\${{ ${hit.name} }}, which ${titleOf(run)} wrote, is put into a script before it is read as a program`,
        severity: hit.free ? severity : 'medium',
        confidence: hit.free ? 'high' : 'medium',
        place: hit.place,
        about: `output ${hit.name}`,
        ...withFixes(variableFix(hit, facts)),
      };
    }
  },
);

function around({ place }: Effect, inner: AgentRun['invocation']['place']): boolean {
  return place.file === inner.file && place.span.start <= inner.span.start && inner.span.end <= place.span.end;
}

/** Outputs that the action itself composes: where its record lies, and a branch of its own prefix, number and date. */
const NAMED_BY_ACTION: ReadonlySet<string> = new Set(['execution_file', 'branch_name']);

/** Outputs of the agent's step in scripts of later steps. */
function spokenInto(run: AgentRun) {
  const { id, uses } = run.step;
  if (id === undefined) return [];
  const prefix = `steps.${id}.outputs.`;
  const answers = uses === undefined ? undefined : agentTextOutputs(uses.name);
  return laterSteps(run).flatMap((later) =>
    (later.run?.text.interpolations ?? []).flatMap((interpolation) => {
      const { place, expanded, values } = interpolation;
      const value = expanded === 'before' ? values.find(({ name }) => name.startsWith(prefix)) : undefined;
      if (value === undefined) return [];
      if (NAMED_BY_ACTION.has(value.name.slice(prefix.length))) return [];
      // Of an action the table says which outputs are the answer; a script may have put anything into its own.
      const free = answers?.includes(value.name.slice(prefix.length)) === true;
      return free || answers === undefined ? [{ place, name: value.name, free, later, interpolation }] : [];
    }),
  );
}

/** The shell reads the answer from its environment instead. */
function variableFix(
  { later, interpolation, place }: ReturnType<typeof spokenInto>[number],
  facts: Facts,
): readonly Fix[] {
  const source = facts.source(place.file)?.text;
  const fix = source === undefined ? undefined : environmentFix(later, [interpolation], source);
  return fix === undefined ? [] : [fix];
}

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
      'Let the agent’s job end with a patch; apply it in a fresh job that holds the credential (`sallyport run --patch`).',
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
