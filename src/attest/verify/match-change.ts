import { createHash } from 'node:crypto';
import { canonicalize } from '../../ledger/index.ts';
import type { RawChange } from '../../workspace/index.ts';
import type { ChangeContent } from '../change/change-identity.ts';
import type { StatementFault, Subject } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import type { RunRecord } from '../run-record/run-record.ts';
import { aiChangePredicate, contextOf } from '../statement/ai-change.ts';
import { type AiChange, aiChange } from '../statement/ai-change-schema.ts';
import { runtimeTraceStatement } from '../statement/runtime-trace.ts';
import { PATCH_NAME } from '../statement/subject.ts';
import { faultAt } from './fault.ts';
import type { OpenedStatement } from './open-bundle.ts';
import { valueAt } from './value-at.ts';

/** What was found here, with which a statement is compared. Nothing of it comes from the statement. */
export interface ExpectedChange {
  readonly content: ChangeContent;
  /** Text of the policy file at the protected ref; `undefined` when there is none. */
  readonly policy: string | undefined;
  /** The run as its ledger tells it; `undefined` when no ledger is at hand. */
  readonly run: RunRecord | undefined;
  /** The patch that the run left, and the tree that it makes of the base's; `undefined` when it is not at hand. */
  readonly patch: PatchResult | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds after which a statement is too old; `undefined`: it keeps. */
  readonly maxAge?: number | undefined;
}

export interface PatchResult {
  readonly sha256: string;
  /** `undefined`: it does not apply. */
  readonly tree: string | undefined;
}

/** Clocks differ. Milliseconds. */
const SKEW = 5 * 60_000;

type Check = (opened: OpenedStatement, expected: ExpectedChange) => StatementFault | undefined;

/** Steps 8 to 13, in this order: is it about this very change, in this context, under this policy, of this run, now? */
export function matchChange(opened: OpenedStatement, expected: ExpectedChange): StatementFault | undefined {
  const checks: readonly Check[] = [checkSubject, checkContext, checkBase, checkPolicy, checkLog, checkFreshness];
  for (const check of checks) {
    const fault = check(opened, expected);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Digest by which statements name the policy file at the base. Without a file: of nothing. */
export function policyDigestOf(policy: string | undefined): string {
  return createHash('sha256')
    .update(policy ?? '')
    .digest('hex');
}

function checkSubject({ statement }: OpenedStatement, { content }: ExpectedChange): StatementFault | undefined {
  const [commit, ...others] = statement.subject;
  const { gitCommit, gitTree, ...rest } = commit?.digest ?? {};
  const { headCommit, headTree } = content.identity;
  if (gitCommit !== headCommit || gitTree !== headTree || Object.keys(rest).length > 0)
    return faultAt('subject', `it is about commit ${gitCommit?.slice(0, 12)}, not about ${headCommit.slice(0, 12)}`);
  if (others.length > 1 || others.some((subject) => !isPatch(subject)))
    return faultAt('subject', 'it is about something else as well', 'extra');
  if (statement.predicateType === PREDICATES.forgeReview && statement.predicate['headCommit'] !== headCommit)
    return faultAt('subject', 'the forge spoke of another commit', 'content');
  if (statement.predicateType !== PREDICATES.aiChange) return undefined;
  return isSameContent(changeOf(statement.predicate), content)
    ? undefined
    : faultAt('subject', 'the commits and files that it lists are not those of the change', 'content');
}

function isPatch({ name, digest }: Subject): boolean {
  return name === PATCH_NAME && digest['sha256'] !== undefined && Object.keys(digest).length === 1;
}

function changeOf(predicate: unknown): AiChange['change'] {
  return aiChange.parse(predicate).change;
}

function isSameContent(stated: AiChange['change'], content: ChangeContent): boolean {
  const { headCommit, headTree } = content.identity;
  const row = ({ path, status, mode, oldBlob, newBlob }: RawChange): string =>
    [path, status, mode, oldBlob, newBlob].join('\0');
  return (
    stated.headCommit === headCommit &&
    stated.headTree === headTree &&
    stated.changeDigest.value === content.digest &&
    stated.commits.join() === content.commits.join() &&
    stated.files.map(row).join('\n') === content.files.map(row).join('\n')
  );
}

function checkContext({ statement }: OpenedStatement, { content }: ExpectedChange): StatementFault | undefined {
  const { repository, targetRef } = content.identity;
  const { uri, annotations } = statement.subject[0] ?? {};
  const refs = annotations?.sourceRefs ?? [];
  if (uri !== repository) return faultAt('context', `it is about ${uri}, not about ${repository}`, 'repository');
  if (refs.length !== 1 || refs[0] !== targetRef)
    return faultAt('context', `it is for ${refs.join()}, not for ${targetRef}`, 'target');
  const { resourceUri } = statement.predicate;
  if (statement.predicateType === PREDICATES.summary && resourceUri !== repository)
    return faultAt('context', `its resource is ${String(resourceUri)}`, 'repository');
  if (statement.predicateType !== PREDICATES.aiChange) return undefined;
  const stated = changeOf(statement.predicate);
  return stated.repository === repository && stated.targetRef === targetRef
    ? undefined
    : faultAt('context', 'subject and predicate name different places', 'contradiction');
}

function checkBase({ statement }: OpenedStatement, { content }: ExpectedChange): StatementFault | undefined {
  const { baseCommit } = content.identity;
  const stated = statement.subject[0]?.annotations?.baseCommit;
  const also = statement.predicateType === PREDICATES.aiChange ? changeOf(statement.predicate).baseCommit : stated;
  return stated === baseCommit && also === baseCommit
    ? undefined
    : faultAt('base', `it was made on ${stated?.slice(0, 12)}, not on ${baseCommit.slice(0, 12)}`);
}

function checkPolicy({ statement }: OpenedStatement, { policy }: ExpectedChange): StatementFault | undefined {
  const wanted = policyDigestOf(policy);
  const stated = policiesOf(statement.predicateType, statement.predicate);
  return stated.every((digest) => digest === wanted)
    ? undefined
    : faultAt('policy', 'it was made under another policy than that of the protected branch');
}

/** Digests of the policy that a statement names; the types without one name none. */
function policiesOf(predicateType: string, predicate: unknown): readonly unknown[] {
  switch (predicateType) {
    case PREDICATES.aiChange:
      return [aiChange.parse(predicate).policy.source.sha256 ?? policyDigestOf(undefined)];
    case PREDICATES.summary:
      return [valueAt(predicate, 'policy', 'digest', 'sha256')];
    case PREDICATES.verdict: {
      const policies = valueAt(predicate, 'verifier', 'policies');
      // None named is one that cannot be compared.
      if (!Array.isArray(policies) || policies.length === 0) return [undefined];
      return policies.map((row: unknown) => valueAt(row, 'digest', 'sha256'));
    }
    default:
      return [];
  }
}

function checkLog({ statement }: OpenedStatement, expected: ExpectedChange): StatementFault | undefined {
  const { predicateType, predicate } = statement;
  if (predicateType !== PREDICATES.aiChange && predicateType !== PREDICATES.runtimeTrace) return undefined;
  const { run, patch } = expected;
  if (run === undefined) return faultAt('log', 'the ledger of its run is not at hand', 'missing');
  if (predicateType === PREDICATES.runtimeTrace) {
    const stated = String(valueAt(predicate, 'metadata', 'statedOn'));
    const told = runtimeTraceStatement(expected.content.identity, run, stated).predicate;
    return canonicalize(told) === canonicalize(predicate) ? undefined : faultAt('log', 'it is about another ledger');
  }
  if (patch === undefined) return faultAt('log', 'the patch of its run is not at hand', 'missing');
  const stated = aiChange.parse(predicate);
  const other =
    differingProof(statement.subject[1]?.digest['sha256'], run, patch, expected) ??
    differingField(stated, aiChangePredicate(expected.content, run, contextOf(stated)));
  return other === undefined ? undefined : faultAt('log', `the ledger tells another ${other}`);
}

/** That the run began at the base, and that its patch is all of the change. */
function differingProof(
  patchSubject: string | undefined,
  run: RunRecord,
  patch: PatchResult,
  { content: { identity } }: ExpectedChange,
): string | undefined {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['base', identity.baseCommit, run.baseCommit],
    ['patch', patchSubject, run.patchSha256],
    ['patch', patch.sha256, run.patchSha256],
    ['result', identity.headTree, patch.tree],
  ];
  return pairs.find(([, one, other]) => one !== other)?.[0];
}

/** The route to the first field that is not the same: `log.root`. */
function differingField(one: unknown, other: unknown, route: readonly string[] = []): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return route.join('.');
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = differingField(valueAt(one, key), valueAt(other, key), [...route, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkFreshness(opened: OpenedStatement, { now, maxAge }: ExpectedChange): StatementFault | undefined {
  const stated = momentOf(opened.statement.predicateType, opened.statement.predicate);
  // A test result of the specification names no time; the key is valid now, and that is all that is known.
  if (stated === undefined) return undefined;
  const moment = Date.parse(String(stated));
  // Written so that a moment that is none is refused, too.
  if (!(moment <= now + SKEW)) return faultAt('freshness', 'it comes from the future', 'future');
  if (!opened.holdsAt(moment)) return faultAt('freshness', 'the key was not valid when it was signed', 'key');
  if (maxAge !== undefined && now - moment > maxAge) return faultAt('freshness', 'it is too old', 'age');
  return undefined;
}

function momentOf(predicateType: string, predicate: unknown): unknown {
  const routes: { readonly [type: string]: readonly string[] } = {
    [PREDICATES.aiChange]: ['createdAt'],
    [PREDICATES.verdict]: ['timeCreated'],
    [PREDICATES.summary]: ['timeVerified'],
    [PREDICATES.vulnerabilities]: ['metadata', 'scanFinishedOn'],
    [PREDICATES.runtimeTrace]: ['metadata', 'statedOn'],
    [PREDICATES.forgeReview]: ['readAt'],
  };
  const route = routes[predicateType];
  return route === undefined ? undefined : valueAt(predicate, ...route);
}
