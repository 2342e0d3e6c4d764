import { type AgentRun, AnswerFlow, type Facts } from '../../../facts/index.ts';
import { type Interpolation, isShellSafe, type Job, type Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { pathSeverity, reachSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { answerInEnvironment } from './answer-in-environment.ts';
import { CLAUDE_ACTION, checkout, ISSUES, run as step, workflow } from './examples.ts';
import { nameOfStep, privilegedSteps, stepsWithin } from './later-work.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, strongestSource, who } from './run-questions.ts';

const OUTPUT = `\${{ steps.triage.outputs.structured_output }}`;
const example = (last: string): string => `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
      - id: triage
        uses: ${CLAUDE_ACTION}
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          allowed_non_write_users: '*'
          prompt: "Name a label for this: \${{ github.event.issue.body }}"
${last}
`;

/** PATH07: what the agent says or sets becomes the command or the environment of a later shell. */
export const poisonedEnvironment: PathRule = {
  id: 'PATH07',
  name: 'poisoned-environment',
  title: 'What the agent says becomes part of a later command',
  what: 'An output of an agent that outsiders can steer is put into a shell command by the platform, a command evaluates the answer or runs a file that holds it, a step writes it into GITHUB_ENV or GITHUB_PATH, or the agent may run any command and so set GITHUB_ENV, GITHUB_PATH or a task variable for later steps that hold a secret it was not given.',
  why: 'An expression is replaced before the shell reads the line: an answer with `$(…)` in it is a command. A line in GITHUB_ENV sets BASH_ENV, NODE_OPTIONS or LD_PRELOAD, and the next step runs that code first.',
  sources: [
    'GitHub Security Lab, "Untrusted input"',
    'CodeQL CWE-1426, improper validation of AI output',
    'GitHub Actions documentation, workflow commands',
  ],
  severity: 'critical',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Pass the answer through `env:` and quote the variable, check it against a list, and use secrets in another job.',
  tags: ['CWE-1426', 'CWE-78', 'OWASP-CICD-SEC-4'],
  attack: [workflow('triage', example(step(`gh issue edit 1 --add-label "${OUTPUT}"`)))],
  benign: [workflow('triage', example(step('gh issue edit 1 --add-label "$LABEL"', `LABEL: ${OUTPUT}`)))],
  paths: (facts: Facts) =>
    abusableRuns(facts).flatMap((run) => [...spoken(run), ...executed(run), ...written(run), ...set(run)]),
};

/** An answer of the agent inside the text of a command. */
function spoken(run: AgentRun): readonly AttackPath[] {
  const found = commandWithAnswer(run);
  if (found === undefined) return [];
  const { place, name, where } = found;
  return answered(run, {
    place,
    id: `answer:${where}`,
    subject: `answer ${where}`,
    where,
    how: `its answer ${name} is put into the script before it is read as a program. That the agent itself may run nothing does not matter: the step runs it.`,
    sink: `${name} stands in the script of ${where}`,
    cut: `Pass ${name} to ${where} through \`env:\`, and quote it`,
  });
}

/** An answer that a command of the job runs as a program. */
function executed(run: AgentRun): readonly AttackPath[] {
  const [command] = new AnswerFlow(run).executed();
  if (command === undefined) return [];
  const { place, spelled } = command;
  return answered(run, {
    place,
    id: `executed:${spelled}`,
    subject: `executed ${spelled}`,
    where: `\`${spelled}\``,
    how: 'its answer is run as a program. That the agent itself may run nothing does not matter.',
    sink: `\`${spelled}\` runs the answer`,
    cut: 'Take the answer as data: check it against a list, and evaluate nothing of it',
  });
}

/** Where an answer becomes a command, in the words of a path. */
interface Becoming {
  readonly place: Place;
  readonly id: string;
  readonly subject: string;
  /** What runs it. */
  readonly where: string;
  readonly how: string;
  readonly sink: string;
  readonly cut: string;
}

function answered(run: AgentRun, { place, id, subject, where, how, sink, cut }: Becoming): readonly AttackPath[] {
  const source = strongestSource(run);
  if (source === undefined) return [];
  return [
    pathAbout(run, {
      rule: 'PATH07',
      subject: `${run.invocation.product} ${subject}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} answer with a command that ${where} runs`,
      gain: `The agent meets ${source.what}; ${how}`,
      severity: reachSeverity(run),
      confidence: 'high',
      place,
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        sinkLeg(run, id, { place }, sink, { what: cut, cost: 1 }),
      ),
    }),
  ];
}

interface Spoken {
  readonly place: Place;
  readonly name: string;
  readonly where: string;
}

function commandWithAnswer(run: AgentRun): Spoken | undefined {
  const own = namesOfAnswers(run);
  const linked = run.pipeline.jobs.filter(({ needs }) => needs.some(({ value }) => value === run.job.id));
  const candidates: readonly { readonly step: Step; readonly names: readonly RegExp[]; readonly job: Job }[] = [
    ...run.after.map((one) => ({ step: one, names: own, job: run.job })),
    ...linked.flatMap((job) => job.steps.map((one) => ({ step: one, names: outputsOf(run, own), job }))),
  ];
  for (const { step: outer, names, job } of candidates) {
    for (const inner of stepsWithin(outer)) {
      const hit = inner.run?.text.interpolations.find((one) => answers(one, names));
      const where = `step ${nameOfStep(inner)}${job === run.job ? '' : ` of job ${job.id}`}`;
      if (hit) return { place: hit.place, name: hit.values[0]?.name ?? 'an output', where };
    }
  }
  return undefined;
}

/** The agent's own outputs that carry what the model says. */
function namesOfAnswers({ step: { id, uses } }: AgentRun): readonly RegExp[] {
  if (id === undefined) return [];
  const owner = id.replace(/[^\w-]/g, '');
  const output = uses
    ? '(?:structured_output|result|response|summary|final[-_]message|final_output|text|output|answer)'
    : '[\\w-]+';
  return [new RegExp(`^steps\\.${owner}\\.outputs\\.${output}`)];
}

/** Outputs of the agent's job that pass such an answer on. */
function outputsOf(run: AgentRun, own: readonly RegExp[]): readonly RegExp[] {
  return run.job.outputs
    .filter(({ value }) => value.interpolations.some((one) => answers(one, own)))
    .map(
      ({ name }) =>
        new RegExp(`^needs\\.${run.job.id.replace(/[^\w-]/g, '')}\\.outputs\\.${name.replace(/[^\w-]/g, '')}$`),
    );
}

function answers({ expanded, values }: Interpolation, names: readonly RegExp[]): boolean {
  return (
    expanded === 'before' &&
    values.some(({ name, kind }) => !(isShellSafe(kind) && kind !== 'constant') && names.some((one) => one.test(name)))
  );
}

/** An answer that a later step appends to the file that sets the variables, or the search path, of all behind it. */
function written(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const found = source && answerInEnvironment(run, namesOfAnswers(run));
  if (!source || !found) return [];
  const { step: writer, effect } = found;
  const later = privilegedSteps(run).find(({ step: one }) => one.index > writer.index);
  if (!later) return [];
  const { secret, step: target } = later;
  return [
    pathAbout(run, {
      rule: 'PATH07',
      subject: `${run.invocation.product} answer written ${nameOfStep(writer)}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} answer with variables that run code in step ${nameOfStep(target)} with ${secret.name}`,
      gain: `The agent meets ${source.what}; step ${nameOfStep(writer)} appends its answer to the file that sets ${effect.target === 'path' ? 'the search path' : 'the variables'} of later steps. A line of the answer ends the value that was meant and sets another.`,
      severity: reachSeverity(run),
      confidence: 'medium',
      place: effect.place,
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        propagationLeg(run, 'answer-written', effect.place, `step ${nameOfStep(writer)} writes the answer into it`, {
          what: 'Write the answer into a step output, or let the value end at a mark of chance',
          cost: 1,
        }),
        sinkLeg(
          run,
          `environment:${secret.name}`,
          target,
          `step ${nameOfStep(target)} starts with those variables and ${secret.name}`,
          { what: `Use ${secret.name} in another job`, cost: 3 },
        ),
      ),
    }),
  ];
}

/** The environment of a later step, set by an agent that may run any command. */
function set(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  if (!source || run.capabilities.execute !== 'any' || isContained(run) || isSandboxed(run)) return [];
  const later = privilegedSteps(run).find(
    ({ step: one, effects }) =>
      one.run !== undefined && !effects.some(({ kind }) => kind === 'git' || kind === 'build' || kind === 'unfollowed'),
  );
  const exit = run.exits.find(({ kind }) => kind === 'environment');
  if (!later?.step.run || !exit) return [];
  const { secret, step: target } = later;
  return [
    pathAbout(run, {
      rule: 'PATH07',
      subject: `${run.invocation.product} environment ${nameOfStep(target)}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} set variables that run code in step ${nameOfStep(target)} with ${secret.name}`,
      gain: `The agent meets ${source.what} and may append to the file that sets the variables of every later step. It was not given ${secret.name}, but that step is.`,
      severity: pathSeverity(run),
      confidence: 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        propagationLeg(run, 'environment-file', exit.place, `the agent writes ${exit.what}`, {
          what: 'Start the agent without GITHUB_ENV, GITHUB_PATH and GITHUB_OUTPUT, or as another user',
          cost: 2,
        }),
        sinkLeg(
          run,
          `environment:${secret.name}`,
          target,
          `step ${nameOfStep(target)} starts with those variables and ${secret.name}`,
          {
            what: `Use ${secret.name} in another job`,
            cost: 3,
          },
        ),
      ),
    }),
  ];
}

/** A sandbox of the agent's own that lets it write the tree only. */
function isSandboxed({ capabilities: { write } }: AgentRun): boolean {
  return write !== 'everything';
}
