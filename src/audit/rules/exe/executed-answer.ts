import { agentTextOutputs } from '../../../agents/index.ts';
import { type AgentRun, AnswerFlow, type Facts } from '../../../facts/index.ts';
import type { Fix } from '../../../findings/index.ts';
import type { Interpolation, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { agentRule, meetsOutsiders, type RunFinding, titleOf } from '../agent-rule.ts';
import { environmentFix } from '../ci/injection-fix.ts';
import { workflow } from '../example.ts';
import { EXE } from './examples.ts';
import { laterSteps } from './later-steps.ts';
import { withFixes } from './loaded-configuration.ts';

/** EXE010. Texts that Groovy puts into a command are JK009. */
export const executedOutput: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE010',
    name: 'agent-output-executed',
    title: 'What the agent answers is executed',
    what: 'The answer of an agent becomes code: `eval`, a pipe into a shell, `bash -c`, a script that was written with it, or an output that is put into a script by an expression. The answer is followed through the variables, files and outputs of its job.',
    why: 'Whoever writes what the agent reads then writes a command of the job. That the agent itself may run nothing does not matter.',
    sources: ['CodeQL CWE-1426, improper validation of AI output', 'GitHub Security Lab, "Untrusted input"'],
    severity: 'critical',
    confidence: 'high',
    fix: 'unsafe',
    advice: 'Take the answer through `env:` and quotes, check it against a list, and never evaluate it.',
    tags: ['CWE-1426', 'CWE-94', 'CWE-78', 'OWASP-CICD-SEC-4'],
    attack: [
      workflow(
        `      - run: eval "$(claude -p 'Name the command to fix this' --tools Read)"\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
    ],
    benign: [
      workflow(
        `      - run: claude -p 'Name the command to fix this' --tools Read > answer.txt\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    const severity = meetsOutsiders(run) ? 'critical' : 'high';
    const answer = new AnswerFlow(run);
    for (const { place, spelled } of answer.executed())
      yield {
        message: `The answer of ${titleOf(run)} is run as a command: \`${spelled}\``,
        severity,
        place,
        about: `executed by ${spelled}`,
      };
    for (const hit of spokenInto(run, answer)) {
      yield {
        message: `${run.pipeline.platform === 'github' ? `\${{ ${hit.name} }}` : hit.name}, which ${titleOf(run)} wrote, is put into a script before it is read as a program`,
        severity: hit.free ? severity : 'medium',
        confidence: hit.free ? 'high' : 'medium',
        place: hit.place,
        about: `output ${hit.name}`,
        ...withFixes(variableFix(hit, facts)),
      };
    }
  },
);

/** Outputs that the action itself composes: where its record lies, and a branch of its own prefix, number and date. */
const NAMED_BY_ACTION: ReadonlySet<string> = new Set(['execution_file', 'branch_name']);

/** An expression with the answer in a script behind the agent. */
interface Spoken {
  readonly place: Place;
  readonly name: string;
  /** It is known to hold what the model says; else a script may have put anything into it. */
  readonly free: boolean;
  readonly later: Step;
  readonly interpolation: Interpolation;
}

/** Outputs of the agent's step, variables that hold the answer, and outputs of its job, in scripts that come later. */
function spokenInto(run: AgentRun, answer: AnswerFlow): readonly Spoken[] {
  const own = (name: string) => heldBy(name, run, answer);
  const passed = passedOn(run, answer);
  const next = run.pipeline.jobs
    .filter(({ needs }) => needs.some(({ value }) => value === run.job.id))
    .flatMap(({ steps }) => flatSteps(steps));
  return [
    ...laterSteps(run).flatMap((later) => spokenIn(later, own)),
    ...(passed.size === 0 ? [] : next.flatMap((later) => spokenIn(later, (name) => passed.get(name)))),
  ];
}

/** How the answer is in a value: for certain, perhaps, or not at all. */
type Held = 'free' | 'perhaps' | undefined;

function spokenIn(later: Step, held: (name: string) => Held): readonly Spoken[] {
  return (later.run?.text.interpolations ?? []).flatMap((interpolation) => {
    const { place, expanded, values } = interpolation;
    const hit = expanded === 'before' ? values.find(({ name }) => held(name) !== undefined) : undefined;
    return hit ? [{ place, name: hit.name, free: held(hit.name) === 'free', later, interpolation }] : [];
  });
}

function heldBy(name: string, run: AgentRun, answer: AnswerFlow): Held {
  if (answer.isInVariable(name.replace(/^(?:env|variables)\./, ''))) return 'free';
  const { id, uses } = run.step;
  const prefix = `steps.${id}.outputs.`;
  const output = name.slice(prefix.length);
  if (id === undefined || !name.startsWith(prefix) || NAMED_BY_ACTION.has(output)) return undefined;
  if (answer.isInOutput(output)) return 'free';
  // Of an action the table says which outputs are the answer; a script may have put anything into its own.
  return uses !== undefined && agentTextOutputs(uses.name) !== undefined ? undefined : 'perhaps';
}

/** What the jobs behind the agent's read of its answer: `needs.ask.outputs.label`. */
function passedOn(run: AgentRun, answer: AnswerFlow): ReadonlyMap<string, Held> {
  const { job } = run;
  const passed = job.outputs.flatMap(({ name, value }) => {
    const held = value.interpolations.flatMap(({ values }) => values).map((one) => heldBy(one.name, run, answer));
    const best = held.find((one) => one === 'free') ?? held.find((one) => one !== undefined);
    return best === undefined ? [] : [[`needs.${job.id}.outputs.${name}`, best] as const];
  });
  return new Map(passed);
}

/** The shell reads the answer from its environment instead. */
function variableFix({ later, interpolation, place }: Spoken, facts: Facts): readonly Fix[] {
  const source = facts.source(place.file)?.text;
  const fix = source === undefined ? undefined : environmentFix(later, [interpolation], source);
  return fix === undefined ? [] : [fix];
}
