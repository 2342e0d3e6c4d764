import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, FindingDraft, Fix } from '../../../findings/index.ts';
import { type Interpolation, isShellSafe, type Step, type StepScript } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { agentCommand, expressionsIn, namesOf, onePerJob, ordersIn, runsOn, subjectOf } from '../agent-job.ts';
import { jenkinsfile, SOUND_PIPELINE } from './examples.ts';

const COMMAND = `'claude -p "Review the last commit" --allowedTools "Read,Grep" --max-turns 5'`;
const TITLE_IN_STRING = `"""claude -p "Review \${env.CHANGE_TITLE}" --max-turns 5"""`;
const TITLE_IN_SHELL = `'claude -p "Review $CHANGE_TITLE" --max-turns 5'`;

/** JK001 */
export const textInGString: Rule = {
  id: 'JK001',
  name: 'jenkins-untrusted-text-in-gstring',
  title: 'Groovy puts outside text into a shell command beside the agent',
  what: 'A double-quoted `sh`, `bat` or `powershell` string of an agent’s job interpolates text that a pull request or a parameter brings.',
  why: 'Groovy fills the text in before the shell reads it: a title with `$(…)` is a command, run with every credential of the step.',
  sources: ['Jenkins documentation, "String interpolation"', 'CWE-78'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'unsafe',
  advice: 'Use single quotes and let the shell read the variable from its environment.',
  tags: ['CWE-78', 'OWASP-CICD-SEC-4'],
  attack: jenkinsfile(SOUND_PIPELINE.replace(COMMAND, TITLE_IN_STRING)),
  benign: jenkinsfile(SOUND_PIPELINE.replace(COMMAND, `"claude -p 'Review build \${env.BUILD_NUMBER}' --max-turns 5"`)),
  check: (facts) =>
    onePerJob(runsOn(facts, 'jenkins')).flatMap((run) =>
      run.job.steps.flatMap((step) => checkStrings(run, step, facts)),
    ),
};

function checkStrings(run: AgentRun, step: Step, facts: Facts): readonly FindingDraft[] {
  const script = step.run;
  if (script === undefined) return [];
  const bad = script.text.interpolations.filter((one) => one.expanded === 'before' && injects(one));
  const first = bad[0];
  if (first === undefined) return [];
  const values = bad.flatMap((one) =>
    one.values.filter(({ kind, origin }) => (origin === 'outsider' || origin === 'insider') && !isShellSafe(kind)),
  );
  const outside = values.some(({ origin }) => origin === 'outsider');
  const agent = step === run.step ? run.invocation.spelled : 'a command';
  return [
    {
      rule: 'JK001',
      message: `${namesOf(values)} is put into the text of ${agent} before the shell reads it`,
      severity: outside ? 'critical' : 'high',
      confidence: 'high',
      place: first.place,
      subject: subjectOf(run, 'GString', namesOf(values)),
      fixes: quoteFix(script, facts),
    },
  ];
}

function injects(one: Interpolation): boolean {
  return one.values.some(({ kind, origin }) => (origin === 'outsider' || origin === 'insider') && !isShellSafe(kind));
}

const PLAIN_NAME = /^(?:env\.|params\.)?([A-Za-z_]\w*)$/;

/** Only where every expression is a variable of the environment, and no escape changes its meaning with the quotes. */
function quoteFix({ text, language }: StepScript, facts: Facts): readonly Fix[] {
  const { file, span } = text.place;
  const source = facts.source(file);
  const written = source?.text.slice(span.start, span.end) ?? '';
  const quote = written.startsWith('"""') ? '"""' : '"';
  const inner = written.slice(quote.length, -quote.length);
  const single = quote === '"""' ? "'''" : "'";
  const sound = written.startsWith('"') && written.endsWith(quote) && !inner.includes('\\') && !inner.includes("'");
  if (language !== 'bash' || !sound) return [];
  const edits: Edit[] = [{ file, span: { start: span.start, end: span.start + quote.length }, text: single }];
  for (const one of text.interpolations) {
    if (one.expanded !== 'before') continue;
    const name = PLAIN_NAME.exec(one.source)?.[1];
    const local = name === one.source && !/^[A-Z][A-Z0-9_]*$/.test(name);
    if (name === undefined || local) return [];
    edits.push({ file, span: one.place.span, text: `\${${name}}` });
  }
  edits.push({ file, span: { start: span.end - quote.length, end: span.end }, text: single });
  return [{ title: 'Use single quotes and the environment', safety: 'unsafe', edits, creates: [] }];
}

/** JK007 */
export const textInPrompt: Rule = {
  id: 'JK007',
  name: 'jenkins-outside-text-in-prompt',
  title: 'A parameter or the text of a pull request is part of the prompt',
  what: 'The agent’s command holds `params`, `CHANGE_TITLE`, `CHANGE_BRANCH` or content of the change.',
  why: 'Whoever writes the title, branch or parameter gives the agent orders, which it follows with the credentials of the step.',
  sources: ['Jenkins documentation, "Global variable reference"', 'CWE-1427'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Hand the text over in a file that the prompt calls data, and take tools away that could do harm.',
  tags: ['CWE-1427', 'OWASP-LLM01'],
  attack: jenkinsfile(SOUND_PIPELINE.replace(COMMAND, TITLE_IN_SHELL)),
  benign: jenkinsfile(SOUND_PIPELINE.replace(COMMAND, `'claude -p "Review change $CHANGE_ID" --max-turns 5'`)),
  check: (facts) => runsOn(facts, 'jenkins').flatMap(checkPrompt),
};

function checkPrompt(run: AgentRun): readonly FindingDraft[] {
  const at = agentCommand(run);
  const found = at
    ? expressionsIn(at.script, at.command.span).filter((one) => ordersIn(one, ['outsider', 'insider']).length > 0)
    : [];
  const traced = run.sources.find(
    ({ channel, what }) => channel !== 'tree' && channel !== 'instructions' && /^(?:env\.|params\.)/.test(what),
  );
  const place = found[0]?.place ?? traced?.place;
  if (place === undefined) return [];
  const values = found.flatMap((one) => ordersIn(one, ['outsider', 'insider']));
  const what = values.length > 0 ? namesOf(values) : (traced?.what ?? '');
  const inside = values.length > 0 && values.every(({ origin }) => origin === 'insider');
  return [
    {
      rule: 'JK007',
      message: `${what} is part of what ${run.invocation.spelled} is told`,
      severity: inside ? 'medium' : 'high',
      confidence: 'high',
      place,
      subject: subjectOf(run, 'prompt', what),
    },
  ];
}

/** JK009 */
export const agentOutputInShell: Rule = {
  id: 'JK009',
  name: 'jenkins-agent-output-in-shell',
  title: 'What the agent answers becomes a shell command',
  what: 'The output of the agent’s `sh(returnStdout: true)` is interpolated into a later `sh`, `bat` or `powershell` string.',
  why: 'The agent’s answer is text that a stranger can steer; Groovy puts it into the command before the shell reads it.',
  sources: ['Jenkins documentation, "String interpolation"', 'CWE-78', 'CWE-1426'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Write the answer to a file and hand the file’s name on.',
  tags: ['CWE-78', 'CWE-1426', 'OWASP-LLM05'],
  attack: jenkinsfile(
    SOUND_PIPELINE.replace(
      `sh ${COMMAND}`,
      `script {\n                        def answer = sh(script: ${COMMAND}, returnStdout: true).trim()\n                        sh "echo \${answer} >> review.md"\n                    }`,
    ),
  ),
  benign: jenkinsfile(
    SOUND_PIPELINE.replace(
      `sh ${COMMAND}`,
      `script {\n                        def answer = sh(script: ${COMMAND}, returnStdout: true).trim()\n                        writeFile file: 'review.md', text: answer\n                    }`,
    ),
  ),
  check: (facts) => runsOn(facts, 'jenkins').flatMap(checkOutput),
};

function checkOutput(run: AgentRun): readonly FindingDraft[] {
  const { id } = run.step;
  if (id === undefined || id === 'checkout') return [];
  const later = run.job.steps.filter(({ index }) => index > run.step.index);
  const uses = later
    .flatMap((step) => step.run?.text.interpolations ?? [])
    .filter(
      (one) => one.expanded === 'before' && one.values.some(({ name, origin }) => origin === 'output' && name === id),
    );
  return uses.map(({ place }) => ({
    rule: 'JK009',
    message: `the answer of ${run.invocation.spelled} (${id}) becomes part of a shell command`,
    severity: 'critical',
    confidence: 'high',
    place,
    related: [{ place: run.invocation.place, message: 'the agent answers here' }],
    subject: subjectOf(run, 'output', id),
  }));
}
