import type { AgentRun } from '../../../facts/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, listed, titleOf } from '../agent-rule.ts';
import { actionStep, CLAUDE_ACTION, commandStep, expression, NIGHTLY, workflow } from '../example.ts';
import { addOptionsFix, replaceFix, textAt } from '../fixes.ts';
import { grantedRules } from './granted.ts';
import { printsToLog } from './own-command.ts';

const KEY = `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`;

/** AGT019 */
const noBound: Rule = agentRule(
  {
    id: 'AGT019',
    name: 'no-turn-or-time-bound',
    title: 'No turn, time or cost bound',
    what: 'Neither the agent (turns, budget, timeout) nor its step or job has a limit.',
    why: 'An agent that was led astray, or loops, runs until the platform stops it: hours of keys in use and of cost.',
    sources: ['Measured: 75 % of live agent pipelines have no cap on turns or budget, 67 % no timeout'],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'safe',
    advice: 'Set `--max-turns` and a timeout of the job.',
    tags: ['CWE-770', 'OWASP-LLM10'],
    attack: [
      workflow(commandStep('claude -p "Review the diff" --tools Read'), { on: NIGHTLY, job: '    name: review' }),
    ],
    benign: [workflow(commandStep('claude -p "Review the diff" --tools Read --max-turns 20'), { on: NIGHTLY })],
  },
  function* (run, facts) {
    const { invocation, job, stepPath } = run;
    if (invocation.product === 'ai-inference' || invocation.product === 'unknown') return;
    const timed =
      job.timeoutMinutes !== undefined || stepPath.some(({ timeoutMinutes }) => timeoutMinutes !== undefined);
    if (invocation.turnLimit !== undefined || timed) return;
    yield {
      message: `${titleOf(run)} has no limit of turns, time or cost`,
      fixes:
        invocation.product === 'claude-code'
          ? addOptionsFix('Limit the turns', run, facts, '--max-turns 50', 'safe')
          : [],
    };
  },
);

/** AGT020 */
const transcriptPrinted: Rule = agentRule(
  {
    id: 'AGT020',
    name: 'full-transcript-printed',
    title: 'Full transcript printed',
    what: '`show_full_output: true`, a stream of events or debug output goes to the log.',
    why: 'The log then holds every tool result: file contents, variables, tokens that the platform does not mask. The logs of a public repository are public.',
    sources: [
      'anthropics/claude-code-action action.yml, `show_full_output`',
      'google-github-actions/run-gemini-cli action.yml, `gemini_debug`',
    ],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'AGT',
    fix: 'safe',
    advice: 'Drop it; write the stream to a file that is kept for as long as somebody needs it.',
    tags: ['CWE-532'],
    attack: [workflow(actionStep(CLAUDE_ACTION, ['prompt: Review the diff', KEY, 'show_full_output: true']))],
    benign: [workflow(actionStep(CLAUDE_ACTION, ['prompt: Review the diff', KEY]))],
  },
  function* (run, facts) {
    const place = run.invocation.fullOutput;
    if (place === undefined || !printsToLog(run)) return;
    const given = run.step.inputs.find(({ keyPlace }) => keyPlace.span.start === place.span.start);
    const value = given?.value.place;
    yield {
      message: `The whole transcript of ${titleOf(run)} goes to the log`,
      place,
      fixes:
        value !== undefined && textAt(facts, value) === 'true'
          ? [replaceFix('Print only the result', value, 'false', 'safe')]
          : [],
    };
  },
);

/** AGT022 */
const startsAgents: Rule = agentRule(
  {
    id: 'AGT022',
    name: 'agent-may-start-agents',
    title: 'Agent may start another agent',
    what: 'An allow rule names an agent: `Bash(claude *)`, `Bash(codex *)`.',
    why: 'The second agent starts with flags that the first one chooses: with the prompts off, and with rules of its own.',
    sources: ['Own analysis'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'none',
    advice: 'Drop the rule; sub-agents of the same product stay under the same rules.',
    tags: ['CWE-250'],
    attack: [
      workflow(commandStep('claude -p "Review the diff" --max-turns 20 --allowedTools "Read,Bash(codex exec *)"')),
    ],
    benign: [workflow(commandStep('claude -p "Review the diff" --max-turns 20 --allowedTools "Read,Task"'))],
  },
  function* (run) {
    const rules = grantedRules(run).filter(
      ({ meaning }) =>
        meaning.program !== undefined && meaning.breadth !== 'everything' && meaning.grants.includes('start-agent'),
    );
    const [first] = rules;
    if (first === undefined) return;
    yield {
      message: `${titleOf(run)} may start another agent: ${listed(rules.map(({ rule }) => rule.text))}`,
      severity: isContained(run) ? 'low' : 'medium',
      place: first.rule.place,
    };
  },
);

/** The name of a model or the address of an endpoint is not longer. */
const MOST_CHARACTERS = 1_000;

const INPUT = /\$\{\{[^}]{0,300}\b(?:inputs\.|github\.event\.|github\.head_ref|steps\.|needs\.)[^}]{0,300}\}\}/;

/** AGT023 */
const modelFromInput: Rule = agentRule(
  {
    id: 'AGT023',
    name: 'model-from-untrusted-input',
    title: 'Model or endpoint from untrusted input',
    what: 'The model or the endpoint is an expression over the event, an input or the output of a step.',
    why: 'Whoever chooses the model chooses who reads the prompt, what it costs, and how well the agent resists orders; whoever chooses the endpoint gets the key.',
    sources: ['Own analysis'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'AGT',
    fix: 'none',
    advice: 'Write the model down, or choose from a fixed list (`type: choice`).',
    tags: ['CWE-610', 'CWE-807'],
    attack: [
      workflow(
        commandStep(
          `claude -p "Review the diff" --max-turns 20 --tools Read --model "${expression('github.event.comment.body')}"`,
        ),
      ),
    ],
    benign: [
      workflow(
        commandStep(`claude -p "Review the diff" --max-turns 20 --tools Read --model "${expression('vars.MODEL')}"`),
      ),
    ],
  },
  function* (run) {
    for (const [what, given] of [
      ['model', run.invocation.model],
      ['endpoint', run.invocation.endpoint],
    ] as const) {
      const expression = INPUT.exec(given?.text.slice(0, MOST_CHARACTERS) ?? '')?.[0];
      if (given === undefined || expression === undefined) continue;
      const insiders = !expression.includes('github.event.') && isInsider(run);
      yield {
        message: `The ${what} of ${titleOf(run)} comes from ${expression}`,
        severity: what === 'endpoint' ? 'high' : insiders ? 'low' : 'medium',
        place: given.place,
        about: what,
      };
    }
  },
);

function isInsider({ startedBy }: AgentRun): boolean {
  return startedBy === 'member' || startedBy === 'maintainer' || startedBy === 'schedule';
}

export const BOUND_RULES: readonly Rule[] = [noBound, transcriptPrinted, startsAgents, modelFromInput];
