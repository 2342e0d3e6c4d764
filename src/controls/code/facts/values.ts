import { lastName, namesOf, type Rendering, renderTerm, type Term } from '../terms/index.ts';
import type { OptionFact } from './fact.ts';

/** How a value of a setting is written. */
export function literalOf(term: Term): OptionFact['literal'] {
  if (term.kind === 'constant') return /^(?:true|false)$/i.test(term.text) ? 'boolean' : 'null';
  if (term.kind === 'number') return 'number';
  if (term.kind === 'string') return 'string';
  return term.kind === 'operation' && evaluate(term) !== undefined ? 'number' : 'other';
}

/** The number that an expression of literals stands for: `60 * 60 * 1000`. */
export function evaluate(term: Term): number | undefined {
  if (term.kind === 'number') {
    const value = Number(term.text.replace(/_|n$/gi, ''));
    return Number.isFinite(value) ? value : undefined;
  }
  if (term.kind !== 'operation' || term.parts.length !== 2) return undefined;
  const [left, right] = term.parts.map(evaluate);
  if (left === undefined || right === undefined) return undefined;
  if (term.text === '*') return left * right;
  if (term.text === '+') return left + right;
  return term.text === '-' ? left - right : undefined;
}

/** The text of a setting's value; numbers are worked out. */
export function settingText(term: Term, rendering: Rendering): string {
  if (term.kind === 'string') return term.text;
  const value = evaluate(term);
  return value === undefined ? renderTerm(term, rendering) : String(value);
}

/** The elements of a list, a set, or a map that is used as a set; `undefined` when the value is none. */
export function elementsOf(term: Term): readonly Term[] | undefined {
  if (term.kind === 'list') return term.parts;
  if (term.kind === 'call' || term.kind === 'new') {
    if (!/^(?:set|frozenset|list|tuple|freeze|of|aslist|unmodifiable\w+|copyof)$/i.test(lastName(term)))
      return undefined;
    const args = term.parts.find(({ role }) => role === 'arguments')?.parts ?? [];
    const [first] = args;
    return args.length === 1 && first !== undefined ? (elementsOf(first) ?? args) : args;
  }
  if (term.kind !== 'map') return undefined;
  const body = term.parts.find(({ role }) => role === 'body');
  const parts = body?.parts ?? term.parts;
  const pairs = parts.filter(({ kind }) => kind === 'pair');
  if (body !== undefined && pairs.length === 0) return parts;
  const isSet = pairs.length > 0 && pairs.every((pair) => isFlag(pair.parts[1]));
  return isSet ? pairs.flatMap((pair) => pair.parts.slice(0, 1)) : undefined;
}

function isFlag(value: Term | undefined): boolean {
  if (value === undefined) return false;
  return (
    (value.kind === 'constant' && /^(?:true|True)$/.test(value.text)) ||
    (value.kind === 'map' &&
      value.parts.length < 3 &&
      value.text === '' &&
      value.parts.every(({ parts }) => parts.length === 0))
  );
}

/** The name of an element of a list. */
export function elementText(term: Term, rendering: Rendering): string {
  return term.kind === 'string' ? term.text : renderTerm(term, rendering);
}

const SINKS: readonly { readonly name: string; readonly callee: RegExp }[] = [
  {
    name: 'runs text as code',
    callee: /^(?:eval|exec|execScript|Function|compileFunction|runInNewContext|runInThisContext|runInContext)$/,
  },
  {
    name: 'starts a program',
    callee:
      /^(?:execSync|spawn|spawnSync|execFile|execFileSync|fork|popen|Popen|exec_?[cC]md\w*|[eE]xecCmd\w*|[eE]xecCommand\w*|execute_?[cC]ommand|check_output|check_call|call_shell|Command|CommandContext|ProcessBuilder|getoutput)$/,
  },
  {
    name: 'starts a program',
    callee: /^(?:child_process|childProcess|subprocess|Runtime|getRuntime)\.(?:exec|run|call|start)$/,
  },
  { name: 'starts a program', callee: /^os\.(?:system|exec\w+|spawn\w+|StartProcess)$/ },
  {
    name: 'reads objects that run code',
    callee:
      /^(?:pickle|cPickle|marshal|shelve|dill|jsonpickle)\.loads?$|^(?:unserialize|readObject|ObjectInputStream|XMLDecoder)$|^yaml\.(?:load|unsafe_load|load_all)$/,
  },
  {
    name: 'writes HTML without escaping',
    callee:
      /^(?:mark_safe|Markup|insertAdjacentHTML|dangerouslySetInnerHTML)$|^template\.(?:HTML|JS|URL)$|^document\.write$/,
  },
  { name: 'leaves memory safety', callee: /^unsafe\.\w+$/ },
  { name: 'loads code by name', callee: /^(?:__import__|import_module|loadClass|forName|dlopen|plugin\.Open)$/ },
];

/** What a call of this name can do that is dangerous. */
export function sinkOf(callee: Term): string | undefined {
  const names = namesOf(callee);
  const last = names.at(-1) ?? '';
  const two = names.slice(-2).join('.');
  // `pattern.exec(text)` of JavaScript and `db.exec(query)` run no program.
  if (
    last === 'exec' &&
    names.length > 1 &&
    !/^(?:child_process|childProcess|cp|vm|builtins)$/.test(names.at(-2) ?? '')
  )
    return /^(?:getRuntime|Runtime|runtime)$/.test(names.at(-2) ?? '') ? 'starts a program' : undefined;
  return SINKS.find(({ callee: pattern }) => pattern.test(two) || (names.length <= 2 && pattern.test(last)))?.name;
}

const RISKY_MODULES =
  /^(?:node:)?(?:child_process|vm|vm2|node-serialize|serialize-javascript)$|^(?:pickle|cPickle|marshal|subprocess|shelve|dill|ctypes|telnetlib|commands)$|^(?:os\/exec|unsafe|plugin|math\/rand|net\/http\/pprof|syscall)$|^java\.(?:lang\.reflect|rmi|io\.ObjectInputStream)\b/;

/** Whether importing this is worth a row. */
export function isRiskyModule(name: string): boolean {
  return RISKY_MODULES.test(name);
}

/** Whether a call gives numbers that can be foreseen, or ones that cannot. */
export function randomnessOf(callee: Term): 'weak' | 'strong' | undefined {
  const text = namesOf(callee).slice(-2).join('.');
  if (
    /^(?:Math\.random|random\.(?:random|randint|choice|choices|randrange|sample|getrandbits|shuffle)|rand\.\w+|Random\.next\w*|new Random)$/.test(
      text,
    )
  )
    return 'weak';
  if (
    /^(?:secrets\.\w+|crypto\.random\w+|\w*\.?(?:randomBytes|randomUUID|getRandomValues|SystemRandom|SecureRandom)|os\.urandom|rand\.Reader|random\.SystemRandom|SystemRandom\.\w+)$/.test(
      text,
    )
  )
    return 'strong';
  return undefined;
}

/** The host of a text that is an address. */
export function hostOf(text: string): string | undefined {
  const match =
    /^(?:https?|wss?|ftp|ldaps?):\/\/(?:[^/@\s]*@)?([a-z0-9.-]+\.[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3})(?=[:/?#]|$)/i.exec(
      text.slice(0, 300),
    );
  return match?.[1]?.toLowerCase();
}
