/**
 * Mutants of real files, one small weakening each, and harmless edits: what share is reported.
 *
 *   node bench/mutation.ts [--set FILE] PROJECT=GIT_DIRECTORY…
 *
 * The files are those of the tuning half of `weakening/changes.json`. At most six mutants of a class are made of a file.
 * What is counted are the rows of the place alone, which new code beside them does not change; the last column counts the
 * row of the change as a whole, too.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GRAMMARS, loadGrammars } from '../src/code/index.ts';
import { isErrorTest } from '../src/controls/code/facts/conditions.ts';
import { leavingOf } from '../src/controls/code/facts/exit.ts';
import { compareCode } from '../src/controls/code/index.ts';
import { countStrong, meaningOf } from '../src/controls/code/lexicon.ts';
import { lastName, namesOf, partOf, readPieces, type Term, termsIn } from '../src/controls/code/terms/index.ts';
import { assessChange } from '../src/controls/index.ts';

/** A text and its mutant. */
interface Mutant {
  readonly kind: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

type Edit = readonly [start: number, end: number, text: string];
type Mutator = (term: Term, text: string, path: string) => Edit | undefined;

const statements = (term: Term | undefined): readonly Term[] =>
  term?.kind === 'block' ? term.parts : term ? [term] : [];
const isRefusal = (term: Term): boolean =>
  term.kind === 'if' &&
  partOf(term, 'else') === undefined &&
  leavingOf(statements(partOf(term, 'then')), '')?.exit === 'deny';
const isAbout = (term: Term, text: string): boolean => countStrong(text.slice(term.start, term.end)) > 0;
/** A refusal that does more than hand on the error of a call: what `go error ignored` changes is no guard. */
const isGuard = (term: Term, text: string): boolean => {
  const test = partOf(term, 'test');
  return isRefusal(term) && isAbout(term, text) && test !== undefined && !isErrorTest(test);
};
const isPython = (path: string): boolean => path.endsWith('.py');

/** The text of a test, with the parentheses that its language puts around it. */
function testOf(term: Term, text: string): readonly [start: number, end: number, text: string] | undefined {
  const test = partOf(term, 'test');
  return test === undefined ? undefined : [test.start, test.end, text.slice(test.start, test.end)];
}

const ACTS = /^(?:delete|remove|save|update|create|send|set|add|grant|render|redirect|json|write)/i;

const WEAKENING: { readonly [kind: string]: Mutator } = {
  'guard removed': (term, text, path) =>
    isGuard(term, text) && !/else\s*$/.test(text.slice(0, term.start))
      ? [term.start, term.end, isPython(path) ? 'pass' : '']
      : undefined,
  'guard negated': (term, text, path) => {
    const test = isGuard(term, text) ? testOf(term, text) : undefined;
    return test && [test[0], test[1], isPython(path) ? `not (${test[2]})` : `!(${test[2]})`];
  },
  'operand of a guard dropped': (term, text) => {
    const test = isGuard(term, text) ? partOf(term, 'test') : undefined;
    const first = test?.kind === 'or' ? test.parts[0] : undefined;
    return test && first && [test.start, test.end, text.slice(first.start, first.end)];
  },
  'or to and in a guard': (term, text, path) => {
    const test = isGuard(term, text) ? partOf(term, 'test') : undefined;
    const [left, right] = test?.kind === 'or' ? test.parts : [];
    return left && right && [left.end, right.start, isPython(path) ? ' and ' : ' && '];
  },
  '=== to ==': (term, text) => {
    const [left, right] = term.kind === 'compare' && term.text === '===' && isAbout(term, text) ? term.parts : [];
    return left && right && [left.end, right.start, ' == '];
  },
  'await removed': (term) => {
    const [call] = term.kind === 'await' ? term.parts : [];
    const isCheck = call?.kind === 'call' && meaningOf(namesOf(call)) !== 'none' && term.role !== 'value';
    return isCheck && call ? [term.start, call.start, ''] : undefined;
  },
  'security call removed': (term, text, path) => {
    const isNamed = term.kind === 'call' && term.role === undefined && meaningOf(namesOf(term)) === 'check';
    const isCheck = isNamed && isAbout(term, text);
    const isLine = /^\s*$/.test(text.slice(text.lastIndexOf('\n', term.start - 1) + 1, term.start));
    return isCheck && isLine && /^;?\s*\n/.test(text.slice(term.end))
      ? [term.start, term.end, isPython(path) ? 'pass' : '']
      : undefined;
  },
  // The words count in its name and not in what is given to it: `@provider('oauth_api')` only says who offers something.
  'decorator removed': (term, text) =>
    term.kind === 'decorator' &&
    /login|auth|permission|protect|require|secur|role/i.test(
      /^@[\w.]+/.exec(text.slice(term.start, term.end))?.[0] ?? '',
    )
      ? [term.start, term.end, '']
      : undefined,
  'regex anchors removed': (term, text) => {
    const source = text.slice(term.start, term.end);
    return term.kind === 'regex' && /^\/\^.*\$\/$/.test(source)
      ? [term.start, term.end, `/${source.slice(2, -2)}/`]
      : undefined;
  },
  'early return inserted': (term, text, path) => {
    const body = term.kind === 'function' ? partOf(term, 'body') : undefined;
    const [first] = statements(body).flatMap((part) => (part.kind === 'block' ? part.parts : [part]));
    const guarded = body?.kind === 'block' && [...termsIn(body)].some((part) => isGuard(part, text));
    const isDocumented = isPython(path) && first !== undefined && /["']{3}\s*$/.test(text.slice(0, first.start));
    if (!guarded || !first || isDocumented || first.kind === 'function') return undefined;
    const start = first.start - (/\b(?:const|let|var)\s+$/.exec(text.slice(0, first.start))?.[0].length ?? 0);
    return [
      start,
      start,
      isPython(path) ? `return\n${' '.repeat(first.start - text.lastIndexOf('\n', first.start - 1) - 1)}` : 'return;\n',
    ];
  },
  'guard behind the rest': (term, text, path) => {
    const parts = term.kind === 'block' && !isPython(path) ? term.parts : [];
    const guard = parts.find((part) => isGuard(part, text) && !/else\s*$/.test(text.slice(0, part.start)));
    const later = guard ? parts.slice(parts.indexOf(guard) + 1) : [];
    const act = later.find((part) => ACTS.test(lastName(part.kind === 'await' ? (part.parts[0] ?? part) : part)));
    if (!guard || (act?.kind !== 'call' && act?.kind !== 'await')) return undefined;
    const end = text[act.end] === ';' ? act.end + 1 : act.end;
    return [guard.start, end, `${text.slice(guard.end, end)}\n${text.slice(guard.start, guard.end)}`];
  },
  'guard that is never true': (term, text, path) => {
    const test = isGuard(term, text) ? testOf(term, text) : undefined;
    return test && [test[0], test[1], isPython(path) ? `False and (${test[2]})` : `false && (${test[2]})`];
  },
  'guard that only logs': (term, text, path) => {
    const then = isGuard(term, text) && !isPython(path) ? partOf(term, 'then') : undefined;
    return then?.kind === 'block' ? [then.start, then.end, '{ log.info("not allowed") }'] : undefined;
  },
  'go error ignored': (term, text, path) => {
    const test = path.endsWith('.go') && term.kind === 'if' ? partOf(term, 'test') : undefined;
    // `x, err := f()` and the test behind it: the test goes, the call stays.
    if (test && isErrorTest(test) && isRefusal(term) && partOf(term, 'initializer') === undefined)
      return [term.start, term.end, ''];
    const initializer = path.endsWith('.go') && term.kind === 'if' ? partOf(term, 'initializer') : undefined;
    const call = initializer && partOf(initializer, 'right');
    const isPlain = initializer && /^err\s*:?=/.test(text.slice(initializer.start, initializer.end));
    return isPlain && call && partOf(term, 'else') === undefined
      ? [term.start, term.end, `_ = ${text.slice(call.start, call.end)}`]
      : undefined;
  },
};

const HARMLESS: { readonly [kind: string]: (text: string, path: string, tops: readonly Term[]) => string | undefined } =
  {
    'comments and blank lines': (text, path) =>
      text.replace(/([;{:,(]|&&|\|\||\band|\bor)\n/g, isPython(path) ? '$1  # note\n' : '$1 // note\n'),
    'functions reordered': (text, _path, tops) => {
      const functions = tops.filter(({ kind }) => kind === 'function');
      const [one, other] = [functions[0], functions.at(-1)];
      if (!one || !other || one === other) return undefined;
      const cut = (term: Term): string => text.slice(term.start, term.end);
      return (
        text.slice(0, one.start) + cut(other) + text.slice(one.end, other.start) + cut(one) + text.slice(other.end)
      );
    },
    'function added': (text, path) => {
      if (isPython(path))
        return `${text}\n\ndef another_function(value):\n    if not value:\n        return None\n    return value + 1\n`;
      if (path.endsWith('.go')) return `${text}\nfunc anotherFunction(value int) int {\n\treturn value + 1\n}\n`;
      return `${text}\nfunction anotherFunction(value) {\n  return value + 1;\n}\n`;
    },
    'guard added': (text, path, tops) => {
      const body = tops.find(({ kind }) => kind === 'function');
      const [first] = statements(body && partOf(body, 'body')).flatMap((part) =>
        part.kind === 'block' ? part.parts : [part],
      );
      if (!first || isPython(path)) return undefined;
      const guard = path.endsWith('.go')
        ? 'if false {\n\t\tpanic("denied")\n\t}\n'
        : 'if (denied) { throw new Error("denied"); }\n';
      return text.slice(0, first.start) + guard + text.slice(first.start);
    },
  };

const options = process.argv.slice(2);
const set = options[0] === '--set' ? options[1] : undefined;
const directories = new Map(
  options
    .filter((one) => one.includes('='))
    .map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
);
const file = set ?? new URL('./weakening/changes.json', import.meta.url);
const { projects } = JSON.parse(readFileSync(file, 'utf8'));
using grammars = await loadGrammars(GRAMMARS);

/** The terms at the top of a file, or those of one class: only what stands together can change its order. */
function termsOf(path: string, text: string, owner?: string): readonly Term[] {
  const pieces = readPieces({ path, text }, grammars)?.pieces ?? [];
  return pieces.filter((piece) => owner === undefined || piece.owner === owner).flatMap(({ lower }) => lower() ?? []);
}

function* mutantsOf(path: string, text: string): Generator<Mutant> {
  const tops = termsOf(path, text);
  const all = tops.flatMap((term) => [...termsIn(term)]);
  for (const [kind, mutate] of Object.entries(WEAKENING)) {
    const edits = all.flatMap((term) => {
      const edit = mutate(term, text, path);
      return edit === undefined ? [] : [edit];
    });
    const step = Math.max(1, Math.ceil(edits.length / 6));
    for (const [start, end, put] of edits.filter((_, index) => index % step === 0)) {
      yield { kind, path, before: text, after: text.slice(0, start) + put + text.slice(end) };
    }
  }
  for (const [kind, edit] of Object.entries(HARMLESS)) {
    const after = edit(text, path, termsOf(path, text, ''));
    if (after !== undefined && after !== text) yield { kind: `benign: ${kind}`, path, before: text, after };
  }
}

const rows = new Map<string, { made: number; any: number; medium: number; high: number; whole: number }>();
for (const project of projects) {
  const directory = directories.get(project.name);
  if (directory === undefined) continue;
  for (const { id, files } of project.fixes) {
    if (set === undefined && (createHash('sha256').update(`half ${id}`).digest()[0] ?? 0) % 2 !== 0) continue;
    for (const path of files) {
      const text = execFileSync('git', ['-C', directory, 'show', `${id}:${path}`], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      if (text.length > 60_000) continue;
      for (const { kind, before, after } of mutantsOf(path, text)) {
        const { changes, turnover } = compareCode(
          { path, previousPath: undefined, before: { path, text: before }, after: { path, text: after } },
          grammars,
        );
        const loud = changes.filter(
          ({ direction }) => direction === 'weakened' || direction === 'changed' || direction === 'added-capability',
        );
        const row = rows.get(kind) ?? { made: 0, any: 0, medium: 0, high: 0, whole: 0 };
        row.made++;
        if (loud.length > 0) row.any++;
        if (loud.some(({ severity }) => severity !== 'low')) row.medium++;
        if (loud.some(({ severity }) => severity === 'high')) row.high++;
        const whole = assessChange(changes, turnover === undefined ? [] : [turnover]).row;
        if ([...loud, ...(whole === undefined ? [] : [whole])].some(({ severity }) => severity === 'high')) row.whole++;
        rows.set(kind, row);
        if (
          process.env['SALLYPORT_BENCH_SHOW'] === kind &&
          (kind.startsWith('benign') ? loud.length > 0 : !loud.some(({ severity }) => severity !== 'low'))
        ) {
          const at = [...after].findIndex((character, index) => character !== before[index]);
          console.log(
            `${path}: ${after.slice(Math.max(0, at - 120), at + 120)}\n  >> ${loud.map(({ message }) => message).join(' | ')}\n----`,
          );
        }
      }
    }
  }
}
console.log(
  '| mutation | made | reported | medium or more | high | high, with the change as a whole |\n|---|---|---|---|---|---|',
);
const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`;
for (const [kind, { made, any, medium, high, whole }] of rows) {
  console.log(
    `| ${kind} | ${made} | ${percent(any, made)} | ${percent(medium, made)} | ${percent(high, made)} | ${percent(whole, made)} |`,
  );
}
