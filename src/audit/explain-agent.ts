import { grantNote } from '../agents/index.ts';
import type { SourceLocation } from '../errors/index.ts';
import type { AgentRun, Certainty, Facts } from '../facts/index.ts';
import { createLineIndex, type Place } from '../syntax/index.ts';
import { escapeTerminal } from '../text/index.ts';
import { denyRules } from './rules/agt/granted.ts';

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

/** One statement about an agent, with the place it follows from. */
export interface AgentStatement {
  readonly text: string;
  readonly at: SourceLocation | undefined;
}

/** What will really be in force for one agent. */
export interface AgentExplanation {
  readonly id: string;
  readonly product: string;
  readonly sections: readonly { readonly title: string; readonly statements: readonly AgentStatement[] }[];
  /** What comes together here. */
  readonly ruleOfTwo: string;
}

type Statement = readonly [text: string, place?: Place | undefined];

/** What will really be in force for one agent, in plain words, each statement with the place it follows from. */
export function explainAgent(run: AgentRun, facts: Facts): AgentExplanation {
  const locate = locator(facts);
  const sections: readonly (readonly [string, readonly Statement[]])[] = [
    ['Started by', startStatements(run)],
    ['Works in', [treeStatement(run)]],
    ['Meets', run.sources.map(({ what, channel, who, place }) => [`${what} — ${channel}, written by ${who}`, place])],
    ['In force', effectiveStatements(run, 'yes')],
    ['Not in force', effectiveStatements(run, 'no')],
    ['Depends', effectiveStatements(run, 'unknown')],
    ['May', capabilityStatements(run)],
    [
      'Can reach',
      run.credentials.map(({ name, class: kind, reachable, why, place }) => [
        `${name} (${kind}): ${SURE[reachable]}, ${why}`,
        place,
      ]),
    ],
    [
      'Ways out',
      run.exits.map(({ kind, what, by, place }) => [
        `${kind}: ${what}${by === 'later-step' ? ', by a later step' : ''}`,
        place,
      ]),
    ],
    ['Held by', run.controls.map(({ kind, what, certainty, place }) => [`${kind}: ${what}${HOLDS[certainty]}`, place])],
  ];
  return {
    id: run.id,
    product: run.invocation.product,
    sections: sections.map(([title, statements]) => ({
      title,
      statements: statements.map(([text, place]) => ({ text, at: place && locate(place) })),
    })),
    ruleOfTwo: trifecta(run),
  };
}

/** The explanation for a terminal. */
export function formatExplanation({ id, product, sections, ruleOfTwo }: AgentExplanation): string {
  const body = sections.map(({ title, statements }) => {
    const lines = statements.map(({ text, at }) => `  ${escapeTerminal(`${text}${at ? placeText(at) : ''}`)}`);
    return [title, ...(lines.length > 0 ? lines : ['  nothing'])].join('\n');
  });
  return [`${escapeTerminal(id)}: ${product}`, ...body, `Rule of two: ${ruleOfTwo}`].join('\n');
}

function placeText({ file, line, column }: SourceLocation): string {
  return ` [${file}:${line}:${column}]`;
}

const SURE: Record<Certainty, string> = { yes: 'yes', no: 'no', unknown: 'possibly' };
const HOLDS: Record<Certainty, string> = { yes: '', no: ' (does not hold)', unknown: ' (cannot be verified here)' };

function effectiveStatements(run: AgentRun, wanted: Certainty): readonly Statement[] {
  const { effective, invocation } = run;
  const refusing = denyRules(run).map(({ text }) => text);
  return effective
    .filter(({ inForce }) => inForce === wanted)
    .map(({ subject, kind, why, place }): Statement => {
      const isGrant = kind === 'allow' && wanted !== 'no';
      const note = isGrant ? `; ${grantNote(invocation.product, subject.replace(/^allow\s+/, ''), refusing)}` : '';
      return [`${subject}: ${why}${note}`, place];
    });
}

function startStatements(run: AgentRun): readonly Statement[] {
  const triggers = run.triggers.map(({ event, who, privileged, place }): Statement => {
    return [`${event}: ${who}${privileged ? ', with secrets' : ''}`, place];
  });
  const gates = run.gates.map(({ kind, spoofable, place }): Statement => {
    return [`gate ${kind}${spoofable === undefined ? '' : `, but ${spoofable}`}`, place];
  });
  return [...triggers, ...gates, [`in the end: ${run.startedBy}`]];
}

function treeStatement({ tree }: AgentRun): Statement {
  const credentials = tree.persistsCredentials === 'no' ? 'without credentials in .git' : 'with credentials in .git';
  if (!tree.place) return ['no checkout before it'];
  const whose = tree.provenance === 'pull-request' ? 'the pull request' : tree.provenance;
  return [`the tree of ${whose}, ${credentials}`, tree.place];
}

function capabilityStatements({ capabilities }: AgentRun): readonly Statement[] {
  const { read, write, execute, network, forgeWrite, because } = capabilities;
  return [
    [
      `read ${read}, write ${write}, run ${execute} command, network ${network}${forgeWrite ? ', write to the forge' : ''}`,
    ],
    ...because.map(({ what, place }): Statement => [`because ${what}`, place]),
  ];
}

function trifecta({ trifecta: { untrusted, privateData, wayOut } }: AgentRun): string {
  const legs = [untrusted, privateData, wayOut];
  const sure = legs.filter((leg) => leg === 'yes').length;
  const possible = legs.filter((leg) => leg !== 'no').length;
  const words = `untrusted input ${untrusted}, private data ${privateData}, way out ${wayOut}`;
  return `${sure === possible ? sure : `${sure} to ${possible}`} of 3 (${words})`;
}

/** The first column of a file that was not kept. */
function locator(facts: Facts): (place: Place) => SourceLocation {
  return ({ file, span }) => {
    const source = facts.source(file);
    return { file, ...(source ? createLineIndex(source.text).position(span.start) : { line: 1, column: 1 }) };
  };
}
