/** One side of a comparison in `rules:if`. */
export type Operand =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'pattern'; readonly source: string }
  | { readonly kind: 'null' };

/** A condition of `rules:if`, `workflow:rules:if` or `only:variables`. */
export type RuleExpression =
  | { readonly kind: 'and' | 'or'; readonly left: RuleExpression; readonly right: RuleExpression }
  | {
      readonly kind: 'compare';
      readonly operator: '==' | '!=' | '=~' | '!~';
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'value'; readonly operand: Operand };

/** The variable is set, and not to the empty text; to what, no file says. */
export const SET = Symbol('set');

type Value = string | null | typeof SET | undefined;

/** What is known of a variable: its text, that it is set, that it is not (null), or nothing. */
export type KnownVariable = (name: string) => Value;

const LIMITS = { characters: 8_000, depth: 40 } as const;
const TOKEN =
  /\s*(?:(&&|\|\||==|!=|=~|!~|[()])|\$(\w+)|\$\{(\w+)\}|"([^"]*)"|'([^']*)'|\/((?:[^/\\\n]|\\.)*)\/[a-z]*|(null\b))/y;

type Token = { readonly mark: string } | { readonly operand: Operand };

/** Parse a condition; undefined when it is not one. Grammar: GitLab documentation, "CI/CD variable expressions". */
export function parseRuleExpression(text: string): RuleExpression | undefined {
  if (text.length > LIMITS.characters) return undefined;
  const tokens = readTokens(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  let at = 0;
  const mark = (): string | undefined => {
    const token = tokens[at];
    return token && 'mark' in token ? token.mark : undefined;
  };
  const operand = (): Operand | undefined => {
    const token = tokens[at];
    if (token === undefined || 'mark' in token) return undefined;
    at++;
    return token.operand;
  };
  const primary = (depth: number): RuleExpression | undefined => {
    if (depth > LIMITS.depth) return undefined;
    if (mark() === '(') {
      at++;
      const inner = either(depth + 1);
      if (mark() !== ')') return undefined;
      at++;
      return inner;
    }
    const left = operand();
    if (left === undefined) return undefined;
    const operator = mark();
    if (operator !== '==' && operator !== '!=' && operator !== '=~' && operator !== '!~')
      return { kind: 'value', operand: left };
    at++;
    const right = operand();
    return right && { kind: 'compare', operator, left, right };
  };
  const chain = (joiner: '&&' | '||', next: (depth: number) => RuleExpression | undefined, depth: number) => {
    let left = next(depth);
    while (left && mark() === joiner) {
      at++;
      const right = next(depth);
      if (right === undefined) return undefined;
      left = { kind: joiner === '&&' ? 'and' : 'or', left, right };
    }
    return left;
  };
  const both = (depth: number) => chain('&&', primary, depth);
  const either = (depth: number): RuleExpression | undefined => chain('||', both, depth);
  const whole = either(0);
  return at === tokens.length ? whole : undefined;
}

function readTokens(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, mark, bare, braced, double, single, pattern] = match;
    const name = bare ?? braced;
    const quoted = double ?? single;
    if (mark !== undefined) tokens.push({ mark });
    else if (name !== undefined) tokens.push({ operand: { kind: 'variable', name } });
    else if (quoted !== undefined) tokens.push({ operand: { kind: 'text', value: quoted } });
    else if (pattern !== undefined) tokens.push({ operand: { kind: 'pattern', source: pattern } });
    else tokens.push({ operand: { kind: 'null' } });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** Whether a condition holds, as far as the known variables decide it; undefined when they do not. */
export function evaluateRule(expression: RuleExpression, known: KnownVariable): boolean | undefined {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const deciding = expression.kind === 'or';
      const left = evaluateRule(expression.left, known);
      if (left === deciding) return deciding;
      const right = evaluateRule(expression.right, known);
      if (right === deciding) return deciding;
      return left === undefined || right === undefined ? undefined : !deciding;
    }
    case 'value': {
      const value = operandValue(expression.operand, known);
      return value === undefined ? undefined : value !== null && value !== '';
    }
    case 'compare':
      return compare(expression, known);
  }
}

export type Comparison = Extract<RuleExpression, { readonly kind: 'compare' }>;

function compare(expression: Comparison, known: KnownVariable): boolean | undefined {
  const { left, right, operator } = expression;
  const negative = operator.startsWith('!');
  if (sameVariable(left, right)) return !negative;
  const value = operandValue(left, known);
  if (value === undefined) return undefined;
  if (operator === '==' || operator === '!=') {
    const equal = areEqual(value, operandValue(right, known));
    return equal === undefined ? undefined : equal !== negative;
  }
  if (right.kind !== 'pattern' || value === SET) return undefined;
  // Only a pattern that is a plain word, anchored or not, is decided here: running a stranger's pattern could hang.
  const plain = /^(\^?)([\w/-]*)(\$?)$/.exec(right.source);
  if (value === null) return negative;
  if (plain === null) return undefined;
  const [, head, word = '', tail] = plain;
  const matches = head
    ? tail
      ? value === word
      : value.startsWith(word)
    : tail
      ? value.endsWith(word)
      : value.includes(word);
  return matches !== negative;
}

/** What is set is not null and not empty, so the two differ although nobody knows the text. */
function areEqual(value: Exclude<Value, undefined>, other: Value): boolean | undefined {
  if (other === undefined) return undefined;
  if (value !== SET && other !== SET) return value === other;
  const plain = value === SET ? other : value;
  return plain === null || plain === '' ? false : undefined;
}

function sameVariable(left: Operand, right: Operand): boolean {
  return left.kind === 'variable' && right.kind === 'variable' && left.name === right.name;
}

function operandValue(operand: Operand, known: KnownVariable): Value {
  if (operand.kind === 'variable') return known(operand.name);
  if (operand.kind === 'text') return operand.value;
  return operand.kind === 'null' ? null : undefined;
}

/** Every variable that a condition names. */
export function variablesOf(expression: RuleExpression): readonly string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...variablesOf(expression.left), ...variablesOf(expression.right)];
    case 'compare':
      return namesIn([expression.left, expression.right]);
    case 'value':
      return namesIn([expression.operand]);
  }
}

function namesIn(operands: readonly Operand[]): readonly string[] {
  return operands.flatMap((operand) => (operand.kind === 'variable' ? [operand.name] : []));
}
