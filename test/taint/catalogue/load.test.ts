import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars } from '../../../src/code/index.ts';
import { SallyportError } from '../../../src/errors/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { loadCatalogue, mergeCatalogue, readCatalogueFile } from '../../../src/taint/catalogue/index.ts';
import { analyseTree, ENGINE_LIMITS } from '../../../src/taint/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const catalogue = await loadCatalogue(readers);

const HEAD =
  'version: 1\nlanguages: [python]\ngroups:\n  - library: acme\n    source: https://acme.example.test/docs\n';

function read(text: string) {
  return readCatalogueFile({ path: 'rows.yaml', text }, readers);
}

function faultOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof SallyportError);
    return `${error.code} ${error.at?.line}:${error.at?.column} ${error.message}`;
  }
  return 'no fault';
}

const PREFIXES = { python: 'py-', javascript: 'js-', typescript: 'js-', go: 'go-', java: 'java-' } as const;

describe('a row of a user', () => {
  it('makes a tag of templates a sink of what is put into it', async () => {
    const rows = read(
      'version: 1\nlanguages: [javascript]\ngroups:\n  - library: acme-db\n    source: https://acme.example.test/docs\n    sinks:\n      - { id: js-acme-raw, match: acme-db.raw, form: tag, arguments: [0], category: sql }\n',
    );
    const text = [
      "import express from 'express'; import { raw, safe } from 'acme-db';",
      'const app = express();',
      "app.get('/1', (req, res) => { raw`SELECT ${req.query.id}`; });",
      "app.get('/2', (req, res) => { safe`SELECT ${req.query.id}`; raw`SELECT ${Number(req.query.id)}`; });",
    ].join('\n');
    using grammars = await loadGrammars(['javascript']);
    const { findings } = await analyseTree(
      {
        tree: memoryTree({ 'src/app.js': text }),
        only: undefined,
        catalogue: mergeCatalogue(catalogue, rows),
        threatModel: 'service',
        limits: ENGINE_LIMITS,
        clock: () => 0n,
      },
      grammars,
    );
    const flows = findings.filter(({ flow }) => flow !== undefined);
    assert.deepEqual(
      flows.map(({ place }) => text.slice(0, place.span.start).split('\n').length),
      [3],
    );
  });
});

describe('a catalogue file', () => {
  it('gives one row for each alternative, with what the group and the category say', () => {
    const { sinks } = read(
      `${HEAD}    sinks:\n      - { id: acme-run, match: 'acme.{run,start}', category: command }\n`,
    );
    assert.deepEqual(
      sinks.map(({ match }) => match),
      ['acme.run', 'acme.start'],
    );
    const [first] = sinks;
    assert.equal(first?.source, 'https://acme.example.test/docs');
    assert.deepEqual([first?.cwe, first?.severity, first?.rule], [78, 'critical', 'CODE03']);
  });

  it('says in which line a field is wrong', () => {
    const text = `${HEAD}    sinks:\n      - { id: acme-run, match: acme.run, category: comand }\n`;
    assert.match(faultOf(text), /^SP2301 7:\d+ groups\.0\.sinks\.0\.category: /);
  });

  it('says which field it does not know', () => {
    assert.match(faultOf(`${HEAD}    sinc: []\n`), /^SP2301 4:\d+ .*sinc/);
  });

  it('refuses a name with a star in the middle', () => {
    const text = `${HEAD}    sources:\n      - { id: acme-read, match: 'acme.*.read', what: data }\n`;
    assert.match(faultOf(text), /^SP2301 7:\d+ .*`\*` is first or last/);
  });

  it('refuses a condition that is none and an expression that does not compile', () => {
    const row = (when: string) =>
      `${HEAD}    sinks:\n      - { id: acme-run, match: acme.run, category: command, when: ['${when}'] }\n`;
    assert.match(faultOf(row('shell on')), /is no condition/);
    assert.match(faultOf(row('0 matches (')), /is no condition/);
    assert.equal(faultOf(row('shell is true')), 'no fault');
  });

  it('refuses alternatives that multiply without bound', () => {
    const many = `{${Array.from({ length: 60 }, (_, index) => `a${index}`).join(',')}}`;
    const text = `${HEAD}    sources:\n      - { id: acme-read, match: '${many}.${many}', what: data }\n`;
    assert.match(faultOf(text), /more than 500 alternatives/);
  });

  it('that is no YAML is a fault with a place', () => {
    assert.match(faultOf('version: [1\n'), /^SP2301 \d+:\d+ /);
    assert.match(faultOf(''), /^SP2301 1:1 the file is empty/);
  });
});

describe('the catalogue of the program', () => {
  it('uses an id for one row of a file only', () => {
    const { version: _, ...areas } = catalogue;
    for (const [area, rows] of Object.entries(areas)) {
      const seen = new Set<string>();
      for (const row of rows) {
        const key = `${row.id} ${row.match}`;
        assert.ok(!seen.has(key), `${area}: ${key} stands twice`);
        seen.add(key);
      }
    }
  });

  it('begins each id with its language', () => {
    const { version: _, ...areas } = catalogue;
    for (const { id, languages } of Object.values(areas).flat()) {
      assert.ok(id.startsWith(PREFIXES[languages[0] ?? 'python']), id);
    }
  });

  it('names its documentation in every row', () => {
    const { version: _, ...areas } = catalogue;
    for (const { id, source } of Object.values(areas).flat()) assert.match(source, /^https?:\/\//, id);
  });

  it('has no sink or sanitizer that any call at all would match', () => {
    const common = ['get', 'set', 'add', 'push', 'append', 'join', 'call', 'then', 'map', 'forEach'].map(
      (name) => `*.${name}`,
    );
    for (const { id, match, when } of [...catalogue.sinks, ...catalogue.sanitizers, ...catalogue.patterns]) {
      assert.ok(
        match.split('.').some((segment) => segment !== '*'),
        id,
      );
      // A method that things of every kind have would report or silence everything.
      assert.ok(!common.includes(match) || when.length > 0, id);
    }
  });

  it('binds and returns only what stands in it', () => {
    const entries = new Set(catalogue.entryPoints.map(({ id }) => id));
    for (const { id, form, match } of catalogue.sinks) if (form === 'return') assert.ok(entries.has(match), id);
  });
});

describe('rows of a user', () => {
  it('are added behind ours, and their sanitizers are marked', () => {
    const text = `${HEAD}    sanitizers:\n      - { id: acme-clean, match: acme.clean, clears: ['*'] }\n`;
    const merged = mergeCatalogue(catalogue, read(text));
    assert.equal(merged.sanitizers.length, catalogue.sanitizers.length + 1);
    assert.equal(merged.sanitizers.at(-1)?.byUser, true);
    assert.ok(merged.sanitizers.slice(0, -1).every(({ byUser }) => byUser === undefined));
    assert.deepEqual(merged.sinks, catalogue.sinks);
  });
});
