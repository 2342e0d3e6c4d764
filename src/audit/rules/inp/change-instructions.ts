import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained, isRunBySallyport, titleOf } from '../agent-rule.ts';
import { commandStep, PULL_REQUEST_HEAD, PULL_REQUEST_TARGET, workflow } from '../example.ts';
import { addOptionsFix, containFix } from '../fixes.ts';
import { isOpen, isSplit, milder, writtenRuns } from '../run-weight.ts';
import { explainSource } from './source-finding.ts';

/** What each product obeys when it lies in the tree, by the vendors' documentation. */
const LOADED: { readonly [product: string]: string } = {
  'claude-code': 'CLAUDE.md, .claude/rules, skills and commands',
  codex: 'AGENTS.md and .agents/skills',
  gemini: 'GEMINI.md and .gemini/commands',
  qwen: 'QWEN.md and .qwen/commands',
  copilot: '.github/copilot-instructions.md, .github/instructions and AGENTS.md',
  cursor: '.cursor/rules, .cursorrules and AGENTS.md',
  opencode: 'AGENTS.md, CLAUDE.md and .opencode',
  aider: 'CONVENTIONS.md where it is named',
  goose: '.goosehints and AGENTS.md',
  amp: 'AGENT.md and AGENTS.md',
  cline: '.clinerules',
  crush: 'CRUSH.md',
  droid: 'AGENTS.md and .factory',
  auggie: '.augment/rules',
  warp: 'WARP.md',
  'amazon-q': '.amazonq/rules and .kiro/steering',
};

/** INP008 */
export const instructionsFromChange: Rule = {
  id: 'INP008',
  name: 'instructions-from-pull-request',
  title: 'The instruction files come from the pull request',
  what: 'The head of a pull request lies where the agent works, and the product loads its instruction files, rules, skills and commands from there.',
  why: 'The author of the pull request does not have to hide an order in a diff: a CLAUDE.md or AGENTS.md of their own is the order. claude-code-action takes these files from the base; the base action and every plain command line do not.',
  sources: [
    'claude-code-action, docs/security.md',
    'Pillar Security, "Rules File Backdoor" (2025)',
    'OpenAI Codex documentation, AGENTS.md',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'INP',
  fix: 'unsafe',
  advice:
    'Check out the base and give the agent the change as a diff, take the instruction files from the base before the agent starts, or start it with `sallyport run`.',
  tags: ['CWE-1427', 'CWE-829', 'OWASP-LLM01'],
  attack: [
    workflow(commandStep('claude -p "Review the change" --max-turns 5'), {
      on: PULL_REQUEST_TARGET,
      checkout: PULL_REQUEST_HEAD,
    }),
  ],
  benign: [workflow(commandStep('claude -p "Review the diff" --max-turns 5'), { on: PULL_REQUEST_TARGET })],
  check: (facts) =>
    writtenRuns(facts).flatMap((run) => {
      const source = run.sources.find(({ channel }) => channel === 'instructions');
      return source === undefined || !loadsInstructions(run) || isRestored(run) ? [] : [draftOf(run, source, facts)];
    }),
};

function loadsInstructions(run: AgentRun): boolean {
  const { invocation } = run;
  if (isRunBySallyport(run)) return false;
  if (LOADED[invocation.product] === undefined || invocation.bare) return false;
  return invocation.product !== 'claude-code' || invocation.settingSources?.includes('project') !== false;
}

const RESTORE =
  /\bgit\s{1,3}(?:checkout|restore)\s[^\n;|&]{0,200}(?:CLAUDE\.md|AGENTS\.md|GEMINI\.md|QWEN\.md|\.claude\b|\.cursor|\.github\/copilot)|\brm\s[^\n;|&]{0,200}(?:CLAUDE\.md|AGENTS\.md|GEMINI\.md)/;

/** A step that takes the files from the base, or removes them, before the agent starts. */
function isRestored({ before, step, invocation }: AgentRun): boolean {
  const own = step.run?.text.text.split(invocation.spelled, 1)[0] ?? '';
  return RESTORE.test(own) || before.some(({ run }) => run !== undefined && RESTORE.test(run.text.text));
}

function draftOf(run: AgentRun, source: UntrustedSource, facts: Facts): FindingDraft {
  const loaded = LOADED[run.invocation.product] ?? 'its instruction files';
  return {
    rule: 'INP008',
    message: `${titleOf(run)} in job ${run.job.id} takes ${loaded} from the ${run.pipeline.platform === 'gitlab' ? 'merge request' : 'pull request'}`,
    detail: explainSource(run, source),
    severity: severityOf(run, source),
    confidence: 'high',
    place: source.place,
    subject: `${run.job.id} ${run.invocation.product} instructions of the pull request`,
    related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
    fixes: isContained(run) ? [] : fixesFor(run, facts),
  };
}

/** Members write these files anyway, in another way. */
function severityOf(run: AgentRun, { who }: UntrustedSource): FindingDraft['severity'] {
  if (isContained(run) || isSplit(run)) return 'low';
  return who === 'anyone' || who === 'past-contributor' || isOpen(run) ? 'high' : milder('high', 2);
}

function fixesFor(run: AgentRun, facts: Facts): readonly Fix[] {
  const sources =
    run.invocation.product === 'claude-code' && run.invocation.settingSources === undefined
      ? addOptionsFix('Leave the configuration of the tree out', run, facts, '--setting-sources user', 'unsafe')
      : [];
  return [...sources, ...containFix(run, facts)];
}
