import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Entry, Interpolation } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agentCommand } from '../agent-job.ts';
import { isContained, meetsOutsiders } from '../agent-rule.ts';
import { commandStep, expression, NIGHTLY, workflow } from '../example.ts';
import { containFix } from '../fixes.ts';
import { contains } from '../places.ts';
import { atMost, milder, writtenRuns } from '../run-weight.ts';
import { ISSUES } from './examples.ts';

const SUMMARY = `SUMMARY: ${expression('steps.read.outputs.summary')}`;
const KEY = `ANTHROPIC_API_KEY: ${expression('secrets.ANTHROPIC_API_KEY')}`;
const READ = `      - id: read
        env:
          ${KEY}
          BODY: ${expression('github.event.issue.body')}
        run: |
          TEXT=$(claude -p "Sum up - $BODY" --max-turns 2 --tools Read)
          echo "summary=$TEXT" >> "$GITHUB_OUTPUT"
`;

const SECOND_ORDER: RuleDescriptor = {
  id: 'INP012',
  name: 'agent-output-as-prompt',
  title: "One agent's output is another's prompt",
  what: 'The answer of an agent reaches the prompt of a second one through an output, a variable or a file, or two agents work one after the other in one checkout, so that the first can write the instruction files of the second.',
  why: 'What an outsider wrote for the weak agent comes to the strong one as the word of a colleague. Tool limits of the first do not help: it only has to pass the sentence on.',
  sources: [
    'Seen: logs to a first model, whose answer prompts a second one that pushes and merges',
    'OWASP Agentic AI threats, T12',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'INP',
  fix: 'unsafe',
  advice:
    'Hand on a value from a fixed list only (a label, a number, JSON that a program checked), check out anew before the second agent, and start it with `sallyport run`.',
  tags: ['CWE-1427', 'CWE-501', 'OWASP-LLM01'],
  attack: [
    workflow(
      `${READ}${commandStep('claude -p "Do it - $SUMMARY" --max-turns 9 --allowedTools "Edit,Bash"', [SUMMARY])}`,
      { on: ISSUES },
    ),
  ],
  benign: [
    workflow(commandStep('claude -p "Sum up the changelog" --max-turns 9 --allowedTools "Edit"'), { on: NIGHTLY }),
  ],
};

/** INP012 */
export const secondOrder: Rule = {
  ...SECOND_ORDER,
  check: (facts) =>
    writtenRuns(facts).flatMap((second) => [...handedOn(second, facts), ...sameCheckout(second, facts)]),
};

/** Agents whose answer the second one can be given: earlier in its job, or in a job of its pipeline. */
function handedOn(second: AgentRun, facts: Facts): readonly FindingDraft[] {
  const others = writtenRuns(facts).filter((run) => run !== second && run.pipeline === second.pipeline);
  if (others.length === 0) return [];
  const found = outputsInPrompt(second).flatMap(({ interpolation, names }) => {
    const first = others.find((run) => names.some((name) => isOutputOf(run, name)));
    return first === undefined ? [] : [draftOf(first, second, interpolation.place, names.join(', '), facts)];
  });
  const through = fileBetween(second, others);
  return through === undefined ? found : [...found, draftOf(through.first, second, through.place, through.file, facts)];
}

interface OutputUse {
  readonly interpolation: Interpolation;
  readonly names: readonly string[];
}

/** Outputs that stand in the prompt, or in a variable that it uses. */
function outputsInPrompt({ invocation, step, job, pipeline }: AgentRun): readonly OutputUse[] {
  const prompts = [...invocation.prompts, ...invocation.systemPrompts];
  const spoken = [...prompts.map(({ text }) => text), step.run?.text.text ?? ''].join('\n');
  const environment = [...step.environment, ...job.environment, ...pipeline.environment].filter(({ name }) =>
    spoken.includes(name),
  );
  const texts: readonly Pick<Entry, 'value'>[] = [...step.inputs, ...environment];
  const inside = (place: Place): boolean => prompts.some(({ place: outer }) => contains(outer, place));
  const all = [
    ...environment.flatMap(({ value }) => value.interpolations),
    ...texts.flatMap(({ value }) => value.interpolations).filter(({ place }) => inside(place)),
    ...(step.run?.text.interpolations ?? []).filter(({ place }) => inside(place)),
  ];
  return [...new Set(all)].flatMap((interpolation) => {
    const names = interpolation.values.filter(({ origin }) => origin === 'output').map(({ name }) => name);
    return names.length === 0 ? [] : [{ interpolation, names }];
  });
}

/** Parts of an answer that say only that there is one. */
const HARMLESS =
  /(?:^|[_-])(?:session[_-]?id|execution[_-]?file|branch[_-]?name|conclusion|outcome|exit[_-]?code|cost|duration|github[_-]token)$/i;

function isOutputOf(first: AgentRun, name: string): boolean {
  const [kind, owner, , output] = name.split('.');
  if (output === undefined || HARMLESS.test(output)) return false;
  if (kind === 'steps') return first.stepPath.some(({ id }) => id !== undefined && id === owner);
  if (kind !== 'needs' || first.job.id !== owner) return false;
  const entry = first.job.outputs.find((candidate) => candidate.name === output);
  const ids = new Set(first.stepPath.map(({ id }) => id));
  return (
    entry?.value.interpolations.some(({ values }) => values.some((value) => ids.has(value.name.split('.')[1]))) ?? false
  );
}

/** `claude … > plan.md`, then `$(cat plan.md)`. */
function fileBetween(second: AgentRun, others: readonly AgentRun[]) {
  const spoken = [...second.invocation.prompts.map(({ text }) => text), agentText(second)].join('\n');
  for (const first of others) {
    if (first.job !== second.job || first.invocation.place.span.start >= second.invocation.place.span.start) continue;
    for (const { operator, target } of agentCommand(first)?.command.redirects ?? []) {
      const file = target?.literal;
      if (
        operator.includes('>') &&
        file !== undefined &&
        file.length > 2 &&
        !file.startsWith('/dev/') &&
        spoken.includes(file)
      )
        return { first, file, place: second.invocation.place };
    }
  }
  return undefined;
}

function agentText(run: AgentRun): string {
  const at = agentCommand(run);
  return at === undefined ? '' : at.script.text.text.slice(at.command.span.start, at.command.span.end);
}

const POWER = { none: 0, listed: 1, any: 2 } as const;

function draftOf(first: AgentRun, second: AgentRun, place: Place, through: string, facts: Facts): FindingDraft {
  const stronger =
    POWER[second.capabilities.execute] > POWER[first.capabilities.execute] || second.capabilities.forgeWrite;
  const tainted = meetsOutsiders(first);
  const base: Severity = stronger ? 'high' : 'medium';
  return {
    rule: 'INP012',
    message: `What ${first.invocation.spelled} of job ${first.job.id} answers is part of the prompt of ${second.invocation.spelled} in job ${second.job.id} (${through})`,
    detail:
      `${tainted ? 'The first agent reads what outsiders write, and a sentence that asks for it is passed on.' : 'The first agent reads what members write.'} ${stronger ? 'The second one has more power than the first.' : ''}`.trim(),
    severity: isContained(second) ? 'low' : tainted ? base : milder(base),
    confidence: 'medium',
    place,
    subject: `${second.job.id} output of ${first.job.id}`,
    related: [
      { place: first.invocation.place, message: 'the first agent' },
      { place: second.invocation.place, message: 'the second agent' },
    ],
    fixes: isContained(second) ? [] : containFix(second, facts),
  };
}

/** The first pass may write AGENTS.md or CLAUDE.md, and the second obeys it. */
function sameCheckout(second: AgentRun, facts: Facts): readonly FindingDraft[] {
  const first = writtenRuns(facts).find(
    (run) =>
      run.job === second.job &&
      run.step !== second.step &&
      run.invocation.place.span.start < second.invocation.place.span.start,
  );
  if (first === undefined || first.capabilities.write === 'none' || !meetsOutsiders(first)) return [];
  // Steps with conditions are most often alternatives: one agent for issues, one for changes.
  if ([...first.stepPath, ...second.stepPath].some(({ condition }) => condition !== undefined)) return [];
  if (second.invocation.bare || second.invocation.restores.length > 0 || isRenewed(first, second)) return [];
  const draft = draftOf(first, second, second.invocation.place, 'its instruction files', facts);
  return [
    {
      ...draft,
      message: `${second.invocation.spelled} in job ${second.job.id} works in the tree that ${first.invocation.spelled} left, and obeys the instruction files in it`,
      severity: atMost('medium', draft.severity),
      subject: `${second.job.id} two agents in one checkout`,
    },
  ];
}

function isRenewed(first: AgentRun, second: AgentRun): boolean {
  const from = first.invocation.place.span.end;
  const to = second.invocation.place.span.start;
  return second.effectsBefore.some(
    (effect) =>
      effect.place.file === second.invocation.place.file &&
      effect.place.span.start > from &&
      effect.place.span.end < to &&
      (effect.kind === 'checkout' ||
        (effect.kind === 'git' && /^(?:checkout|restore|reset|clean|stash)$/.test(effect.subcommand))),
  );
}
