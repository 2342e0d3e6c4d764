/** Readers of formats of their own meet any text. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { compareText, loadTools, type Tools } from '../trees.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);
const FILES = [
  ...[
    'infra/main.tf',
    'prod.tfvars',
    'jobs/web.nomad',
    'nginx/nginx.conf',
    'site/.htaccess',
    'Caddyfile',
    'haproxy.cfg',
  ],
  ...['files/sshd_config', 'policy/app.rego', 'policies/app.cedar', 'firestore.rules', 'Web.config', 'pom.xml'],
  ...['chart/templates/web.yaml', 'openapi.yaml', 'app/orders.rb', 'src/Api.php', 'db/one.sql', 'Dockerfile', 'go.mod'],
];
const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '</',
    '"',
    "'",
    '`',
    ';',
    ':',
    '=',
    ',',
    '#',
    '//',
    '/*',
    '*/',
    '\\',
    '\n',
  ],
  ...[
    ' ',
    '${',
    '{{',
    '}}',
    '{%',
    '%}',
    '<<EOT\n',
    'allow',
    'deny',
    'permit',
    'when',
    'if',
    'match',
    'location /',
    'server ',
  ],
  ...[
    'resource "aws_x" "y" ',
    'ingress ',
    'cidr_blocks = ["0.0.0.0/0"]',
    'require ',
    'default allow := true',
    '\u202e',
    '\u{1F600}',
  ],
  ...[
    'openapi: 3.1.0\n',
    'security: []\n',
    'before_action :authenticate',
    'bcrypt',
    'grant all on a to public',
    'ARG TOKEN\n',
  ],
];

describe('any text', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const file of FILES)
    it(`makes no reader of ${file} throw, and every place lies in the file`, () => {
      const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })), { maxLength: 40 });
      fc.assert(
        fc.property(text, text, (one, other) => {
          const [old, now] = [one.join(''), other.join('')];
          for (const { before: was, after: is } of compareText(tools, file, old, now).changes) {
            assert.ok(was === undefined || was.span.end <= old.length);
            assert.ok(is === undefined || is.span.end <= now.length);
          }
          assert.deepEqual(compareText(tools, file, now, now).changes, []);
        }),
        { numRuns: RUNS },
      );
    });

  it('costs time by its length, not by its square', () => {
    for (const file of FILES)
      for (const piece of ['{', '<a>', 'location / {', 'permit(', '{{', 'allow if {\n', '"', 'x = [', 'a: {{ b'])
        compareText(tools, file, '', piece.repeat(30_000 / piece.length));
  });
});
