/**
 * Scores the taint engine on programs in JavaScript and TypeScript whose lines others have judged, each suite from a
 * local checkout. `--help` explains. The suites are test inputs only; nothing of them is kept here.
 */
import { parseArgs } from 'node:util';
import { createAnalyser, type Hit } from './javascript-suites/analysed.ts';
import { readJuiceShop, readNodeGoat } from './javascript-suites/applications.ts';
import { readCodeql } from './javascript-suites/codeql.ts';
import type { MarkedLine, MarkedTree } from './javascript-suites/row.ts';
import { halfOf } from './peer-suites/halves.ts';
import { countLine, HalfTables, noLines, share } from './support/half-tables.ts';

const HELP = `usage: node test/outside/javascript-suites.ts [--codeql DIR] [--nodegoat DIR] [--juice-shop DIR] [--misses] [--alarms] [--only TEXT]

Each DIR is a checkout: Semmle/ql or github/codeql, OWASP/NodeGoat, juice-shop/juice-shop.
Recall: lines called wrong on which a finding of the right kind starts. FPR: lines called right with such a finding.
Noise: findings on lines of which nothing is said. Rows are split by the hash of the file's name; only the tuning half
may be looked at, and --misses and --alarms list that half alone.`;

const { values } = parseArgs({
  options: {
    codeql: { type: 'string' },
    nodegoat: { type: 'string' },
    'juice-shop': { type: 'string' },
    only: { type: 'string' },
    misses: { type: 'boolean', default: false },
    alarms: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const tables = new HalfTables(noLines);

function isHit(row: MarkedLine, hits: readonly Hit[]): boolean {
  const { categories } = row;
  return hits.some(
    ({ file, line, category }) =>
      file === row.file &&
      Math.abs(line - row.line) <= row.within &&
      (categories.length === 0 || (category !== undefined && categories.includes(category))),
  );
}

function score(tree: MarkedTree, hits: readonly Hit[]): void {
  for (const row of tree.lines) {
    const half = halfOf(row.file);
    const hit = isHit(row, hits);
    for (const group of [row.group, `${row.suite} all`]) countLine(tables.of(group, half), row.wrong, hit);
    if (half === 'tuning' && hit !== row.wrong && (row.wrong ? values.misses : values.alarms)) list(row, tree);
  }
  if (!tree.noise) return;
  const others = hits.filter((hit) => !tree.lines.some((row) => isHit(row, [hit])));
  const flows = others.filter((hit) => hit.category !== undefined);
  process.stdout.write(
    `${tree.name}: ${flows.length} flows and ${others.length - flows.length} patterns beside the marks\n`,
  );
  if (values.alarms)
    for (const hit of others)
      if (halfOf(hit.file) === 'tuning')
        process.stdout.write(`  beside ${hit.file}:${hit.line} ${hit.rule} ${hit.message}\n`);
}

function list(row: MarkedLine, tree: MarkedTree): void {
  const text = tree.files[row.file]?.split('\n')[row.line - 1]?.trim() ?? '';
  process.stdout.write(`${row.wrong ? 'missed' : 'alarm '} ${row.file}:${row.line} ${text.slice(0, 140)}\n`);
}

function print(): void {
  for (const [group, halves] of tables.rows()) {
    const cells = (['tuning', 'held-out'] as const).map((half) => {
      const { found, wrong, alarms, right } = halves[half];
      const recall = `recall ${share(found, wrong)} (${found}/${wrong})`;
      return `${half}: ${recall.padEnd(22)} fpr ${share(alarms, right)} (${alarms}/${right})`.padEnd(56);
    });
    process.stdout.write(`${group.padEnd(16)} ${cells.join(' ')}\n`);
  }
}

if (values.help) process.stdout.write(`${HELP}\n`);
else {
  const trees = [
    ...(values.codeql ? readCodeql(values.codeql) : []),
    ...(values.nodegoat ? readNodeGoat(values.nodegoat) : []),
    ...(values['juice-shop'] ? readJuiceShop(values['juice-shop']) : []),
  ].filter((tree) => values.only === undefined || tree.name.includes(values.only));
  using analyser = await createAnalyser();
  for (const tree of trees) score(tree, analyser.hits(tree.files, tree.library ? 'library' : 'service'));
  print();
}
