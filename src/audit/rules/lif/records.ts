import { agentTextOutputs } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, titleOf } from '../agent-rule.ts';
import { commandOf } from '../agt/own-command.ts';
import { actionStep, CLAUDE_ACTION, commandStep, expression, NIGHTLY, workflow } from '../example.ts';
import { containFix } from '../fixes.ts';

const REVIEW = 'claude -p "Review the diff" --max-turns 20 --tools Read';
const KEY = `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`;
const UPLOAD = 'actions/upload-artifact@0123456789abcdef0123456789abcdef01234567 # v4';

/** Paths and names under which agents keep what they did. */
const TRANSCRIPT =
  /\.claude|\.codex|\.gemini|transcript|execution_file|claude-execution|agent[-_]?log|session|rollout|\.jsonl/i;

/** LIF005 */
const noRecord: Rule = agentRule(
  {
    id: 'LIF005',
    name: 'no-action-log',
    title: 'No action log kept',
    what: 'Nothing keeps a record of what the agent did: no ledger, no stored event stream.',
    why: 'After an incident nobody can say which files, hosts and tokens the run touched.',
    sources: ['Own analysis'],
    severity: 'info',
    confidence: 'medium',
    tier: 'pedantic',
    family: 'LIF',
    fix: 'unsafe',
    advice: 'Start it with `sallyport run`, which writes a signed ledger that the agent cannot reach.',
    tags: ['CWE-778', 'OWASP-CICD-SEC-10'],
    attack: [workflow(commandStep(REVIEW), { on: NIGHTLY })],
    benign: [workflow(commandStep(`sallyport run -- ${REVIEW}`), { on: NIGHTLY })],
  },
  function* (run, facts) {
    const kept = uploads(run).some(({ effect }) => TRANSCRIPT.test(effect.paths.join(' ')));
    if (isContained(run) || kept || run.invocation.product === 'ai-inference') return;
    yield {
      message: `Nothing keeps a record of what ${titleOf(run)} did`,
      about: 'record',
      fixes: containFix(run, facts),
    };
  },
);

/** LIF006 */
const textPublished: Rule = agentRule(
  {
    id: 'LIF006',
    name: 'agent-text-published-unredacted',
    title: 'Agent text published unredacted',
    what: "A step behind the agent posts the agent's own text as a comment, release note or summary.",
    why: 'An order in the text that the agent read can make it write a secret, a link or a mention into its answer; the step publishes it with the rights of the job.',
    sources: ['"Comment and Control" (2026): environment dumps through agent comments'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice:
      'Publish through a step that redacts secrets and removes links and mentions; `sallyport run` redacts what leaves.',
    tags: ['CWE-200', 'CWE-116'],
    attack: [
      workflow(
        `      - id: review\n        uses: ${CLAUDE_ACTION}\n        with:\n          prompt: Review the diff\n          ${KEY}\n      - run: gh pr comment 1 --body "$TEXT"\n        env:\n          GH_TOKEN: ${expression('github.token')}\n          TEXT: ${expression('steps.review.outputs.structured_output')}`,
      ),
    ],
    benign: [
      workflow(
        `      - id: review\n        uses: ${CLAUDE_ACTION}\n        with:\n          prompt: Review the diff\n          ${KEY}\n      - run: gh pr comment 1 --body "The review has ended"\n        env:\n          GH_TOKEN: ${expression('github.token')}`,
      ),
    ],
  },
  function* (run) {
    if (isContained(run)) return;
    for (const step of run.after) {
      const publishes = step.effects.find(isPublishing);
      if (publishes === undefined || !usesAgentText(run, step)) continue;
      yield {
        message: `What ${titleOf(run)} wrote is published as it is`,
        place: publishes.place,
        about: `publish ${step.index}`,
      };
    }
  },
);

function isPublishing(effect: Effect): boolean {
  if (effect.kind === 'set-environment') return effect.target === 'summary';
  return effect.kind === 'comment' || effect.kind === 'release' || effect.kind === 'create-pull-request';
}

/** The step names an output of the agent's step, or a file that the agent's command wrote. */
function usesAgentText(run: AgentRun, step: Step): boolean {
  const texts = [
    step.run?.text,
    ...step.inputs.map(({ value }) => value),
    ...step.environment.map(({ value }) => value),
  ];
  if (texts.some((text) => text?.interpolations.some(({ source }) => namesAgentOutput(run, source)))) return true;
  const files = (commandOf(run)?.redirects ?? []).flatMap(({ operator, target }) =>
    operator.includes('>') && target?.literal !== undefined ? [target.literal] : [],
  );
  return files.some(
    (file) => file.length > 2 && file !== '/dev/null' && texts.some((text) => text?.text.includes(file)),
  );
}

/** `steps.ID.outputs.NAME` of the agent's step; of a known action only those outputs that are text of the model. */
function namesAgentOutput({ step, invocation }: AgentRun, source: string): boolean {
  if (step.id === undefined) return false;
  const prefix = `steps.${step.id}.outputs`;
  if (!source.includes(prefix)) return false;
  const known = invocation.via === 'action' ? agentTextOutputs(invocation.spelled) : undefined;
  if (known === undefined) return true;
  return known.some((output) => source.includes(`${prefix}.${output}`) || source.includes(`${prefix}['${output}']`));
}

/** Programs and actions that exist to stop a change. */
const GATES =
  /\b(?:sallyport\s+(?:gate|verify|audit|review|ci)|zizmor|actionlint|semgrep|gitleaks|trufflehog|trivy|checkov|snyk\s+test|osv-scanner|npm\s+audit|bandit|codeql)\b/;
const GATE_ACTIONS =
  /(?:sallyport|zizmor|gitleaks|trufflehog|trivy|semgrep|codeql-action|dependency-review|osv-scanner|scorecard)/i;

/** LIF007 */
const silentGate: Rule = agentRule(
  {
    id: 'LIF007',
    name: 'security-gate-fails-silently',
    title: 'Security gate may fail silently',
    what: "A scan or gate in the agent's job is written so that its failure stops nothing: `continue-on-error`, `allow_failure`, `|| true`.",
    why: 'The gate turns red and the change goes on; who reads only the result of the job sees green.',
    sources: ['Own analysis'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice: 'Let it fail; where findings must be accepted, accept them one by one with a reason.',
    tags: ['CWE-390', 'CWE-703'],
    attack: [workflow(`${commandStep(REVIEW)}\n      - run: gitleaks detect || true`)],
    benign: [workflow(`${commandStep(REVIEW)}\n      - run: gitleaks detect`)],
  },
  function* (run) {
    for (const step of [...run.before, ...run.after]) {
      const name = step.uses?.name ?? '';
      const command = step.run?.script.commands.find(({ words }) =>
        GATES.test(words.map(({ literal, source }) => literal ?? source).join(' ')),
      );
      if (command === undefined && !GATE_ACTIONS.test(name)) continue;
      const ignored = command?.exitIgnored === true;
      if (step.continueOnError === undefined && !ignored) continue;
      const gate = command?.words[0]?.source ?? name;
      yield {
        message: `A failure of \`${gate}\` stops nothing`,
        place: step.continueOnError ?? step.place,
        about: `gate ${gate}`,
      };
    }
  },
);

/** LIF008 */
const changeWithoutHandOff: Rule = agentRule(
  {
    id: 'LIF008',
    name: 'agent-change-without-hand-off',
    title: "Agent's change enters without patch hand-off",
    what: 'A step behind the agent commits and pushes the tree in which the agent worked, without a pull request or a patch in between.',
    why: 'Everything that the agent left in the tree goes into the branch, also what nobody asked for: CI files, hooks, lock files. Nobody sees that an agent wrote it.',
    sources: ['Own analysis', 'Measured: 26 % of live agent pipelines have privileged steps behind the agent'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice:
      'Hand a patch to a second job that checks and applies it: `sallyport run` writes one, `sallyport gate` decides.',
    tags: ['CWE-829', 'OWASP-CICD-SEC-1'],
    attack: [
      workflow(
        `${commandStep(REVIEW)}\n      - run: |\n          git commit -am "Fix"\n          git push origin HEAD:main`,
        { permissions: 'write' },
      ),
    ],
    benign: [workflow(`${commandStep(REVIEW)}\n      - run: git diff > agent.patch`)],
  },
  function* (run) {
    const push = run.effectsAfter.find(({ kind }) => kind === 'push');
    const proposed = run.effectsAfter.some(({ kind }) => kind === 'create-pull-request');
    if (push === undefined || isContained(run)) return;
    yield {
      message: `The tree in which ${titleOf(run)} worked is pushed ${proposed ? 'to a branch as it is' : 'as it is, without a pull request'}`,
      severity: proposed ? 'low' : 'medium',
      place: push.place,
      about: 'push',
    };
  },
);

/** Longer nobody looks at a transcript again. */
const MOST_DAYS = 14;

/** LIF009 */
const longRetention: Rule = agentRule(
  {
    id: 'LIF009',
    name: 'transcript-kept-too-long',
    title: 'Transcript retention too long or public',
    what: `The transcript of the agent is stored as an artefact for more than ${MOST_DAYS} days, or for as long as the platform keeps one.`,
    why: 'A transcript holds every prompt, file and tool result. Artefacts of a public repository can be downloaded by everybody.',
    sources: ['GitHub documentation: artefacts are kept for 90 days by default'],
    severity: 'low',
    confidence: 'medium',
    tier: 'regular',
    family: 'LIF',
    fix: 'none',
    advice: `Set \`retention-days\` to ${MOST_DAYS} or less, or keep a redacted record.`,
    tags: ['CWE-212', 'CWE-922'],
    attack: [workflow(`${commandStep(REVIEW)}\n${actionStep(UPLOAD, ['name: log', 'path: ~/.claude/projects'])}`)],
    benign: [
      workflow(
        `${commandStep(REVIEW)}\n${actionStep(UPLOAD, ['name: log', 'path: ~/.claude/projects', 'retention-days: 5'])}`,
      ),
    ],
  },
  function* (run) {
    for (const { step, effect } of uploads(run)) {
      if (!TRANSCRIPT.test(effect.paths.join(' '))) continue;
      const days = step.inputs.find(({ name }) => name === 'retention-days')?.value.text;
      if (days !== undefined && Number(days) <= MOST_DAYS) continue;
      yield {
        message: `The transcript of ${titleOf(run)} is kept for ${days === undefined ? 'as long as the platform keeps artefacts' : `${days} days`}`,
        place: effect.place,
        about: `retention ${step.index}`,
      };
    }
  },
);

/** Artefacts that later steps store. */
function uploads(run: AgentRun) {
  return run.after.flatMap((step) =>
    step.effects.flatMap((effect) => (effect.kind === 'artifact-upload' ? [{ step, effect }] : [])),
  );
}

export const RECORD_RULES: readonly Rule[] = [noRecord, textPublished, silentGate, changeWithoutHandOff, longRetention];
