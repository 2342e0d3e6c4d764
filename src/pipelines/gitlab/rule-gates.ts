import type { Place } from '../../syntax/index.ts';
import type { Gate } from '../model.ts';
import type { Comparison, Operand, RuleExpression } from './rule-expression.ts';

type Found = Omit<Gate, 'place'>;

/** What must have been checked when this condition is true (or, for `holds: false`, when it is false). */
export function gatesOf(expression: RuleExpression, holds: boolean, place: Place): readonly Gate[] {
  if (expression.kind === 'compare') {
    const gate = gateOf(expression, holds);
    return gate ? [{ ...gate, place }] : [];
  }
  // A variable that is merely set proves nothing: `CI_COMMIT_REF_PROTECTED` is set to `false`, others by whoever starts.
  if (expression.kind === 'value') return [];
  const left = gatesOf(expression.left, holds, place);
  const right = gatesOf(expression.right, holds, place);
  // True of an `and` needs both sides, false of an `or` as well; otherwise only what both sides ask for is certain.
  return (expression.kind === 'and') === holds ? [...left, ...right] : sharedGates(left, right);
}

/** Gates that stand on both ways, each as weak as its weaker form. */
export function sharedGates(left: readonly Gate[], right: readonly Gate[]): readonly Gate[] {
  return left.flatMap((gate) => {
    const partner = right.find((other) => other.kind === gate.kind);
    if (partner === undefined) return [];
    return [partner.strength < gate.strength ? partner : gate];
  });
}

function gateOf({ operator, left, right }: Comparison, holds: boolean): Found | undefined {
  const equal = (operator === '==' || operator === '=~') === holds;
  const name = variableIn(left) ?? variableIn(right);
  if (name === undefined) return undefined;
  if (operator === '==' || operator === '!=') {
    const pair = [variableIn(left), variableIn(right)].sort().join(' ');
    if (equal && SAME_PROJECT.has(pair)) return found(3, 'same-repository', 'merge-request-author');
    if (equal && DEFAULT_BRANCH.has(pair)) return found(3, 'branch-protection', 'pusher');
  }
  const value = textIn(right) ?? textIn(left);
  if (name === 'CI_COMMIT_REF_PROTECTED')
    return equal === (value !== 'false') ? found(3, 'branch-protection', 'pusher') : undefined;
  if (!equal) return undefined;
  if (/^GITLAB_USER_(?:LOGIN|ID|EMAIL)$/.test(name)) return found(3, 'login', 'actor');
  if (name === 'GITLAB_USER_NAME') return found(1, 'bot-name', 'actor', 'a display name can be chosen by its owner');
  if (name === 'CI_MERGE_REQUEST_LABELS') return found(2, 'label', 'label');
  if (name === 'CI_PROJECT_PATH' || name === 'CI_PROJECT_NAMESPACE' || name === 'CI_PROJECT_ID')
    return found(0, 'repository', undefined);
  if (/^CI_COMMIT_(?:MESSAGE|TITLE|DESCRIPTION)$|^CI_MERGE_REQUEST_(?:TITLE|DESCRIPTION)$/.test(name)) {
    return found(1, 'keyword', undefined, 'whoever writes the text chooses the word');
  }
  if (
    (name === 'CI_COMMIT_BRANCH' || name === 'CI_COMMIT_REF_NAME') &&
    value !== undefined &&
    /^(?:main|master)$/.test(value)
  ) {
    return found(3, 'branch-protection', 'pusher');
  }
  return undefined;
}

const SAME_PROJECT: ReadonlySet<string> = new Set([
  'CI_MERGE_REQUEST_PROJECT_ID CI_MERGE_REQUEST_SOURCE_PROJECT_ID',
  'CI_MERGE_REQUEST_PROJECT_PATH CI_MERGE_REQUEST_SOURCE_PROJECT_PATH',
  'CI_MERGE_REQUEST_SOURCE_PROJECT_ID CI_PROJECT_ID',
  'CI_MERGE_REQUEST_SOURCE_PROJECT_PATH CI_PROJECT_PATH',
]);

const DEFAULT_BRANCH: ReadonlySet<string> = new Set([
  'CI_COMMIT_BRANCH CI_DEFAULT_BRANCH',
  'CI_COMMIT_REF_NAME CI_DEFAULT_BRANCH',
]);

function found(
  strength: Gate['strength'],
  kind: Gate['kind'],
  principal: string | undefined,
  spoofable?: string,
): Found {
  return { strength, kind, principal, spoofable };
}

function variableIn(operand: Operand): string | undefined {
  return operand.kind === 'variable' ? operand.name : undefined;
}

function textIn(operand: Operand): string | undefined {
  return operand.kind === 'text' ? operand.value : undefined;
}
