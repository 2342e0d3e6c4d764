import type { ArgumentPath, CallCondition } from '../catalogue.ts';

const KINDS = [
  'true',
  'false',
  'present',
  'absent',
  'constant',
  'computed',
  'text',
  'list',
  'map',
  'exponential',
  'polynomial',
] as const;

const POSITION = /^-?\d+$/;

/** A path of digits alone is a position. */
export function readArgumentPath(text: string): ArgumentPath {
  return POSITION.test(text) ? Number(text) : text;
}

/**
 * A condition as it stands in a catalogue file: `shell is true`, `1.shell is present`, `0 equals md5`, `0 matches ^sha`.
 * Undefined when it is none, or when its regular expression is not one.
 */
export function readCondition(text: string): CallCondition | undefined {
  const [path = '', verb = '', ...rest] = text.split(' ');
  const value = rest.join(' ');
  if (path === '' || value === '') return undefined;
  const argument = readArgumentPath(path);
  if (verb === 'is') {
    const is = KINDS.find((kind) => kind === value);
    return is === undefined ? undefined : { argument, is };
  }
  if (verb === 'equals') return { argument, is: verb, value };
  return (verb === 'matches' || verb === 'begins') && isPattern(value) ? { argument, is: verb, value } : undefined;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
