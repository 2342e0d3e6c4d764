import type { AgentRun, Certainty, Facts } from '../facts/index.ts';
import { createLineIndex, type Place } from '../syntax/index.ts';
import { escapeTerminal } from '../text/index.ts';

/** Agents by job: `review`, `.github/workflows/x.yml`, `x.yml#review` or a full id. Everything when nothing is named. */
export function findRuns(facts: Facts, wanted: string | undefined): readonly AgentRun[] {
  if (wanted === undefined) return facts.runs;
  return facts.runs.filter(
    ({ id, job, pipeline }) =>
      id === wanted ||
      job.id === wanted ||
      pipeline.file.path === wanted ||
      id.split('/').slice(0, -1).join('/').endsWith(wanted),
  );
}

/** What will really be in force for one agent, in plain words, each line with the place it follows from. */
export function explainAgent(run: AgentRun, facts: Facts): string {
  const at = placer(facts);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Started by', startLines(run, at)],
    ['Works in', [treeLine(run, at)]],
    [
      'Meets',
      run.sources.map(({ what, channel, who, place }) => `${what} — ${channel}, written by ${who}${at(place)}`),
    ],
    [
      'In force',
      run.effective
        .filter(({ inForce }) => inForce === 'yes')
        .map((fact) => `${fact.subject}: ${fact.why}${at(fact.place)}`),
    ],
    [
      'Not in force',
      run.effective
        .filter(({ inForce }) => inForce === 'no')
        .map((fact) => `${fact.subject}: ${fact.why}${at(fact.place)}`),
    ],
    [
      'Depends',
      run.effective
        .filter(({ inForce }) => inForce === 'unknown')
        .map((fact) => `${fact.subject}: ${fact.why}${at(fact.place)}`),
    ],
    ['May', capabilityLines(run, at)],
    [
      'Can reach',
      run.credentials.map(
        ({ name, class: kind, reachable, why, place }) => `${name} (${kind}): ${SURE[reachable]}, ${why}${at(place)}`,
      ),
    ],
    [
      'Ways out',
      run.exits.map(
        ({ kind, what, by, place }) => `${kind}: ${what}${by === 'later-step' ? ', by a later step' : ''}${at(place)}`,
      ),
    ],
    [
      'Held by',
      run.controls.map(
        ({ kind, what, certainty, place }) =>
          `${kind}: ${what}${certainty === 'yes' ? '' : ` (${certainty === 'no' ? 'does not hold' : 'cannot be verified here'})`}${at(place)}`,
      ),
    ],
  ];
  const body = sections.map(([title, lines]) =>
    [title, ...(lines.length > 0 ? lines : ['nothing']).map((line) => `  ${escapeTerminal(line)}`)].join('\n'),
  );
  return [`${escapeTerminal(run.id)}: ${run.invocation.product}`, ...body, `Rule of two: ${trifecta(run)}`].join('\n');
}

const SURE: Record<Certainty, string> = { yes: 'yes', no: 'no', unknown: 'possibly' };

function startLines(run: AgentRun, at: (place: Place) => string): readonly string[] {
  const triggers = run.triggers.map(
    ({ event, who, privileged, place }) => `${event}: ${who}${privileged ? ', with secrets' : ''}${at(place)}`,
  );
  const gates = run.gates.map(
    ({ kind, spoofable, place }) => `gate ${kind}${spoofable === undefined ? '' : `, but ${spoofable}`}${at(place)}`,
  );
  return [...triggers, ...gates, `in the end: ${run.startedBy}`];
}

function treeLine({ tree }: AgentRun, at: (place: Place) => string): string {
  const credentials = tree.persistsCredentials === 'no' ? 'without credentials in .git' : 'with credentials in .git';
  if (!tree.place) return 'no checkout before it';
  return `the tree of ${tree.provenance === 'pull-request' ? 'the pull request' : tree.provenance}, ${credentials}${at(tree.place)}`;
}

function capabilityLines({ capabilities }: AgentRun, at: (place: Place) => string): readonly string[] {
  const { read, write, execute, network, forgeWrite, because } = capabilities;
  return [
    `read ${read}, write ${write}, run ${execute} command, network ${network}${forgeWrite ? ', write to the forge' : ''}`,
    ...because.map(({ what, place }) => `because ${what}${place ? at(place) : ''}`),
  ];
}

function trifecta({ trifecta: { untrusted, privateData, wayOut } }: AgentRun): string {
  const legs = [untrusted, privateData, wayOut];
  const sure = legs.filter((leg) => leg === 'yes').length;
  const possible = legs.filter((leg) => leg !== 'no').length;
  const words = `untrusted input ${untrusted}, private data ${privateData}, way out ${wayOut}`;
  return `${sure === possible ? sure : `${sure} to ${possible}`} of 3 (${words})`;
}

function placer(facts: Facts): (place: Place) => string {
  return ({ file, span }) => {
    const source = facts.source(file);
    if (!source) return ` [${file}]`;
    const { line, column } = createLineIndex(source.text).position(span.start);
    return ` [${file}:${line}:${column}]`;
  };
}
