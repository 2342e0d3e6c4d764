/** Bundles the processes of Sallyport and the thread of its engine into dist/: start-up time is part of every run. `--help` explains. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { loadReaders } from '../src/syntax/index.ts';
import { loadCatalogue, PREPARED_CATALOGUE } from '../src/taint/index.ts';
import { bundledForms, bundlePrograms } from './programs.ts';
import { rehearse } from './rehearsal.ts';
import { AUDIT_REHEARSAL } from './rehearsed-audit.ts';
import { CHANGE_REHEARSAL } from './rehearsed-change.ts';
import { RUN_REHEARSAL } from './rehearsed-run.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Grammars are data that the bundle reads at run time. */
const ASSETS = [
  'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-bash/tree-sitter-bash.wasm',
  ...['python', 'javascript', 'typescript', 'tsx', 'go', 'java'].map(
    (grammar) => `@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`,
  ),
];

/** Everything but the processes of a run, which `programs.ts` bundles. */
const COMMANDS = ['src/cli.ts', 'src/taint/apart/engine-process.ts'];

/**
 * Built-in modules by `require`, and of them only what is used. Importing one as an ES module makes Node read each of
 * its exports, and reading those of `node:http` loads a second HTTP client: 30 ms of processor time in each process.
 */
const requireBuiltIns: Plugin = {
  name: 'require-built-ins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'built-in' },
    );
    onLoad({ filter: /.*/, namespace: 'built-in' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const exported = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => module.${name})();`);
      return { contents: [`const module = require('${path}');`, 'export default module;', ...exported].join('\n') };
    });
  },
};

async function bundle(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  // Each by itself: chunks that they share would be many, and loading a file costs more than reading it.
  await Promise.all(COMMANDS.map(bundleCommands));
  await bundlePrograms(root, dist);
  await prepareCatalogue();
  for (const asset of ASSETS) cpSync(join(root, 'node_modules', asset), join(dist, asset.split('/').at(-1) ?? asset));
  for (const rehearsal of [RUN_REHEARSAL, AUDIT_REHEARSAL, CHANGE_REHEARSAL]) {
    const reason = rehearse(dist, rehearsal);
    if (reason) console.error(`no compiled code of ${rehearsal.name}, so each starts more slowly: ${reason}`);
  }
}

/** The catalogue of the taint engine, read and checked here so that no start has to. */
async function prepareCatalogue(): Promise<void> {
  writeFileSync(join(dist, PREPARED_CATALOGUE), JSON.stringify(await loadCatalogue(await loadReaders())));
}

async function bundleCommands(source: string): Promise<void> {
  await build({
    entryPoints: [join(root, source)],
    outdir: dist,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // For these packages only: another form of @peculiar/x509 leaves inspected TLS without its generator.
    alias: bundledForms(root),
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [requireBuiltIns],
    legalComments: 'none',
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
    logLevel: 'warning',
  });
}

if (process.argv.includes('--help'))
  console.log('usage: node scripts/build.ts\nWrites dist/ (bundles of the cli, broker and airlock processes).');
else await bundle();
