type Version = { readonly numbers: readonly [number, number, number]; readonly pre: readonly string[] };
type Comparator = { readonly operator: string; readonly version: Version };

/** Compile `>=1.2.3 <2.0.0`: comparators that must all hold. Precedence as in Semantic Versioning 2.0.0 §11. */
export function compileVersionRange(range: string): (version: string) => boolean {
  const comparators = range.trim().split(/\s+/).map(readComparator);
  return (text) => {
    const version = parseVersion(text);
    if (version === undefined) throw new Error(`'${text.slice(0, 40)}' is not a version`);
    return comparators.every((comparator) => holds(comparator, version));
  };
}

function readComparator(text: string): Comparator {
  const match = /^(>=|<=|>|<|=)?(\S+)$/.exec(text);
  const version = parseVersion(match?.[2] ?? '');
  if (version === undefined) throw new Error(`'${text}' is not a version comparison; write '>=1.2.3 <2.0.0'`);
  return { operator: match?.[1] ?? '=', version };
}

function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,64}))?(?:\+[0-9A-Za-z.-]{1,64})?$/.exec(text);
  if (!match) return undefined;
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], pre: match[4]?.split('.') ?? [] };
}

function holds({ operator, version }: Comparator, given: Version): boolean {
  const order = compareVersions(given, version);
  if (operator === '>=') return order >= 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return operator === '<' ? order < 0 : order === 0;
}

function compareVersions(one: Version, other: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = one.numbers[index] - other.numbers[index];
    if (difference !== 0) return difference;
  }
  if (one.pre.length === 0 || other.pre.length === 0) return other.pre.length - one.pre.length;
  for (let index = 0; index < Math.max(one.pre.length, other.pre.length); index++) {
    const [left, right] = [one.pre[index], other.pre[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const difference = compareIdentifiers(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareIdentifiers(one: string, other: string): number {
  const [left, right] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (left && right) return Number(one) - Number(other);
  if (left !== right) return left ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
