/** More alternatives than this in one pattern are a mistake, or an attempt to exhaust memory. */
const MAX_ALTERNATIVES = 500;

const GROUP = /\{([^{}]*)\}/;

/**
 * The patterns that one with alternatives stands for: `os.{system,popen}` is `os.system` and `os.popen`. Several groups
 * multiply. Undefined when there are more than five hundred.
 */
export function expandBraces(pattern: string): readonly string[] | undefined {
  const group = GROUP.exec(pattern);
  if (group === null) return [pattern];
  const [whole, inner = ''] = group;
  const head = pattern.slice(0, group.index);
  const rest = expandBraces(pattern.slice(group.index + whole.length));
  if (rest === undefined) return undefined;
  const choices = inner.split(',').map((choice) => choice.trim());
  if (choices.length * rest.length > MAX_ALTERNATIVES) return undefined;
  return choices.flatMap((choice) => rest.map((tail) => head + choice + tail));
}
