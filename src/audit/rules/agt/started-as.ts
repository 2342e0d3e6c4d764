import type { Rule } from '../../rule.ts';
import { agentRule, isContained, titleOf } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';
import { commandOf } from './own-command.ts';

const REVIEW = 'claude -p "Review the diff" --max-turns 20 --tools Read';

/** AGT018 */
const asRoot: Rule = agentRule(
  {
    id: 'AGT018',
    name: 'agent-runs-as-root',
    title: 'Agent runs as root or with sudo',
    what: '`sudo` in front of the agent, a job container with user root, or codex-action with a `safety-strategy` that keeps sudo.',
    why: 'Root reads the memory and files of every process of the runner, keys of other steps among them, and can undo whatever else was set up against the agent.',
    sources: ['openai/codex-action action.yml, `safety-strategy`'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'none',
    advice: 'Start it as an ordinary user, in a container with `--user`, or with `sallyport run`.',
    tags: ['CWE-250'],
    attack: [workflow(commandStep(`sudo -E ${REVIEW}`))],
    benign: [workflow(commandStep(REVIEW))],
  },
  function* (run) {
    const { written } = run.invocation;
    const root = written.find(({ name }) => name === 'root');
    const unsafe = written.find(({ name, text }) => name === 'safety' && /^(?:unsafe|read-only)$/.test(text.trim()));
    const { container } = run.job;
    const rootContainer = container !== undefined && isRoot(container.user, container.options?.text);
    if (isContained(run) || (!root && !unsafe && !rootContainer)) return;
    const place = root?.keyPlace ?? unsafe?.place ?? container?.place ?? run.invocation.place;
    const how = root
      ? `with \`${root.spelled}\``
      : unsafe
        ? `with \`${unsafe.text.trim()}\`, which keeps sudo`
        : 'as root in its container';
    yield { message: `${titleOf(run)} runs ${how}`, place };
  },
);

function isRoot(user: string | undefined, options: string | undefined): boolean {
  return /^(?:root|0)(?::|$)/.test(user ?? '') || /(?:--user|-u)[= ](?:root|0)(?:\s|:|$)/.test(options ?? '');
}

/** AGT021 */
const detached: Rule = agentRule(
  {
    id: 'AGT021',
    name: 'agent-detached-from-step',
    title: 'Agent detached from the step',
    what: '`nohup`, `&`, `setsid`, `tmux`, `screen` or a service starts the agent, so that it outlives the command.',
    why: 'Later steps run beside it: it can change what they build and read their keys, and the end of the step says nothing about what it did.',
    sources: ['Own analysis'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'none',
    advice: 'Run it in the foreground, with a timeout.',
    tags: ['CWE-772'],
    attack: [workflow(commandStep(`nohup ${REVIEW}`))],
    benign: [workflow(commandStep(REVIEW))],
  },
  function* (run) {
    const entry = run.invocation.written.find(({ name }) => name === 'detached');
    const background = commandOf(run)?.background === true;
    if (entry === undefined && !background) return;
    yield {
      message: `${titleOf(run)} is started ${entry ? `with \`${entry.spelled}\`` : 'in the background'} and outlives the command`,
      place: entry?.keyPlace ?? run.invocation.place,
    };
  },
);

export const STARTED_AS_RULES: readonly Rule[] = [asRoot, detached];
