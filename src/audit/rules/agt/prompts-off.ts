import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Fix } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { agentRule, isContained, listed, titleOf } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';
import { containFix, removeFlagFix, replaceFix, textAt } from '../fixes.ts';

const PATTERN =
  'People reach for this switch because an allow rule silently did not match and the agent stopped: a blank inside the ' +
  'parentheses, `:*` in the middle, a quoted argument or another path to the program is enough. Write `Bash(npm test)` ' +
  'for one command, `Bash(npm run lint *)` for one with arguments, and `--permission-mode dontAsk`, under which ' +
  'everything else is refused without a question.';

/** AGT001 */
export const promptsOff = agentRule(
  {
    id: 'AGT001',
    name: 'permission-prompts-off',
    title: 'Permission prompts switched off',
    what: 'A flag, setting or variable by which the agent runs every tool without asking: `--dangerously-skip-permissions`, `--permission-mode bypassPermissions`, `--yolo`, `--allow-all-tools`, `--sandbox danger-full-access`, `GOOSE_MODE=auto` and their like.',
    why: 'Whoever gets a sentence into what the agent reads gets every tool of the job: shell, network, token and keys. No rule that the product has is left to stop it.',
    sources: [
      'Claude Code documentation, "Permission modes"',
      'Measured: 12 % of live agent pipelines; most authors did it because an allow pattern did not match',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'List the commands that the task needs and refuse the rest (`--permission-mode dontAsk --allowedTools …`), or start the agent with `sallyport run`.',
    tags: ['CWE-250', 'CWE-1427', 'OWASP-CICD-SEC-5'],
    attack: [workflow(commandStep('claude -p "Fix the lint errors" --max-turns 20 --dangerously-skip-permissions'))],
    benign: [
      workflow(
        commandStep(
          'claude -p "Fix the lint errors" --max-turns 20 --permission-mode dontAsk --allowedTools "Bash(npm run lint *)"',
        ),
      ),
    ],
  },
  function* (run, facts) {
    for (const from of run.invocation.modeFrom) {
      if (from.mode !== 'bypass' || from.builtIn) continue;
      const contained = isContained(run);
      yield {
        message: `${titleOf(run)} runs with every permission prompt off (\`${from.spelled}\`)`,
        detail: `${whoActs(run)} ${PATTERN}`,
        severity: contained ? 'low' : 'high',
        place: from.place,
        about: from.spelled,
        fixes: contained ? [] : bypassFixes(run, facts, from.place),
      };
    }
  },
);

function whoActs(run: AgentRun): string {
  const keys = run.credentials.filter(({ reachable }) => reachable === 'yes').map(({ name }) => name);
  const gains = keys.length > 0 ? `, and with it ${listed(keys, 3)}` : '';
  const who = run.startedBy === 'anyone' ? 'Anyone' : 'Whoever writes what the agent reads';
  return `${who} can have it run any command of the job${gains}.`;
}

function bypassFixes(run: AgentRun, facts: Facts, place: Place): readonly Fix[] {
  const flag = textAt(facts, place) ?? '';
  const contain = containFix(run, facts);
  if (run.invocation.product !== 'claude-code') return contain;
  const own = run.invocation.allow.some(({ place: at }) => at.span.start !== run.invocation.place.span.start);
  if (flag === 'bypassPermissions')
    return [replaceFix('Refuse what no rule allows', place, 'dontAsk', 'unsafe'), ...contain];
  if (flag !== '--dangerously-skip-permissions') return contain;
  if (saysModeElsewhere(run, place))
    return [...removeFlagFix('Let the prompts refuse again', facts, place, 'unsafe'), ...contain];
  const tools = own ? '' : ' --allowedTools Read,Grep,Glob,Edit';
  const text = `--permission-mode dontAsk${tools}`;
  return [replaceFix('Allow the tools of the task and refuse the rest', place, text, 'unsafe'), ...contain];
}

/** The command names a mode besides: a second one would not add to it, and which of two counts is up to the version. */
function saysModeElsewhere({ invocation }: AgentRun, { file, span }: Place): boolean {
  return invocation.written.some(
    ({ name, spelled, place }) =>
      place.file === file &&
      ((name === 'mode' && spelled === '--permission-mode') ||
        (spelled === '--dangerously-skip-permissions' && place.span.start < span.start)),
  );
}

/** AGT002 */
export const allowWithoutEffect = agentRule(
  {
    id: 'AGT002',
    name: 'allow-list-without-effect',
    title: 'Allow-list without effect',
    what: 'The prompts are switched off and an allow-list is written beside them: the list approves what runs anyway and restricts nothing.',
    why: 'The author believes that the agent is limited to the list. It is not: everything runs.',
    sources: ['Claude Code documentation, "Permission modes": bypassPermissions skips every check but deny rules'],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice: 'Drop the switch that turns the prompts off; with `--permission-mode dontAsk` the list becomes the limit.',
    tags: ['CWE-693', 'CWE-1427'],
    attack: [
      workflow(
        commandStep('claude -p "Review the diff" --max-turns 20 --dangerously-skip-permissions --allowedTools Read'),
      ),
    ],
    benign: [
      workflow(commandStep('claude -p "Review the diff" --max-turns 20 --permission-mode dontAsk --allowedTools Read')),
    ],
  },
  function* (run, facts) {
    const { invocation } = run;
    const own = invocation.allow.filter(({ place }) => place.span.start !== invocation.place.span.start);
    const bypass = invocation.modeFrom.find(({ mode }) => mode === 'bypass');
    const [first] = own;
    if (invocation.mode !== 'bypass' || bypass === undefined || first === undefined) return;
    yield {
      message: `${listed(own.map(({ text }) => text))} restrict nothing, because \`${bypass.spelled}\` lets every tool run`,
      detail:
        'An allow rule only answers a question before it is asked, and here none is asked. The list reads like a limit, so reviewers stop looking.',
      severity: isContained(run) ? 'low' : bypass.builtIn ? 'medium' : 'high',
      place: first.place,
      related: [{ place: bypass.place, message: 'the prompts are switched off here' }],
      fixes: bypass.builtIn ? [] : removeFlagFix('Drop the switch', facts, bypass.place, 'unsafe'),
    };
  },
);
