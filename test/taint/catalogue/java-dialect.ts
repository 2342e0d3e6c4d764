import type { Dialect, SpelledThing } from './dialect.ts';

/** `java.io.File.exists` on something of the type, `java.util.UUID.fromString` on the class itself. */
const STATIC =
  /(?:^|\.)(?:Runtime|Math|Class|Boolean|Integer|Long|Double|Float|Short|UUID|Files|Paths|Encode|HtmlUtils|StringEscapeUtils|Jsoup|ESAPI|URLEncoder|FilenameUtils|FileUtils|DigestUtils|MessageDigest|Cipher|KeyGenerator|KeyPairGenerator|SSLContext|LocalDate|SerializationUtils|JSON|LdapEncoder|HtmlEscapers|Restrictions|Order|DSL|Document|BasicDBObject|Ognl|MVEL|AviatorEvaluator|Eval|CommandLine|Velocity|HttpRequest|WebClient|RandomStringUtils|Hashing|NoopHostnameVerifier|SSLConnectionSocketFactory|TrustAllStrategy|InsecureTrustManagerFactory|Response)$/;

/** Variables that rows take at their usual name. */
const VARIABLES: ReadonlySet<string> = new Set(['statement', 'stmt', 'connection', 'conn']);

/** A dotted name, as a member of a parameter of its class where it is no member of the class itself. */
function spell(match: string): SpelledThing {
  const segments = match.split('.');
  const [root = ''] = segments;
  if (root === '*') return { imports: [], expression: ['thing', ...segments.slice(1)].join('.') };
  const at = segments.findIndex((segment) => /^[A-Z]/.test(segment));
  if (at < 0 || VARIABLES.has(root)) return { imports: [], expression: match };
  let end = at + 1;
  while (/^[A-Z][a-z]\w*$/.test(segments[end] ?? '')) end++;
  const type = segments.slice(0, end).join('.');
  if (end === segments.length || STATIC.test(type)) return { imports: [], expression: match };
  return { imports: [type], expression: ['library', ...segments.slice(end)].join('.') };
}

export const JAVA: Dialect = {
  language: 'java',
  ending: 'java',
  handler: (types, lines) =>
    [
      'package com.acme.web;',
      'class Handler {',
      `  void handle(${['javax.servlet.http.HttpServletRequest request', 'javax.servlet.http.HttpServletResponse response', 'java.sql.Statement database', 'javax.naming.directory.DirContext directory', 'javax.xml.xpath.XPath xpath', ...types.map((type) => `${type} library`)].join(', ')}) {`,
      '    String outside = request.getParameter("q");',
      ...lines.map(
        (line) => `    ${line.endsWith('}') || line.endsWith('{') ? line : `${line.replace(/^_ = /, '')};`}`,
      ),
      '  }',
      '}',
      '',
    ].join('\n'),
  spell,
  typed: (name) => ({ imports: [name], expression: 'library' }),
  construct: (expression, positional) => `new ${expression}(${positional.join(', ')})`,
  list: (items) => `new Object[] {${items.join(', ')}}`,
  map: (key, value) => `java.util.Map.of(${key}, ${value})`,
  guarded: (test, lines) => [`if (${test}) {`, ...lines, '}'],
  checked: (call, lines) => [call, ...lines],
  declare: (name, value) => `var ${name} = ${value}`,
  empty: (name) => ({ line: `Form ${name} = new Form()`, passed: name }),
  sinks: {
    sql: 'database.executeQuery(§)',
    command: 'Runtime.getRuntime().exec(§)',
    path: 'new java.io.FileInputStream(§)',
    xss: 'response.getWriter().println(§)',
    redirect: 'response.sendRedirect(§)',
    ldap: 'directory.search(§)',
    xpath: 'xpath.compile(§)',
  },
  names: {},
  receivers: [],
};
