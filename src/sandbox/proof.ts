import type { JsonObject } from '../system/index.ts';
import type { SecretSentinel } from '../text/index.ts';
import { fileAttacks, kernelAttacks, networkAttacks, processAttacks } from './probe/attacks.ts';
import type { Check, CheckContext } from './probe/checks.ts';
import { judgeView, type ViewContext } from './probe/judge-view.ts';
import { descriptorObservations, viewObservations } from './probe/observations.ts';
import type { Answer, Call } from './probe/program.ts';
import { ERRNO } from './seccomp/syscalls.ts';

/** One check of the self-test: what had to come of it and what did. */
export type CheckOutcome = {
  readonly name: string;
  readonly expected: string;
  readonly outcome: string;
  readonly held: boolean;
};

/** The self-test's result: the first record of a run. Nothing starts unless it holds. */
export type Proof = JsonObject & {
  readonly holds: boolean;
  readonly checks: readonly CheckOutcome[];
};

/** Every row of the probe, in order: descriptors first, before it opens any of its own; foreign calls last. */
export function probeChecks(context: CheckContext): readonly Check[] {
  return [
    ...descriptorObservations(),
    ...viewObservations(context),
    ...networkAttacks(context),
    ...fileAttacks(context),
    ...processAttacks(context),
    ...kernelAttacks(context),
  ];
}

export function callsOf(checks: readonly Check[]): readonly Call[] {
  return checks.map((check) => check.call);
}

/**
 * Judges what the probe reported. A row that did not run counts like an attack that succeeded.
 * @param touched names of canaries that noticed somebody.
 */
export function judgeProof(
  checks: readonly Check[],
  answers: ReadonlyMap<string, Answer>,
  view: ViewContext,
  touched: ReadonlySet<string>,
  sentinel: SecretSentinel | undefined,
): Proof {
  const outcomes = [
    ...checks.filter((check) => check.expect.kind !== 'observed').map((check) => judgeRow(check, answers)),
    ...judgeView(answers, view),
    judgeCanaries(touched),
    ...judgeSecrets(answers, sentinel),
  ];
  return { holds: outcomes.every((outcome) => outcome.held), checks: outcomes };
}

function judgeRow(check: Check, answers: ReadonlyMap<string, Answer>): CheckOutcome {
  const name = check.call.name;
  const expected = describe(check.expect);
  const answer = answers.get(name);
  if (answer === undefined) return { name, expected, outcome: 'did not run', held: false };
  const { result } = answer;
  switch (check.expect.kind) {
    case 'refused': {
      const held = check.expect.errors.some((error) => result === -ERRNO[error]);
      return { name, expected, outcome: describeResult(result), held };
    }
    case 'killed':
      return { name, expected, outcome: describeStatus(result), held: (result & 0x7f) === SIGSYS };
    default:
      return { name, expected, outcome: describeResult(result), held: result >= 0 };
  }
}

const SIGSYS = 31;

function judgeCanaries(touched: ReadonlySet<string>): CheckOutcome {
  const outcome = touched.size === 0 ? 'not reached' : `reached: ${[...touched].join(', ')}`;
  return { name: 'host.canaries', expected: 'not reached', outcome, held: touched.size === 0 };
}

/** No known secret anywhere in what the probe could read, in any encoding. */
function judgeSecrets(
  answers: ReadonlyMap<string, Answer>,
  sentinel: SecretSentinel | undefined,
): readonly CheckOutcome[] {
  if (sentinel === undefined) return [];
  const everything = Buffer.concat([...answers.values()].map((answer) => answer.bytes));
  const hits = sentinel.find(everything).map((hit) => `${hit.name} (${hit.encoding})`);
  const outcome = hits.length === 0 ? 'none' : [...new Set(hits)].join(', ');
  return [{ name: 'view.secrets', expected: 'none', outcome, held: hits.length === 0 }];
}

function describe(expect: Check['expect']): string {
  if (expect.kind === 'refused') return `refused: ${expect.errors.join(' or ')}`;
  return expect.kind === 'killed' ? 'killed by the filter' : 'works';
}

function describeResult(result: number): string {
  if (result >= 0) return 'succeeded';
  const name = Object.entries(ERRNO).find(([, number]) => number === -result)?.[0];
  return `refused: ${name ?? `error ${-result}`}`;
}

function describeStatus(status: number): string {
  if (status < 0) return describeResult(status);
  return (status & 0x7f) === 0 ? 'survived' : `killed by signal ${status & 0x7f}`;
}
