import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { type CycloneDxVersion, cycloneDx, type Inventory, takeInventory } from '../../src/inventory/index.ts';
import type { JsonValue } from '../../src/system/index.ts';
import { observedSample } from './observed-sample.ts';
import { CONTAINED, factsOf, inventoryOf, OPEN, SAMPLE, TAKEN } from './sample.ts';

const SPECS = { '1.6': Spec.Version.v1dot6, '1.7': Spec.Version.v1dot7 } as const;
const VERSIONS: readonly CycloneDxVersion[] = ['1.6', '1.7'];
const FILES = { ...SAMPLE, '.github/workflows/triage.yml': OPEN, '.github/workflows/safe.yml': CONTAINED };

async function assertValid(inventory: Inventory): Promise<void> {
  for (const version of VERSIONS) {
    const text = JSON.stringify(cycloneDx(inventory, version));
    assert.equal(await new Validation.JsonStrictValidator(SPECS[version]).validate(text), null, version);
  }
}

test('the document is valid in both versions, with and without observed runs', async () => {
  await assertValid(inventoryOf(FILES));
  await assertValid(inventoryOf(FILES, [observedSample()]));
});

test('the document of an empty repository is valid, and that of no repository', async () => {
  await assertValid(inventoryOf({}));
  await assertValid(takeInventory([], [], { takenAt: TAKEN, version: '0.0.0' }));
});

test('the document of hostile names is valid', async () => {
  const hostile = '"><script>\\u202e\\ud800${{ x }}`|@all';
  await assertValid(
    inventoryOf({
      [`.github/workflows/a b"<&.yml`]: OPEN.replace('triage:', `${JSON.stringify(hostile)}:`),
      '.mcp.json': JSON.stringify({ mcpServers: { [hostile]: { url: 'https://a b.example.test/%zz' } } }),
      '.claude/settings.json': '{"enableAllProjectMcpServers":true}',
      'CLAUDE.md': 'x',
    }),
  );
});

test('references are unique and every edge ends at something', () => {
  const document = cycloneDx(inventoryOf(FILES, [observedSample()]), '1.7');
  const refs: string[] = [];
  const collect = (value: JsonValue | undefined): void => {
    if (Array.isArray(value)) for (const one of value) collect(one);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        if (name === 'bom-ref' && typeof one === 'string') refs.push(one);
        collect(one);
      }
  };
  collect(document);
  assert.equal(new Set(refs).size, refs.length);
  const known = new Set(refs);
  const edges = JSON.stringify(document['dependencies']).match(/"(?:[a-z-]+\/[^"]*|root)"/g) ?? [];
  assert.ok(edges.length > 20);
  for (const edge of edges) assert.ok(known.has(JSON.parse(edge)), edge);
});

test('what leaves the agent enters the service', () => {
  const text = JSON.stringify(cycloneDx(inventoryOf(SAMPLE), '1.7')['services']);
  assert.match(text, /"flow":"inbound","classification":"source-code","name":"source-code from the agent"/);
});

test('the serial number is made from the content and not from the moment', () => {
  const at = (takenAt: string, files: { readonly [path: string]: string }): JsonValue | undefined => {
    const inventory = takeInventory([{ name: 'acme/app', facts: factsOf(files) }], [], { takenAt, version: '0.0.0' });
    return cycloneDx(inventory, '1.7')['serialNumber'];
  };
  assert.match(
    String(at(TAKEN, FILES)),
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(at(TAKEN, FILES), at('2027-01-01T00:00:00Z', FILES));
  assert.notEqual(at(TAKEN, FILES), at(TAKEN, SAMPLE));
});

test('the claim of a job follows its legs', () => {
  const text = JSON.stringify(cycloneDx(inventoryOf(FILES), '1.7')['declarations']);
  assert.match(text, /untrusted input, private data and a way out meet in this job/);
  assert.match(text, /no path leads from untrusted input over a secret to a way out of this job/);
});

test('every property name is in the page about the format', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/formats/inventory.md'), 'utf8');
  const inventory = inventoryOf({ ...FILES, '.github/workflows/broken.yml': 'on: [push\n' }, [observedSample()]);
  const names = JSON.stringify(cycloneDx(inventory, '1.7')).matchAll(/"sallyport:([a-z:-]+)"/g);
  const distinct = new Set([...names].flatMap(([, name]) => (name === undefined ? [] : [name.replace(/:why$/, '')])));
  assert.ok(distinct.size > 40);
  for (const name of distinct) assert.ok(page.includes(`\`${name}\``), name);
});
