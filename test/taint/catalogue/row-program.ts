import type { CodeLanguage } from '../../../src/code/index.ts';
import type {
  CallCondition,
  EntryPointRow,
  PatternRow,
  SanitizerRow,
  SinkRow,
  SourceRow,
  TaintCategory,
} from '../../../src/taint/catalogue.ts';
import { type SpelledName, spellName } from './row-name.ts';
import { fulfilling, violating, WrittenCall } from './written-call.ts';

/** Two programs that differ in the one thing that a row is about. */
export interface Twins {
  readonly attack: string;
  readonly benign: string;
  /** Path without ending, where the row is for certain files only. */
  readonly path?: string;
}

/** A handler of a request whose local `outside` holds outsiders' data, around some lines. */
export function insideHandler(language: CodeLanguage, imports: readonly string[], lines: readonly string[]): string {
  if (language === 'python') {
    const body = ['outside = flask.request.values["q"]', ...lines].map((line) => `    ${line}`);
    return [
      ...new Set(['import flask', ...imports]),
      'app = flask.Flask(__name__)',
      '@app.route("/")',
      'def view():',
      ...body,
      '',
    ].join('\n');
  }
  const body = ['const outside = req.body.q;', ...lines].map((line) => `  ${line}`);
  return [
    ...imports,
    "const express = require('express');",
    "express().post('/', (req, res) => {",
    ...body,
    '});',
    '',
  ].join('\n');
}

/** A call that takes outsiders' data amiss, one for each category. */
const SINKS: Record<TaintCategory, { readonly python: string; readonly javascript: string }> = {
  sql: { python: 'thing.execute(§)', javascript: 'thing.query(§)' },
  nosql: { python: 'thing.find_one(§)', javascript: 'thing.findOne(§)' },
  command: { python: 'os.system(§)', javascript: "require('child_process').exec(§)" },
  code: { python: 'eval(§)', javascript: 'eval(§)' },
  template: { python: 'jinja2.Template(§)', javascript: "require('ejs').render(§)" },
  ldap: { python: 'thing.search_s(§)', javascript: "require('ldapjs').parseFilter(§)" },
  xpath: { python: 'thing.xpath(§)', javascript: "require('xpath').select(§)" },
  path: { python: 'open(§)', javascript: "require('fs').readFileSync(§)" },
  xss: { python: 'markupsafe.Markup(§)', javascript: 'res.send(§)' },
  redirect: { python: 'flask.redirect(§)', javascript: 'res.redirect(§)' },
  ssrf: { python: 'requests.get(§)', javascript: "require('axios').get(§)" },
  deserialization: { python: 'pickle.loads(§)', javascript: "require('node-serialize').unserialize(§)" },
  xxe: { python: 'lxml.etree.fromstring(§)', javascript: "require('libxmljs').parseXml(§, { noent: true })" },
  header: { python: 'thing.headers["X-Some"] = _', javascript: "res.set('X-Some', §)" },
  log: { python: 'logging.info(§)', javascript: 'console.log(§)' },
  session: { python: 'flask.session["k"] = _', javascript: 'req.session.k = _' },
  regex: { python: 're.compile(§)', javascript: 'new RegExp(§)' },
  prototype: { python: 'setattr(thing, §, 1)', javascript: "require('lodash').merge({}, §)" },
  email: { python: 'django.core.mail.send_mail(html_message=§)', javascript: 'transporter.sendMail({ html: § })' },
  redos: { python: 're.match("(a+)+$", §)', javascript: '/(a+)+$/.test(§)' },
  number: { python: 'float(§)', javascript: 'Number(§)' },
  format: { python: '(§).format(thing)', javascript: "require('util').format(§)" },
};

const LIBRARIES = ['os', 'jinja2', 'markupsafe', 'requests', 'pickle', 'lxml', 'logging', 're', 'django'].map(
  (name) => `import ${name}`,
);

/** Outsiders' data, or an expression of it, reaches a sink of a category. */
function reaching(category: TaintCategory, expression: string, language: CodeLanguage): string {
  return SINKS[category][language === 'python' ? 'python' : 'javascript'].replace('§', expression);
}

/** The attack gives outsiders' data where the row forbids it, the twin a constant. Undefined for forms that are not calls. */
export function sinkTwins(row: SinkRow): Twins | undefined {
  const language = languageOf(row);
  const name = spellName(row.match, language);
  if (row.form === 'assign') {
    const line = (value: string) =>
      `${assigned(row.match, name.expression, row.arguments[0] === 'key' ? value : undefined, value)}`;
    return both(language, name, (value) => [line(value)]);
  }
  if (row.form !== 'call' && row.form !== 'construct') return undefined;
  const path =
    row.arguments.find((wanted) => !row.when.some((condition) => clash(condition, wanted))) ?? row.arguments[0] ?? 0;
  if (path === 'receiver') {
    const [, method = ''] = /^(?:.*\.)?([^.]+)$/.exec(name.expression) ?? [];
    const receiver = row.match.startsWith('*')
      ? (value: string) => `${value}.${method}()`
      : (value: string) => `${name.expression.slice(0, -method.length - 1).replace(/\(\)$/, `(${value})`)}.${method}()`;
    return both(language, name, (value) => [receiver(value)]);
  }
  const shaped = row.when.find((condition) => condition.argument === path);
  return both(language, name, (value) => {
    const call = new WrittenCall(language);
    call.put(path, shaped?.is === 'text' ? `"text" + ${value}` : shaped?.is === 'map' ? `{ "some": ${value} }` : value);
    fulfil(call, row.when, language);
    return [`${row.form === 'construct' && language !== 'python' ? 'new ' : ''}${name.expression}${call.render()}`];
  });
}

function clash({ argument, is }: CallCondition, wanted: number | string): boolean {
  return String(argument) === String(wanted) && is !== 'text' && is !== 'map' && is !== 'list' && is !== 'present';
}

function assigned(match: string, expression: string, key: string | undefined, value: string): string {
  if (!match.endsWith('.*')) return `${expression} = ${value}`;
  const holder = expression.slice(0, expression.lastIndexOf('.'));
  return key === undefined ? `${holder}["k"] = ${value}` : `${holder}[${key}] = 1`;
}

function both(language: CodeLanguage, { imports }: SpelledName, lines: (value: string) => readonly string[]): Twins {
  return {
    attack: insideHandler(language, imports, lines('outside')),
    benign: insideHandler(language, imports, lines('"a constant"')),
  };
}

/** The attack runs the source as code, the twin something with a name that is one letter longer. */
export function sourceTwins(row: SourceRow): Twins | undefined {
  if (row.form === 'parameter') return undefined;
  const language = languageOf(row);
  const { imports, expression } = spellName(row.match, language);
  const program = (name: string) => {
    const lines = [...imports, `eval(${name}${row.form === 'call' ? '()' : ''})`];
    return `${lines.join('\n')}\n`;
  };
  return { attack: program(expression), benign: program(`${expression}z`) };
}

/** The attack passes the value through a function of another name, the twin through the row's. */
export function sanitizerTwins(row: SanitizerRow): Twins {
  const language = languageOf(row);
  const category = row.clears.find((cleared) => cleared !== '*') ?? 'command';
  const name = spellName(row.match, language);
  const program = (callee: string) => {
    const method = row.match.startsWith('*');
    const applied = method && row.form === 'value' ? callee.replace('thing', 'outside') : callee;
    const call = method
      ? `${callee.replace('thing', 'outside')}()`
      : isProperty(row)
        ? applied.replace('()', '(outside)')
        : `${applied}(outside)`;
    if (row.form === 'value')
      return insideHandler(
        language,
        [...pythonLibraries(language), ...name.imports],
        [reaching(category, call, language)],
      );
    const sink = reaching(category, 'outside', language);
    const lines = language === 'python' ? [`if ${call}:`, `    ${sink}`] : [`if (${call}) {`, `  ${sink}`, '}'];
    return insideHandler(language, [...pythonLibraries(language), ...name.imports], lines);
  };
  return { attack: program(`${name.expression.replace(/\(\)$/, '')}z`), benign: program(name.expression) };
}

/** Names such as `path.parse().name` are what a call gives, not a call. */
function isProperty(row: SanitizerRow): boolean {
  return /\(\)\.(?:name|stem|suffix|base)$/.test(row.match);
}

function pythonLibraries(language: CodeLanguage): readonly string[] {
  return language === 'python' ? LIBRARIES : [];
}

/** The attack fulfils the row's conditions, the twin breaks one, or calls something of another name. */
export function patternTwins(row: PatternRow): Twins | undefined {
  const language = languageOf(row);
  const name = spellName(row.match, language);
  const path = row.files?.[0]
    ?.replace(/\*\*\//g, '')
    .replace(/\.py$/, '')
    .replaceAll('*', 'x');
  const program = (text: string) => `${[...name.imports, text].join('\n')}\n`;
  const placed = path === undefined ? {} : { path };
  const broken = row.when[0];
  if (row.form === 'member')
    return { attack: program(`x = ${name.expression}`), benign: program(`x = ${name.expression}z`), ...placed };
  if (row.form === 'entry') {
    if (language !== 'python') return undefined;
    const decorate = (decorator: string) => program(`@${decorator}\ndef view(one):\n    return None`);
    const call = new WrittenCall(language);
    fulfil(call, row.when, language);
    const given = row.when.length > 0 ? call.render() : '';
    return { attack: decorate(name.expression + given), benign: decorate(`${name.expression}z${given}`), ...placed };
  }
  if (row.form === 'assign') {
    const value = valueFor(row.when, language);
    const other = broken === undefined ? undefined : violating(broken, language);
    const target = language === 'python' ? keyed(name.expression) : name.expression;
    return {
      attack: program(`${target} = ${value}`),
      benign:
        other === undefined || broken?.argument !== 'value'
          ? program(`${target}z = ${value}`)
          : program(`${target} = ${other}`),
      ...placed,
    };
  }
  const construct = row.form === 'construct' && language !== 'python' ? 'new ' : '';
  const attack = new WrittenCall(language);
  fulfil(attack, row.when, language);
  const benign = new WrittenCall(language);
  const other = broken === undefined ? undefined : violating(broken, language);
  if (broken !== undefined && other !== undefined) benign.put(broken.argument, other);
  fulfil(benign, broken !== undefined && other === undefined ? [] : row.when.slice(1), language);
  const callee = broken === undefined ? `${name.expression}z` : name.expression;
  const callBenign = broken === undefined ? attack : benign;
  return {
    attack: program(`${construct}${name.expression}${attack.render()}`),
    benign: program(`${construct}${callee}${callBenign.render()}`),
    ...placed,
  };
}

/** Settings of Flask are keys. */
function keyed(expression: string): string {
  return expression.replace(/\.config\.(\w+)$/, '.config["$1"]');
}

function valueFor(when: readonly CallCondition[], language: CodeLanguage): string {
  const inside = when.find(({ argument }) => argument === 'value[0]');
  if (inside !== undefined) return `[${fulfilling(inside, language)}]`;
  const strictest = when.find(({ is }) => is === 'matches' || is === 'equals') ?? when[0];
  return strictest === undefined ? '"some value"' : (fulfilling(strictest, language) ?? '"some value"');
}

function fulfil(call: WrittenCall, when: readonly CallCondition[], language: CodeLanguage): void {
  // The most exact condition on a place decides what stands there.
  const exact = [...when].sort((one, other) => rank(one) - rank(other));
  for (const condition of exact) {
    if (call.has(condition.argument) && condition.is !== 'absent') continue;
    const expression = fulfilling(condition, language);
    if (expression !== undefined) call.put(condition.argument, expression);
  }
}

function rank({ is }: CallCondition): number {
  return is === 'matches' || is === 'equals' ? 0 : 1;
}

/** The attack runs the handler's parameter as code, the twin is a function that nobody reaches. */
export function entryTwins(row: EntryPointRow): Twins | undefined {
  const language = languageOf(row);
  if (row.tainted !== 'all' || row.binds !== undefined || row.form === 'export' || row.form === 'convention')
    return undefined;
  if (language !== 'python') return undefined;
  const name = spellName(row.match, language);
  const body = 'def view(value):\n    eval(value)';
  const program = (...lines: readonly string[]) => `${[...name.imports, ...lines].join('\n')}\n`;
  if (row.form === 'decorator')
    return { attack: program(`@${name.expression}("/x")`, body), benign: program(`@${name.expression}z("/x")`, body) };
  if (row.form === 'registration')
    return {
      attack: program(body, `${name.expression}("/x", view_func=view)`),
      benign: program(body, `${name.expression}z("/x", view_func=view)`),
    };
  const method = row.match.slice(row.match.lastIndexOf('.') + 1);
  const base = name.expression.slice(0, name.expression.lastIndexOf('.'));
  const inside = (called: string) =>
    program(`class View(${base}):`, `    def ${called}(self, first, value):`, '        eval(value)');
  return { attack: inside(method), benign: inside(`${method}z`) };
}

export function languageOf(row: { readonly languages: readonly CodeLanguage[] }): CodeLanguage {
  return row.languages[0] ?? 'python';
}
