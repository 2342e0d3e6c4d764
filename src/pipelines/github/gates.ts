import type { Place } from '../../syntax/index.ts';
import type { Gate, GateStrength } from '../model.ts';
import type { Expression } from './expression.ts';

/** About whom a permission check asked whose answer is this output of a step or job; undefined when none did. */
export type PermissionAsked = (path: readonly string[]) => string | undefined;

type Leaf = Pick<Gate, 'kind' | 'strength' | 'spoofable' | 'principal'>;

const TRUSTED_ASSOCIATIONS: ReadonlySet<string> = new Set(['owner', 'member', 'collaborator']);

const PRINCIPALS: readonly (readonly [prefix: string, principal: string])[] = [
  ['github.actor', 'actor'],
  ['github.triggering_actor', 'triggering-actor'],
  ['github.event.sender', 'sender'],
  ['github.event.comment', 'comment-author'],
  ['github.event.review', 'review-author'],
  ['github.event.pull_request', 'pull-request-author'],
  ['github.event.issue', 'issue-author'],
  ['github.event.discussion', 'discussion-author'],
  ['github.event.workflow_run', 'workflow-run-actor'],
];

/** Account numbers of bots that open pull requests: dependabot, its former preview, renovate, github-actions. */
const BOT_IDS: ReadonlySet<string> = new Set(['49699333', '27856297', '29139614', '41898282']);

const BOT_SPOOF = 'a pull request whose last push or re-run was by that bot passes, whoever wrote its content';
const CONTAINS_SPOOF = 'the list is one text, and a part of any of its words passes too';
const KEYWORD_SPOOF = 'anybody can write the word';

const AUTHORS: ReadonlySet<string> = new Set([
  ...['pull-request-author', 'issue-author', 'comment-author', 'review-author', 'discussion-author'],
]);

/** Text fields that outsiders write. */
const FREE_TEXT = ['body', 'title', 'message', 'description'];

/**
 * The gate that one test of a condition is, for the case that the test holds (`positive`) or fails. Undefined for a
 * test that keeps nobody out.
 */
export function gateOf(test: Expression, positive: boolean, asked: PermissionAsked, place: Place): Gate | undefined {
  const leaf = leafOf(test, positive, asked);
  return leaf === undefined ? undefined : { ...leaf, place };
}

function leafOf(test: Expression, positive: boolean, asked: PermissionAsked): Leaf | undefined {
  if (test.kind === 'context') return truthGate(pathOf(test), positive, asked);
  if (test.kind === 'compare' && test.operator !== 'order') {
    const equal = (test.operator === 'equal') === positive;
    return equal ? equalityGate(test.left, test.right, asked) : inequalityGate(test.left, test.right);
  }
  if (test.kind === 'call' && positive) return callGate(test.name, test.arguments, asked);
  return undefined;
}

function pathOf(expression: Expression): string {
  return expression.kind === 'context' ? expression.path.join('.').toLowerCase() : '';
}

function leaf(kind: Gate['kind'], strength: GateStrength, principal?: string, spoofable?: string): Leaf {
  return { kind, strength, principal, spoofable };
}

function principalOf(path: string): string | undefined {
  return PRINCIPALS.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`))?.[1];
}

function truthGate(path: string, positive: boolean, asked: PermissionAsked): Leaf | undefined {
  if (!positive) return path.endsWith('.repo.fork') ? leaf('same-repository', 3, 'pull-request-author') : undefined;
  // Only people with read access can start anything in a private repository.
  if (path.endsWith('repository.private')) return leaf('association', 3, 'repository-reader');
  // The list is empty for runs that a fork caused.
  if (path.startsWith('github.event.workflow_run.pull_requests'))
    return leaf('same-repository', 3, 'workflow-run-actor');
  if (path.endsWith('pull_request.merged')) return leaf('branch-protection', 3, 'maintainer');
  return checkGate(path, asked);
}

/** The answer of a check of rights. */
function checkGate(path: string, asked: PermissionAsked): Leaf | undefined {
  const principal = asked(path.split('.'));
  return principal === undefined ? undefined : leaf('permission-check', 3, principal);
}

function equalityGate(left: Expression, right: Expression, asked: PermissionAsked): Leaf | undefined {
  const [a, b] = left.kind === 'context' ? [left, right] : [right, left];
  const path = pathOf(a);
  if (path === '') return undefined;
  if (b.kind === 'context') return sameAs(path, pathOf(b));
  if (b.kind !== 'literal') return undefined;
  const value = String(b.value).toLowerCase();
  if (path.endsWith('actor_id') && BOT_IDS.has(value)) return leaf('bot-name', 1, 'actor', BOT_SPOOF);
  if (value === 'false') return truthGate(path, false, asked);
  if (value === 'true') return truthGate(path, true, asked);
  if (path === 'github.repository' || path === 'github.repository_owner') return leaf('repository', 0);
  if (path.endsWith('.label.name')) return leaf('label', 2, 'label');
  if (path.endsWith('.workflow_run.event')) {
    return value.startsWith('pull_request') ? undefined : leaf('same-repository', 3, 'workflow-run-actor');
  }
  if (isLoginPath(path) || path.endsWith('.author_association')) return memberGate(path, [value], false);
  // Only an App that is installed here writes as a bot; what it repeats may be an outsider's.
  if (path.endsWith('.user.type') || path === 'github.event.sender.type') {
    return value === 'bot' ? leaf('bot-name', 2, principalOf(path)) : undefined;
  }
  const check = checkGate(path, asked);
  if (check !== undefined) return check;
  return isFreeText(path) ? leaf('keyword', 1, principalOf(path), KEYWORD_SPOOF) : undefined;
}

function inequalityGate(left: Expression, right: Expression): Leaf | undefined {
  const [a, b] = left.kind === 'context' ? [left, right] : [right, left];
  if (b.kind !== 'literal') return undefined;
  const isTrue = String(b.value).toLowerCase() === 'true';
  return isTrue && pathOf(a).endsWith('.repo.fork') ? leaf('same-repository', 3, 'pull-request-author') : undefined;
}

/** A head that is this repository, or somebody who is its owner: of an organisation's repository nobody passes. */
function sameAs(a: string, b: string): Leaf | undefined {
  if (isSameRepository(a, b)) return leaf('same-repository', 3);
  const login = [a, b].find((path) => isLoginPath(path) && !OWNERS.has(path));
  const owner = [a, b].some((path) => OWNERS.has(path));
  return login !== undefined && owner ? leaf('login', 3, principalOf(login)) : undefined;
}

const OWNERS: ReadonlySet<string> = new Set(['github.repository_owner', 'github.event.repository.owner.login']);

function isSameRepository(a: string, b: string): boolean {
  const heads = [a, b].filter((path) => /\.head(_repository|\.repo)\./.test(path));
  const own = [a, b].filter((path) => /^github\.repository|^github\.event\.repository\.|\.base\.repo\./.test(path));
  return heads.length === 1 && own.length === 1;
}

function isLoginPath(path: string): boolean {
  return path.endsWith('.login') || path === 'github.actor' || path === 'github.triggering_actor';
}

function isFreeText(path: string): boolean {
  return path.startsWith('github.event.') && FREE_TEXT.some((name) => path.endsWith(`.${name}`));
}

/** A test that somebody is one of the given names or has one of the given associations; the weakest name counts. */
function memberGate(path: string, values: readonly string[], substring: boolean): Leaf | undefined {
  const principal = principalOf(path);
  if (path.endsWith('.author_association')) {
    const trusted = values.every((value) => TRUSTED_ASSOCIATIONS.has(value));
    if (trusted) return leaf('association', 3, principal);
    return values.includes('none') || values.some((value) => value.startsWith('first_time'))
      ? undefined
      : leaf('association', 2, principal, 'anybody with one merged change passes');
  }
  if (values.some((value) => value.endsWith('[bot]'))) {
    // Who opened or wrote something never changes; who acted last does.
    return AUTHORS.has(principal ?? '')
      ? leaf('bot-name', 2, principal, substring ? CONTAINS_SPOOF : undefined)
      : leaf('bot-name', 1, principal, BOT_SPOOF);
  }
  return leaf('login', 3, principal, substring ? CONTAINS_SPOOF : undefined);
}

function callGate(name: string, given: readonly Expression[], asked: PermissionAsked): Leaf | undefined {
  const [first, second] = given;
  if (first === undefined || second === undefined) return undefined;
  if (name === 'endswith' && isLoginPath(pathOf(first))) return memberGate(pathOf(first), ['[bot]'], false);
  if (name === 'startswith' || name === 'endswith') {
    const [text] = alternativesOf(first).filter(isFreeText);
    return text === undefined ? undefined : leaf('keyword', 1, principalOf(text), KEYWORD_SPOOF);
  }
  return name === 'contains' ? containsGate(first, second, asked) : undefined;
}

/** The paths of `a.b || c.d`, one of which each event has; none when one of the operands is something else. */
function alternativesOf(expression: Expression): readonly string[] {
  const paths = expression.kind === 'any' ? expression.operands.map(pathOf) : [pathOf(expression)];
  return paths.includes('') ? [] : paths;
}

function containsGate(within: Expression, sought: Expression, asked: PermissionAsked): Leaf | undefined {
  const [path, ...others] = alternativesOf(sought);
  if (
    path !== undefined &&
    [path, ...others].every((each) => isLoginPath(each) || each.endsWith('.author_association'))
  ) {
    const list = listOf(within);
    return memberGate(path, list.values, list.text);
  }
  const paths = contextsOf(within);
  if (paths.some((each) => each.includes('.labels'))) return leaf('label', 2, 'label');
  const text = paths.find(isFreeText);
  if (text !== undefined) return leaf('keyword', 1, principalOf(text), KEYWORD_SPOOF);
  return paths.map((each) => checkGate(each, asked)).find((gate) => gate !== undefined);
}

/** The names in `fromJSON('["a"]')` or in a plain text; `text` when a part of a name would be found too. */
function listOf(expression: Expression): { readonly values: readonly string[]; readonly text: boolean } {
  if (expression.kind === 'call' && expression.name === 'fromjson') {
    const [only] = expression.arguments;
    const words = only?.kind === 'literal' ? wordsOf(String(only.value)) : [];
    return { values: words, text: false };
  }
  if (expression.kind === 'literal') return { values: wordsOf(String(expression.value)), text: true };
  return { values: [], text: true };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9][a-z0-9_-]*(?:\[bot\])?/g) ?? [];
}

/** Every context path in an expression, in lower case. */
export function contextsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'context':
      return [pathOf(expression)];
    case 'member':
      return contextsOf(expression.of);
    case 'not':
      return contextsOf(expression.operand);
    case 'all':
    case 'any':
      return expression.operands.flatMap(contextsOf);
    case 'call':
      return expression.arguments.flatMap(contextsOf);
    case 'compare':
      return [...contextsOf(expression.left), ...contextsOf(expression.right)];
  }
}
