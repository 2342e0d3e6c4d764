import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, FindingDraft } from '../../../findings/index.ts';
import type { Interpolation, Step, StepScript } from '../../../pipelines/index.ts';
import type { ScriptCommand } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import {
  agentCommand,
  expressionsIn,
  flatSteps,
  namesOf,
  onePerJob,
  ordersIn,
  runsOn,
  subjectOf,
} from '../agent-job.ts';
import { gitlabFile, SOUND_JOB } from './examples.ts';

/** GL003 */
export const textInPrompt: Rule = {
  id: 'GL003',
  name: 'gitlab-event-text-in-prompt',
  title: 'Text of a merge request or commit reaches the agent’s command',
  what: 'Title, description, commit message, branch name or note text stands in the prompt, or is interpreted by a shell in the agent’s job.',
  why: 'Whoever writes the text gives the agent orders; where a shell interprets it again, they run commands with the job’s variables.',
  sources: ['GitLab documentation, "Predefined CI/CD variables"', 'CWE-1427', 'CWE-78'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice:
    'Let the agent read the text from a file that is marked as data, and give it tools with which a wrong order does no harm.',
  tags: ['CWE-1427', 'CWE-78', 'OWASP-LLM01'],
  attack: gitlabFile(SOUND_JOB.replace('"Review the change"', '"Review $CI_MERGE_REQUEST_TITLE"')),
  benign: gitlabFile(SOUND_JOB.replace('"Review the change"', '"Review !$CI_MERGE_REQUEST_IID at $CI_COMMIT_SHA"')),
  check: (facts) => [
    ...runsOn(facts, 'gitlab').flatMap(checkPrompt),
    ...onePerJob(runsOn(facts, 'gitlab')).flatMap((run) =>
      flatSteps(run.job.steps).flatMap((step) => checkInterpreted(run, step)),
    ),
  ],
};

function checkPrompt(run: AgentRun): readonly FindingDraft[] {
  const at = agentCommand(run);
  const direct = at
    ? expressionsIn(at.script, at.command.span).filter((one) => ordersIn(one, ['outsider']).length > 0)
    : [];
  const first = direct[0];
  const traced = run.sources.find(
    ({ channel, what }) =>
      (channel === 'prompt' || channel === 'environment' || channel === 'file') &&
      /^(?:CI_|AI_FLOW_|TRIGGER_PAYLOAD|GITLAB_USER_)/.test(what),
  );
  const what = first ? namesOf(direct.flatMap((one) => ordersIn(one, ['outsider']))) : traced?.what;
  const place = first?.place ?? traced?.place;
  if (what === undefined || place === undefined) return [];
  return [
    {
      rule: 'GL003',
      message: `${what} stands in the command of ${run.invocation.spelled} in job ${run.job.id}`,
      severity: 'high',
      confidence: first ? 'high' : 'medium',
      place,
      related: traced && first ? traced.steps : [],
      subject: subjectOf(run, 'prompt', what),
    },
  ];
}

const INTERPRETERS: ReadonlySet<string> = new Set([
  'eval',
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'python',
  'python3',
  'node',
  'perl',
  'ruby',
  'ssh',
]);

/** A variable is safe in a shell word, not in a text that a second interpreter reads. */
function checkInterpreted(run: AgentRun, step: Step): readonly FindingDraft[] {
  const script = step.run;
  if (script === undefined) return [];
  return interpreted(script).map((one) => {
    const names = namesOf(ordersIn(one, ['outsider']));
    return {
      rule: 'GL003',
      message: `${names} becomes part of a program that job ${run.job.id} runs beside ${run.invocation.spelled}`,
      severity: 'critical',
      confidence: 'high',
      place: one.place,
      subject: subjectOf(run, 'script', names),
    };
  });
}

function interpreted(script: StepScript): readonly Interpolation[] {
  return script.script.commands.flatMap((command) => {
    const word = codeWord(command);
    return word === undefined
      ? []
      : expressionsIn(script, word.span).filter(
          (one) => ordersIn(one, ['outsider']).length > 0 && inDoubleQuotes(word.source, script, one, word.span.start),
        );
  });
}

/** The word that a second interpreter reads as code. */
function codeWord({ words }: ScriptCommand): ScriptCommand['words'][number] | undefined {
  const program = (words[0]?.literal ?? '').split('/').at(-1) ?? '';
  if (!INTERPRETERS.has(program)) return undefined;
  if (program === 'eval') return words[1];
  if (program === 'ssh') return words.at(-1);
  const flag = words.findIndex((word) => /^-(?:[a-z]*c|e)$/.test(word.literal ?? ''));
  return flag < 0 ? undefined : words[flag + 1];
}

/** In single quotes the inner shell fills the variable in itself, and its value is not read as code again. */
function inDoubleQuotes(source: string, script: StepScript, one: Interpolation, start: number): boolean {
  if (one.expanded === 'before') return true;
  return !(source.startsWith("'") && script.text.text[start] === "'");
}

const TOKEN_URL = /(https?:\/\/)([^/@\s"'$:]*:?\$\{?(\w+)\}?)@/;

/** GL004 */
export const tokenInUrl: Rule = {
  id: 'GL004',
  name: 'gitlab-token-in-remote-url',
  title: 'A token is written into a remote URL or the git configuration',
  what: 'A command in an agent’s job puts `$CI_JOB_TOKEN` or another token into a URL for git, its configuration or its credential store.',
  why: 'The token lies in `.git/config` or in the home folder, where the agent and every program it starts can read it.',
  sources: ['git documentation, gitcredentials', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'safe',
  advice: 'Hand the token over for one command with a credential helper, and only behind the agent.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: gitlabFile(
    SOUND_JOB.replace(
      '    - npm install',
      '    - |\n      git clone https://oauth2:$CI_JOB_TOKEN@gitlab.example.test/acme/app.git lib\n    - npm install',
    ),
  ),
  benign: gitlabFile(
    SOUND_JOB.replace(
      '    - npm install',
      '    - git clone https://gitlab.example.test/acme/app.git lib\n    - npm install',
    ),
  ),
  check: (facts) =>
    onePerJob(runsOn(facts, 'gitlab')).flatMap((run) =>
      flatSteps(run.job.steps).flatMap((step) => checkUrls(run, step, facts)),
    ),
};

function checkUrls(run: AgentRun, step: Step, facts: Facts): readonly FindingDraft[] {
  const { run: script } = step;
  if (script === undefined) return [];
  return script.script.commands.flatMap((command): readonly FindingDraft[] => {
    const program = command.words[0]?.literal;
    const stores = command.redirects.some(({ target }) =>
      /git-?credentials|netrc|\.git\/config/.test(target?.source ?? ''),
    );
    if (program !== 'git' && !stores) return [];
    const word = command.words.find(({ source }) => TOKEN_URL.test(source));
    const match = word && TOKEN_URL.exec(word.source);
    if (word === undefined || !match) return [];
    const start = word.span.start + match.index + (match[1]?.length ?? 0);
    const span = {
      start: script.text.offsetOf(start),
      end: script.text.offsetOf(start + (match[2]?.length ?? 1) - 1) + 1,
    };
    const edits = program === 'git' ? helperEdits(script, command, match, start, facts) : [];
    return [
      {
        rule: 'GL004',
        message: `job ${run.job.id} writes ${match[3] ?? 'a token'} into ${stores ? 'a credential file' : 'a URL for git'} where ${run.invocation.spelled} can read it`,
        severity: 'high',
        confidence: 'high',
        place: { file: script.text.place.file, span },
        subject: subjectOf(run, 'token in URL', match[3] ?? ''),
        fixes:
          edits.length === 0
            ? []
            : [
                {
                  title: 'Give the token to this one command by a credential helper',
                  safety: 'safe',
                  edits,
                  creates: [],
                },
              ],
      },
    ];
  });
}

const ONE_TIME: ReadonlySet<string> = new Set(['clone', 'fetch', 'pull', 'push', 'ls-remote']);

function helperEdits(
  script: StepScript,
  command: ScriptCommand,
  match: RegExpExecArray,
  start: number,
  facts: Facts,
): readonly Edit[] {
  const [git, verb] = command.words;
  const [, , login = '', name = ''] = match;
  const user = login.split(':')[0] ?? '';
  const source = facts.source(script.text.place.file);
  if (git === undefined || !ONE_TIME.has(verb?.literal ?? '') || source === undefined) return [];
  const { text } = script;
  const file = text.place.file;
  const from = text.offsetOf(start);
  const end = text.offsetOf(start + login.length) + 1;
  const behind = text.offsetOf(git.span.end - 1) + 1;
  // Only where the file spells what the shell reads: no escapes between them.
  if (source.text.slice(from, end) !== `${login}@`) return [];
  const helper = ` -c credential.helper='!f() { echo "username=${user.includes('$') || user === '' ? 'oauth2' : user}"; echo "password=$${name}"; }; f'`;
  const quoted = /^["']/.test(source.text.slice(text.place.span.start, text.place.span.start + 1));
  // In a quoted or one-line scalar the helper's own quotes and colon would break the YAML.
  if (quoted || !/^[|>]/.test(source.text.slice(text.place.span.start))) return [];
  return [
    { file, span: { start: behind, end: behind }, text: helper },
    { file, span: { start: from, end }, text: '' },
  ];
}
