import type { GivenText } from '../../../agents/index.ts';
import type { AgentRun, Facts, UntrustedSource } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained, titleOf } from '../agent-rule.ts';
import { expression } from '../example.ts';
import { contains } from '../places.ts';
import { atMost, writtenRuns } from '../run-weight.ts';
import { actionOnIssue } from './examples.ts';
import { spell } from './source-finding.ts';

/** Products that read a prompt which begins with a slash as the name of a command or skill. */
const COMMANDS: ReadonlySet<string> = new Set([
  'claude-code',
  'codex',
  'gemini',
  'qwen',
  'copilot',
  'opencode',
  'cursor',
  'goose',
  'droid',
  'amp',
]);

/** INP017 */
export const slashPrompt: Rule = {
  id: 'INP017',
  name: 'prompt-may-start-a-command',
  title: "An outsider's text stands at the beginning of the prompt",
  what: 'The prompt begins with text of an event, so it may begin with `/`.',
  why: 'A prompt that begins with `/` is no prompt: it runs a command or skill of the product, of a plugin or of the work tree, with the tools that this command was allowed.',
  sources: [
    'Claude Code documentation, "Slash commands" and "Skills" in print mode',
    'Gemini CLI documentation, "Custom commands"',
  ],
  severity: 'low',
  confidence: 'medium',
  tier: 'regular',
  family: 'INP',
  fix: 'safe',
  advice: 'Begin the prompt with a fixed line of your own and put the text behind it.',
  tags: ['CWE-88', 'CWE-1427'],
  attack: actionOnIssue([`prompt: ${expression('github.event.issue.body')}`, `claude_args: '--max-turns 5'`]),
  benign: actionOnIssue([
    `prompt: Work on issue ${expression('github.event.issue.number')}`,
    `claude_args: '--max-turns 5'`,
  ]),
  check: (facts) =>
    writtenRuns(facts).flatMap((run) =>
      COMMANDS.has(run.invocation.product) ? run.invocation.prompts.flatMap((given) => lookAt(run, given, facts)) : [],
    ),
};

const OPENING = /^\s{0,20}(?:\$\{\{|\$\{?\w|\$\()/;

function lookAt(run: AgentRun, given: GivenText, facts: Facts): readonly FindingDraft[] {
  if (!OPENING.test(given.text)) return [];
  const source = run.sources.find((candidate) => startsWith(given, candidate, facts));
  if (source === undefined) return [];
  const commands = run.configuration.filter(({ kind }) => kind === 'command' || kind === 'skill').length;
  const severity = commands > 0 || run.tree.provenance === 'pull-request' ? 'medium' : 'low';
  return [
    {
      rule: 'INP017',
      message: `The prompt of ${run.invocation.spelled} in job ${run.job.id} begins with ${spell(source.what)}`,
      detail: `A text that begins with "/" runs a command of ${titleOf(run)} instead of being read. ${commands > 0 ? `${commands} commands or skills lie in this repository.` : 'Built-in commands and those of plugins are there in any case.'}`,
      severity: isContained(run) || source.who === 'member' ? atMost('low', severity) : severity,
      confidence: 'medium',
      place: given.place,
      subject: `${run.job.id} ${run.invocation.product} prompt begins with ${source.what}`,
      related: [{ place: source.place, message: 'the text comes from here' }],
      fixes: fixedLine(given, facts),
    },
  ];
}

/** The first thing in the prompt is where this source goes in. */
function startsWith(given: GivenText, { steps, place }: UntrustedSource, facts: Facts): boolean {
  const { file, span } = given.place;
  if (steps.at(-1)?.place.span.start !== span.start || steps.at(-1)?.place.file !== file) return false;
  const lead = facts.source(file)?.text.slice(span.start, span.start + 40) ?? '';
  // What a sub-shell puts first is only known where it is the fetching command itself.
  if (given.text.trimStart().startsWith('$('))
    return contains(given.place, place) && !/^\s*\$\((?:cat|<)/.test(given.text);
  const name = /\$\{?(\w+)/.exec(given.text)?.[1];
  if (given.text.trimStart().startsWith('${{')) {
    const from = span.start + Math.max(0, lead.indexOf('${{'));
    return place.file === file && place.span.start === from;
  }
  return name === undefined || steps.some(({ message }) => new RegExp(`(?:variable|to) \\$?${name}\\b`).test(message));
}

/** Only where the text is a quoted word or a plain value: there is one place before it. */
function fixedLine(given: GivenText, facts: Facts): readonly Fix[] {
  const { file, span } = given.place;
  const text = facts.source(file)?.text ?? '';
  const lead = text.slice(span.start, span.start + 3);
  const at = lead.startsWith('"') ? span.start + 1 : lead === '${{' ? span.start : undefined;
  if (at === undefined) return [];
  const edit = { file, span: { start: at, end: at }, text: 'The text to work on follows. ' };
  return [{ title: 'Begin with a fixed sentence', safety: 'safe', edits: [edit], creates: [] }];
}
