import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INVENTORY_FORMATS, renderInventory } from '../../src/inventory/index.ts';
import { assertReadable } from '../support/page-outline.ts';
import { observedSample } from './observed-sample.ts';
import { inventoryOf, OPEN, onlyRepository, SAMPLE } from './sample.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 25);

test('the same input gives the same bytes in every format', () => {
  for (const format of INVENTORY_FORMATS)
    assert.equal(
      renderInventory(inventoryOf(SAMPLE, [observedSample()]), format),
      renderInventory(inventoryOf(SAMPLE, [observedSample()]), format),
    );
});

test('the page has a picture, no script and no address to load from', () => {
  const page = renderInventory(inventoryOf(SAMPLE), 'html');
  assert.match(page, /<svg viewBox/);
  assertReadable(page);
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<script|<link|<img|src=|href=|url\(/i);
  for (const word of ['claude-code', 'ANTHROPIC_API_KEY', 'api.anthropic.com', 'pull_request_target'])
    assert.ok(page.includes(word), word);
});

test('hostile names stay text in every format', () => {
  const name = 'x"><script>alert(1)</script>\u202e @all #1 ::error::';
  const files = {
    [`.github/workflows/${name}.yml`]: OPEN.replace('triage:', `${JSON.stringify(name)}:`),
    '.mcp.json': JSON.stringify({ mcpServers: { [name]: { command: 'x' } } }),
    '.claude/settings.json': '{"enableAllProjectMcpServers":true}',
  };
  const inventory = inventoryOf(files);
  assert.doesNotMatch(renderInventory(inventory, 'html'), /<script|\u202e/);
  assert.doesNotMatch(renderInventory(inventory, 'markdown'), /<script|\u202e|(?<!<!-- -->)@all/);
  for (const format of ['text', 'json', 'cyclonedx'] as const)
    assert.doesNotMatch(renderInventory(inventory, format), /\u202e/);
});

test('no name becomes a command of the CI system that prints the list', () => {
  const files = {
    '.github/workflows/a.yml': OPEN,
    '::add-mask::x/CLAUDE.md': 'x',
    '##[error]/CLAUDE.md': 'x',
    '##vso[task.x]/CLAUDE.md': 'x',
  };
  for (const format of INVENTORY_FORMATS) {
    const output = renderInventory(inventoryOf(files), format);
    assert.match(output, /add-mask/);
    assert.doesNotMatch(output, /^\s*::|##(?:\[|vso\[)/m, format);
  }
});

test('a picture with more rows than fit counts the rest', () => {
  const servers = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`s${index}`, { command: 'x' }]));
  const files = { ...SAMPLE, '.mcp.json': JSON.stringify({ mcpServers: servers }) };
  assert.match(renderInventory(inventoryOf(files), 'html'), /<title>and \d+ more<\/title>/);
});

test('no secret value of any input appears in any output', () => {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const token = fc
    .array(fc.constantFrom(...letters), { minLength: 24, maxLength: 40 })
    .map((characters) => `q7${characters.join('')}`);
  fc.assert(
    fc.property(fc.uniqueArray(token, { minLength: 12, maxLength: 12 }), (secrets) => {
      const files = plantSecrets(secrets);
      const [agent] = onlyRepository(inventoryOf(files)).agents;
      assert.equal(agent?.services.filter(({ kind }) => kind === 'mcp').length, 5);
      for (const format of INVENTORY_FORMATS) {
        const output = renderInventory(inventoryOf(files), format);
        for (const [index, secret] of secrets.entries()) assert.ok(!output.includes(secret), `${format} ${index}`);
      }
    }),
    { numRuns: RUNS },
  );
});

/** A secret at every place where people put one. */
function plantSecrets(secrets: readonly string[]): { readonly [path: string]: string } {
  const [a, b, c, d, e, f, g, h, i, j, k, l] = secrets;
  return {
    '.github/workflows/a.yml': `on: issues
env:
  PIPELINE_TOKEN: ${a}
  SENTRY_DSN: https://${b}@sentry.example.test/1
jobs:
  run:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          curl -H "Authorization: Bearer ${c}" https://${d}@up.example.test/x?key=${e} -T file
          git push https://x:${f}@git.example.test/acme/app
      - run: claude --allowedTools "Bash(curl -H ${g}:*)" --model ${h} -p "use ${i}"
        env:
          ANTHROPIC_API_KEY: ${j}
          ANTHROPIC_BASE_URL: https://gateway.example.test/${k}
`,
    '.mcp.json': JSON.stringify({
      mcpServers: {
        one: { command: 'npx', args: ['-y', 'tickets-mcp', '--token', a], env: { TOKEN: b } },
        two: {
          type: 'http',
          url: `https://mcp.example.test/${c}/sse?k=${d}`,
          headers: { Authorization: `Bearer ${e}` },
        },
        three: { command: `/opt/${f}/server` },
        four: { command: 'npx', args: [`git+https://${g}@git.example.test/acme/mcp.git`] },
        five: { command: 'docker', args: ['run', '-e', `KEY=${h}`, `images.example.test/mcp:${i}`] },
      },
    }),
    '.claude/settings.json': JSON.stringify({
      enableAllProjectMcpServers: true,
      apiKeyHelper: `echo ${j}`,
      env: { ANTHROPIC_AUTH_TOKEN: k, ANTHROPIC_MODEL: l },
      permissions: { allow: [`Bash(deploy --key ${l})`] },
      hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: `curl https://h.example.test/${a} -d ${b}` }] }] },
    }),
    'CLAUDE.md': `The password is ${c}.\n`,
  };
}

test('half of a surrogate pair in a name or a path breaks no format', () => {
  const files = {
    [`.github/workflows/a\ud83d.yml`]: OPEN,
    '.mcp.json': '{"mcpServers":{"x\\ud83d":{"command":"npx","args":["-y","pack\\udc00@1.\\ud83d"]}}}',
    '.claude/settings.json': '{"enableAllProjectMcpServers":true}',
  };
  assert.ok(onlyRepository(inventoryOf(files)).agents[0]?.services.some(({ kind }) => kind === 'mcp'));
  for (const format of INVENTORY_FORMATS) assert.ok(renderInventory(inventoryOf(files), format).isWellFormed(), format);
});

test('damaged files give an inventory in every format, never an exception', () => {
  const paths = Object.keys(SAMPLE);
  const damage = fc.record({
    path: fc.constantFrom(...paths),
    from: fc.nat(2_000),
    length: fc.nat(60),
    put: fc.string({ maxLength: 12, unit: 'binary' }),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (damages) => {
      const files: { [path: string]: string } = { ...SAMPLE };
      for (const { path, from, length, put } of damages) {
        const text = files[path] ?? '';
        const at = from % (text.length + 1);
        files[path] = `${text.slice(0, at)}${put}${text.slice(at + length)}`;
      }
      for (const format of INVENTORY_FORMATS) assert.ok(renderInventory(inventoryOf(files), format).length > 0);
    }),
    { numRuns: RUNS },
  );
});
