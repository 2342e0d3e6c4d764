import type { Expression } from '../../code/index.ts';
import { type AddedCode, calledName } from './added-code.ts';

/** What a test gives for one text: an answer, or nothing that can be said. */
type Value = string | number | boolean | readonly string[] | undefined;

/** Of a test: the text that an expression stands for; `free` where the client may write what he likes. */
export type Subject = (value: Expression) => string | 'free' | undefined;
const FREE = Symbol('free');

type Known = Value | typeof FREE;

/**
 * Whether a test surely says no, for a text that is tried: `password.length < 3` of `abc`. Only what looks at the form of
 * texts is worked out; of anything else nothing is said.
 */
export function answerOf(test: Expression, subject: Subject, code: AddedCode): boolean | 'free' | undefined {
  const value = new Trial(subject, code).of(test, 0);
  if (value === FREE) return 'free';
  return value === undefined ? undefined : Boolean(value);
}

const DEEPEST = 12;
const LONGEST_PATTERN = 200;

class Trial {
  readonly #subject: Subject;
  readonly #code: AddedCode;

  constructor(subject: Subject, code: AddedCode) {
    this.#subject = subject;
    this.#code = code;
  }

  of(value: Expression, depth: number): Known {
    if (depth > DEEPEST) return undefined;
    const told = this.#subject(value);
    if (told !== undefined) return told === 'free' ? FREE : told;
    const inner = (one: Expression): Known => this.of(one, depth + 1);
    switch (value.kind) {
      case 'literal':
        return value.value ?? undefined;
      case 'name':
        return this.#bound(value.name, depth);
      case 'list':
        return allTexts(value.items.map(inner));
      case 'unary':
        return value.operator === '!' || value.operator === 'not' ? negated(inner(value.operand)) : undefined;
      case 'logical':
        return value.operator === 'coalesce'
          ? undefined
          : joined(value.operator, inner(value.left), inner(value.right));
      case 'binary':
        return compared(value.operator, inner(value.left), inner(value.right));
      case 'member':
        return value.name === 'length' ? sizeOf(inner(value.object)) : undefined;
      case 'index':
        return entryOf(inner(value.object), inner(value.key));
      case 'call':
        return this.#called(value, inner);
      default:
        return undefined;
    }
  }

  /** What a name is given once in the file, by nothing but texts. */
  #bound(name: string, depth: number): Known {
    const given = this.#code.assignments.filter(({ target }) => target.kind === 'name' && target.name === name);
    const [only] = given;
    return given.length === 1 && only ? this.of(only.value, depth + 1) : undefined;
  }

  #called(call: Extract<Expression, { kind: 'call' }>, inner: (one: Expression) => Known): Known {
    const given = call.arguments.map(({ value }) => value);
    const name = calledName(call) ?? '';
    const [first] = given;
    if (call.callee.kind === 'name')
      return /^(?:len|String|str)$/.test(name) && first ? formOf(name, inner(first)) : undefined;
    if (call.callee.kind !== 'member') return undefined;
    const { object } = call.callee;
    if (object.kind === 'regex' && name === 'test' && first) return matches(object.pattern, object.flags, inner(first));
    if (name === 'match' && first?.kind === 'regex') return matches(first.pattern, first.flags, inner(object));
    // `path.extname(name)`: the last dot and what follows.
    if (name === 'extname' && first) return endingOf(inner(first));
    return methodOf(name, inner(object), given.map(inner));
  }
}

function negated(value: Known): Known {
  return value === undefined || value === FREE ? value : !value;
}

function joined(operator: 'and' | 'or', left: Known, right: Known): Known {
  const settles = (one: Known): boolean => one !== undefined && one !== FREE && Boolean(one) === (operator === 'or');
  if (settles(left) || settles(right)) return operator === 'or';
  if (left === undefined || right === undefined) return undefined;
  return left === FREE || right === FREE ? FREE : operator === 'and';
}

function compared(operator: string, left: Known, right: Known): Known {
  if (left === undefined || right === undefined) return undefined;
  if (left === FREE || right === FREE) return FREE;
  if (operator === 'in' && typeof left === 'string' && typeof right !== 'number' && typeof right !== 'boolean')
    return right.includes(left);
  if (/^[!=]==?$/.test(operator)) return (left === right) === operator.startsWith('=');
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const orders: { readonly [operator: string]: boolean } = {
    '<': left < right,
    '<=': left <= right,
    '>': left > right,
    '>=': left >= right,
  };
  return orders[operator];
}

function sizeOf(value: Known): Known {
  if (value === FREE) return FREE;
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

function formOf(name: string, value: Known): Known {
  return name === 'len' ? sizeOf(value) : value;
}

function entryOf(list: Known, key: Known): Known {
  if (list === FREE) return FREE;
  return Array.isArray(list) && typeof key === 'number' ? list.at(key) : undefined;
}

function endingOf(value: Known): Known {
  if (value === FREE) return FREE;
  return typeof value === 'string' ? (/\.[^.]*$/.exec(value)?.[0] ?? '') : undefined;
}

function allTexts(items: readonly Known[]): Known {
  const texts = items.filter((item) => typeof item === 'string');
  return texts.length === items.length ? texts : undefined;
}

/** Patterns of a patch may be made to run for ever: only what is simple is tried. */
function matches(pattern: string, flags: string, value: Known): Known {
  if (value === FREE) return FREE;
  if (typeof value !== 'string' || pattern.length > LONGEST_PATTERN || /[+*}]\)?[+*{]|\\[1-9]/.test(pattern))
    return undefined;
  try {
    return new RegExp(pattern, flags.replace(/[gy]/g, '')).test(value);
  } catch {
    return undefined;
  }
}

function methodOf(name: string, subject: Known, given: readonly Known[]): Known {
  if (subject === FREE) return FREE;
  const [first] = given;
  if (Array.isArray(subject))
    return /^(?:includes|has)$/.test(name) && typeof first === 'string' ? subject.includes(first) : undefined;
  if (typeof subject !== 'string') return undefined;
  if (/^(?:toLowerCase|toLocaleLowerCase|lower|casefold)$/.test(name)) return subject.toLowerCase();
  if (/^(?:toUpperCase|upper)$/.test(name)) return subject.toUpperCase();
  if (/^(?:trim|strip)$/.test(name) && given.length === 0) return subject.trim();
  if (typeof first !== 'string') return undefined;
  if (/^(?:includes|contains)$/.test(name)) return subject.includes(first);
  if (/^startsWith$/i.test(name)) return subject.startsWith(first);
  if (/^endsWith$/i.test(name)) return subject.endsWith(first);
  if (/^(?:indexOf|find)$/.test(name)) return subject.indexOf(first);
  return name === 'split' ? subject.split(first) : undefined;
}
