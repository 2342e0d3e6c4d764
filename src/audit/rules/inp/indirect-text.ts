import type { AgentRun, UntrustedSource } from '../../../facts/index.ts';
import type { Rule } from '../../rule.ts';
import { actionStep, CLAUDE_ACTION, expression, workflow } from '../example.ts';
import { startsTogether } from '../places.ts';
import { isOpen, milder, writtenRuns } from '../run-weight.ts';
import { isInScript } from './direct-text.ts';
import { ISSUES, nightly, onIssue, script } from './examples.ts';
import { channelRule, spell } from './source-finding.ts';

const BODY = `BODY: ${expression('github.event.issue.body')}`;
const WRITE_FILE = script(['echo "$BODY" > /tmp/issue.md'], `env:\n          ${BODY}`);

/** INP003 */
const throughVariable = channelRule({
  descriptor: {
    id: 'INP003',
    name: 'outside-text-through-environment',
    title: "An outsider's text reaches the prompt through a variable",
    what: 'A variable is filled from an event, and the prompt uses it (`$BODY`) or names it to the agent.',
    why: 'A variable makes the text safe for the shell, and only for the shell: the model reads it as before. Scanners that ask about shells call this form safe.',
    sources: [
      'Trail of Bits, "Agentic actions auditor", vector A',
      'Aikido, "PromptPwnd" (2025): issue text in the environment of run-gemini-cli',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice:
      'Keep the variable for the shell, but hand the text to the agent as a fenced data file, and give the agent nothing that a wrong order could use (`sallyport run`).',
    tags: ['CWE-1427', 'OWASP-LLM01'],
    attack: onIssue('Label this issue - $BODY', [BODY]),
    benign: onIssue('Label issue $NUMBER', [`NUMBER: ${expression('github.event.issue.number')}`]),
  },
  channels: ['environment'],
  applies: (run, source) => !isInScript(run, source),
  message: (run, { what, steps }) =>
    `${spell(what)} reaches the prompt of ${run.invocation.spelled} in job ${run.job.id} through ${variableIn(steps)}`,
});

function variableIn(steps: readonly { readonly message: string }[]): string {
  const named = steps
    .map(({ message }) => /variable ([A-Za-z_]\w*)|assigned to \$(\w+)/.exec(message))
    .find((match) => match !== null);
  const name = named?.[1] ?? named?.[2];
  return name === undefined ? 'a variable' : `the variable ${name}`;
}

/** INP004 */
const throughFile = channelRule({
  descriptor: {
    id: 'INP004',
    name: 'outside-text-through-file-or-output',
    title: "An outsider's text reaches the prompt through a file or an output",
    what: 'A prompt file, `$(cat file)`, standard input, or the output of an earlier step or job is part of the prompt, and an outsider wrote what is in it.',
    why: 'Between the event and the prompt stand a step or two, which no line shows at once. The text arrives as it was written.',
    sources: [
      'Trail of Bits, "Agentic actions auditor", vector D',
      'Seen: a pull request title through fromJSON(steps.….outputs.…)',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice:
      'Say in the prompt that the file is data, keep it out of the prompt itself, and start the agent with `sallyport run`.',
    tags: ['CWE-1427', 'OWASP-LLM01'],
    attack: onIssue('$(cat /tmp/issue.md)', [], WRITE_FILE),
    benign: onIssue('Label the issues that are listed in $(cat labels.txt)', [], script(['echo bug > labels.txt'])),
  },
  channels: ['file', 'output'],
  // The same value through a variable too is INP003 already.
  applies: (run, { what, place }) =>
    !run.sources.some(
      (other) => other.channel === 'environment' && other.what === what && startsTogether(other.place, place),
    ),
  message: (run, { what, channel }) =>
    `${spell(what)} reaches the prompt of ${run.invocation.spelled} in job ${run.job.id} through ${channel === 'file' ? 'a file' : 'an output'}`,
});

/** One command can be two sources, by its words and by what it fetches: the place tells that it is the same text. */
function isHandedOver(run: AgentRun, { place }: UntrustedSource): boolean {
  return run.sources.some(
    (other) =>
      startsTogether(other.place, place) &&
      (other.channel === 'file' ||
        other.channel === 'output' ||
        (other.channel === 'environment' && !isInScript(run, other))),
  );
}

const VIEW = '--max-turns 5 --allowedTools "Read,Bash(gh issue view *)"';

/** INP005 */
const fetchedText = channelRule({
  descriptor: {
    id: 'INP005',
    name: 'agent-fetches-outside-text',
    title: 'The agent fetches what outsiders wrote',
    what: 'The prompt or an allow rule has the agent read issues, comments or pull requests (`gh issue view`, `gh pr diff`, `gh api`, `glab`, MCP servers of a forge), or the action itself puts them into the prompt.',
    why: 'Nothing in the pipeline looks like an injection, yet every comment of every stranger becomes text that the model obeys.',
    sources: ['Trail of Bits, "Agentic actions auditor", vector C', 'Invariant Labs, GitHub MCP server (May 2025)'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice:
      'Let an agent that reads strangers’ text hold no write token and no way out: a job of its own with `permissions: {}` and `sallyport run`, whose answer another job applies.',
    tags: ['CWE-1427', 'OWASP-LLM01'],
    attack: [
      workflow(
        `      - run: claude -p "Triage the newest issue" ${VIEW}\n        env:\n          ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}`,
        { on: ISSUES },
      ),
    ],
    benign: nightly('Refresh the changelog'),
  },
  channels: ['fetched', 'event'],
  once: true,
  // What an earlier step fetched and hands over is INP003 or INP004 already, with the way that it takes.
  applies: (run, source) => source.channel !== 'fetched' || !isHandedOver(run, source),
  // A gate decides when the agent reads, and somebody with rights looked at the text before: one step less.
  severity: (run, { channel }) =>
    isOpen(run) || (channel === 'fetched' && run.capabilities.execute === 'any') ? 'medium' : milder('medium'),
  message: (run, { what, channel }) =>
    channel === 'event'
      ? `${run.invocation.spelled} in job ${run.job.id} puts ${spell(what)} into its prompt`
      : `${run.invocation.spelled} in job ${run.job.id} reads ${spell(what)}, which anybody can write`,
});

const READ_LOG = script(
  ['gh run view "$ID" --log-failed > log.txt'],
  `env:\n          GH_TOKEN: ${expression('github.token')}\n          ID: ${expression('github.event.workflow_run.id')}`,
);

/** INP006 */
const logsInPrompt = channelRule({
  descriptor: {
    id: 'INP006',
    name: 'ci-logs-in-prompt',
    title: 'Logs or artefacts of another run reach the agent',
    what: 'The agent reads logs of a run (`gh run view --log`, log tools of MCP servers), or artefacts of another run are unpacked where it works.',
    why: 'Whoever has a pull request tested decides what its log says: a test prints whatever it likes. The agent that repairs failing runs has more rights than the run that failed.',
    sources: [
      'Trail of Bits, "Agentic actions auditor", vector E',
      'GitHub Security Lab, "Preventing pwn requests", part 1 and 4',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice: 'Give the agent the names of the failed tests only, read by a program, and start it with `sallyport run`.',
    tags: ['CWE-1427', 'CWE-829', 'OWASP-CICD-SEC-4'],
    attack: [
      workflow(
        `${READ_LOG}      - run: claude -p "Repair this - $(cat log.txt)" --max-turns 5\n        env:\n          ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}`,
        { on: '  workflow_run:\n    workflows: [test]\n    types: [completed]' },
      ),
    ],
    benign: nightly('Repair the tests that are listed in TESTS.md'),
  },
  channels: ['log', 'artifact'],
  // A check of the actor keeps out whoever had the first run started from a fork.
  severity: (run) =>
    isOpen(run) || (run.gateStrength < 3 && run.triggers.some(({ event }) => event === 'workflow_run'))
      ? 'high'
      : 'medium',
  message: (run, { what, channel }) =>
    channel === 'log'
      ? `${run.invocation.spelled} in job ${run.job.id} reads ${spell(what)}, which whoever has code tested can write`
      : `${spell(what)} lies where ${run.invocation.spelled} works in job ${run.job.id}, and whoever has code tested can write it`,
});

/** INP007 */
const trackerText = channelRule({
  descriptor: {
    id: 'INP007',
    name: 'tracker-or-chat-text',
    title: 'Text of a tracker or chat reaches the agent',
    what: 'A `repository_dispatch` payload is part of the prompt, or the agent reads Linear, Jira, Slack, Sentry and their like through a program or MCP server.',
    why: 'Customers, form mails and error reports write there. The forge’s own checks of who is a member do not know these people.',
    sources: [
      'Seen: tracker comments to an agent with bypass flags and a deploy key',
      'Invariant Labs, "Toxic flow analysis" (2025)',
    ],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice:
      'Let the sender check who wrote the text, hand over an identifier only, and start the agent with `sallyport run`.',
    tags: ['CWE-1427', 'OWASP-LLM01'],
    attack: [
      workflow(
        `      - run: claude -p "Work on this ticket - $TICKET" --max-turns 5\n        env:\n          ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}\n          TICKET: ${expression('github.event.client_payload.description')}`,
        { on: '  repository_dispatch:\n    types: [ticket]' },
      ),
    ],
    benign: nightly('Work on the tickets that are listed in TICKETS.md'),
  },
  channels: ['tracker'],
  severity: (run) => (run.capabilities.execute === 'any' && run.capabilities.network !== 'none' ? 'high' : 'medium'),
  message: (run, { what }) => `${spell(what)} reaches ${run.invocation.spelled} in job ${run.job.id}`,
});

/** INP015 */
const webFollowed = channelRule({
  descriptor: {
    id: 'INP015',
    name: 'addresses-followed',
    title: 'The agent may follow addresses that strangers name',
    what: 'An agent that reads what outsiders write has a tool that opens web pages.',
    why: 'A link or an image in an issue is enough to bring in a second, longer text, which changes after it was looked at; the address itself carries data out.',
    sources: ['Claude Code documentation, "Security": web tools', 'EchoLeak, CVE-2025-32711'],
    severity: 'low',
    confidence: 'medium',
    tier: 'regular',
    family: 'INP',
    fix: 'unsafe',
    advice: 'Take the web tools away or name their domains: `WebFetch(domain:docs.example.test)`.',
    tags: ['CWE-1427', 'CWE-918'],
    attack: [
      workflow(
        `      - run: claude -p "Triage - $BODY" --max-turns 5 --allowedTools "Read,WebFetch"\n        env:\n          ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}\n          ${BODY}`,
        { on: ISSUES },
      ),
    ],
    benign: nightly('Collect news from WebFetch'),
  },
  channels: ['web'],
  applies: (run, source) =>
    source.what === 'web pages' &&
    run.sources.some(({ channel, who }) => channel !== 'web' && who !== 'member' && who !== 'schedule'),
  message: (run) =>
    `${run.invocation.spelled} in job ${run.job.id} reads strangers' text and may open any address in it`,
});

/** INP014 */
const everyComment: Rule = {
  id: 'INP014',
  name: 'comments-of-everybody-included',
  title: "Every commenter's text is included",
  what: 'claude-code-action builds the prompt from the event without `include_comments_by_actor`, so comments of everybody stand in it.',
  why: 'A member calls the agent under an issue; what strangers wrote above that comment comes with it.',
  sources: ['claude-code-action documentation, "Security" and "Configuration"'],
  severity: 'low',
  confidence: 'medium',
  tier: 'regular',
  family: 'INP',
  fix: 'unsafe',
  advice: 'Name the people whose comments count: `include_comments_by_actor`.',
  tags: ['CWE-1427'],
  attack: [workflow(actionStep(CLAUDE_ACTION, [`anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`]))],
  benign: [
    workflow(
      actionStep(CLAUDE_ACTION, [
        `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`,
        `include_comments_by_actor: ${expression('github.actor')}`,
      ]),
    ),
  ],
  check: (facts) =>
    writtenRuns(facts).flatMap((run) => {
      const { invocation, step } = run;
      const source = run.sources.find(({ channel }) => channel === 'event');
      const limited = invocation.written.some(
        ({ name, spelled }) => name === 'gate:comments' || spelled === 'include_comments_by_actor',
      );
      const known = run.gates.some(({ principal }) => principal === 'repository-reader');
      const old = invocation.written.some(({ name, text }) => name === 'schema' && text.startsWith('beta'));
      if (source === undefined || source.who !== 'anyone' || limited || known || old) return [];
      if (invocation.product !== 'claude-code' || invocation.via !== 'action') return [];
      const first = step.inputs[0];
      const title = 'Include the comments of whoever starts the agent only';
      return [
        {
          rule: 'INP014',
          message: `${invocation.spelled} in job ${run.job.id} puts the comments of everybody into its prompt`,
          detail:
            'The action checks who calls it, not who wrote the comments before. `include_comments_by_actor` names whose comments count.',
          severity: 'low',
          confidence: 'medium',
          place: invocation.place,
          subject: `${run.job.id} comments of everybody`,
          fixes:
            first === undefined
              ? []
              : insertedInput(title, first.keyPlace, facts.source(first.keyPlace.file)?.text ?? ''),
        },
      ];
    }),
};

function insertedInput(
  title: string,
  { file, span }: { readonly file: string; readonly span: { readonly start: number } },
  text: string,
) {
  const lead = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  if (!/^[ \t]*$/.test(lead)) return [];
  const edit = {
    file,
    span: { start: span.start, end: span.start },
    text: `include_comments_by_actor: ${expression('github.actor')}\n${lead}`,
  };
  return [{ title, safety: 'unsafe' as const, edits: [edit], creates: [] }];
}

export const INDIRECT_RULES: readonly Rule[] = [
  throughVariable,
  throughFile,
  fetchedText,
  logsInPrompt,
  trackerText,
  everyComment,
  webFollowed,
];
