import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Fix } from '../../../findings/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, titleOf } from '../agent-rule.ts';
import { commandStep, NIGHTLY, workflow } from '../example.ts';
import { indentOf, insertFix } from '../fixes.ts';

const REVIEW = 'claude -p "Review the diff" --max-turns 20 --tools Read';
const SELF_HOSTED = '    timeout-minutes: 10\n    name: review';
const CLEANUP = `      - if: always()
        run: rm -rf "$GITHUB_WORKSPACE" ~/.claude ~/.claude.json ~/.git-credentials`;

/** How each platform writes a time limit of a job. */
const TIMEOUTS: { readonly [platform: string]: string } = {
  github: 'timeout-minutes: 30',
  azure: 'timeoutInMinutes: 30',
  gitlab: 'timeout: 30 minutes',
};

/** LIF001 */
const noTimeout: Rule = agentRule(
  {
    id: 'LIF001',
    name: 'agent-without-timeout',
    title: 'No timeout',
    what: 'Neither the job of the agent nor its step has a time limit.',
    why: 'The platform stops it after hours. Until then an agent that follows somebody else has the keys, and a queue of such runs is a bill.',
    sources: [
      'Measured: 67 % of live agent pipelines',
      'GitHub documentation: a job runs for up to 360 minutes by default',
    ],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    family: 'LIF',
    // The right limit is the job's own: half an hour can end an honest run.
    fix: 'unsafe',
    advice: 'Give the job a time limit.',
    tags: ['CWE-770'],
    attack: [workflow(commandStep(REVIEW), { on: NIGHTLY, job: '    name: review' })],
    benign: [workflow(commandStep(REVIEW), { on: NIGHTLY })],
  },
  function* (run, facts) {
    const { job, stepPath } = run;
    if (job.timeoutMinutes !== undefined || stepPath.some(({ timeoutMinutes }) => timeoutMinutes !== undefined)) return;
    if (run.pipeline.role === 'composite-action') return;
    yield {
      message: `Job ${job.id}, which runs ${titleOf(run)}, has no time limit`,
      severity: run.startedBy === 'anyone' && !isContained(run) ? 'medium' : 'low',
      place: job.place,
      about: 'timeout',
      fixes: timeoutFix(run, facts),
    };
  },
);

function timeoutFix({ job, pipeline }: AgentRun, facts: Facts): readonly Fix[] {
  const text = TIMEOUTS[pipeline.platform];
  const first = job.node?.kind === 'map' ? job.node.entries[0] : undefined;
  if (text === undefined || first === undefined) return [];
  const place = { file: pipeline.file.path, span: first.key.span };
  const indent = indentOf(facts, place);
  return indent === undefined
    ? []
    : [insertFix('Limit the job to 30 minutes', place, `${text}\n${indent}`, 'unsafe', 'start')];
}

/** LIF002 */
const noTeardown: Rule = agentRule(
  {
    id: 'LIF002',
    name: 'no-teardown-on-persistent-runner',
    title: 'No teardown on a persistent runner',
    what: 'The agent runs on a machine that outlives the job, and nothing cleans up processes, tree, home and credentials whatever happens.',
    why: 'What the agent left (a process, a hook in `.git`, a changed `.bashrc`, a token file) meets the next job, also that of another repository.',
    sources: [
      'Measured: 98 % of live agent pipelines clean nothing up',
      'GitHub documentation, "Hardening for self-hosted runners"',
    ],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice:
      'Use a machine for one job, or `sallyport run`, which proves that nothing is left; at the least a cleanup step that always runs.',
    tags: ['CWE-459', 'OWASP-CICD-SEC-7'],
    attack: [onOwnRunner(commandStep(REVIEW))],
    benign: [onOwnRunner(`${commandStep(REVIEW)}\n${CLEANUP}`)],
  },
  function* (run) {
    if (run.job.runner.kind !== 'persistent' || isContained(run) || cleanups(run).length > 0) return;
    yield {
      message: `Job ${run.job.id} runs ${titleOf(run)} on a machine that is used again, and cleans nothing up`,
      severity: run.startedBy === 'anyone' || run.startedBy === 'past-contributor' ? 'high' : 'medium',
      place: run.job.runner.labels[0]?.place ?? run.job.place,
      about: 'teardown',
    };
  },
);

function onOwnRunner(steps: string) {
  const example = workflow(steps, { on: NIGHTLY, job: SELF_HOSTED });
  return { ...example, text: example.text.replace('runs-on: ubuntu-latest', 'runs-on: self-hosted') };
}

/** Cleaning that later steps do, with the step that does it. */
function cleanups(
  run: AgentRun,
): readonly { readonly step: Step; readonly effect: Effect & { readonly kind: 'cleanup' } }[] {
  return run.after.flatMap((step) =>
    step.effects.flatMap((effect) => (effect.kind === 'cleanup' ? [{ step, effect }] : [])),
  );
}

/** LIF003 */
const skippedCleanup: Rule = agentRule(
  {
    id: 'LIF003',
    name: 'cleanup-skipped-on-failure',
    title: 'Cleanup skipped on failure',
    what: 'A step behind the agent cleans up, but only when every step before it succeeded.',
    why: 'An agent that fails, or was made to fail, leaves everything behind.',
    sources: ['GitHub documentation, "Status check functions"'],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    family: 'LIF',
    fix: 'safe',
    advice: 'Let it run always: `if: always()`, `post { always }`, `after_script`, `condition: always()`.',
    tags: ['CWE-459'],
    attack: [onOwnRunner(`${commandStep(REVIEW)}\n${CLEANUP.replace('- if: always()\n        run', '- run')}`)],
    benign: [onOwnRunner(`${commandStep(REVIEW)}\n${CLEANUP}`)],
  },
  function* (run, facts) {
    const found = cleanups(run);
    const always = found.some(({ step }) => step.condition?.runsAfterFailure === true);
    const first = found[0];
    if (first === undefined || always || run.pipeline.platform === 'gitlab') return;
    yield {
      message: 'The cleanup behind the agent does not run when a step before it fails',
      place: first.step.place,
      about: 'always',
      fixes: alwaysFix(run, first.step, facts),
    };
  },
);

function alwaysFix({ pipeline }: AgentRun, step: Step, facts: Facts): readonly Fix[] {
  const first = step.node?.kind === 'map' ? step.node.entries[0] : undefined;
  const text =
    pipeline.platform === 'github' ? 'if: always()' : pipeline.platform === 'azure' ? 'condition: always()' : undefined;
  if (step.condition !== undefined || first === undefined || text === undefined) return [];
  const place = { file: pipeline.file.path, span: first.key.span };
  const source = facts.source(place.file)?.text ?? '';
  const lead = source.slice(source.lastIndexOf('\n', place.span.start - 1) + 1, place.span.start);
  if (!/^ *- $/.test(lead)) return [];
  return [insertFix('Run it whatever happened', place, `${text}\n${' '.repeat(lead.length)}`, 'safe', 'start')];
}

/** What agents leave in the home directory: keys and transcripts. */
const LEFT_BEHIND =
  /\.claude|\.codex|\.gemini|\.copilot|git-credentials|\.netrc|\.npmrc|\$HOME|~(?:\/?$|\s)|auth\.json|\.config/;

/** LIF004 */
const incompleteCleanup: Rule = agentRule(
  {
    id: 'LIF004',
    name: 'cleanup-leaves-credentials',
    title: 'Cleanup leaves credentials or transcripts',
    what: 'A cleanup on a persistent machine removes the tree and leaves what agents keep in the home directory: transcripts, credential files, git credentials.',
    why: 'Transcripts hold every prompt and tool result; the next job on the machine reads them.',
    sources: ['Claude Code documentation: `~/.claude/projects/*/*.jsonl`, `~/.claude/.credentials.json`'],
    severity: 'medium',
    confidence: 'low',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice:
      "Remove the agent's own directory and credential files too, or give it a home of its own (`CLAUDE_CONFIG_DIR`, `CODEX_HOME`) below the tree.",
    tags: ['CWE-459', 'CWE-212'],
    attack: [
      onOwnRunner(`${commandStep(REVIEW)}\n${CLEANUP.replace(' ~/.claude ~/.claude.json ~/.git-credentials', '')}`),
    ],
    benign: [onOwnRunner(`${commandStep(REVIEW)}\n${CLEANUP}`)],
  },
  function* (run) {
    if (run.job.runner.kind !== 'persistent' || isContained(run)) return;
    const found = cleanups(run);
    const first = found[0];
    const moved = run.invocation.written.some(({ name }) => name === 'directory');
    const whole = found.some(
      ({ step, effect }) => LEFT_BEHIND.test(effect.what) || LEFT_BEHIND.test(step.run?.text.text ?? ''),
    );
    if (first === undefined || whole || moved) return;
    yield {
      message: `The cleanup behind ${titleOf(run)} leaves its transcripts and credentials in the home directory`,
      place: first.effect.place,
      about: 'home',
    };
  },
);

export const BOUND_RULES: readonly Rule[] = [noTimeout, noTeardown, skippedCleanup, incompleteCleanup];
