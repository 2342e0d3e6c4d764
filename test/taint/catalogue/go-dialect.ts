import type { Dialect, SpelledThing } from './dialect.ts';

const IMPORTS = [
  ...['net/http', 'os/exec', 'os', 'fmt', 'log', 'html/template', 'database/sql', 'net/smtp', 'crypto/tls'],
  ...['github.com/dop251/goja', 'github.com/antchfx/xpath', 'github.com/go-ldap/ldap/v3'],
].map((path) => `import "${path}"`);

/** Variables that rows take at their usual name. */
const VARIABLES: ReadonlySet<string> = new Set(['db', 'DB', 'tx', 'conn', 'dbConn', 'database']);

function spell(match: string): SpelledThing {
  const segments = match.split('.');
  if (segments[0] === '*') return { imports: [], expression: ['thing', ...segments.slice(1)].join('.') };
  const cut = match.indexOf('.', match.lastIndexOf('/') + 1);
  const path = match.slice(0, cut);
  if (VARIABLES.has(path)) return { imports: [], expression: match };
  return { imports: [`import library "${path}"`], expression: `library${match.slice(cut)}` };
}

export const GO: Dialect = {
  language: 'go',
  ending: 'go',
  handler: (imports, lines) =>
    [
      'package main',
      ...new Set([...IMPORTS, ...imports]),
      'func handler(w http.ResponseWriter, r *http.Request) {',
      '\toutside := r.FormValue("q")',
      ...lines.map((line) => `\t${line}`),
      '}',
      '',
    ].join('\n'),
  spell,
  typed: (name) => {
    const { imports, expression } = spell(name);
    return { imports, expression: `new(${expression})` };
  },
  construct: (expression, positional, named) =>
    `${expression}{${[...positional, ...[...named].map(([key, value]) => `${key}: ${value}`)].join(', ')}}`,
  list: (items) => `[]any{${items.join(', ')}}`,
  map: (key, value) => `map[string]any{${key}: ${value}}`,
  guarded: (test, lines) => [`if ${test} {`, ...lines, '}'],
  checked: (call, lines) => [`if _, err := ${call}; err == nil {`, ...lines, '}'],
  declare: (name, value) => `${name} := ${value}`,
  empty: (name) => ({ line: `var ${name} Form`, passed: `&${name}` }),
  sinks: {
    sql: 'db.Query(§)',
    command: 'exec.Command(§)',
    code: 'goja.Compile(§)',
    path: 'os.Open(§)',
    xss: 'w.Write(§)',
    redirect: 'http.Redirect(w, r, §, 302)',
    ssrf: 'http.Get(§)',
    log: 'log.Print(§)',
    xpath: 'xpath.Compile(§)',
    ldap: 'ldap.NewSearchRequest(§)',
    email: 'smtp.SendMail(a, b, c, d, §)',
    header: 'exec.Command(§)',
  },
  names: {
    'net/http.ResponseWriter': 'w',
    'crypto/tls.VersionTLS10': 'tls.VersionTLS10',
    XMLParseNoEnt: 'XMLParseNoEnt',
  },
  receivers: [
    'gorm.io/gorm.DB',
    'text/template.Template',
    'xorm.io/xorm.Session',
    'github.com/Masterminds/squirrel.SelectBuilder',
  ],
};
